// Which stages are worth a control group, and the limits in it.
#include "orchestration/group_limits.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kGiB = std::int64_t{1} << 30;

StageNeeds known(std::int64_t bytes, Seconds duration) {
  StageNeeds needs;
  needs.memory_bytes = bytes;
  needs.duration = duration;
  needs.samples = 1;
  return needs;
}

ResourceSample machine(std::int64_t total_bytes) {
  ResourceSample sample;
  sample.memory_total_bytes = total_bytes;
  return sample;
}

TEST(GroupLimits, stage_is_worth_a_group_where_it_is_large_or_long_or_says_so) {
  EXPECT_FALSE(is_worth_a_group(known(10 * kMiB, Seconds(0.002)), 0)) << "as long as a group costs";
  EXPECT_FALSE(is_worth_a_group({}, 0)) << "nothing is known";
  EXPECT_TRUE(is_worth_a_group(known(10 * kMiB, Seconds(0.1)), 0));
  EXPECT_TRUE(is_worth_a_group(known(64 * kMiB, Seconds(0.002)), 0));
  EXPECT_TRUE(is_worth_a_group({}, kMiB));
}

TEST(GroupLimits, run_leaves_a_part_of_the_machine_to_everybody_else) {
  EXPECT_EQ(run_group_limit(machine(32 * kGiB)), 31 * kGiB);
  EXPECT_EQ(run_group_limit(machine(3200 * kMiB)), 3100 * kMiB);
  EXPECT_EQ(run_group_limit(machine(512 * kGiB)), 511 * kGiB);
  EXPECT_EQ(run_group_limit({}), 0) << "nothing is known";
}

TEST(GroupLimits, limit_above_is_the_one_that_holds) {
  ResourceSample sample = machine(32 * kGiB);
  sample.memory_groups = {{std::nullopt, 0, 0}, {8 * kGiB, 0, 0}};
  EXPECT_EQ(run_group_limit(sample), 0);
  sample.memory_groups = {{std::nullopt, 0, 0}, {64 * kGiB, 0, 0}};
  EXPECT_EQ(run_group_limit(sample), 31 * kGiB) << "more than there is";
}

TEST(GroupLimits, stage_is_bounded_by_a_persons_budget_alone) {
  EXPECT_EQ(stage_group_limit(0, 9 * kGiB), 0);
  EXPECT_EQ(stage_group_limit(4 * kGiB, kGiB), 8 * kGiB);
  EXPECT_EQ(stage_group_limit(4 * kGiB, 6 * kGiB), 12 * kGiB) << "it is known to take so much";
  EXPECT_EQ(stage_group_limit(kGiB, INT64_MAX), INT64_MAX - 1) << "saturates";
}

}  // namespace
}  // namespace headway
