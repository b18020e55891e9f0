// Tests of the tick clock against the monotonic clock.
#include "execution/tick_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace headway {
namespace {

TEST(TickClock, ticks_never_fall_on_one_thread) {
  Ticks last = read_ticks();
  for (int i = 0; i < 100'000; ++i) {
    const Ticks now = read_ticks();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(TickClock, ticks_of_a_span_are_worth_its_nanoseconds) {
  const double rate = ticks_per_nanosecond(true);
  ASSERT_GT(rate, 0);
  const Ticks outer_start = read_monotonic_clock();
  const Ticks start = read_ticks();
  const Ticks inner_start = read_monotonic_clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const Ticks inner_end = read_monotonic_clock();
  const Ticks end = read_ticks();
  const Ticks outer_end = read_monotonic_clock();
  // The span lies between two others, however long this thread was kept from running.
  const double nanoseconds = static_cast<double>(end - start) / rate;
  EXPECT_GE(nanoseconds, static_cast<double>(inner_end - inner_start) * 0.999);
  EXPECT_LE(nanoseconds, static_cast<double>(outer_end - outer_start) * 1.001);
}

TEST(TickClock, precise_rate_is_the_same_from_the_first_on) {
  const double rate = ticks_per_nanosecond(true);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(ticks_per_nanosecond(true), rate);
  }
}

TEST(TickClock, without_a_steady_counter_a_tick_is_a_nanosecond) {
  if (kHasSteadyCounter) {
    GTEST_SKIP() << "this processor has a steady counter";
  }
  EXPECT_EQ(ticks_per_nanosecond(true), 1);
}

}  // namespace
}  // namespace headway
