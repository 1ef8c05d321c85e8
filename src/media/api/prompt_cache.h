// What every producer of shared prompts needs: a cache bounded by memory, and one flight for many who ask for
// the same. Neither locks: their owner holds a mutex.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "media/api/prompt.h"

namespace tandem::media {

struct CachedPrompt {
  std::shared_ptr<Prompt> prompt;  // Shared: calls play it longer than the cache keeps it.
  std::string version;             ///< For asking the source whether it changed; empty: not known.
  TimePoint fresh_until = TimePoint::max();
  std::uint8_t encoded = 0;  ///< Bit i: the track of codec i is there, so track() is quick.

  [[nodiscard]] bool has(model::Codec codec) const {
    return (encoded >> static_cast<unsigned>(codec) & 1U) != 0;
  }
  void mark(model::Codec codec) {
    encoded = static_cast<std::uint8_t>(encoded | 1U << static_cast<unsigned>(codec));
  }
};

/// Least recently used goes first once all together pass `limit_bytes`; a prompt that plays somewhere lives
/// on there.
class PromptCache {
 public:
  explicit PromptCache(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Null when absent. Counts as a use. The pointer is good until the next put(), erase() or refresh().
  [[nodiscard]] CachedPrompt* find(const std::string& key);
  void put(const std::string& key, CachedPrompt cached);
  void erase(const std::string& key);
  /// Measures a prompt again that grew, and makes room. Removes nothing that `key` does not name if it fits.
  void refresh(const std::string& key);
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  struct Item {
    std::string key;
    CachedPrompt cached;
    std::size_t bytes = 0;
  };
  void measure(Item& item);
  void trim();
  const std::size_t limit_bytes_;
  std::list<Item> items_;  // Most recently used first.
  std::map<std::string, std::list<Item>::iterator> index_;
  std::size_t bytes_ = 0;
};

/// Those who wait for the same prompt.
template <class Error>
class PromptFlights {
 public:
  struct Waiter {
    model::Codec codec;
    Function<void(Result<std::shared_ptr<Prompt>, Error>)> done;
  };
  /// True for the first of a key, who must see to it that take() is called.
  bool join(const std::string& key, Waiter waiter) {
    auto& waiters = flights_[key];
    waiters.push_back(std::move(waiter));
    return waiters.size() == 1;
  }
  [[nodiscard]] bool known(const std::string& key) const { return flights_.contains(key); }
  [[nodiscard]] std::vector<Waiter> take(const std::string& key) {
    auto node = flights_.extract(key);
    return node ? std::move(node.mapped()) : std::vector<Waiter>{};
  }
  [[nodiscard]] std::size_t size() const { return flights_.size(); }

 private:
  std::map<std::string, std::vector<Waiter>> flights_;
};

}  // namespace tandem::media
