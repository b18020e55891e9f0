// The books of a run: stages that never begin, and what is told of all of them.
#include "orchestration/stage_runs.hpp"
#include "support/stage_runs_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class StageRunsEvents : public StageRunsFixture {};

// ---- what never began

TEST_F(StageRunsEvents, stage_that_is_done_already_counts_as_success_with_its_reason) {
  done_already_[0] = {StageStatus::skipped, "up to date"};
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}}, {.slots = 1});
  advance();
  EXPECT_THAT(starts(), ElementsAre(1));
  EXPECT_EQ(result(0).status, StageStatus::skipped);
  EXPECT_EQ(result(0).reason, "up to date");
  EXPECT_EQ(result(0).attempts, 0);
  end(1, good());
  EXPECT_TRUE(runs_->done());
  EXPECT_TRUE(runs_->all_succeeded());
  EXPECT_FALSE(runs_->any_failed());
  EXPECT_THAT(events(), ElementsAre("skip 0 SKIPPED", "start 1", "COMPLETED 1"));
}

TEST_F(StageRunsEvents, stage_of_a_run_that_goes_on_is_told_as_completed) {
  done_already_[0] = {StageStatus::completed, "completed in run 3f2a"};
  begin({{0, "a", nothing}});
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).status, StageStatus::completed);
  EXPECT_THAT(events(), ElementsAre("skip 0 COMPLETED"));
}

TEST_F(StageRunsEvents, what_a_stage_that_is_done_already_makes_possible_is_due_at_once) {
  done_already_[0] = {};
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}});
  EXPECT_EQ(runs_->next_deadline(), now_);
}

TEST_F(StageRunsEvents, refused_start_is_ordered_again_when_the_lock_is_free) {
  refuses_ = {0};
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .resources = {.locks = {"port"}}}});
  EXPECT_THAT(starts(), IsEmpty());
  EXPECT_EQ(result(0).attempts, 0);
  refuses_.clear();
  runs_->scheduler().set_lock_elsewhere(0, false);
  pass(2s);
  EXPECT_THAT(starts(), ElementsAre(0));
  EXPECT_EQ(result(0).queue_wait, 2s);
}

TEST_F(StageRunsEvents, start_that_fails_takes_the_rest_of_its_batch_with_it) {
  fails_to_start_ = {0};
  begin({{0, "a", nothing}, {1, "b", nothing}, {2, "c", nothing}},
        {.slots = 2, .failure_mode = FailureMode::kill});
  EXPECT_THAT(told_starts_, ElementsAre(0, 1));
  EXPECT_THAT(starts(), ElementsAre(0));
  EXPECT_THAT(drops_, ElementsAre(1));
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).error_type, "start_failed");
  EXPECT_EQ(result(1).status, StageStatus::cancelled);
  EXPECT_EQ(result(1).reason, "ended because another stage failed");
  EXPECT_EQ(result(1).queue_wait, 0s);
  EXPECT_THAT(stops(), IsEmpty());
  EXPECT_THAT(events(), ElementsAre("start 0", "FAILED 0", "skip 2 SKIPPED", "CANCELLED 1"));
}

TEST_F(StageRunsEvents, in_kill_mode_a_failure_ends_what_runs_and_what_waits_for_a_retry) {
  begin({{0, "a", nothing},
         {.stage_id = 1, .stage_name = "b", .task = nothing, .retries = {1, 60s}},
         {2, "c", nothing}},
        {.slots = 3, .failure_mode = FailureMode::kill});
  end(1, thrown());
  end(0, thrown());
  EXPECT_THAT(stops(), ElementsAre(2));
  EXPECT_EQ(result(1).status, StageStatus::cancelled);
  EXPECT_EQ(result(1).reason, "another stage failed before its retry");
  end(2, good());
  EXPECT_EQ(result(2).reason, "ended because another stage failed");
}

TEST_F(StageRunsEvents, immediate_cancel_kills_without_asking) {
  begin({{0, "a", nothing}});
  cancel(true);
  EXPECT_THAT(stops(), IsEmpty());
  EXPECT_THAT(kills(), ElementsAre(0));
}

// ---- what is told

TEST_F(StageRunsEvents, exit_and_what_it_used_are_told) {
  begin({{0, "a", nothing}}, {.slots = 1});
  Exit exit;
  exit.exit_code = 139;
  exit.signal = 11;
  exit.duration = 3s;
  exit.cpu = 2s;
  exit.peak_memory_bytes = 5;
  exit.peak_memory_source = "sampled";
  exit.output_bytes = 7;
  exit.lost_bytes = 1;
  runs_->ended(exit, {}, 3s);
  emitter_.flush();
  const StageFinished& told = recorder_.finished.at(0);
  EXPECT_EQ(told.attempt, 1);
  EXPECT_EQ(told.failure, FailureKind::signal);
  EXPECT_EQ(told.exit_code, 139);
  EXPECT_EQ(told.signal, 11);
  EXPECT_EQ(told.reason, "killed by SIGSEGV");
  EXPECT_EQ(told.duration, 3s);
  EXPECT_EQ(told.usage.cpu, 2s);
  EXPECT_EQ(told.usage.peak_memory_bytes, 5);
  EXPECT_EQ(told.usage.peak_memory_source, "sampled");
  EXPECT_EQ(told.output_bytes, 7);
  EXPECT_EQ(told.lost_bytes, 1);
  EXPECT_TRUE(runs_->any_failed());
}

TEST_F(StageRunsEvents, what_a_callable_threw_is_told_as_an_exception) {
  begin({{0, "a", nothing}});
  end(0, thrown("no such table"));
  emitter_.flush();
  EXPECT_EQ(recorder_.finished.at(0).failure, FailureKind::exception);
  EXPECT_EQ(recorder_.finished.at(0).exit_code, 1);
  EXPECT_EQ(recorder_.finished.at(0).reason, "threw std::runtime_error: no such table");
}

// The delay was once what was left of it when the event was made: "again in 9.9 ms".
TEST_F(StageRunsEvents, delay_of_a_retry_is_that_of_its_rule_however_slow_the_machine) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .retries = {1, 10ms}}});
  clock_.advance(3ms);
  end(0, thrown());
  emitter_.flush();
  EXPECT_EQ(recorder_.retrying.at(0).delay, 10ms);
  EXPECT_EQ(recorder_.retrying.at(0).failure, FailureKind::exception);
}

TEST_F(StageRunsEvents, stage_that_is_cancelled_before_its_retry_keeps_its_last_attempt) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .retries = {3, 60s}}});
  now_ += 2s;
  end(0, thrown());
  now_ += 1s;
  cancel();
  emitter_.flush();
  const StageFinished& told = recorder_.finished.at(0);
  EXPECT_EQ(told.status, StageStatus::cancelled);
  EXPECT_EQ(told.failure, FailureKind::cancelled);
  EXPECT_EQ(told.exit_code, 1);
  EXPECT_EQ(told.duration, 2s);
}

TEST_F(StageRunsEvents, failure_that_is_allowed_is_none_of_the_run) {
  auto made = make_parallel_plan({{0, "a", nothing}, {1, "b", nothing, {0}}});
  ASSERT_TRUE(made);
  plan_ = *std::move(made);
  plan_.task_needs[0].allow_failure = true;
  make_runs({}, &emitter_);
  advance();
  end(0, thrown());
  end(1, good());
  EXPECT_FALSE(runs_->any_failed());
  EXPECT_FALSE(runs_->all_succeeded());
  EXPECT_THAT(events(), ElementsAre("start 0", "FAILED 0", "start 1", "COMPLETED 1"));
}

TEST_F(StageRunsEvents, reasons_to_retry_are_asked_for) {
  auto made = make_parallel_plan(
      {{.stage_id = 0, .stage_name = "a", .task = nothing, .retries = {.max = 3}}});
  ASSERT_TRUE(made);
  plan_ = *std::move(made);
  RetryRule rule;
  rule.has_reasons = true;
  rule.on_exit_codes = {75};
  runs_.emplace(StageList{plan_.graph, plan_.task_needs, {}, nullptr, [&](int) { return &rule; }},
                &emitter_);
  advance();
  AttemptEnd busy;
  busy.exit_code = 75;
  end(0, std::move(busy));
  EXPECT_EQ(result(0).status, StageStatus::running);
  pass(1s);
  AttemptEnd wrong;
  wrong.exit_code = 2;
  end(0, std::move(wrong));
  EXPECT_EQ(result(0).status, StageStatus::failed);
  EXPECT_EQ(result(0).attempts, 2);
}

TEST_F(StageRunsEvents, what_runs_when_headway_dies_is_interrupted) {
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}, {2, "c", nothing}});
  Exit killed;
  killed.task = 2;
  killed.duration = 3s;
  killed.peak_memory_bytes = 4096;
  runs_->interrupt("Headway's watcher was killed", std::vector<Exit>{killed}, 4s);
  emitter_.flush();
  EXPECT_FALSE(runs_->all_succeeded());
  ASSERT_EQ(recorder_.finished.size(), 2U);
  EXPECT_EQ(recorder_.finished[1].duration, 3s);
  EXPECT_EQ(recorder_.finished[1].usage.peak_memory_bytes, 4096);
  EXPECT_EQ(recorder_.finished[0].status, StageStatus::interrupted);
  EXPECT_EQ(recorder_.finished[0].signal, 9);
  EXPECT_EQ(recorder_.finished[0].duration, 4s);
  EXPECT_EQ(recorder_.finished[0].reason, "Headway's watcher was killed");
}

TEST_F(StageRunsEvents, in_a_large_batch_what_starts_is_told_first) {
  std::vector<ParallelStage> stages;
  for (int i = 0; i < 100; ++i) {
    stages.push_back({i, "s", nothing});
  }
  begin(stages, {.slots = 2});
  emitter_.flush();
  ASSERT_GT(recorder_.all.size(), 4U);
  EXPECT_THAT(std::vector<std::string>(recorder_.all.begin(), recorder_.all.begin() + 5),
              ElementsAre("ready 0", "ready 1", "start 0", "start 1", "ready 2"));
}

TEST_F(StageRunsEvents, attempt_after_one_that_timed_out_is_judged_by_itself) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .timeout = 30s, .retries = {1}}});
  pass(30s);
  end(0, thrown());
  EXPECT_EQ(result(0).error_type, "std::runtime_error");
  pass(1s);
  AttemptEnd wrong;
  wrong.exit_code = 2;
  end(0, std::move(wrong));
  EXPECT_EQ(result(0).reason, "exit code 2");
  EXPECT_EQ(result(0).queue_wait, 0s);  // to the first attempt
}

TEST_F(StageRunsEvents, attempt_that_was_told_to_end_before_it_began_is_cancelled) {
  begin({{0, "a", nothing}});
  cancel();
  end(0, AttemptEnd{});
  EXPECT_EQ(result(0).error_type, "cancelled");
}

}  // namespace
}  // namespace headway
