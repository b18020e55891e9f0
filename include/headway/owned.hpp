// Owned<T>: the one pointer to the state that a public class hides. What std::unique_ptr is, at a
// fifth of the lines that <memory> brings into every file of a user.
// layer: base
#pragma once

namespace headway {

// Owns one T or nothing. Movable, not copyable. T may be incomplete where an Owned is declared, not
// where one is made, replaced or destroyed. Not synchronised.
template <typename T>
class Owned {
 public:
  Owned() = default;

  // Takes over from anything that gives up its pointer with release(), such as std::unique_ptr<T>.
  template <typename Other>
  requires requires(Other& other) { static_cast<T*>(other.release()); }
  // NOLINTNEXTLINE(google-explicit-constructor)
  Owned(Other other) noexcept : pointer_(other.release()) {}

  Owned(Owned&& other) noexcept : pointer_(other.release()) {}

  Owned& operator=(Owned&& other) noexcept {
    T* const old = pointer_;
    pointer_ = other.release();
    if (old != pointer_) {
      delete old;
    }
    return *this;
  }

  ~Owned() { delete pointer_; }

  // Gives the pointer away; nothing is owned afterwards.
  T* release() noexcept {
    T* const pointer = pointer_;
    pointer_ = nullptr;
    return pointer;
  }

  T* get() const noexcept { return pointer_; }
  T& operator*() const noexcept { return *pointer_; }
  T* operator->() const noexcept { return pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }

 private:
  T* pointer_ = nullptr;
};

}  // namespace headway
