#include "server/phone/timeline.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tandem::phone {

PrintedTimeline::PrintedTimeline(std::FILE* out, bool json, const Clock& clock)
    : out_(out), json_(json), clock_(clock), begin_(clock.now()) {}

void PrintedTimeline::add(const TimelineEvent& event) {
  const double seconds = std::chrono::duration<double>(clock_.now() - begin_).count();
  const std::string line = (json_ ? json_line(event, seconds) : readable_line(event, seconds)) + "\n";
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fflush(out_);
}

std::string readable_line(const TimelineEvent& event, double seconds) {
  std::string out = fmt::format("+{:.3f} s  ", seconds);
  // A peer's reason phrase must not drive the terminal.
  for (const char c : event.text) out.push_back(static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c);
  return out;
}

std::string json_line(const TimelineEvent& event, double seconds) {
  boost::json::object out;
  out["at_ms"] = static_cast<std::int64_t>(seconds * 1000);
  out["event"] = boost::json::string(event.name.begin(), event.name.end());
  out["text"] = event.text;
  for (const auto& [name, value] : event.fields) {
    out[boost::json::string_view(name.data(), name.size())] = value;
  }
  return boost::json::serialize(out);
}

}  // namespace tandem::phone
