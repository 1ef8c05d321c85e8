#include "rest/prefer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace tandem::rest {
namespace {

constexpr int kMaxWaitS = 60;

std::optional<int> seconds_of(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (end != text.data() + text.size() || text.empty() || text.front() == '-') return std::nullopt;
  if (error == std::errc::result_out_of_range) return kMaxWaitS;
  if (error != std::errc()) return std::nullopt;
  return std::min(n, kMaxWaitS);
}

}  // namespace

Preference preference_of(const net::HeaderList& headers) {
  bool respond_async = false;
  std::optional<int> wait;
  for (const auto& [name, value] : headers) {
    if (!equal_no_case(name, "Prefer")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view item = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      item = trim(item.substr(0, item.find(';')));
      const std::size_t equals = std::min(item.find('='), item.size());
      const std::string_view token = trim(item.substr(0, equals));
      // The first of a kind counts (RFC 7240 section 2).
      if (equal_no_case(token, "respond-async")) respond_async = true;
      if (equal_no_case(token, "wait") && equals < item.size() && !wait)
        wait = seconds_of(item.substr(equals + 1));
    }
  }
  Preference out;
  if (wait) {
    out.wait = std::chrono::seconds(*wait);
    out.applied = fmt::format("wait={}", *wait);
  } else if (respond_async) {
    out.wait = std::chrono::seconds(0);
  }
  if (respond_async) out.applied = out.applied.empty() ? "respond-async" : "respond-async, " + out.applied;
  return out;
}

}  // namespace tandem::rest
