// Cheap readings of time for records, and what they mean afterwards. Knows nothing of records.
#pragma once

#include "base/clock.hpp"

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace headway {

// What a record is stamped with: ticks of the processor's time stamp counter where the kernel
// itself keeps time by it, else nanoseconds of the monotonic clock.
enum class TickSource : std::uint32_t { clock = 0, tsc = 1 };

// Asked once; the same for the whole process.
TickSource tick_source() noexcept;

// Nanoseconds of the monotonic clock, as a number.
std::uint64_t clock_ticks() noexcept;

// A reading: 8 ns for the counter, 20 ns for the clock.
inline std::uint64_t read_ticks(TickSource source) noexcept {
#if defined(__x86_64__)
  if (source == TickSource::tsc) {
    return __rdtsc();
  }
#endif
  static_cast<void>(source);
  return clock_ticks();
}

// All clocks at one moment. Lies in ring files, so its layout stays.
struct ClockPoint {
  std::uint64_t ticks;
  std::int64_t monotonic_ns;
  std::int64_t wall_ns;
};

ClockPoint read_clocks(TickSource source) noexcept;

// The line through two moments: what the clocks showed at a tick, between them or near to them.
// The same points give the same answers on the same machine.
class LogTimeline {
 public:
  LogTimeline(const ClockPoint& earlier, const ClockPoint& later) noexcept;

  std::int64_t monotonic_ns(std::uint64_t ticks) const noexcept {
    const auto passed = static_cast<double>(static_cast<std::int64_t>(ticks - later_.ticks));
    return later_.monotonic_ns + static_cast<std::int64_t>(passed * ns_per_tick_);
  }
  std::int64_t wall_of(std::int64_t monotonic_ns) const noexcept {
    return later_.wall_ns + (monotonic_ns - later_.monotonic_ns);
  }

 private:
  ClockPoint later_;
  double ns_per_tick_;
};

}  // namespace headway
