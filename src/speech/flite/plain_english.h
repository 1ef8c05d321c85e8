// Text as flite can read it: ASCII.
#pragma once

#include <string>
#include <string_view>

namespace tandem::speech {

/// Typographic marks become plain ones, accented letters lose their accents, currency signs become words;
/// what is left outside ASCII, and control characters, become spaces.
[[nodiscard]] std::string plain_english(std::string_view utf8);

}  // namespace tandem::speech
