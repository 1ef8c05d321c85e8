// WebSocket frames from a hostile peer: bounded, UTF-8 only, and the same however the bytes are cut into
// reads.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/ws_deflate.h"
#include "net/ws_frame.h"

namespace {

using namespace tandem::net;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kLimit = 2'000;

std::string describe(const ws::Event& event) {
  if (const auto* m = std::get_if<ws::Message>(&event)) {
    if (m->text.size() > kLimit || !is_utf8(m->text)) std::abort();
    return "m" + m->text;
  }
  if (const auto* p = std::get_if<ws::Ping>(&event)) return "p" + p->payload;
  if (const auto* c = std::get_if<ws::Close>(&event)) {
    if (!is_utf8(c->reason) || (c->code != 1005 && !is_sendable_close_code(c->code))) std::abort();
    return "c" + std::to_string(c->code) + c->reason;
  }
  if (const auto* b = std::get_if<ws::Broken>(&event)) return "b" + std::to_string(b->code);
  return "o";
}

std::vector<std::string> read_all(std::string_view bytes, std::size_t step, WsRole role, WsDeflate& deflate) {
  WsReader reader(role, kLimit, &deflate);
  std::vector<std::string> out;
  while (!bytes.empty()) {
    std::string_view part = bytes.substr(0, step);
    bytes.remove_prefix(part.size());
    while (true) {
      const ws::Event event = reader.next(part);
      if (std::holds_alternative<ws::NeedMore>(event)) break;
      out.push_back(describe(event));
      if (std::holds_alternative<ws::Broken>(event)) return out;
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static WsDeflate deflate;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const WsRole role = (data[0] & 1U) != 0 ? WsRole::client : WsRole::server;
  if (read_all(bytes, bytes.size() + 1, role, deflate) != read_all(bytes, 1U + data[1], role, deflate))
    std::abort();
  std::string inflated;
  (void)deflate.inflate(bytes, kLimit, inflated);
  if (inflated.size() > kLimit) std::abort();
  return 0;
}
