// What a WAV file says about itself, read before a decoder sees it, so that a lie gets a clear answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tandem::media {

/// What is wrong with the RIFF/WAVE file `bytes`; nothing when its headers agree with its length. Sizes of 0
/// and of 0x7ffff000 and more, as programs write them into a pipe, mean "up to the end".
[[nodiscard]] std::optional<std::string> wav_problem(std::string_view bytes);

}  // namespace tandem::media
