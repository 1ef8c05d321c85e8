// Result<T, E>: the one type for expected failure. Exceptions are for faults only (out of memory, a broken
// invariant); asserts are for our own bugs. C++20 has no std::expected, hence this small one with its names.
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace tandem {

/// Carries an error into a Result: `return Err(MyError::bad_port);`
template <class E>
struct Err {
  E value;
  explicit Err(E e) : value(std::move(e)) {}
};
template <class E>
Err(E) -> Err<E>;

/// Either a T or an E. Check before you take: value() on an error is a bug (asserted).
template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  template <class F>
  requires std::is_convertible_v<F, E> Result(Err<F> error)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, std::move(error.value)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  const E& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  E&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, E> state_;
};

/// Success without a value: `Result<Unit, E>`, returned as `Unit{}`.
struct Unit {
  friend bool operator==(Unit, Unit) = default;
};
template <class E>
using Status = Result<Unit, E>;

}  // namespace tandem
