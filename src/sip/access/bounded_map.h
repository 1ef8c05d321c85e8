// A map that forgets what was not used for longest once it is full. One thread.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace tandem::sip {

template <class Key, class Value>
class BoundedMap {
 public:
  explicit BoundedMap(std::size_t capacity) : capacity_(capacity > 0 ? capacity : 1) {}

  /// Null when unknown; else it counts as used.
  [[nodiscard]] Value* find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }
  /// The value of `key`, new if unknown. Valid until the next call.
  Value& at(const Key& key) {
    if (Value* known = find(key)) return *known;
    if (index_.size() >= capacity_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, Value{});
    index_.emplace(key, order_.begin());
    return order_.front().second;
  }
  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  using Order = std::list<std::pair<Key, Value>>;
  std::size_t capacity_;
  Order order_;  // Most recently used first.
  std::unordered_map<Key, typename Order::iterator> index_;
};

}  // namespace tandem::sip
