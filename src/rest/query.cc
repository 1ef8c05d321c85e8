#include "rest/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tandem::rest {
namespace {

constexpr std::size_t kDefaultLimit = 50;
constexpr std::size_t kMaxLimit = 200;
constexpr std::size_t kShownName = 64;

/// Reads `digits` decimal digits at the front of `text` and takes them away; -1 if there are none.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, n);
  if (error != std::errc() || end != text.data() + digits || text.front() == '-') return -1;
  text.remove_prefix(digits);
  return n;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return std::chrono::milliseconds(0);
  int value = 0;
  std::size_t n = 0;
  for (; n < text.size() && text[n] >= '0' && text[n] <= '9'; ++n) {
    if (n < 3) value = value * 10 + (text[n] - '0');
  }
  if (n == 0) return std::nullopt;
  for (std::size_t i = n; i < 3; ++i) value *= 10;
  text.remove_prefix(n);
  return std::chrono::milliseconds(value);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return std::chrono::minutes(0);
  if (text.empty()) return std::nullopt;
  const char sign = text.front();
  if (!take(text, "+-")) return std::nullopt;
  const int hours = take_number(text, 2);
  if (!take(text, ":")) return std::nullopt;
  const int minutes = take_number(text, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return std::chrono::minutes((sign == '-' ? -1 : 1) * (hours * 60 + minutes));
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  const int y = take_number(text, 4);
  if (!take(text, "-")) return std::nullopt;
  const int m = take_number(text, 2);
  if (!take(text, "-")) return std::nullopt;
  const int d = take_number(text, 2);
  if (y < 1970 || m < 0 || d < 0 || !take(text, "Tt ")) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                                         std::chrono::day(static_cast<unsigned>(d))};
  const int h = take_number(text, 2);
  if (!date.ok() || !take(text, ":")) return std::nullopt;
  const int min = take_number(text, 2);
  if (!take(text, ":")) return std::nullopt;
  const int s = take_number(text, 2);
  if (h < 0 || h > 23 || min < 0 || min > 59 || s < 0 || s > 60) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return WallTime(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(h) +
                  std::chrono::minutes(min) + std::chrono::seconds(s) + *fraction - *offset);
}

Query::Query(Parameters parameters, std::span<const std::string_view> known)
    : parameters_(std::move(parameters)) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::string& name = parameters_[i].first;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      wrong(std::string_view(name).substr(0, kShownName), "is no parameter of this address");
    }
    const bool again = std::any_of(parameters_.begin(), parameters_.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const auto& p) { return p.first == name; });
    if (again) wrong(name, "stands twice");
    if (parameters_[i].second.empty()) wrong(name, "must not be empty");
  }
}

void Query::wrong(std::string_view name, const std::string& what) {
  if (error_) return;
  error_.emplace();
  error_->code = model::ErrorCode::invalid_params;
  error_->field = name;
  error_->message = std::string(name) + ": " + what;
}

const std::string* Query::find(std::string_view name) const {
  for (const auto& [key, value] : parameters_) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string Query::text(std::string_view name, std::size_t max_bytes) {
  const std::string* value = find(name);
  if (value == nullptr) return {};
  if (value->size() > max_bytes) {
    wrong(name, fmt::format("must have at most {} bytes", max_bytes));
    return {};
  }
  return *value;
}

std::size_t Query::limit() {
  const std::string* value = find("limit");
  if (value == nullptr) return kDefaultLimit;
  const auto n = whole_number(*value);
  if (!n || *n < 1 || *n > kMaxLimit) {
    wrong("limit", fmt::format("must be a whole number from 1 to {}", kMaxLimit));
    return kDefaultLimit;
  }
  return static_cast<std::size_t>(*n);
}

std::optional<WallTime> Query::time(std::string_view name) {
  const std::string* value = find(name);
  if (value == nullptr) return std::nullopt;
  auto time = parse_rfc3339(*value);
  if (!time) wrong(name, "must be a date and time as in RFC 3339: 2026-01-31T10:00:00Z");
  return time;
}

}  // namespace tandem::rest
