#include "server/phone/wav_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace tandem::phone {
namespace {

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
}

}  // namespace

Status<std::string> write_wav(const std::string& path, std::span<const std::int16_t> pcm,
                              std::uint32_t sample_rate_hz) {
  const auto data = static_cast<std::uint32_t>(pcm.size() * 2);
  std::string out = "RIFF";
  put(out, 36 + data, 4);
  out += "WAVEfmt ";
  put(out, 16, 4);
  put(out, 1, 2);  // PCM
  put(out, 1, 2);  // Mono
  put(out, sample_rate_hz, 4);
  put(out, sample_rate_hz * 2, 4);
  put(out, 2, 2);
  put(out, 16, 2);
  out += "data";
  put(out, data, 4);
  for (const std::int16_t s : pcm) put(out, static_cast<std::uint16_t>(s), 2);
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(out.data(), static_cast<std::streamsize>(out.size()));
  file.close();
  if (!file) return Err(path + ": " + (errno != 0 ? std::strerror(errno) : "cannot be written"));
  return Unit{};
}

}  // namespace tandem::phone
