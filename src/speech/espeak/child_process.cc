#include "speech/espeak/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tandem::speech {
namespace {

void close_all(std::span<const int> fds) {
  for (const int fd : fds) {
    if (fd >= 0) ::close(fd);
  }
}

// The child gets the three standard descriptors, default signals, and nothing of ours.
int spawn(const std::vector<std::string>& arguments, int in, int out, pid_t& pid) {
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv;
  for (std::string& a : copies) argv.push_back(a.data());
  argv.push_back(nullptr);
  std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  std::string locale = "LC_ALL=C.UTF-8";
  std::array<char*, 3> environment = {path.data(), locale.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Result<ChildProcess, std::string> ChildProcess::start(const std::vector<std::string>& arguments,
                                                      std::string input) {
  // A socket for its input, so that writing to a dead child is an error and not a signal.
  int in[2] = {-1, -1};
  int out[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0 || ::pipe2(out, O_CLOEXEC) != 0) {
    const std::string why = std::string("no pipe: ") + std::strerror(errno);
    close_all(in);
    close_all(out);
    return Err(why);
  }
  pid_t pid = -1;
  const int error = spawn(arguments, in[1], out[1], pid);
  ::close(in[1]);
  ::close(out[1]);
  if (error != 0) {
    ::close(in[0]);
    ::close(out[0]);
    return Err(arguments[0] + " cannot be started: " + std::strerror(error));
  }
  ::fcntl(in[0], F_SETFL, O_NONBLOCK);
  return ChildProcess(pid, in[0], out[0], std::move(input));
}

ChildProcess::ChildProcess(pid_t pid, int in, int out, std::string input)
    : pid_(pid), in_(in), out_(out), input_(std::move(input)) {
  write_some();
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)),
      input_(std::move(other.input_)),
      written_(other.written_) {}

ChildProcess::~ChildProcess() {
  close_input();
  if (out_ >= 0) ::close(out_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ChildProcess::write_some() {
  while (in_ >= 0 && written_ < input_.size()) {
    const ssize_t n = ::send(in_, input_.data() + written_, input_.size() - written_, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n < 0) break;  // It does not want the rest.
    written_ += static_cast<std::size_t>(n);
  }
  close_input();
}

void ChildProcess::close_input() {
  if (in_ >= 0) ::close(std::exchange(in_, -1));
}

std::optional<std::size_t> ChildProcess::read(std::span<char> to, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    std::array<pollfd, 2> fds = {{{out_, POLLIN, 0}, {in_, POLLOUT, 0}}};
    const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return 0;
    if (ready <= 0) continue;
    if (fds[1].revents != 0) write_some();
    if (fds[0].revents == 0) continue;
    const ssize_t n = ::read(out_, to.data(), to.size());
    if (n < 0 && errno == EINTR) continue;
    return n < 0 ? 0 : static_cast<std::size_t>(n);
  }
}

std::optional<int> ChildProcess::exit_code(std::chrono::milliseconds timeout) {
  close_input();
  // A descriptor of the process becomes readable when it ends: a wait with a time limit and without a signal
  // handler.
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  bool ended = false;
  if (fd >= 0) {
    pollfd wait{fd, POLLIN, 0};
    ended = ::poll(&wait, 1, static_cast<int>(timeout.count())) > 0;
    ::close(fd);
  }
  if (!ended) ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (!ended && !WIFEXITED(status)) return std::nullopt;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace tandem::speech
