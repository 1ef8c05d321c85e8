#include "media/player/prompt_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace tandem::media {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  const int fd_;
};

PromptError forbidden(std::string why) {
  return {PromptErrorCode::forbidden_url, std::move(why)};
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing when an escape is broken or hides a NUL.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  if (out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

// The path below `folder` that `url` names.
std::optional<std::string> path_below(std::string_view url, std::string_view folder) {
  constexpr std::string_view kScheme = "file://";
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  if (url.starts_with("localhost/")) url.remove_prefix(std::string_view("localhost").size());
  if (!url.starts_with('/')) return std::nullopt;  // Another host.
  auto path = unescaped(url);
  if (!path) return std::nullopt;
  if (path->starts_with(folder) && path->size() > folder.size() && (*path)[folder.size()] == '/') {
    path->erase(0, folder.size());
  }
  path->erase(0, path->find_first_not_of('/'));
  if (path->empty()) return std::nullopt;
  return path;
}

std::string version_of(const struct stat& s) {
  return fmt::format("{}-{}-{}.{}", s.st_ino, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

Result<std::string, PromptError> whole(int fd, std::size_t size) {
  std::string body(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::read(fd, body.data() + got, size - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      return Err(PromptError{PromptErrorCode::fetch_failed, std::string("reading: ") + std::strerror(errno)});
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  body.resize(got);
  return body;
}

}  // namespace

PromptFolder::PromptFolder(std::string path, std::size_t max_file_bytes)
    : path_(std::move(path)), max_file_bytes_(max_file_bytes) {}

Result<PromptFolder::File, PromptError> PromptFolder::read(const std::string& url,
                                                           const std::string& known_version) const {
  if (path_.empty()) return Err(forbidden("file URLs are not enabled on this server"));
  std::string_view folder_path = path_;
  while (folder_path.size() > 1 && folder_path.ends_with('/')) folder_path.remove_suffix(1);
  const auto path = path_below(url, folder_path);
  if (!path) return Err(forbidden("the file URL names no file of this server's prompt folder"));
  const Descriptor folder(::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0)
    return Err(PromptError{PromptErrorCode::fetch_failed, "the prompt folder cannot be opened"});
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;  // A FIFO shall not block the pool.
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const Descriptor file(
      static_cast<int>(::syscall(SYS_openat2, folder.get(), path->c_str(), &how, sizeof how)));
  if (file.get() < 0) {
    if (errno == EXDEV || errno == ELOOP)
      return Err(forbidden("the file URL leads out of the prompt folder"));
    return Err(
        PromptError{PromptErrorCode::fetch_failed, std::string("opening the file: ") + std::strerror(errno)});
  }
  struct stat s {};
  if (::fstat(file.get(), &s) != 0 || !S_ISREG(s.st_mode)) {
    return Err(PromptError{PromptErrorCode::fetch_failed, "the file URL names no regular file"});
  }
  if (static_cast<std::size_t>(s.st_size) > max_file_bytes_) {
    return Err(PromptError{
        PromptErrorCode::too_large,
        fmt::format("the file has {} bytes; at most {} are allowed", s.st_size, max_file_bytes_)});
  }
  File out;
  out.version = version_of(s);
  out.unchanged = out.version == known_version;
  if (out.unchanged) return out;
  auto body = whole(file.get(), static_cast<std::size_t>(s.st_size));
  if (!body) return Err(std::move(body).error());
  out.body = std::move(body).value();
  return out;
}

}  // namespace tandem::media
