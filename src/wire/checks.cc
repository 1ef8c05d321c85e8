#include "wire/checks.h"

namespace tandem::wire {
namespace {

std::string below(const std::string& path, const char* name) {
  return path.empty() ? name : path + "." + name;
}

/// Alternatives of one or more elements; sets are closed and not empty; a dot ends its alternative.
bool well_formed(std::string_view pattern) {
  bool empty = true;
  bool ended = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '|') {
      if (empty) return false;
      empty = true;
      ended = false;
      continue;
    }
    if (ended || c == ']' || c == '-') return false;
    if (c == '[') {
      const std::size_t end = pattern.find(']', i);
      if (end == std::string_view::npos || end == i + 1) return false;
      const std::string_view set = pattern.substr(i + 1, end - i - 1);
      if (set.find_first_of("[|.") != std::string_view::npos || set.front() == '-' || set.back() == '-')
        return false;
      i = end;
    }
    ended = c == '.';
    empty = false;
  }
  return !empty;
}

}  // namespace

void check(const model::CollectDigits& digits, Complaint& c, const std::string& path) {
  if (digits.min > digits.max)
    c.set(model::ErrorCode::invalid_params, below(path, "min"), "must not be above max");
  if (digits.pattern && !well_formed(*digits.pattern)) {
    c.set(model::ErrorCode::invalid_params, below(path, "pattern"), "is not well-formed");
  }
}

void check(const model::OnDisconnect& policy, Complaint& c, const std::string& path) {
  const bool plays = policy.action == model::DisconnectAction::play_then_hangup;
  if (plays && !policy.play)
    c.set(model::ErrorCode::invalid_params, below(path, "play"), "is required with play_then_hangup");
  if (!plays && policy.play)
    c.set(model::ErrorCode::invalid_params, below(path, "play"), "goes with play_then_hangup only");
}

}  // namespace tandem::wire
