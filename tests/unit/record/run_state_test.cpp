// The fold of events into a RunState.
#include "record/run_state.hpp"

#include "record/run_folder.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunState fold(const RunScript& script) {
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  return state;
}

// lint and build beside each other, then test.
std::vector<PlannedStage> diamond() {
  return {planned("lint", 0), planned("build", 1), planned("test", 2, {0, 1})};
}

TEST(RunState, started_run_has_all_stages_pending) {
  const RunState state = fold(RunScript().start_run(diamond()));
  EXPECT_EQ(state.status, RunStatus::running);
  ASSERT_EQ(state.stages.size(), 3U);
  EXPECT_EQ(state.stages[2].plan->needs, (std::vector<int>{0, 1}));
  EXPECT_EQ(state.stages[2].status, StageStatus::pending);
  EXPECT_EQ(state.jobs, 4);
  EXPECT_EQ(state.run_id, RunScript().run_id());
}

TEST(RunState, stages_beside_each_other_count_as_running_and_as_peak) {
  RunScript script;
  script.start_run(diamond()).at(1s).start(0).start(1).at(3s).complete(0, 2s);
  const RunState state = fold(script);
  EXPECT_EQ(state.running, 1);
  EXPECT_EQ(state.peak_running, 2);
  EXPECT_EQ(state.finished, 1);
  EXPECT_EQ(state.stages[0].started_offset, Nanos(1s));
  EXPECT_EQ(state.stages[0].finished_offset, Nanos(3s));
  EXPECT_EQ(state.duration_so_far(state.stages[1]), Nanos(2s));
}

TEST(RunState, stage_that_waits_for_its_retry_is_running_but_takes_no_room) {
  RunScript script;
  script.start_run(diamond()).start(0).at(1s);
  script.add(StageRetrying{0, 1, FailureKind::exit_code, 7, 0, 1s});
  const RunState state = fold(script);
  EXPECT_EQ(state.stages[0].status, StageStatus::running);
  EXPECT_EQ(state.running, 0);
  EXPECT_EQ(state.stages[0].exit_code, 7);
}

TEST(RunState, time_that_a_stage_stood_still_is_none_of_its_duration) {
  RunScript script;
  script.start_run(diamond()).at(1s).start(0).at(2s).add(StagePaused{0, "memory runs short"});
  script.at(5s).start(1);
  RunState state = fold(script);
  EXPECT_EQ(state.stages[0].paused_since, Nanos(2s));
  EXPECT_EQ(state.duration_so_far(state.stages[0]), Nanos(1s));
  state = fold(script.at(6s).add(StageContinued{0}).at(8s).add(EstimateUpdated{}));
  EXPECT_FALSE(state.stages[0].paused_since);
  EXPECT_EQ(state.duration_so_far(state.stages[0]), Nanos(3s));
}

TEST(RunState, next_attempt_after_one_that_stood_still_begins_anew) {
  RunScript script;
  script.start_run(diamond()).start(0).at(2s).add(StagePaused{0, "memory runs short"}).at(4s);
  script.add(StageRetrying{0, 1, FailureKind::signal, 137, 9, 1s}).at(5s).start(0, 2).at(7s);
  const RunState state = fold(script.add(EstimateUpdated{}));
  EXPECT_FALSE(state.stages[0].paused_since);
  EXPECT_EQ(state.duration_so_far(state.stages[0]), Nanos(2s));
}

TEST(RunState, second_attempt_keeps_the_first_start_and_counts) {
  RunScript script;
  script.start_run(diamond()).at(1s).start(0).at(2s);
  script.add(StageRetrying{0, 1, FailureKind::exit_code, 7, 0, 1s});
  script.at(3s).start(0, 2).at(5s).complete(0, 2s);
  const StageState stage = fold(script).stages[0];
  EXPECT_EQ(stage.started_offset, Nanos(1s));
  EXPECT_EQ(stage.attempt_started, Nanos(3s));
  EXPECT_EQ(stage.log(), RunFolder::stage_log_name(stage.plan->key, 2));
  EXPECT_EQ(StageState{}.log(), "");
  EXPECT_EQ(stage.exit_code, 0);
  EXPECT_TRUE(stage.has_exit_code);
}

TEST(RunState, stage_cancelled_before_its_retry_keeps_its_last_attempt) {
  StageFinished cancelled;
  cancelled.attempt = 2;
  cancelled.status = StageStatus::cancelled;
  cancelled.failure = FailureKind::cancelled;
  cancelled.reason = "the run was cancelled before its retry";
  RunScript script;
  script.start_run(diamond()).at(1s).start(0).at(3s);
  script.add(StageRetrying{0, 1, FailureKind::exit_code, 7, 0, 9s}).at(5s).finish(0, cancelled);
  const StageState stage = fold(script).stages[0];
  EXPECT_EQ(stage.status, StageStatus::cancelled);
  EXPECT_EQ(stage.attempts, 1);
  EXPECT_EQ(stage.exit_code, 7);
  EXPECT_EQ(stage.duration, Nanos(2s));
  EXPECT_EQ(stage.finished_offset, Nanos(5s));
}

TEST(RunState, first_failure_is_the_stage_that_failed_first) {
  RunScript script;
  script.start_run(diamond()).start(0).start(1).at(1s).fail(1, 1s, 2).at(2s).fail(0, 2s, 3);
  EXPECT_EQ(fold(script).first_failure, 1);
}

TEST(RunState, explanation_of_the_first_failure_is_kept_and_no_other) {
  RunScript script;
  script.start_run(diamond()).start(0).start(1).fail(1, 1s, 2).fail(0, 2s, 3);
  script.add(FailureExplained{.stage = 0, .category = "lint"});
  EXPECT_FALSE(fold(script).explained);
  script.add(FailureExplained{.stage = 1, .category = "network"});
  ASSERT_TRUE(fold(script).explained);
  EXPECT_EQ(fold(script).explained->category, "network");
}

TEST(RunState, allowed_failure_is_no_first_failure) {
  std::vector<PlannedStage> stages = diamond();
  stages[0].allow_failure = true;
  RunScript script;
  script.start_run(std::move(stages)).start(0).fail(0, 1s, 1);
  script.add(FailureExplained{.stage = 0, .category = "lint"});
  EXPECT_FALSE(fold(script).first_failure);
  EXPECT_FALSE(fold(script).explained);
  EXPECT_EQ(fold(script).stages[0].exit_code, 1);
  script.start(1).fail(1, 2s, 2);
  EXPECT_EQ(fold(script).first_failure, 1);
}

TEST(RunState, skipped_stage_is_finished_without_exit_code) {
  const RunState state = fold(RunScript().start_run(diamond()).skip(2, "needs 'build'"));
  EXPECT_EQ(state.stages[2].status, StageStatus::skipped);
  EXPECT_EQ(state.stages[2].reason, "needs 'build'");
  EXPECT_FALSE(state.stages[2].has_exit_code);
  EXPECT_FALSE(state.stages[2].started_offset);
  EXPECT_EQ(state.finished, 1);
}

TEST(RunState, stage_that_could_not_be_started_has_no_exit_code) {
  StageFinished body;
  body.status = StageStatus::failed;
  body.failure = FailureKind::start_failed;
  RunScript script;
  script.start_run(diamond()).start(0).finish(0, body);
  EXPECT_FALSE(fold(script).stages[0].has_exit_code);
}

TEST(RunState, finished_run_has_its_status_and_nothing_runs) {
  RunScript script;
  script.start_run(diamond()).start(0).at(1s).fail(0, 1s, 2).finish_run(RunStatus::failed, 1);
  const RunState state = fold(script);
  EXPECT_TRUE(state.ended());
  EXPECT_EQ(state.exit_code, 1);
  EXPECT_EQ(state.running, 0);
}

TEST(RunState, jobs_and_estimate_are_the_newest) {
  RunScript script;
  script.start_run(diamond()).at(1s).add(JobsChanged{2, "memory"});
  script.add(EstimateUpdated{{10s, 8s, 15s, 0.5, 3}});
  const RunState state = fold(script);
  EXPECT_EQ(state.jobs, 2);
  ASSERT_TRUE(state.estimate);
  EXPECT_EQ(state.estimate->p90, Nanos(15s));
  EXPECT_EQ(state.estimate_at, Nanos(1s));
}

TEST(RunState, event_about_a_stage_outside_the_plan_only_moves_the_time) {
  RunScript script;
  script.start_run(diamond()).at(1s).start(3).start(-1).complete(99, 1s).skip(3, "?");
  const RunState state = fold(script);
  EXPECT_EQ(state.running, 0);
  EXPECT_EQ(state.finished, 0);
  EXPECT_EQ(state.elapsed, Nanos(1s));
  EXPECT_EQ(state.last_seq, 5);
}

TEST(RunState, senseless_times_of_a_damaged_record_stay_in_bounds) {
  StageFinished body;
  body.duration = Nanos::min();
  body.queue_wait = Nanos::max();
  const Nanos far = 24h * 366 * 150;  // beyond the bound, not beyond what a time can hold
  RunScript script;
  script.start_run(diamond(), Nanos::min()).at(far).start(0).at(-far).start(1);
  script.add(EstimateUpdated{{Nanos::max(), Nanos::min(), Nanos::max(), 1, 1}}).finish(0, body);
  RunState state = fold(script);
  EXPECT_EQ(state.stages[0].duration, Nanos{});
  EXPECT_EQ(state.duration_so_far(state.stages[1]), Nanos{});
  EXPECT_EQ(state.start.sla, Nanos{});
  EXPECT_NE(status_document(state, SecretSet()), "");
  mark_interrupted(state);
  EXPECT_NE(run_document(state, "/s/runs/r", SecretSet()), "");
}

TEST(RunState, interrupted_run_has_its_running_stages_interrupted_and_the_rest_pending) {
  RunScript script;
  script.start_run(diamond()).start(0).start(1).at(2s).complete(0, 2s).at(3s);
  script.add(StageOutputAt{1, 500});
  RunState state = fold(script);
  mark_interrupted(state);
  EXPECT_EQ(state.status, RunStatus::interrupted);
  EXPECT_EQ(state.exit_code, kInterruptedExitCode);
  EXPECT_EQ(state.stages[0].status, StageStatus::completed);
  EXPECT_EQ(state.stages[1].status, StageStatus::interrupted);
  EXPECT_EQ(state.stages[1].duration, Nanos(3s));
  EXPECT_EQ(state.stages[1].output_bytes, 500);
  EXPECT_EQ(state.stages[2].status, StageStatus::pending);
  EXPECT_EQ(state.running, 0);
}

TEST(RunState, run_that_ended_is_not_marked_interrupted) {
  RunState state = fold(RunScript().start_run({}).finish_run(RunStatus::completed, 0));
  mark_interrupted(state);
  EXPECT_EQ(state.status, RunStatus::completed);
}

TEST(ObservedCriticalPath, goes_back_through_the_need_that_finished_last) {
  RunScript script;
  script.start_run(diamond()).start(0).start(1).at(1s).complete(0, 1s).at(4s).complete(1, 4s);
  script.start(2).at(5s).complete(2, 1s).finish_run(RunStatus::completed, 0);
  EXPECT_EQ(observed_critical_path(fold(script)), (std::vector<int>{1, 2}));
}

TEST(ObservedCriticalPath, stage_that_never_started_is_not_on_it) {
  RunScript script;
  script.start_run(diamond()).start(0).start(1).at(1s).complete(1, 1s).at(2s).fail(0, 2s, 1);
  script.at(3s).skip(2, "needs 'lint'").finish_run(RunStatus::failed, 1);
  EXPECT_EQ(observed_critical_path(fold(script)), (std::vector<int>{0}));
}

TEST(ObservedCriticalPath, of_a_run_that_started_nothing_is_empty) {
  EXPECT_TRUE(observed_critical_path(fold(RunScript().start_run(diamond()))).empty());
}

TEST(ObservedCriticalPath, damaged_record_with_a_cycle_ends) {
  RunScript script;
  script.start_run({planned("a", 0, {1}), planned("b", 1, {0})});
  script.start(0).start(1).at(1s).complete(0, 1s).complete(1, 1s);
  EXPECT_EQ(observed_critical_path(fold(script)).size(), 2U);
}

TEST(ObservedCriticalPath, an_always_stage_follows_what_it_waited_for) {
  RunState state;
  const auto add = [&state](std::string key, bool always, Nanos finished) {
    StageState stage;
    stage.plan =
        std::make_shared<PlannedStage>(PlannedStage{std::move(key), 0, "", {}, always, false});
    stage.status = StageStatus::completed;
    stage.attempts = 1;
    stage.started_offset = Nanos{0};
    stage.finished_offset = finished;
    state.stages.push_back(stage);
  };
  add("short", false, std::chrono::seconds(1));
  add("long", false, std::chrono::seconds(5));
  add("clean", true, std::chrono::seconds(6));
  EXPECT_EQ(observed_critical_path(state), (std::vector<int>{1, 2}));
}

}  // namespace
}  // namespace headway
