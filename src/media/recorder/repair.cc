#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "media/recorder/recorder.h"

namespace tandem::media {
namespace {

/// The two lengths of a WAV header of ours, from the size of the file.
bool write_wav_lengths(const std::string& path) {
  constexpr std::uint64_t kHeader = 44;
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat info {};
  std::array<char, kHeader> header{};
  bool ok = ::fstat(fd, &info) == 0 &&
            ::pread(fd, header.data(), kHeader, 0) == static_cast<ssize_t>(kHeader) &&
            std::memcmp(header.data(), "RIFF", 4) == 0 && std::memcmp(header.data() + 36, "data", 4) == 0;
  if (ok) {
    const std::uint64_t frame = static_cast<unsigned char>(header[32]);
    const std::uint64_t data = static_cast<std::uint64_t>(info.st_size) - kHeader;
    const std::uint64_t whole = frame == 0 ? 0 : data / frame * frame;
    const auto put = [&](off_t at, std::uint64_t v) {
      const std::array<unsigned char, 4> b{static_cast<unsigned char>(v), static_cast<unsigned char>(v >> 8),
                                           static_cast<unsigned char>(v >> 16),
                                           static_cast<unsigned char>(v >> 24)};
      return ::pwrite(fd, b.data(), b.size(), at) == static_cast<ssize_t>(b.size());
    };
    ok = ::ftruncate(fd, static_cast<off_t>(kHeader + whole)) == 0 && put(4, kHeader - 8 + whole) &&
         put(40, whole) && ::fdatasync(fd) == 0;
  }
  ::close(fd);
  return ok;
}

}  // namespace

Result<RepairedFile, std::string> repair_recording(const std::string& path, FileFormat format) {
  if (format == FileFormat::wav && !write_wav_lengths(path))
    return Err(std::string("there is no whole header"));
  SF_INFO info{};
  SNDFILE* sound = sf_open(path.c_str(), SFM_READ, &info);
  if (sound == nullptr) return Err(std::string(sf_strerror(nullptr)));
  // What a header says may be wrong; what can be decoded is there.
  std::array<short, 4096> pcm{};
  std::int64_t frames = 0;
  const auto step = static_cast<sf_count_t>(pcm.size()) / info.channels;
  for (sf_count_t n = 1; n > 0; frames += n) n = sf_readf_short(sound, pcm.data(), step);
  sf_close(sound);
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return Err(std::string(std::strerror(errno)));
  if (frames == 0) return Err(std::string("there is no audio in it"));
  return RepairedFile{frames * 1000 / info.samplerate, static_cast<std::uint64_t>(file.st_size)};
}

}  // namespace tandem::media
