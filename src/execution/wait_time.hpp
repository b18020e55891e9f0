// How long a wait may take: points of time as poll(2) wants them. Knows nothing of processes.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <optional>

namespace headway {

// Milliseconds for poll(2) and epoll_wait(2), rounded up: to wake early would be to spin. -1, which
// is for ever, where there is no end.
inline int timeout_of(std::optional<Nanos> until, Nanos now) {
  if (!until) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

// The earlier of two points of time, where there are any.
inline std::optional<Nanos> earlier(std::optional<Nanos> a, std::optional<Nanos> b) {
  return a && b ? std::min(a, b) : (a ? a : b);
}

}  // namespace headway
