// Bottlenecks and advice of a whole lane, from its record.
#include "timing/lane_study.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

// A lane whose stages took as long in each of ten runs, on two jobs.
LaneRecord record(const std::vector<std::string>& keys,
                  const std::vector<std::vector<int>>& needs,
                  const std::vector<double>& seconds) {
  LaneRecord made;
  made.graph = {keys, needs};
  made.tasks.resize(keys.size());
  made.limits.slots = 2;
  std::vector<double> starts(keys.size(), 0);
  double all = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    made.tasks[i].weight = seconds[i];
    for (const int need : needs[i]) {
      const auto other = static_cast<std::size_t>(need);
      starts[i] = std::max(starts[i], starts[other] + seconds[other]);
    }
    all = std::max(all, starts[i] + seconds[i]);
  }
  for (int run = 10; run >= 1; --run) {
    PastRun past;
    past.run = run;
    past.status = "COMPLETED";
    past.is_complete = true;
    past.took = Seconds(all);
    past.jobs = 2;
    made.runs.push_back(past);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::vector<StageSample> samples;
    for (const PastRun& run : made.runs) {
      StageSample sample;
      sample.run = run.run;
      sample.started = Seconds(starts[i]);
      sample.duration = Seconds(seconds[i]);
      samples.push_back(sample);
    }
    made.history.push_back({keys[i], samples});
  }
  return made;
}

const Recommendation* find(const LaneStudy& study, const std::string& id) {
  for (const Recommendation& each : study.recommendations) {
    if (each.id == id) {
      return &each;
    }
  }
  return nullptr;
}

TEST(LaneStudy, chain_with_one_long_stage_names_it) {
  const LaneStudy study =
      study_lane(record({"setup", "unit", "ship"}, {{}, {0}, {1}}, {5, 80, 15}));
  ASSERT_EQ(study.bottlenecks.size(), 3U);
  EXPECT_EQ(study.bottlenecks[0].key, "unit");
  EXPECT_NEAR(study.bottlenecks[0].saving, 80, 1e-6);
  EXPECT_NEAR(study.bottlenecks[0].saving_if_halved, 40, 1e-6);
  const Recommendation* split = find(study, "split_stage");
  ASSERT_NE(split, nullptr);
  EXPECT_EQ(split->stage, "unit");
  EXPECT_NEAR(split->saving, 40, 1e-6);  // two halves on two jobs
  const Recommendation* need = find(study, "drop_need");
  ASSERT_NE(need, nullptr);
  EXPECT_EQ(need->stage, "ship");
  EXPECT_NEAR(need->saving, 15, 1e-6);
}

TEST(LaneStudy, split_that_finds_no_free_job_saves_nothing) {
  LaneRecord narrow = record({"setup", "unit"}, {{}, {0}}, {20, 80});
  for (PastRun& run : narrow.runs) {
    run.jobs = 1;
  }
  EXPECT_EQ(find(study_lane(narrow), "split_stage"), nullptr);
}

TEST(LaneStudy, more_jobs_are_advised_only_where_there_are_cpus) {
  LaneRecord wide = record({"a", "b", "c", "d"}, {{}, {}, {}, {}}, {30, 30, 30, 30});
  for (PastRun& run : wide.runs) {
    run.took = Seconds(60);
  }
  EXPECT_EQ(find(study_lane(wide), "raise_jobs"), nullptr);
  wide.usable_cpus = 4;
  const LaneStudy study = study_lane(wide);
  const Recommendation* raise = find(study, "raise_jobs");
  ASSERT_NE(raise, nullptr);
  EXPECT_NEAR(raise->saving, 30, 1e-6);
}

TEST(LaneStudy, stage_that_never_ran_is_no_bottleneck) {
  LaneRecord made = record({"a", "b"}, {{}, {0}}, {10, 10});
  made.history.pop_back();
  const LaneStudy study = study_lane(made);
  ASSERT_EQ(study.bottlenecks.size(), 1U);
  EXPECT_EQ(study.bottlenecks[0].key, "a");
}

TEST(LaneStudy, always_stage_is_on_the_critical_path) {
  LaneRecord made = record({"a", "tidy"}, {{}, {}}, {10, 5});
  made.tasks[1].always = true;
  for (StageSample& sample : made.history[1].second) {
    sample.started = Seconds(10);
  }
  const LaneStudy study = study_lane(made);
  EXPECT_DOUBLE_EQ(*study.summary.stages[0].critical_share, 1);
  EXPECT_DOUBLE_EQ(*study.summary.stages[1].critical_share, 1);
}

TEST(LaneStudy, empty_record_gives_an_empty_study) {
  const LaneStudy nothing = study_lane({});
  EXPECT_TRUE(nothing.bottlenecks.empty());
  EXPECT_TRUE(nothing.recommendations.empty());
  LaneRecord never = record({"a", "b"}, {{}, {0}}, {1, 1});
  never.runs.clear();
  never.history.clear();
  EXPECT_TRUE(study_lane(never).recommendations.empty());
}

TEST(LaneStudy, durations_of_nothing_cost_nothing) {
  const LaneStudy study = study_lane(record({"a", "b"}, {{}, {0}}, {0, 0}));
  EXPECT_TRUE(study.bottlenecks.empty());
  EXPECT_TRUE(study.recommendations.empty());
}

}  // namespace
}  // namespace headway
