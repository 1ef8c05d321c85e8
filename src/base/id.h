// Strongly typed ids: opaque strings with a two-letter prefix (docs: protocol, section "Messages").
#pragma once

#include <atomic>
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tandem {

namespace detail {

/// An immutable text of which copies are references: ids are copied far more often than made (into every
/// event, record and task), and each copy of a string that long would be a malloc. One word; any thread.
class SharedText {
 public:
  SharedText() = default;
  explicit SharedText(std::string text)
      : node_(text.empty() ? nullptr : new Node{{1}, std::hash<std::string>{}(text), std::move(text)}) {}
  SharedText(const SharedText& other) noexcept : node_(other.node_) {
    if (node_ != nullptr) node_->references.fetch_add(1, std::memory_order_relaxed);
  }
  SharedText(SharedText&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~SharedText() {
    if (node_ != nullptr && node_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete node_;
  }

  [[nodiscard]] const std::string& str() const {
    static const std::string kEmpty;
    return node_ == nullptr ? kEmpty : node_->text;
  }
  [[nodiscard]] bool empty() const { return node_ == nullptr; }
  [[nodiscard]] std::size_t hash() const { return node_ == nullptr ? 0 : node_->hash; }
  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.node_ == b.node_ || (a.hash() == b.hash() && a.str() == b.str());
  }
  friend std::strong_ordering operator<=>(const SharedText& a, const SharedText& b) {
    return a.str() <=> b.str();
  }

 private:
  struct Node {
    std::atomic<std::size_t> references;
    const std::size_t hash;  ///< Ids are the keys of most maps.
    const std::string text;
  };
  Node* node_ = nullptr;
};

}  // namespace detail

/// `Tag` must have `static constexpr std::string_view prefix` of two capital letters. Copies are cheap.
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

  [[nodiscard]] const std::string& str() const { return text_.str(); }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::size_t hash() const { return text_.hash(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  detail::SharedText text_;
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
  std::size_t operator()(const tandem::Id<Tag>& id) const noexcept { return id.hash(); }
};
