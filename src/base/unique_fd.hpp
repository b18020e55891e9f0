// UniqueFd: owns one file descriptor and closes it. Knows nothing of what the descriptor is for.
#pragma once

#include <utility>

namespace headway {

// Owns a descriptor, or nothing (-1). Movable. Not synchronised.
class UniqueFd {
 public:
  UniqueFd() = default;

  explicit UniqueFd(int fd) noexcept : fd_(fd) {}

  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset(std::exchange(other.fd_, -1));
    }
    return *this;
  }

  ~UniqueFd() { reset(); }

  int get() const noexcept { return fd_; }

  explicit operator bool() const noexcept { return fd_ >= 0; }

  // Gives the descriptor away without closing it.
  int release() noexcept { return std::exchange(fd_, -1); }

  // Closes what is held and takes `fd` instead.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace headway
