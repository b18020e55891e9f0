// Ticks and the times that they stand for.
#include "logging/log_ticks.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(LogTimeline, is_the_line_through_two_readings) {
  const LogTimeline line({1000, 5'000, 90'000}, {2000, 7'000, 92'000});
  EXPECT_EQ(line.monotonic_ns(1000), 5'000);
  EXPECT_EQ(line.monotonic_ns(1500), 6'000);
  EXPECT_EQ(line.monotonic_ns(2100), 7'200);
  EXPECT_EQ(line.wall_of(6'000), 91'000);
}

TEST(LogTimeline, of_one_reading_is_that_reading) {
  const ClockPoint point{1000, 5'000, 90'000};
  EXPECT_EQ(LogTimeline(point, point).monotonic_ns(77), 5'000);
}

TEST(LogTimeline, of_readings_in_the_wrong_order_is_the_later_one) {
  const LogTimeline line({2000, 7'000, 92'000}, {1000, 5'000, 90'000});
  EXPECT_EQ(line.monotonic_ns(1500), 5'000);
}

}  // namespace
}  // namespace headway
