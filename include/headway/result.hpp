// Result<T>: a value or the Error that explains why there is none.
//
// The interface is the subset of std::expected (C++23) that the library uses, so
// a later move to it is an alias change.
// layer: base
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace headway {

// What went wrong, for code that decides. Spelled in JSON and logs as written here.
enum class ErrorCode {
  invalid_argument,  // the caller, or a file a person wrote, asks for something impossible
  not_found,         // a named thing does not exist
  io,                // the operating system refused a read or a write
  parse,             // bytes are not in the format they claim
  conflict,          // somebody else holds it, or it is already there
  unsupported,       // known, but not built or not possible on this machine
  timeout,           // a deadline passed
  internal,          // a fault of Headway itself
};

// The spelling of a code in JSON and logs. Never fails.
std::string_view to_string(ErrorCode code) noexcept;

// What went wrong, for people: `message` is a lowercase fragment that fits after "failed to" and
// names the thing; `next_step` says what to do about it, or is empty where nothing sensible is
// known.
struct Error {
  ErrorCode code{};
  std::string message;
  std::string next_step{};
};

// Holds exactly one of the two. Reading the other one throws std::bad_variant_access, which is a
// bug in the caller. Not synchronised: share it between threads only as const.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }

  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & { return std::get<0>(state_); }

  const T& operator*() const& { return std::get<0>(state_); }

  T&& operator*() && { return std::get<0>(std::move(state_)); }

  T* operator->() { return &std::get<0>(state_); }

  const T* operator->() const { return &std::get<0>(state_); }

  // The value, or `fallback` where there is an error.
  T value_or(T fallback) && {
    return has_value() ? std::get<0>(std::move(state_)) : std::move(fallback);
  }

  const Error& error() const& { return std::get<1>(state_); }

  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value, or the Error. Default-constructed it is success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }

  explicit operator bool() const noexcept { return has_value(); }

  const Error& error() const& { return std::get<1>(state_); }

  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace headway
