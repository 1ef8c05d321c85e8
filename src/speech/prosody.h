// Attribute values of SSML's break, emphasis and prosody as numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "speech/document.h"

namespace tandem::speech {

/// "500ms", "1.5s"; at most a minute. Nothing: not a time.
[[nodiscard]] std::optional<std::int64_t> break_ms(std::string_view time);
/// "none" to "x-strong".
[[nodiscard]] std::optional<std::int64_t> break_strength_ms(std::string_view strength);
/// "x-slow" to "x-fast", "80%", "+10%", "1.2": ratio, times what is in force.
[[nodiscard]] std::optional<double> rate_ratio(std::string_view value);
/// "x-low" to "x-high", "+10%", "-2st". An absolute "150Hz" is taken relative to 130 Hz.
[[nodiscard]] std::optional<double> pitch_ratio(std::string_view value);
/// "silent" to "x-loud", "+6dB": decibels to add.
[[nodiscard]] std::optional<double> volume_db(std::string_view value);
/// "strong", "moderate", "reduced", "none": false if it is none of them.
[[nodiscard]] bool emphasise(std::string_view level, Style& style);
/// Brings the numbers of `style` within their bounds.
void bound(Style& style);

}  // namespace tandem::speech
