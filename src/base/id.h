// Strongly typed ids: opaque strings with a two-letter prefix (docs: protocol, section "Messages").
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tandem {

/// `Tag` must have `static constexpr std::string_view prefix` of two capital letters.
template <class Tag>
class Id {
 public:
  static constexpr std::size_t max_length = 64;

  Id() = default;
  /// Takes the text as it is; use parse() for text that came from outside.
  explicit Id(std::string text) : text_(std::move(text)) {}
  /// A new random id: prefix and 32 hexadecimal digits.
  [[nodiscard]] static Id make();
  /// True for text of the right prefix, at most 64 characters out of [A-Za-z0-9_-].
  [[nodiscard]] static bool valid(std::string_view text);

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

namespace detail {
[[nodiscard]] std::string make_id(std::string_view prefix);
[[nodiscard]] bool valid_id(std::string_view prefix, std::string_view text);
}  // namespace detail

template <class Tag>
Id<Tag> Id<Tag>::make() {
  return Id(detail::make_id(Tag::prefix));
}
template <class Tag>
bool Id<Tag>::valid(std::string_view text) {
  return detail::valid_id(Tag::prefix, text);
}

}  // namespace tandem

template <class Tag>
struct std::hash<tandem::Id<Tag>> {
  std::size_t operator()(const tandem::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
