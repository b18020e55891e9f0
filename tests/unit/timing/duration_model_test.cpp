// Tests of DurationModel.
#include "timing/duration_model.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

std::vector<StageSample> newest_first(const std::vector<double>& seconds) {
  std::vector<StageSample> samples;
  auto run = static_cast<std::int64_t>(seconds.size());
  for (const double duration : seconds) {
    StageSample sample;
    sample.duration = Seconds(duration);
    sample.run = run--;
    samples.push_back(sample);
  }
  return samples;
}

TEST(DurationModel, without_history_it_is_empty) {
  const DurationModel model(std::vector<std::pair<std::string, std::vector<StageSample>>>{});
  EXPECT_TRUE(model.empty());
  EXPECT_EQ(model.runs(), 0);
  EXPECT_EQ(model.of("build").samples, 0);
  EXPECT_EQ(model.of("build").median, 0);
}

TEST(DurationModel, one_outlier_does_not_rule) {
  const DurationModel model({{"build", newest_first({10, 11, 9, 10, 5000, 10})}});
  EXPECT_NEAR(model.of("build").median, 10, 0.5);
}

TEST(DurationModel, zero_is_a_duration) {
  const DurationModel model({{"build", newest_first({0, 0, 0})}});
  EXPECT_EQ(model.of("build").median, 0);
  EXPECT_EQ(model.of("build").samples, 3);
}

TEST(DurationModel, only_successful_executions_count) {
  auto samples = newest_first({100, 10});
  samples[0].status = StageStatus::failed;
  const DurationModel model({{"build", samples}});
  EXPECT_EQ(model.of("build").median, 10);
  EXPECT_EQ(model.of("build").samples, 1);
  EXPECT_EQ(model.runs(), 1);
}

TEST(DurationModel, recent_runs_weigh_more) {
  std::vector<double> seconds(20, 30.0);
  seconds.insert(seconds.end(), 30, 10.0);
  const DurationModel model({{"build", newest_first(seconds)}});
  EXPECT_EQ(model.of("build").median, 30);  // though 30 of 50 took 10
}

TEST(DurationModel, unknown_stage_borrows_the_median_of_the_others) {
  const DurationModel model(
      {{"a", newest_first({1})}, {"b", newest_first({5})}, {"c", newest_first({9})}});
  EXPECT_EQ(model.of("d").median, 5);
  EXPECT_EQ(model.of("d").samples, 0);
}

TEST(DurationModel, quantiles_are_ordered_and_within_the_samples) {
  std::vector<double> seconds;
  for (int i = 0; i < 200; ++i) {
    seconds.push_back((i * 37) % 100);
  }
  const DurationModel model({{"build", newest_first(seconds)}});
  const StageDistribution& build = model.of("build");
  EXPECT_LT(build.p10, build.median);
  EXPECT_LT(build.median, build.p90);
  EXPECT_LE(build.sorted.size(), 64U);
  EXPECT_TRUE(std::is_sorted(build.sorted.begin(), build.sorted.end()));
  EXPECT_GE(build.sorted.front(), 0);
  EXPECT_LE(build.sorted.back(), 99);
}

TEST(DurationModel, runs_are_counted_not_samples) {
  auto samples = newest_first({1, 2, 3, 4});
  for (StageSample& sample : samples) {
    sample.run = (sample.run + 1) / 2;
  }
  EXPECT_EQ(DurationModel({{"build", samples}}).runs(), 2);
}

}  // namespace
}  // namespace headway
