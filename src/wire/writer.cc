#include "wire/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

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

/// Bytes of a JSON string that need neither an escape nor a check for UTF-8.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0x20; c < 0x80; ++c) out[c] = c != '"' && c != '\\';
  return out;
}();

template <std::size_t Digits>
void put_number(char* to, unsigned n) {
  for (std::size_t i = Digits; i-- > 0; n /= 10) to[i] = static_cast<char>('0' + n % 10);
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
  separate();
  out_.push_back('"');
  // Runs of bytes that stand for themselves; nearly every text is one.
  for (;;) {
    std::size_t plain = 0;
    while (plain < s.size() && kPlain[static_cast<unsigned char>(s[plain])]) ++plain;
    out_.append(s.data(), plain);
    s.remove_prefix(plain);
    if (s.empty()) break;
    s.remove_prefix(special(s));
  }
  out_.push_back('"');
}

/// Appends what begins `s` and does not stand for itself; how many bytes that was.
std::size_t JsonWriter::special(std::string_view s) {
  const auto c = static_cast<unsigned char>(s[0]);
  if (c >= 0x80) {
    // SIP peers put any bytes into display names and headers; JSON is UTF-8.
    const std::size_t length = sequence_length(s);
    out_.append(length == 0 ? std::string_view("\xef\xbf\xbd") : s.substr(0, length));  // U+FFFD
    return std::max<std::size_t>(length, 1);
  }
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
  return 1;
}

void JsonWriter::integer(std::int64_t n) {
  separate();
  const fmt::format_int digits(n);
  out_.append(digits.data(), digits.size());
}
void JsonWriter::integer(std::uint64_t n) {
  separate();
  const fmt::format_int digits(n);
  out_.append(digits.data(), digits.size());
}
void JsonWriter::number(double n) {
  if (!std::isfinite(n)) {
    null();
    return;
  }
  if (std::abs(n) < 1e6 && n == std::trunc(n)) {
    integer(static_cast<std::int64_t>(n));
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
  namespace chrono = std::chrono;
  const auto day = chrono::floor<chrono::days>(t);
  const chrono::year_month_day date(day);
  const auto ms = static_cast<unsigned>(chrono::duration_cast<chrono::milliseconds>(t - day).count());
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) return "0000-01-01T00:00:00.000Z";  // Beyond the format.
  std::string out = "0000-00-00T00:00:00.000Z";
  put_number<4>(&out[0], static_cast<unsigned>(year));
  put_number<2>(&out[5], static_cast<unsigned>(date.month()));
  put_number<2>(&out[8], static_cast<unsigned>(date.day()));
  put_number<2>(&out[11], ms / 3'600'000);
  put_number<2>(&out[14], ms / 60'000 % 60);
  put_number<2>(&out[17], ms / 1'000 % 60);
  put_number<3>(&out[20], ms % 1'000);
  return out;
}

}  // namespace tandem::wire
