// The kernel's clocks.
#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(SystemClock, wall_agrees_with_the_standard_library) {
  const auto before = std::chrono::system_clock::now();
  const WallTime now = SystemClock().wall();
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

TEST(SystemClock, monotonic_does_not_go_back) {
  const SystemClock clock;
  const Nanos first = clock.monotonic();
  EXPECT_GE(clock.monotonic(), first);
  EXPECT_GT(first, Nanos(0));
}

TEST(ToSeconds, keeps_fractions) {
  EXPECT_EQ(to_seconds(std::chrono::milliseconds(1500)), Seconds(1.5));
}

}  // namespace
}  // namespace headway
