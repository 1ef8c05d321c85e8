// Pages of lists that are whole in memory: sorted by a key, continued after the key that a cursor holds.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace tandem::rest {

/// Opaque text for a URL's query and back.
[[nodiscard]] std::string make_cursor(std::string_view key);
[[nodiscard]] std::optional<std::string> read_cursor(std::string_view cursor);

/// Sorts by time, newest last, then by id.
[[nodiscard]] std::string time_key(WallTime at, std::string_view id);

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_key;  ///< Empty: that was all.
};

/// At most `limit` of those with a key below `below` (empty: all), greatest key first.
template <class T, class Key>
[[nodiscard]] Page<T> newest_below(std::vector<T> all, Key key, const std::string& below, std::size_t limit) {
  std::vector<std::pair<std::string, std::size_t>> order;
  order.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string k = key(all[i]);
    if (below.empty() || k < below) order.emplace_back(std::move(k), i);
  }
  const std::size_t n = std::min(limit, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(),
                    [](const auto& a, const auto& b) { return a.first > b.first; });
  Page<T> page;
  page.items.reserve(n);
  for (std::size_t i = 0; i < n; ++i) page.items.push_back(std::move(all[order[i].second]));
  if (order.size() > n) page.next_key = order[n - 1].first;
  return page;
}

}  // namespace tandem::rest
