// Logging: a cheap handle that names its component. Constructed in server/, handed down by value; a default
// constructed one is silent (tests). Never called in the packet path. Any thread.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace tandem {

enum class LogLevel { debug, info, warn, error };

class Log {
 public:
  Log() = default;
  Log(std::shared_ptr<spdlog::logger> sink, std::string component);

  /// The same sink under another component's name.
  [[nodiscard]] Log with(std::string component) const;
  [[nodiscard]] bool enabled(LogLevel level) const;

  template <class... Args>
  void debug(fmt::format_string<Args...> f, Args&&... args) const {
    write(LogLevel::debug, f, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> f, Args&&... args) const {
    write(LogLevel::info, f, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> f, Args&&... args) const {
    write(LogLevel::warn, f, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> f, Args&&... args) const {
    write(LogLevel::error, f, std::forward<Args>(args)...);
  }
  /// Control characters of `text` are escaped, so that no peer can forge a line.
  void line(LogLevel level, std::string_view text) const;

 private:
  template <class... Args>
  void write(LogLevel level, fmt::format_string<Args...> f, Args&&... args) const {
    if (enabled(level)) line(level, fmt::format(f, std::forward<Args>(args)...));
  }
  // Shared: every module's handle writes to the one sink, which closes with the last of them.
  std::shared_ptr<spdlog::logger> sink_;
  std::string component_;
};

struct LogOptions {
  LogLevel level = LogLevel::info;
  std::string file;  ///< Empty: standard error.
  bool json = false;
};
/// The root handle. Throws spdlog::spdlog_ex when the file cannot be opened.
[[nodiscard]] Log make_log(const LogOptions& options);

}  // namespace tandem
