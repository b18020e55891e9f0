// Reading of clocks and counters. Knows nothing of records.
#include "logging/log_ticks.hpp"

#include "base/files.hpp"

#include <time.h>

namespace headway {
namespace {

std::int64_t read_clock(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// The kernel has checked the counter (constant, never stopping, the same on all processors) before
// it takes it as its own clock.
TickSource ask_kernel() noexcept {
#if defined(__x86_64__)
  try {
    const auto name = read_file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    if (name && *name == "tsc\n") {
      return TickSource::tsc;
    }
  } catch (...) {  // no memory: the clock will do
  }
#endif
  return TickSource::clock;
}

}  // namespace

TickSource tick_source() noexcept {
  static const TickSource source = ask_kernel();
  return source;
}

std::uint64_t clock_ticks() noexcept {
  return static_cast<std::uint64_t>(read_clock(CLOCK_MONOTONIC));
}

ClockPoint read_clocks(TickSource source) noexcept {
  ClockPoint point{};
  point.wall_ns = read_clock(CLOCK_REALTIME);
  point.monotonic_ns = read_clock(CLOCK_MONOTONIC);
  point.ticks = source == TickSource::clock ? static_cast<std::uint64_t>(point.monotonic_ns)
                                            : read_ticks(source);
  return point;
}

LogTimeline::LogTimeline(const ClockPoint& earlier, const ClockPoint& later) noexcept
    : later_(later), ns_per_tick_(0) {
  if (later.ticks > earlier.ticks && later.monotonic_ns > earlier.monotonic_ns) {
    ns_per_tick_ = static_cast<double>(later.monotonic_ns - earlier.monotonic_ns) /
                   static_cast<double>(later.ticks - earlier.ticks);
  }
}

}  // namespace headway
