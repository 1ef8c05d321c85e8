// Requests of the REST door: a line "METHOD target", header lines, an empty line, the body. Whatever comes is
// answered exactly once, with a status and a body that fit together.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rest/tests/fakes.h"
#include "runtime/manual_loop.h"

namespace {

using namespace tandem;

struct World {
  runtime::ManualLoop loop;
  Metrics metrics;
  rest::test::FakeCore core;
  rest::test::FakeHistory history;
  rest::test::FakeAccess access;
  rest::test::FakeLocations locations;
  rest::Door door{rest::DoorOptions{}, {core, loop, loop, access, history, &locations, metrics}};

  World() {
    model::LiveCall call;
    call.call.id = rest::test::kCall;
    call.call.tag = model::RawJson{"{}"};
    core.all_calls.push_back(call);
    model::Cdr cdr;
    cdr.call_id = model::CallId("CA2");
    history.cdrs.assign(3, cdr);
    core.complete_at_once = true;
  }
};

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void check(const net::HttpResponse& response) {
  const bool failed = response.status >= 400;
  if (response.status < 200 || response.status > 599) std::abort();
  if (failed != (response.content_type == "application/problem+json")) std::abort();
  if (failed && response.body.empty()) std::abort();
  for (const auto& [name, value] : response.headers) {
    if (value.find_first_of("\r\n") != std::string::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World world;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  net::HttpRequest request;
  const std::string_view first = take_line(text);
  const std::size_t space = std::min(first.find(' '), first.size());
  request.method = first.substr(0, space);
  request.target = first.substr(std::min(space + 1, first.size()));
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  request.body = text;
  request.headers.emplace_back("Authorization", "Bearer AK1.all");
  request.headers.emplace_back("Content-Type", "application/json");
  int answers = 0;
  world.door.handle(std::move(request), [&answers](const net::HttpResponse& response) {
    ++answers;
    check(response);
  });
  world.loop.run_until_idle();
  world.loop.advance(std::chrono::minutes(2));
  if (answers != 1) std::abort();
  return 0;
}
