// Plans: jobs, needs, locks and limits, before anything runs.
#include "orchestration/run_plan.hpp"

#include "base/files.hpp"
#include "headway/timing.hpp"
#include "model/workflow_file.hpp"
#include "scheduling/worker_policy.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ParseJobs, a_number_a_share_and_auto_are_understood) {
  EXPECT_EQ(parse_jobs("8")->count, 8);
  EXPECT_EQ(parse_jobs("50%")->percent, 50);
  EXPECT_EQ(parse_jobs("auto")->count, 0);
  EXPECT_EQ(parse_jobs("auto")->percent, 0);
}

TEST(ParseJobs, anything_else_is_refused_with_what_would_be_right) {
  for (const char* text : {"", "0", "-1", "%", "0%", "8x", "1.5", "99999999999", " 4"}) {
    const auto jobs = parse_jobs(text);
    ASSERT_FALSE(jobs.has_value()) << text;
    EXPECT_EQ(jobs.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(jobs.error().message.find(text), std::string::npos);
    EXPECT_FALSE(jobs.error().next_step.empty());
  }
}

TEST(ReplaysFor, is_bounded_in_cost_and_never_zero) {
  EXPECT_EQ(replays_for(0), 50);
  EXPECT_EQ(replays_for(10), 50);
  EXPECT_EQ(replays_for(1000), 20);
  EXPECT_EQ(replays_for(1'000'000), 1);
}

class RunPlanTest : public testing::Test {
 protected:
  Result<RunPlan> plan(const std::string& yaml, RunRequest request = {}) {
    loaded_ = parse_workflow(yaml, "headway.yaml", directory_.path());
    for (const Problem& problem : loaded_.problems) {
      ADD_FAILURE() << to_string(problem);
    }
    return make_run_plan(loaded_.workflow, std::move(request));
  }

  TempFolder directory_;
  LoadedWorkflow loaded_;
};

TEST_F(RunPlanTest, locks_of_one_name_are_one_lock) {
  const auto made = plan(R"(
version: 1
stages:
  a: {run: a, resources: {locks: [db, port]}}
  b: {run: b, resources: {locks: [port]}}
)");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->lock_names, (std::vector<std::string>{"db", "port"}));
  EXPECT_EQ(made->needs[0].locks, (std::vector<int>{0, 1}));
  EXPECT_EQ(made->needs[1].locks, std::vector<int>{1});
}

TEST_F(RunPlanTest, a_number_of_jobs_is_meant_even_beyond_the_cpus) {
  RunRequest request;
  request.jobs.count = 64;
  const auto made = plan("version: 1\nstages: {a: {run: a}}\n", request);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->limits.slots, 64);
  EXPECT_GE(made->limits.cpus, 64);
}

TEST_F(RunPlanTest, a_lane_that_is_not_parallel_has_one_slot) {
  const auto made =
      plan("version: 1\nstages: {a: {run: a}}\nlanes: {one: {default: true, parallel: false}}\n");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->limits.slots, 1);
}

TEST_F(RunPlanTest, stages_that_take_a_part_of_a_cpu_may_outnumber_the_cpus) {
  const auto whole = plan("version: 1\nstages: {a: {run: a}}\n");
  ASSERT_TRUE(whole.has_value());
  const int slots = whole->limits.slots;
  std::string text = "version: 1\nstages:\n";
  for (int i = 0; i < 4 * slots + 1; ++i) {
    text += "  s" + std::to_string(i) + ": {run: a, resources: {cpus: 0.25}}\n";
  }
  const auto parts = plan(text);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->limits.slots, 4 * slots);
  EXPECT_EQ(parts->limits.cpus, whole->limits.cpus);
}

TEST_F(RunPlanTest, without_history_weights_are_units_and_nothing_is_expected) {
  const auto made = plan("version: 1\nstages: {a: {run: a}, b: {run: b}}\n");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->needs[0].weight, 1);
  EXPECT_EQ(made->needs[1].weight, 1);
  EXPECT_EQ(expected_time(*made).confidence, 0);
  EXPECT_EQ(made->history_trouble, "");
}

TEST_F(RunPlanTest, with_history_weights_are_durations_and_the_run_is_expected) {
  ASSERT_TRUE(state_folder(directory_.path(), "").create().has_value());
  {
    TimingTracker tracker(
        "earlier", "standard", {.history = state_folder(directory_.path(), "").history()});
    for (const auto& [id, key, seconds] : {std::tuple{0, "a", 2.0}, std::tuple{1, "b", 5.0}}) {
      StageTimingData data;
      data.stage_id = id;
      data.stage_name = key;
      data.stage_key = key;
      data.duration = Seconds(seconds);
      data.status = StageStatus::completed;
      tracker.record_stage(data);
    }
    ASSERT_TRUE(tracker.complete_workflow().has_value());
  }
  const auto made = plan("version: 1\nstages: {a: {run: a}, b: {run: b, needs: [a]}}\n");
  ASSERT_TRUE(made.has_value());
  // One run teaches, and is not believed to the last digit.
  EXPECT_NEAR(made->needs[0].weight, 2, 1);
  EXPECT_NEAR(made->needs[1].weight, 5, 1);
  EXPECT_NEAR(to_seconds(expected_time(*made).expected).count(), 7, 1.5);
  EXPECT_GT(expected_time(*made).confidence, 0);
}

// Runs of one stage 'a' that took `bytes` of memory and two CPUs.
void remember_runs(const std::string& history, std::int64_t bytes) {
  for (int run = 0; run < 4; ++run) {
    TimingTracker tracker("earlier", "standard", {.history = history});
    StageTimingData data;
    data.stage_name = "a";
    data.stage_key = "a";
    data.duration = Seconds(10);
    data.cpu_time = Seconds(15);
    data.peak_memory_bytes = bytes;
    data.status = StageStatus::completed;
    tracker.record_stage(data);
    ASSERT_TRUE(tracker.complete_workflow().has_value());
  }
}

TEST_F(RunPlanTest, tokens_that_a_stage_took_from_the_jobserver_are_not_kept_for_it) {
  // Bug: make took what lay idle, and the next run kept two CPUs free for it.
  const StateFolder state = state_folder(directory_.path(), "");
  ASSERT_TRUE(state.create().has_value());
  remember_runs(state.history(), 0);  // 1.5 CPUs
  const auto inside = plan("version: 1\nstages: {a: {run: a}}\n");
  ASSERT_TRUE(inside.has_value());
  EXPECT_EQ(inside->needs[0].cpus, 1);
  const auto outside = plan("version: 1\nstages: {a: {run: a, jobserver: 'off'}}\n");
  ASSERT_TRUE(outside.has_value());
  EXPECT_EQ(outside->needs[0].cpus, std::min(1.5, outside->limits.cpus));
  const auto declared = plan("version: 1\nstages: {a: {run: a, resources: {cpus: 3}}}\n");
  ASSERT_TRUE(declared.has_value());
  EXPECT_EQ(declared->needs[0].cpus, 3);
}

TEST_F(RunPlanTest, stages_known_to_wait_rather_than_compute_get_more_slots_than_cpus) {
  const StateFolder state = state_folder(directory_.path(), "");
  ASSERT_TRUE(state.create().has_value());
  for (int run = 0; run < 2; ++run) {
    TimingTracker tracker("earlier", "standard", {.history = state.history()});
    for (const char* key : {"a", "b", "c"}) {
      StageTimingData data;
      data.stage_name = data.stage_key = key;
      data.duration = Seconds(10);
      data.cpu_time = Seconds(0.1);
      data.status = StageStatus::completed;
      tracker.record_stage(data);
    }
    ASSERT_TRUE(tracker.complete_workflow().has_value());
  }
  const auto made =
      plan("version: 1\nstages: {a: {run: a}, b: {run: b}, c: {run: c}, d: {run: d}}\n");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->needs[0].cpus, 0.25);
  EXPECT_EQ(made->needs[3].cpus, 1) << "nobody knows it";
  EXPECT_EQ(made->limits.slots, slots_for_demand({0.25, 0.25, 0.25, 1}, made->limits.cpus));
  EXPECT_GE(made->limits.slots, 3);
}

TEST_F(RunPlanTest, memory_that_a_stage_took_is_kept_for_it_and_more) {
  const StateFolder state = state_folder(directory_.path(), "");
  ASSERT_TRUE(state.create().has_value());
  remember_runs(state.history(), std::int64_t{400} << 20);
  const auto made = plan("version: 1\nstages: {a: {run: a}, b: {run: b}}\n");
  ASSERT_TRUE(made.has_value());
  EXPECT_GE(made->needs[0].memory_bytes, std::int64_t{400} << 20);
  EXPECT_LE(made->needs[0].memory_bytes, std::int64_t{600} << 20);
  EXPECT_TRUE(made->advice.empty()) << "nothing was declared";
}

TEST_F(RunPlanTest, stage_that_takes_far_more_than_it_declares_is_told) {
  const StateFolder state = state_folder(directory_.path(), "");
  ASSERT_TRUE(state.create().has_value());
  remember_runs(state.history(), std::int64_t{400} << 20);
  const auto made = plan("version: 1\nstages: {a: {run: a, resources: {memory: 100MiB}}}\n");
  ASSERT_TRUE(made.has_value());
  ASSERT_EQ(made->advice.size(), 1U);
  EXPECT_TRUE(made->advice[0].starts_with("stage 'a' declares 100.0 MiB")) << made->advice[0];
  EXPECT_GE(made->needs[0].memory_bytes, std::int64_t{400} << 20) << "what is known counts";
}

TEST_F(RunPlanTest, limit_that_a_person_gives_on_memory_is_the_budget) {
  RunRequest request;
  request.memory_bytes = 1 << 20;
  loaded_ = parse_workflow("version: 1\nstages: {a: {run: a}}\n", "f", directory_.path());
  const auto made = make_run_plan(loaded_.workflow, request);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->limits.memory_bytes, 1 << 20);
}

TEST_F(RunPlanTest, unknown_stage_under_a_limit_on_memory_is_taken_to_need_some) {
  // Bug: with -jN all unknown stages started at once, whatever the limit.
  RunRequest request;
  request.jobs.count = 12;
  loaded_ = parse_workflow("version: 1\nstages: {a: {run: a}}\n", "f", directory_.path());
  const auto without = make_run_plan(loaded_.workflow, request);
  ASSERT_TRUE(without.has_value());
  EXPECT_EQ(without->needs[0].memory_bytes, 0);
  request.memory_bytes = std::int64_t{1} << 30;
  const auto with = make_run_plan(loaded_.workflow, request);
  ASSERT_TRUE(with.has_value());
  EXPECT_EQ(with->needs[0].memory_bytes, std::int64_t{256} << 20);
}

TEST_F(RunPlanTest, a_damaged_history_is_trouble_not_an_error) {
  const StateFolder state = state_folder(directory_.path(), "");
  ASSERT_TRUE(state.create().has_value());
  ASSERT_TRUE(write_file_atomically(state.history(), std::string(4096, 'x'), Durability::process)
                  .has_value());
  const auto made = plan("version: 1\nstages: {a: {run: a}}\n");
  ASSERT_TRUE(made.has_value());
  EXPECT_NE(made->history_trouble.find("history.db"), std::string::npos);
}

TEST_F(RunPlanTest, an_unknown_lane_is_an_error_that_lists_the_lanes) {
  RunRequest request;
  request.selection.lane = "turbo";
  const auto made = plan("version: 1\nstages: {a: {run: a}}\n", request);
  ASSERT_FALSE(made.has_value());
  EXPECT_NE((made.error().message + made.error().next_step).find("standard"), std::string::npos);
}

}  // namespace
}  // namespace headway
