// Tests of recent_intervals.
#include "timing/interval_record.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

const std::vector<std::string_view> kKeys{"a", "b"};

// Stage b after stage a.
ReplayInput chain() {
  ReplayInput input;
  input.graph = CsrGraph(std::vector<std::vector<int>>{{}, {0}});
  input.needs = std::vector<TaskNeeds>(2);
  input.limits.slots = 2;
  return input;
}

// Runs whose stages take that long each.
std::vector<PastDuration> runs(const std::vector<double>& seconds) {
  std::vector<PastDuration> past;
  for (std::size_t run = 0; run < seconds.size(); ++run) {
    for (const std::string_view key : kKeys) {
      past.push_back({key, key, static_cast<std::int64_t>(run), seconds[run]});
    }
  }
  return past;
}

TEST(RecentIntervals, each_run_is_judged_by_those_before_it) {
  const auto intervals = recent_intervals(chain(), kKeys, runs({10, 11, 10, 10.5, 30}));
  ASSERT_EQ(intervals.size(), 4U);   // the first has nothing before it
  EXPECT_EQ(intervals[0].took, 60);  // the newest first
  EXPECT_FALSE(is_inside(intervals[0]));
  EXPECT_NEAR(intervals[0].median, 21, 2);
  EXPECT_EQ(intervals[3].took, 22);
  EXPECT_NEAR(intervals[3].median, 20, 2);
}

TEST(RecentIntervals, run_that_lacks_a_stage_is_left_out) {
  std::vector<PastDuration> past = runs({10, 11, 10});
  past.pop_back();
  EXPECT_EQ(recent_intervals(chain(), kKeys, past).size(), 1U);
}

TEST(RecentIntervals, no_more_than_asked_for_and_none_of_no_past) {
  EXPECT_EQ(recent_intervals(chain(), kKeys, runs(std::vector<double>(30, 5)), 20).size(), 20U);
  EXPECT_TRUE(recent_intervals(chain(), kKeys, {}).empty());
  EXPECT_TRUE(recent_intervals(chain(), kKeys, runs({10})).empty());
}

}  // namespace
}  // namespace headway
