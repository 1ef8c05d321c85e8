#include "wire/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace tandem::wire {
namespace {

/// Length of the well-formed UTF-8 sequence at the start of `s` (RFC 3629 section 4); 0 if there is none.
std::size_t sequence_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const unsigned b = at(0);
  if (b < 0x80) return 1;
  if (b >= 0xc2 && b <= 0xdf) return continues(1) ? 2 : 0;
  if (b >= 0xe0 && b <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = b == 0xe0 && at(1) < 0xa0;
    const bool surrogate = b == 0xed && at(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (b >= 0xf0 && b <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool out_of_range = (b == 0xf0 && at(1) < 0x90) || (b == 0xf4 && at(1) >= 0x90);
    return out_of_range ? 0 : 4;
  }
  return 0;
}

// SIP peers put any bytes into display names and headers; JSON is UTF-8.
std::string valid_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    const std::size_t n = sequence_length(s);
    if (n == 0) {
      out.append("\xef\xbf\xbd");  // U+FFFD
      s.remove_prefix(1);
    } else {
      out.append(s.substr(0, n));
      s.remove_prefix(n);
    }
  }
  return out;
}

}  // namespace

void JsonWriter::separate() {
  if (!after_key_ && !first_) out_.push_back(',');
  first_ = false;
  after_key_ = false;
}

void JsonWriter::begin_object() {
  separate();
  out_.push_back('{');
  first_ = true;
}
void JsonWriter::end_object() {
  out_.push_back('}');
  first_ = false;
}
void JsonWriter::begin_array() {
  separate();
  out_.push_back('[');
  first_ = true;
}
void JsonWriter::end_array() {
  out_.push_back(']');
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  string(name);
  out_.push_back(':');
  after_key_ = true;
}

void JsonWriter::string(std::string_view s) {
  if (std::any_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    plain_string(valid_utf8(s));
  } else {
    plain_string(s);
  }
}

void JsonWriter::plain_string(std::string_view s) {
  separate();
  out_.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out_.append(s, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out_.append("\\\"");
        break;
      case '\\':
        out_.append("\\\\");
        break;
      case '\n':
        out_.append("\\n");
        break;
      case '\r':
        out_.append("\\r");
        break;
      case '\t':
        out_.append("\\t");
        break;
      default:
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", c);
    }
  }
  out_.append(s, plain);
  out_.push_back('"');
}

void JsonWriter::integer(std::int64_t n) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", n);
}
void JsonWriter::integer(std::uint64_t n) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", n);
}
void JsonWriter::number(double n) {
  if (!std::isfinite(n)) {
    null();
    return;
  }
  separate();
  fmt::format_to(std::back_inserter(out_), "{:.6g}", n);
}
void JsonWriter::boolean(bool b) {
  separate();
  out_.append(b ? "true" : "false");
}
void JsonWriter::null() {
  separate();
  out_.append("null");
}
void JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json.empty() ? "null" : json);
}
void JsonWriter::time(WallTime t) {
  separate();
  out_.push_back('"');
  out_.append(rfc3339(t));
  out_.push_back('"');
}

std::string rfc3339(WallTime t) {
  const auto ms = t.time_since_epoch().count();
  const std::time_t seconds = static_cast<std::time_t>(ms >= 0 ? ms / 1000 : (ms - 999) / 1000);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", tm.tm_year + 1900, tm.tm_mon + 1,
                     tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                     ms - static_cast<std::int64_t>(seconds) * 1000);
}

}  // namespace tandem::wire
