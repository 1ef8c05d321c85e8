// Reading say-as text out in English words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::speech {

/// 342 -> "three hundred forty two"; up to 999,999,999,999.
[[nodiscard]] std::string cardinal_words(std::uint64_t n);
/// 342 -> "three hundred forty second".
[[nodiscard]] std::string ordinal_words(std::uint64_t n);

/// `text` as `interpret_as` (characters, spell-out, digits, cardinal, number, ordinal, date, time, telephone)
/// wants it read; `format` as SSML defines it ("mdy", "dmy", "ymd", "hms12", ...). What does not fit comes
/// back unchanged, so that it is at least read somehow. `english`: words are wanted; else only what holds in
/// any language is done (letters and digits are set apart).
[[nodiscard]] std::string say_as(std::string_view interpret_as, std::string_view format,
                                 std::string_view text, bool english);

}  // namespace tandem::speech
