#include "wire/writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace tandem::wire {
namespace {

std::string written(std::string_view text) {
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

std::string written(double n) {
  std::string out;
  JsonWriter(out).number(n);
  return out;
}

TEST(JsonWriter, EscapesWhatJsonMayNotHold) {
  EXPECT_EQ(written("plain +1 555"), "\"plain +1 555\"");
  EXPECT_EQ(written("a\"b\\c\r\n\t\x01"
                    "d"),
            R"("a\"b\\c\r\n\t\u0001d")");
  EXPECT_EQ(written(""), "\"\"");
}

TEST(JsonWriter, KeepsUtf8AndReplacesOtherBytes) {
  EXPECT_EQ(written("J\u00fcrgen \u20ac \U0001f600"), "\"J\u00fcrgen \u20ac \U0001f600\"");
  EXPECT_EQ(written("a\xffz\xc3"), "\"a\ufffdz\ufffd\"");
  EXPECT_EQ(written("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\"");  // A surrogate.
}

TEST(JsonWriter, FindsWhatIsSpecialAtAnyPlace) {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(c);
      const bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
      EXPECT_EQ(written(text) == '"' + text + '"', plain) << c << " at " << at;
    }
  }
}

TEST(JsonWriter, WritesNumbersWithSixDigits) {
  EXPECT_EQ(written(0.0), "0");
  EXPECT_EQ(written(-3.0), "-3");
  EXPECT_EQ(written(4.40625), "4.40625");
  EXPECT_EQ(written(1.0 / 3), "0.333333");
  EXPECT_EQ(written(1e6), "1e+06");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
}

TEST(Rfc3339, IsUtcWithMilliseconds) {
  const auto at = [](std::int64_t ms) { return rfc3339(WallTime(std::chrono::milliseconds(ms))); };
  EXPECT_EQ(at(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(at(1'767'225'600'123), "2026-01-01T00:00:00.123Z");
  EXPECT_EQ(at(1'709'210'096'007), "2024-02-29T12:34:56.007Z");
  EXPECT_EQ(at(-1), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace tandem::wire
