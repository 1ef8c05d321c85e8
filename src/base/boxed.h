// Boxed<std::variant<...>>: a variant's value in as much memory as its own alternative takes, for values that
// are kept for long: the largest alternative may be twenty times the usual one.
#pragma once

#include <memory>
#include <utility>
#include <variant>

namespace tandem {

template <class Variant>
class Boxed;

template <class... T>
class Boxed<std::variant<T...>> {
 public:
  using Variant = std::variant<T...>;

  explicit Boxed(Variant value)
      : box_(std::visit(
            []<class U>(U&& v) -> std::unique_ptr<Box> {
              return std::make_unique<BoxOf<std::decay_t<U>>>(std::forward<U>(v));
            },
            std::move(value))) {}

  /// Calls `f` with a const reference to the value. Not after it was moved away.
  template <class F>
  decltype(auto) visit(F&& f) const {
    return std::visit([&f](const auto* v) -> decltype(auto) { return f(*v); }, box_->view());
  }
  /// A copy.
  [[nodiscard]] Variant value() const {
    return visit([](const auto& v) { return Variant(v); });
  }
  friend bool operator==(const Boxed& boxed, const Variant& value) {
    return boxed.visit([&value]<class U>(const U& v) {
      const U* other = std::get_if<U>(&value);
      return other != nullptr && v == *other;
    });
  }

 private:
  using View = std::variant<const T*...>;
  struct Box {
    Box() = default;
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;
    virtual ~Box() = default;
    [[nodiscard]] virtual View view() const = 0;
  };
  template <class U>
  struct BoxOf final : Box {
    explicit BoxOf(U v) : value(std::move(v)) {}
    [[nodiscard]] View view() const override { return View(std::in_place_type<const U*>, &value); }
    U value;
  };
  std::unique_ptr<const Box> box_;
};

}  // namespace tandem
