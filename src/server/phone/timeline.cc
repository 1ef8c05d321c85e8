#include "server/phone/timeline.h"

#include <fmt/format.h>

#include <iterator>

namespace tandem::phone {
namespace {

/// Bytes of the UTF-8 character at the front of `text`; 0 when there is none: peers send what they like.
std::size_t character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t size = 0;
  if (lead < 0x80) size = 1;
  if (lead >= 0xc2 && lead < 0xe0) size = 2;
  if (lead >= 0xe0 && lead < 0xf0) size = 3;
  if (lead >= 0xf0 && lead < 0xf5) size = 4;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) return 0;
  }
  return size;
}

void append_json(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const std::size_t size = character(text);
    const char c = text[0];
    if (size == 0) {
      out.push_back('?');
    } else if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (size == 1 && (static_cast<unsigned char>(c) < ' ' || c == '\x7f')) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out.push_back('"');
}

}  // namespace

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
  std::string out = fmt::format("{{\"at_ms\":{},\"event\":", static_cast<std::int64_t>(seconds * 1000));
  append_json(out, event.name);
  out += ",\"text\":";
  append_json(out, event.text);
  for (const auto& [name, value] : event.fields) {
    out.push_back(',');
    append_json(out, name);
    out.push_back(':');
    append_json(out, value);
  }
  return out + "}";
}

}  // namespace tandem::phone
