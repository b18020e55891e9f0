// The processor's counter and what a tick of it is worth. Knows nothing of tasks.
#include "execution/tick_clock.hpp"

#include <time.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace headway {

namespace {

bool find_steady_counter() {
#if defined(__x86_64__)
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  constexpr unsigned kSteady = 1U << 8;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & kSteady) != 0;
#else
  return false;
#endif
}

// Both clocks at one moment.
struct Anchor {
  Ticks ticks;
  Ticks nanoseconds;
};

// A thread may lose the processor between two readings: the closest pair of some counts, and the
// first that is close enough.
Anchor drop_anchor() {
  constexpr Ticks kClose = 500;
  constexpr int kTries = 20;
  Anchor best{};
  Ticks best_width = ~Ticks{0};
  for (int i = 0; i < kTries && best_width > kClose; ++i) {
    const Ticks before = read_ticks();
    const Ticks nanoseconds = read_monotonic_clock();
    const Ticks width = read_ticks() - before;
    if (width < best_width) {
      best_width = width;
      best = {before + width / 2, nanoseconds};
    }
  }
  return best;
}

double measure_rate(Ticks at_least) {
  static const Anchor first = drop_anchor();
  Anchor now = drop_anchor();
  while (now.nanoseconds - first.nanoseconds < at_least) {
    now = drop_anchor();
  }
  return static_cast<double>(now.ticks - first.ticks) /
         static_cast<double>(now.nanoseconds - first.nanoseconds);
}

}  // namespace

const bool kHasSteadyCounter = find_steady_counter();

Ticks read_monotonic_clock() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<Ticks>(now.tv_sec) * 1'000'000'000 + static_cast<Ticks>(now.tv_nsec);
}

double ticks_per_nanosecond(bool precise) noexcept {
  if (!kHasSteadyCounter) {
    return 1;
  }
  constexpr Ticks kRough = 10'000;
  constexpr Ticks kPrecise = 1'000'000;
  if (!precise) {
    return measure_rate(kRough);
  }
  static const double rate = measure_rate(kPrecise);
  return rate;
}

}  // namespace headway
