// What recorded runs say about a lane.
#include "timing/lane_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace headway {
namespace {

// Runs number 1, 2, ... of a lane, told oldest first.
struct Past {
  std::vector<PastRun> runs;  // newest first
  SampleHistory history;

  PastRun& run(double took, const std::string& status = "COMPLETED", std::string commit = {}) {
    PastRun made;
    made.run = static_cast<std::int64_t>(runs.size()) + 1;
    made.status = status;
    made.is_complete = status == "COMPLETED";
    made.took = Seconds(took);
    made.commit = std::move(commit);
    made.jobs = 4;
    return *runs.insert(runs.begin(), made);
  }
  // In the newest run.
  StageSample& stage(const std::string& key, double started, double seconds) {
    StageSample sample;
    sample.run = runs.front().run;
    sample.started = Seconds(started);
    sample.duration = Seconds(seconds);
    for (auto& [known, samples] : history) {
      if (known == key) {
        return *samples.insert(samples.begin(), sample);
      }
    }
    history.push_back({key, {sample}});
    return history.back().second.front();
  }
};

const StageSummary& of(const LaneSummary& lane, const std::string& key) {
  for (const StageSummary& stage : lane.stages) {
    if (stage.key == key) {
      return stage;
    }
  }
  static const StageSummary none;
  return none;
}

TEST(LaneSummary, empty_history_has_no_numbers) {
  const LaneSummary lane = summarize_lane({}, {}, {{"a"}, {{}}});
  EXPECT_EQ(lane.runs, 0);
  EXPECT_FALSE(lane.success_rate);
  EXPECT_TRUE(lane.stages.empty());
}

TEST(LaneSummary, runs_are_counted_and_timed) {
  Past past;
  for (const double took : {10.0, 30.0, 20.0}) {
    past.run(took);
  }
  past.run(5, "FAILED");
  past.run(1, "CANCELLED");
  const LaneSummary lane = summarize_lane(past.runs, past.history, {});
  EXPECT_EQ(lane.runs, 5);
  EXPECT_EQ(lane.complete, 3);
  EXPECT_DOUBLE_EQ(*lane.success_rate, 0.75);  // who cancels fails not
  EXPECT_DOUBLE_EQ(lane.median, 20);
  EXPECT_DOUBLE_EQ(lane.min, 10);
  EXPECT_DOUBLE_EQ(lane.max, 30);
  EXPECT_EQ(lane.usual_jobs, 4);
}

TEST(LaneSummary, times_are_of_successes_and_rates_of_all_that_ended) {
  Past past;
  for (const double seconds : {1.0, 3.0, 2.0}) {
    past.run(seconds);
    past.stage("unit", 0, seconds).peak_memory_bytes = 1000;
  }
  past.run(9, "FAILED");
  past.stage("unit", 0, 9).status = StageStatus::failed;
  past.run(9, "CANCELLED");
  past.stage("unit", 0, 9).status = StageStatus::cancelled;
  const LaneSummary lane = summarize_lane(past.runs, past.history, {});
  const StageSummary& unit = of(lane, "unit");
  EXPECT_EQ(unit.runs, 4);
  EXPECT_DOUBLE_EQ(unit.mean, 2);
  EXPECT_DOUBLE_EQ(unit.median, 2);
  EXPECT_DOUBLE_EQ(*unit.failure_rate, 0.25);
  EXPECT_EQ(unit.peak_memory_p90, 1000);
  EXPECT_EQ(unit.trend.direction, Direction::unknown);
}

TEST(LaneSummary, critical_path_goes_back_through_the_need_that_ended_last) {
  Past past;
  for (int i = 0; i < 4; ++i) {
    past.run(10);
    past.stage("setup", 0, 1);
    past.stage("lint", 1, i == 0 ? 8 : 2);  // once the longer side
    past.stage("unit", 1, 5);
    past.stage("ship", 9, 1);
  }
  const StageGraph graph{{"setup", "lint", "unit", "ship"}, {{}, {0}, {0}, {1, 2}}};
  const LaneSummary lane = summarize_lane(past.runs, past.history, graph);
  EXPECT_DOUBLE_EQ(*of(lane, "setup").critical_share, 1);
  EXPECT_DOUBLE_EQ(*of(lane, "lint").critical_share, 0.25);
  EXPECT_DOUBLE_EQ(*of(lane, "unit").critical_share, 0.75);
  EXPECT_DOUBLE_EQ(*of(lane, "ship").critical_share, 1);
}

TEST(LaneSummary, failed_runs_have_no_critical_path) {
  Past past;
  past.run(10, "FAILED");
  past.stage("a", 0, 10).status = StageStatus::failed;
  const LaneSummary lane = summarize_lane(past.runs, past.history, {{"a"}, {{}}});
  EXPECT_FALSE(of(lane, "a").critical_share);
  EXPECT_EQ(lane.median, 0);
}

TEST(LaneSummary, flaky_is_the_same_commit_with_another_outcome) {
  Past past;
  past.run(10, "COMPLETED", "aaaa");
  past.stage("it", 0, 10);
  past.run(7, "FAILED", "aaaa");  // flaky: it succeeded on aaaa
  past.stage("it", 0, 7).status = StageStatus::failed;
  past.run(6, "FAILED", "bbbb");  // broken: never succeeded on bbbb
  past.stage("it", 0, 6).status = StageStatus::failed;
  past.run(12, "COMPLETED", "cccc");
  past.stage("it", 5, 4).attempt = 3;  // needed two more attempts
  past.run(9, "FAILED");               // no commit is known
  past.stage("it", 0, 9).status = StageStatus::failed;
  const LaneSummary lane = summarize_lane(past.runs, past.history, {});
  const StageSummary& it = of(lane, "it");
  EXPECT_EQ(it.flaky_failures, 1);
  EXPECT_EQ(it.retried, 1);
  EXPECT_DOUBLE_EQ(*it.flaky_rate, 0.4);
  EXPECT_DOUBLE_EQ(*it.failure_rate, 0.6);
  EXPECT_DOUBLE_EQ(it.flaky_lost, 7 + 2 * 4);
}

TEST(LaneSummary, kills_for_want_of_memory_cost_the_run_they_ended) {
  Past past;
  past.run(30, "FAILED");
  StageSample& killed = past.stage("link", 10, 20);
  killed.status = StageStatus::failed;
  killed.failure = FailureKind::oom;
  killed.peak_memory_bytes = 5000;
  const LaneSummary lane = summarize_lane(past.runs, past.history, {});
  EXPECT_EQ(of(lane, "link").out_of_memory, 1);
  EXPECT_DOUBLE_EQ(of(lane, "link").oom_lost, 30);
  EXPECT_EQ(of(lane, "link").peak_memory_max, 5000);
}

TEST(LaneSummary, repeats_on_one_commit_are_counted) {
  Past past;
  for (const char* commit : {"aa", "aa", "aa", "bb"}) {
    past.run(1, "COMPLETED", commit);
    past.stage("docs", 0, 1);
  }
  const LaneSummary lane = summarize_lane(past.runs, past.history, {});
  EXPECT_EQ(of(lane, "docs").repeated, 2);
}

TEST(LaneSummary, stage_that_was_renamed_comes_last_and_old_runs_do_not_count) {
  Past past;
  past.run(1);
  past.stage("ancient", 0, 1);
  past.run(1);
  past.stage("old", 0, 1);
  past.run(1);
  past.stage("new", 0, 1);
  past.runs.resize(2);  // the oldest is not looked at
  const LaneSummary lane = summarize_lane(past.runs, past.history, {{"new"}, {{}}});
  ASSERT_EQ(lane.stages.size(), 2U);
  EXPECT_EQ(lane.stages[0].key, "new");
  EXPECT_EQ(lane.stages[1].key, "old");
}

TEST(LaneSummary, values_that_are_none_do_no_harm) {
  Past past;
  past.run(std::nan(""));
  past.stage("a", std::nan(""), HUGE_VAL);
  past.run(-5);
  past.stage("a", -1, -1);
  const LaneSummary lane = summarize_lane(past.runs, past.history, {{"a"}, {{}}});
  EXPECT_TRUE(std::isfinite(lane.max));
  EXPECT_GE(lane.min, 0);
  EXPECT_TRUE(std::isfinite(of(lane, "a").mean));
}

TEST(RunsOver, only_runs_that_succeeded_miss_a_target) {
  std::vector<PastRun> runs(3);
  runs[0].took = Seconds(10);
  runs[0].is_complete = true;
  runs[1].took = Seconds(10.5);
  runs[1].is_complete = true;
  runs[2].took = Seconds(99);
  EXPECT_EQ(runs_over(runs, Seconds(10)), 1);
}

TEST(LaneSummary, growing_stage_has_a_rising_trend) {
  Past past;
  for (int i = 0; i < 12; ++i) {
    past.run(1);
    past.stage("slow", 0, 10 + i);
  }
  EXPECT_EQ(of(summarize_lane(past.runs, past.history, {}), "slow").trend.direction,
            Direction::rising);
}

}  // namespace
}  // namespace headway
