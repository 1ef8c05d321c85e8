#include "store/async/key_use.h"

#include <chrono>

namespace tandem::store {
namespace {

constexpr std::chrono::minutes kEvery{1};
constexpr std::chrono::seconds kGather{2};

}  // namespace

void KeyUse::add(const model::ApiKeyId& key, WallTime now) {
  Use& use = keys_[key];
  use.last = now;
  if (now - use.written < kEvery || timer_.pending()) return;
  timer_.set(kGather, [this] { flush(); });
}

void KeyUse::flush() {
  std::vector<std::pair<model::ApiKeyId, WallTime>> due;
  for (auto& [key, use] : keys_) {
    if (use.last - use.written < kEvery) continue;
    due.emplace_back(key, use.last);
    use.written = use.last;
  }
  if (due.empty()) return;
  if (!store_.touch(due)) {
    for (const auto& [key, when] : due) keys_[key].written = {};
  }
}

}  // namespace tandem::store
