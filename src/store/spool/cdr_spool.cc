#include "store/spool/cdr_spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "store/spool/cdr_json.h"

namespace tandem::store {
namespace {

constexpr std::size_t kReadChunk = 1 << 20;

std::string error_text(const std::string& path) {
  return path + ": " + std::strerror(errno);
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// The bytes from `offset` on, up to the end of the last line within kReadChunk, or the rest of the file if
/// it has no line end. A line is never longer than the chunk: the writer's fields are bounded by what SIP
/// lets in.
std::string read_from(int fd, std::uint64_t offset) {
  std::string text(kReadChunk, '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t n = ::pread(fd, text.data() + have, text.size() - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  text.resize(have);
  return text;
}

}  // namespace

CdrSpool::CdrSpool(std::string path) : path_(std::move(path)) {
  struct stat info {};
  if (!path_.empty() && ::stat(path_.c_str(), &info) == 0) size_ = static_cast<std::uint64_t>(info.st_size);
}

Status<std::string> CdrSpool::append(const std::vector<Cdr>& cdrs) {
  if (path_.empty()) return Err(std::string("no spool file is configured"));
  const File file(path_, O_CREAT | O_WRONLY | O_APPEND);
  if (!file.ok()) return Err(error_text(path_));
  std::string lines;
  char last = '\n';
  // A torn line from a former life must not swallow the next.
  if (size_ > 0) {
    const File old(path_, O_RDONLY);
    if (old.ok() && ::pread(old.fd(), &last, 1, static_cast<off_t>(size_ - 1)) == 1 && last != '\n')
      lines = "\n";
  }
  for (const Cdr& cdr : cdrs) lines += cdr_to_json(cdr) + "\n";
  if (write_all(file.fd(), lines) && ::fdatasync(file.fd()) == 0) {
    size_ += lines.size();
    return Unit{};
  }
  const std::string problem = error_text(path_);
  if (::ftruncate(file.fd(), static_cast<off_t>(size_)) != 0) {
    struct stat info {};
    if (::fstat(file.fd(), &info) == 0) size_ = static_cast<std::uint64_t>(info.st_size);
  }
  return Err(problem);
}

Result<CdrSpool::Batch, std::string> CdrSpool::peek(std::size_t limit) {
  Batch batch;
  batch.end = offset_;
  if (empty()) return batch;
  const File file(path_, O_RDONLY);
  if (!file.ok()) return Err(error_text(path_));
  const std::string text = read_from(file.fd(), offset_);
  if (text.empty()) return Err(path_ + ": is shorter than it was");
  std::string_view rest = text;
  for (std::size_t lines = 0; lines < limit && !rest.empty(); ++lines) {
    const auto end = rest.find('\n');
    const bool torn = end == std::string_view::npos;
    if (torn && offset_ + text.size() < size_ && batch.end > offset_) break;  // Goes on beyond this chunk.
    const std::string_view line = rest.substr(0, end);
    const std::size_t used = torn ? rest.size() : end + 1;
    rest.remove_prefix(used);
    batch.end += used;
    if (line.empty()) continue;
    if (auto cdr = cdr_from_json(line)) {
      batch.cdrs.push_back(std::move(*cdr));
    } else {
      batch.damaged.emplace_back(line);
    }
  }
  return batch;
}

void CdrSpool::consume(std::uint64_t end) {
  offset_ = end;
  if (offset_ < size_) return;
  // If this fails the file is read again at the next start, and the store takes nothing twice.
  if (::truncate(path_.c_str(), 0) == 0) offset_ = size_ = 0;
}

Status<std::string> CdrSpool::set_aside(const std::string& line) const {
  if (path_.empty()) return Err(std::string("no spool file is configured"));
  const std::string path = path_ + ".rejected";
  const File file(path, O_CREAT | O_WRONLY | O_APPEND);
  if (!file.ok() || !write_all(file.fd(), line + "\n") || ::fdatasync(file.fd()) != 0)
    return Err(error_text(path));
  return Unit{};
}

}  // namespace tandem::store
