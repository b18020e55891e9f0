// The kernel's two clocks. Knows nothing about timers or waiting.
#include "base/clock.hpp"

#include <time.h>

namespace headway {
namespace {

Nanos read_clock(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec);
}

}  // namespace

WallTime SystemClock::wall() const {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(read_clock(CLOCK_REALTIME)));
}

Nanos SystemClock::monotonic() const {
  return read_clock(CLOCK_MONOTONIC);
}

}  // namespace headway
