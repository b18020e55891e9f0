// Tests of SizeEffect and learn_size_effects.
#include "timing/size_effect.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace headway {
namespace {

struct Merge {
  double seconds = 0;
  double fan_in = 0;
  double bytes = 0;
};

// One merge a run.
SizeEffect learned(const std::vector<Merge>& merges) {
  std::vector<PastDuration> past;
  for (std::size_t run = 0; run < merges.size(); ++run) {
    past.push_back({"m",
                    "merge",
                    static_cast<std::int64_t>(run),
                    merges[run].seconds,
                    merges[run].fan_in,
                    merges[run].bytes});
  }
  const std::vector<PlannedTask> plan{{"m", "merge"}};
  return learn_size_effects(EarlierRuns(plan, past, 0)).at(0);
}

TEST(SizeEffect, merging_twice_as_much_takes_longer_once_it_was_seen_to) {
  const SizeEffect effect = learned({{10, 9}, {20, 19}, {40, 39}, {80, 79}, {10, 9}, {40, 39}});
  EXPECT_EQ(effect.measure, SizeMeasure::fan_in);
  EXPECT_NEAR(effect.slope, 1, 0.2);
  EXPECT_GT(effect.of(std::log(80), 0), effect.of(std::log(40), 0));
}

TEST(SizeEffect, size_that_tells_nothing_has_next_to_no_slope) {
  const SizeEffect effect = learned({{10, 9}, {10, 79}, {10, 39}, {10, 9}, {10, 79}, {10, 39}});
  EXPECT_NEAR(effect.slope, 0, 0.05);
}

TEST(SizeEffect, one_run_gives_what_is_usual) {
  EXPECT_NEAR(learned({{10, 9}}).slope, 0.3, 1e-9);
}

TEST(SizeEffect, bytes_count_where_they_tell_better) {
  const SizeEffect effect = learned(
      {{10, 4, 1e6}, {100, 4, 1e7}, {11, 4, 1.1e6}, {95, 4, 0.9e7}, {1000, 4, 1e8}, {980, 4, 1e8}});
  EXPECT_EQ(effect.measure, SizeMeasure::input_bytes);
  EXPECT_GT(effect.slope, 0.7);
  EXPECT_EQ(effect.of(std::log(5), 0), 0);  // not known
}

TEST(SizeEffect, bytes_that_a_recorder_left_out_once_do_not_count) {
  const SizeEffect effect =
      learned({{10, 4, 1e6}, {100, 4, 1e7}, {10, 4, 0}, {100, 4, 1e7}, {1000, 4, 1e8}});
  EXPECT_NE(effect.measure, SizeMeasure::input_bytes);
}

TEST(SizeEffect, line_is_followed_only_a_little_beyond_what_was_seen) {
  const SizeEffect effect = learned({{10, 9}, {20, 19}, {40, 39}, {80, 79}, {10, 9}, {40, 39}});
  EXPECT_EQ(effect.of(std::log(1e6), 0), effect.of(std::log(1e9), 0));
}

}  // namespace
}  // namespace headway
