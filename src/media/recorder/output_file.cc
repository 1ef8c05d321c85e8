#include "media/recorder/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tandem::media {
namespace {

std::string text_of(int error) {
  return error == ENOSPC || error == EDQUOT ? "the disk is full" : std::strerror(error);
}

}  // namespace

OutputFile::OutputFile(OutputFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<OutputFile, std::string> OutputFile::create(const std::string& path) {
  OutputFile file;
  file.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file.fd_ < 0) return Err(text_of(errno));
  return file;
}

Status<std::string> OutputFile::write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Err(text_of(errno));
    offset += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return Unit{};
}

std::size_t OutputFile::read_at(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  const ssize_t n = ::pread(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  return n < 0 ? 0 : static_cast<std::size_t>(n);
}

std::uint64_t OutputFile::size() const {
  struct stat info {};
  return ::fstat(fd_, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

Status<std::string> OutputFile::close() {
  const int fd = std::exchange(fd_, -1);
  if (fd < 0) return Unit{};
  const bool synced = ::fdatasync(fd) == 0 || errno == EINVAL;
  const int error = errno;
  if (::close(fd) == 0 && synced) return Unit{};
  return Err(text_of(synced ? errno : error));
}

}  // namespace tandem::media
