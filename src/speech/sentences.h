// Cutting text into sentences, so that the first can be heard while the rest is synthesised.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tandem::speech {

/// Sentences in order, none empty, none longer than `max_bytes` (long ones are cut at commas or spaces, never
/// within a UTF-8 character). Common English abbreviations and decimal points do not end a sentence.
[[nodiscard]] std::vector<std::string> split_sentences(std::string_view text, std::size_t max_bytes = 400);

/// White space of any kind as single spaces, none at the ends.
[[nodiscard]] std::string single_spaced(std::string_view text);

/// True if there is anything to say: a letter, a digit or any character outside ASCII.
[[nodiscard]] bool speakable(std::string_view text);

}  // namespace tandem::speech
