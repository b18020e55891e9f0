// Clock: the one way to ask what time it is. Real code gets SystemClock, tests a clock moved by
// hand. Knows nothing about timers or waiting.
#pragma once

#include "headway/types.hpp"

#include <chrono>

namespace headway {

// A span, or a point on the monotonic clock counted from an arbitrary origin, in nanoseconds.
using Nanos = std::chrono::nanoseconds;

// Both clocks of the machine. Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Civil time. May step backwards.
  virtual WallTime wall() const = 0;
  // Time since an arbitrary origin; never steps, goes on during a stop of the process.
  virtual Nanos monotonic() const = 0;
};

// The kernel's CLOCK_REALTIME and CLOCK_MONOTONIC.
class SystemClock final : public Clock {
 public:
  WallTime wall() const override;
  Nanos monotonic() const override;
};

inline Seconds to_seconds(Nanos span) {
  return std::chrono::duration_cast<Seconds>(span);
}

}  // namespace headway
