#include "speech/espeak/wav_stream.h"

namespace tandem::speech {
namespace {

constexpr std::size_t kHeader = 44;

std::uint32_t le(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

// The program writes the plain header of 44 bytes: RIFF, one fmt chunk of 16, data.
bool WavStream::read_header() {
  const std::string_view h = buffer_;
  if (!h.starts_with("RIFF") || h.substr(8, 8) != "WAVEfmt " || h.substr(36, 4) != "data") return false;
  if (le(h, 16, 4) != 16 || le(h, 20, 2) != 1 || le(h, 22, 2) != 1 || le(h, 34, 2) != 16) return false;
  rate_ = le(h, 24, 4);
  buffer_.erase(0, kHeader);
  return rate_ >= 8000 && rate_ <= 48'000;
}

bool WavStream::feed(std::string_view bytes, std::vector<std::int16_t>& pcm) {
  buffer_ += bytes;
  if (rate_ == 0) {
    if (buffer_.size() < kHeader) return true;
    if (!read_header()) return false;
  }
  const std::size_t whole = buffer_.size() / 2 * 2;
  for (std::size_t i = 0; i < whole; i += 2) pcm.push_back(static_cast<std::int16_t>(le(buffer_, i, 2)));
  buffer_.erase(0, whole);
  return true;
}

}  // namespace tandem::speech
