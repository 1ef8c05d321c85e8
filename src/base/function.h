// Function<R(Args...)>: a move-only std::function, so that a task can own what it carries (unique_ptr,
// sockets). Small targets lie within the object: most of what threads post to each other costs no malloc.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace tandem {

template <class Signature>
class Function;

/// Moving one moves its target: it must not be moved while it runs (move it to a local and call that).
template <class R, class... Args>
class Function<R(Args...)> {
 public:
  Function() = default;
  Function(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, Function> && std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
      Function(F&& f)  // NOLINT(google-explicit-constructor)
      : ops_(&kOps<std::decay_t<F>>) {
    using Target = std::decay_t<F>;
    if constexpr (kFits<Target>) {
      ::new (static_cast<void*>(room_)) Target(std::forward<F>(f));
    } else {
      ::new (static_cast<void*>(room_)) Target*(new Target(std::forward<F>(f)));
    }
  }

  Function(Function&& other) noexcept { take(other); }
  Function& operator=(Function&& other) noexcept {
    if (this == &other) return *this;
    Function old;  // Destroyed last: its target may own what holds this object.
    old.take(*this);
    take(other);
    return *this;
  }
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;
  ~Function() {
    if (ops_ != nullptr) ops_->destroy(room_);
  }

  explicit operator bool() const { return ops_ != nullptr; }
  R operator()(Args... args) { return ops_->call(room_, std::forward<Args>(args)...); }

 private:
  /// `this` with an id, a shared and a unique pointer, or five words.
  static constexpr std::size_t kRoom = 5 * sizeof(void*);
  template <class F>
  static constexpr bool kFits =
      (sizeof(F) <= kRoom) &&
      (std::alignment_of_v<F> <= alignof(void*)) && std::is_nothrow_move_constructible_v<F>;

  struct Ops {
    R (*call)(std::byte* room, Args&&... args);
    void (*move)(std::byte* from, std::byte* to) noexcept;  ///< Leaves nothing behind.
    void (*destroy)(std::byte* room) noexcept;
  };
  template <class F>
  static F& target_of(std::byte* room) {
    if constexpr (kFits<F>) {
      return *std::launder(reinterpret_cast<F*>(room));
    } else {
      return **std::launder(reinterpret_cast<F**>(room));
    }
  }
  template <class F>
  static R call(std::byte* room, Args&&... args) {
    if constexpr (std::is_void_v<R>) {
      target_of<F>(room)(std::forward<Args>(args)...);
    } else {
      return target_of<F>(room)(std::forward<Args>(args)...);
    }
  }
  template <class F>
  static void move(std::byte* from, std::byte* to) noexcept {
    if constexpr (kFits<F>) {
      F& target = target_of<F>(from);
      ::new (static_cast<void*>(to)) F(std::move(target));
      target.~F();  // NOLINT(bugprone-use-after-move): what is left of it.
    } else {
      ::new (static_cast<void*>(to)) F*(&target_of<F>(from));
    }
  }
  template <class F>
  static void destroy(std::byte* room) noexcept {
    if constexpr (kFits<F>) {
      target_of<F>(room).~F();
    } else {
      delete &target_of<F>(room);
    }
  }
  template <class F>
  static constexpr Ops kOps{&call<F>, &move<F>, &destroy<F>};

  void take(Function& other) noexcept {
    if (other.ops_ == nullptr) return;
    ops_ = std::exchange(other.ops_, nullptr);
    ops_->move(other.room_, room_);
  }

  const Ops* ops_ = nullptr;
  alignas(void*) std::byte room_[kRoom];  // The target if it fits, else a pointer to it.
};

}  // namespace tandem
