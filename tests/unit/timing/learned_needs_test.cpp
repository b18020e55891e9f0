// What past executions say of the memory and the CPUs of the next.
#include "timing/learned_needs.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

StageSample sample(std::int64_t run, std::int64_t mib, double cpu_seconds = 0) {
  StageSample made;
  made.duration = Seconds(10);
  made.run = run;
  made.peak_memory_bytes = mib * kMiB;
  made.cpu_time = Seconds(cpu_seconds);
  return made;
}

// Newest first, one a run.
std::vector<StageSample> runs(const std::vector<std::int64_t>& mib) {
  std::vector<StageSample> made;
  for (std::size_t i = 0; i < mib.size(); ++i) {
    made.push_back(sample(100 - static_cast<std::int64_t>(i), mib[i]));
  }
  return made;
}

double predicted_mib(const std::vector<StageSample>& samples) {
  return static_cast<double>(learn_needs(samples).memory_bytes.value_or(0)) / kMiB;
}

TEST(LearnedNeeds, without_executions_nothing_is_known) {
  const StageNeeds needs = learn_needs({});
  EXPECT_FALSE(needs.memory_bytes || needs.cpus);
  EXPECT_EQ(needs.samples, 0);
}

TEST(LearnedNeeds, one_execution_reserves_a_quarter_more) {
  EXPECT_NEAR(predicted_mib(runs({100})), 125, 0.1);
}

TEST(LearnedNeeds, many_alike_reserve_little_more) {
  EXPECT_NEAR(predicted_mib(runs(std::vector<std::int64_t>(16, 100))), 106.5, 0.5);
}

TEST(LearnedNeeds, what_varies_reserves_for_the_large_ones) {
  const double predicted = predicted_mib(runs({100, 400, 100, 400, 100, 400, 100, 400}));
  EXPECT_GT(predicted, 400);
  EXPECT_LT(predicted, 480);
}

TEST(LearnedNeeds, old_outlier_is_forgotten) {
  std::vector<std::int64_t> mib(40, 100);
  mib.back() = 5000;
  EXPECT_LT(predicted_mib(runs(mib)), 110);
}

TEST(LearnedNeeds, stage_that_has_grown_is_followed_within_few_runs) {
  std::vector<std::int64_t> mib(40, 100);
  mib[0] = mib[1] = mib[2] = 300;
  EXPECT_GE(predicted_mib(runs(mib)), 300);
}

TEST(LearnedNeeds, failed_execution_teaches_and_one_that_never_ran_does_not) {
  auto samples = runs({100, 100});
  samples[0].status = StageStatus::failed;
  samples[0].peak_memory_bytes = 900 * kMiB;
  EXPECT_GT(predicted_mib(samples), 800);
  samples[0].status = StageStatus::cancelled;
  EXPECT_LT(predicted_mib(samples), 130);
  EXPECT_EQ(learn_needs(samples).samples, 1);
}

TEST(LearnedNeeds, execution_without_a_measured_peak_is_not_one_of_nothing) {
  EXPECT_NEAR(predicted_mib(runs({0, 100, 0})), 125, 0.1);
  EXPECT_FALSE(learn_needs(runs({0, 0})).memory_bytes.has_value());
}

TEST(LearnedNeeds, width_is_cpu_time_over_duration) {
  const std::vector<StageSample> samples{sample(3, 0, 40), sample(2, 0, 38), sample(1, 0, 42)};
  EXPECT_NEAR(learn_needs(samples).cpus.value(), 4.1, 0.11);
}

TEST(LearnedNeeds, stage_that_mostly_waits_counts_a_quarter_of_a_cpu) {
  EXPECT_DOUBLE_EQ(learn_needs(std::vector{sample(1, 0, 0.1)}).cpus.value(), kLeastWidth);
}

TEST(LearnedNeeds, width_of_a_very_short_execution_is_not_believed) {
  StageSample brief = sample(1, 0, 0.03);
  brief.duration = Seconds(0.01);
  EXPECT_FALSE(learn_needs(std::vector{brief}).cpus.has_value());
  brief.duration = Seconds(0);
  EXPECT_FALSE(learn_needs(std::vector{brief}).cpus.has_value());
}

TEST(LearnedNeeds, stages_are_found_by_key) {
  const LearnedNeeds needs({{"test", runs({100})}, {"build", runs({200})}, {"empty", {}}});
  EXPECT_EQ(needs.of("build").largest_bytes, 200 * kMiB);
  EXPECT_EQ(needs.of("test").largest_bytes, 100 * kMiB);
  EXPECT_EQ(needs.of("empty").samples, 0);
  EXPECT_FALSE(needs.of("unheard").memory_bytes.has_value());
}

StageSample killed(std::int64_t run, std::int64_t mib) {
  StageSample made = sample(run, mib);
  made.status = StageStatus::failed;
  made.failure = FailureKind::oom;
  return made;
}

TEST(LearnedNeeds, kill_for_memory_asks_for_half_more_than_it_had) {
  EXPECT_NEAR(predicted_mib({killed(9, 1000)}), 1500, 0.1);
  EXPECT_NEAR(predicted_mib({killed(9, 1500), killed(8, 1000)}), 2250, 0.1) << "and again";
}

TEST(LearnedNeeds, failure_of_another_kind_asks_for_no_more_than_it_took) {
  StageSample failed = killed(9, 1000);
  failed.failure = FailureKind::exit_code;
  EXPECT_NEAR(predicted_mib({failed}), 1250, 0.1);
}

TEST(LearnedNeeds, kill_among_many_good_runs_counts_at_once_and_fades) {
  std::vector<StageSample> samples = runs(std::vector<std::int64_t>(20, 100));
  samples.insert(samples.begin(), killed(101, 1000));
  EXPECT_NEAR(predicted_mib(samples), 1500, 0.1);
  double before = predicted_mib(samples);
  for (int good = 1; good <= 12; ++good) {
    samples.insert(samples.begin(), sample(101 + good, 100));
    EXPECT_LE(predicted_mib(samples), before) << good;
    before = predicted_mib(samples);
    EXPECT_GE(before, good == 2 ? 750 : 100) << good;
  }
  EXPECT_LT(before, 120);
}

TEST(LearnedNeeds, kill_before_anything_was_measured_asks_for_nothing) {
  EXPECT_FALSE(learn_needs(std::vector<StageSample>{killed(9, 0)}).memory_bytes);
}

TEST(LearnedNeeds, duration_is_that_of_the_longer_executions) {
  std::vector<StageSample> samples = runs({1, 1, 1, 1});
  samples[0].duration = samples[1].duration = Seconds(1);
  EXPECT_DOUBLE_EQ(learn_needs(samples).duration->count(), 10);
  EXPECT_FALSE(learn_needs({}).duration);
}

TEST(LearnedNeeds, measured_far_above_declared_is_told_with_a_suggestion) {
  const StageNeeds learned = learn_needs(runs({1000, 900}));
  const auto excess = memory_excess(256 * kMiB, learned);
  ASSERT_TRUE(excess.has_value());
  EXPECT_EQ(excess->measured_bytes, 1000 * kMiB);
  EXPECT_GE(excess->suggested_bytes, 1000 * kMiB);
  EXPECT_EQ(excess->suggested_bytes % kMiB, 0);
}

TEST(LearnedNeeds, a_little_above_or_nothing_declared_is_not_told) {
  EXPECT_FALSE(memory_excess(800 * kMiB, learn_needs(runs({1000}))).has_value());
  EXPECT_FALSE(memory_excess(8 * kMiB, learn_needs(runs({20}))).has_value());
  EXPECT_FALSE(memory_excess(0, learn_needs(runs({1000}))).has_value());
  EXPECT_FALSE(memory_excess(100, StageNeeds{}).has_value());
}

}  // namespace
}  // namespace headway
