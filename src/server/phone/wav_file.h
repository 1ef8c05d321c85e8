// Writes 16-bit mono WAV files.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace tandem::phone {

/// The error names the file and what the system said. Blocks on the disk.
[[nodiscard]] Status<std::string> write_wav(const std::string& path, std::span<const std::int16_t> pcm,
                                            std::uint32_t sample_rate_hz);

}  // namespace tandem::phone
