// The query of a request as typed values, with a complaint about the first parameter that is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/error.h"
#include "model/generated/protocol.h"

namespace tandem::rest {

/// RFC 3339 with any offset; fractions beyond milliseconds are cut.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);
/// Decimal digits and nothing else, as far as 64 bits reach.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

class Query {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  /// Complains about parameters beyond `known`, and those that stand twice or are empty.
  Query(Parameters parameters, std::span<const std::string_view> known);

  [[nodiscard]] std::string text(std::string_view name, std::size_t max_bytes);
  [[nodiscard]] std::size_t limit();
  [[nodiscard]] std::string cursor() { return text("cursor", kMaxCursor); }
  [[nodiscard]] std::optional<WallTime> time(std::string_view name);
  template <class Tag>
  [[nodiscard]] Id<Tag> id(std::string_view name) {
    std::string value = text(name, Id<Tag>::max_length);
    if (!value.empty() && !Id<Tag>::valid(value)) {
      wrong(name, "must be an id that begins with " + std::string(Tag::prefix));
      return {};
    }
    return Id<Tag>(std::move(value));
  }
  /// One of `values`, whose to_string() is the text of the parameter.
  template <class E>
  [[nodiscard]] std::optional<E> one_of(std::string_view name, std::initializer_list<E> values) {
    const std::string given = text(name, kMaxWord);
    if (given.empty()) return std::nullopt;
    for (const E value : values) {
      if (to_string(value) == given) return value;
    }
    wrong(name, "is none of the values it may have");
    return std::nullopt;
  }

  void wrong(std::string_view name, const std::string& what);
  /// The first thing that was wrong, if any.
  [[nodiscard]] const std::optional<model::Error>& error() const { return error_; }

 private:
  static constexpr std::size_t kMaxCursor = 512;
  static constexpr std::size_t kMaxWord = 64;
  [[nodiscard]] const std::string* find(std::string_view name) const;

  Parameters parameters_;
  std::optional<model::Error> error_;
};

}  // namespace tandem::rest
