// A program run for its output: no shell, a bounded time, and gone when its owner is.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tandem::speech {

/// One thread. The destructor kills what still runs and waits for it.
class ChildProcess {
 public:
  /// `arguments[0]` is looked up in PATH. `input` is written to its standard input as it reads, then that is
  /// closed; its standard error is discarded.
  [[nodiscard]] static Result<ChildProcess, std::string> start(const std::vector<std::string>& arguments,
                                                               std::string input);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  /// Bytes of its output; 0 at the end. Nothing when `timeout` passed without any.
  [[nodiscard]] std::optional<std::size_t> read(std::span<char> to, std::chrono::milliseconds timeout);
  /// After the end of the output: waits up to `timeout` for the exit status; nothing: it had to be killed.
  [[nodiscard]] std::optional<int> exit_code(std::chrono::milliseconds timeout);

 private:
  ChildProcess(pid_t pid, int in, int out, std::string input);
  void write_some();
  void close_input();
  pid_t pid_;
  int in_;
  int out_;
  std::string input_;
  std::size_t written_ = 0;
};

}  // namespace tandem::speech
