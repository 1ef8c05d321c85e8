#include <algorithm>

#include "store/validation/parts.h"
#include "store/validation/validation.h"

namespace tandem::store {
namespace {

constexpr std::uint32_t kMaxSize = 100'000;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::size_t kMaxUrls = 16;
constexpr std::size_t kMaxUrl = 2048;

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool queue_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && is_alnum(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

bool media_url(std::string_view url) {
  const bool scheme = url.starts_with("http://") || url.starts_with("https://") || url.starts_with("file://");
  return scheme && !url.ends_with("://") && url.size() <= kMaxUrl &&
         std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

std::optional<model::QueueOverflow> queue_overflow_of(std::string_view text) {
  for (const auto v :
       {model::QueueOverflow::ivr, model::QueueOverflow::hangup, model::QueueOverflow::queue}) {
    if (to_string(v) == text) return v;
  }
  return std::nullopt;
}

std::optional<model::QueueOrdering> queue_ordering_of(std::string_view text) {
  for (const auto v : {model::QueueOrdering::priority, model::QueueOrdering::arrival}) {
    if (to_string(v) == text) return v;
  }
  return std::nullopt;
}

std::optional<StoreFailure> check(const Queue& q) {
  constexpr const char* kNames = "must be 1 to 64 letters, digits, dots, underscores and hyphens";
  if (auto f = check_id(q.id, "id", true)) return f;
  if (auto f = check_id(q.account_id, "account_id", false)) return f;
  if (!queue_name(q.name)) return invalid("name", kNames);
  if (q.max_size > kMaxSize) return invalid("max_size", "must be from 0 to 100000");
  if (q.max_wait_ms != 0 && (q.max_wait_ms < 1000 || q.max_wait_ms > kDayMs))
    return invalid("max_wait_ms", "must be 0 or from 1000 to 86400000 (a day)");
  const bool onward = q.overflow_action == model::QueueOverflow::queue;
  if (onward && !queue_name(q.overflow_queue)) return invalid("overflow_queue", kNames);
  if (!onward && !q.overflow_queue.empty())
    return invalid("overflow_queue", "goes with overflow_action queue only");
  if (q.overflow_queue == q.name) return invalid("overflow_queue", "must be another queue");
  if (q.wait_urls.size() > kMaxUrls) return invalid("wait_urls", "may hold at most 16 entries");
  if (!std::ranges::all_of(q.wait_urls, media_url))
    return invalid("wait_urls", "each must be an http, https or file URL of at most 2048 characters");
  return std::nullopt;
}

}  // namespace tandem::store
