// HTTP messages from a hostile peer: requests and responses, cut into reads of any size, within their limits.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/http_reader.h"
#include "net/http_text.h"
#include "net/ws_handshake.h"

namespace {

using tandem::net::HttpReader;
constexpr std::size_t kBody = 1'000;

void run(HttpReader::Kind kind, std::string_view bytes, std::size_t step) {
  HttpReader reader(kind, {500, kBody});
  HttpReader::Progress progress = HttpReader::Progress::more;
  while (!bytes.empty() && progress == HttpReader::Progress::more) {
    progress = reader.feed(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  if (progress == HttpReader::Progress::more && reader.is_head_done()) progress = reader.finish();
  if (progress != HttpReader::Progress::done) return;
  const auto head = reader.head();
  (void)tandem::net::answer_deflate(head.headers);
  (void)tandem::net::read_deflate_answer(head.headers, true);
  (void)tandem::net::has_token(head.headers, "Connection", "upgrade");
  if (kind != HttpReader::Kind::response_head && reader.take_body().size() > kBody) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = 1U + data[0];
  run(HttpReader::Kind::request, bytes, step);
  run(HttpReader::Kind::response, bytes, step);
  run(HttpReader::Kind::response_to_head, bytes, step);
  run(HttpReader::Kind::response_head, bytes, step);
  return 0;
}
