#include "media/player/wav_header.h"

#include <fmt/format.h>

#include <cstdint>

namespace tandem::media {
namespace {

constexpr std::uint32_t kOpenEnded = 0x7ffff000;

std::uint32_t le(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::optional<std::string> format_problem(std::string_view chunk) {
  if (chunk.size() < 16) return "the WAV format chunk is too short";
  const std::uint32_t channels = le(chunk, 2, 2);
  const std::uint32_t rate = le(chunk, 4, 4);
  if (channels != 1 && channels != 2)
    return fmt::format("the WAV has {} channels; mono or stereo is needed", channels);
  if (rate < 8000 || rate > 48'000)
    return fmt::format("the WAV has {} Hz; 8000 to 48000 are supported", rate);
  if (le(chunk, 12, 2) == 0) return "the WAV has blocks of 0 bytes";
  return std::nullopt;
}

std::optional<std::string> data_problem(std::uint32_t size, std::size_t available) {
  if (size == 0 || size >= kOpenEnded) {
    if (available == 0) return "the WAV holds no audio";
    return std::nullopt;
  }
  if (size > available) return fmt::format("the WAV claims {} bytes of audio but holds {}", size, available);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> wav_problem(std::string_view bytes) {
  if (bytes.size() < 12 || bytes.substr(8, 4) != "WAVE") return "the RIFF file is not a WAV";
  bool format_seen = false;
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::string_view id = bytes.substr(at, 4);
    const std::uint32_t size = le(bytes, at + 4, 4);
    const std::size_t available = bytes.size() - at - 8;
    if (id == "data") {
      if (!format_seen) return "the WAV has no format chunk before its audio";
      return data_problem(size, available);
    }
    if (size > available) return fmt::format("a WAV chunk claims {} bytes but {} are left", size, available);
    if (id == "fmt ") {
      if (auto problem = format_problem(bytes.substr(at + 8, size))) return problem;
      format_seen = true;
    }
    at += 8 + size + (size & 1);
  }
  return "the WAV has no audio chunk";
}

}  // namespace tandem::media
