// How record fields become columns: times, lists of words.
#pragma once

#include <soci/soci.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/sql/connection.h"

namespace tandem::store {

/// What comes after the columns and the table of a SELECT, and what its places hold.
struct Tail {
  std::string sql;
  std::vector<std::string> texts;

  /// One account's rows, or all when it is empty; oldest first.
  static Tail of_account(const std::string& account) {
    if (account.empty()) return {" ORDER BY created_ms, id", {}};
    return {" WHERE account_id = :account ORDER BY created_ms, id", {account}};
  }
};

/// A running query: `outs` are soci::into() of variables that outlive it, as does `tail`.
template <class... Out>
soci::statement rows(soci::session& sql, const std::string& select, const Tail& tail, const Out&... outs) {
  soci::statement st(sql);
  (st.exchange(outs), ...);
  for (const std::string& text : tail.texts) st.exchange(soci::use(text, kUnnamed));
  st.alloc();
  st.prepare(select + tail.sql);
  st.define_and_bind();
  st.execute();
  return st;
}

inline WallTime from_ms(long long ms) {
  return WallTime{std::chrono::milliseconds{ms}};
}
inline long long to_ms(WallTime t) {
  return t.time_since_epoch().count();
}

/// A time that may be NULL.
struct OptionalTime {
  long long ms = 0;
  soci::indicator set = soci::i_null;

  OptionalTime() = default;
  explicit OptionalTime(const std::optional<WallTime>& t)
      : ms(t ? to_ms(*t) : 0), set(t ? soci::i_ok : soci::i_null) {}
  [[nodiscard]] std::optional<WallTime> value() const {
    return set == soci::i_ok ? std::optional(from_ms(ms)) : std::nullopt;
  }
};

/// Words with blanks between them; `text_of` makes each, and none may hold a blank.
template <class List, class TextOf>
std::string join_words(const List& list, TextOf text_of) {
  std::string text;
  for (const auto& item : list) {
    if (!text.empty()) text += ' ';
    text += text_of(item);
  }
  return text;
}

template <class Take>
void split_words(std::string_view text, Take take) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end != 0) take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

inline std::string join_words(const std::vector<std::string>& list) {
  return join_words(list, [](const std::string& word) -> const std::string& { return word; });
}
inline std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  split_words(text, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

}  // namespace tandem::store
