#include "sip/sofia/sofia_log.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>

#include "sip/sofia/sofia_api.h"

namespace tandem::sip {
namespace {

thread_local const Log* t_log = nullptr;

// Anyone on the network can make Sofia log (a datagram that starts with a zero byte is enough), even at its
// level 0: hence debug only.
__attribute__((format(printf, 2, 0))) void to_our_log(void* /*stream*/, const char* format, va_list args) {
  if (t_log == nullptr || !t_log->enabled(LogLevel::debug)) return;
  std::array<char, 512> line{};
  const int n = std::vsnprintf(line.data(), line.size(), format, args);
  if (n <= 0) return;
  std::string_view text(line.data(), std::min(static_cast<std::size_t>(n), line.size() - 1));
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  t_log->line(LogLevel::debug, text);
}

}  // namespace

void redirect_sofia_log(const Log* log) {
  static std::once_flag once;
  std::call_once(once, [] { su_log_redirect(nullptr, to_our_log, nullptr); });
  t_log = log;
}

}  // namespace tandem::sip
