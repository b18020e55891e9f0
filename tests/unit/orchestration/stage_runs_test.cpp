// The books of a run: what starts, stops and comes of each stage.
#include "orchestration/stage_runs.hpp"

#include "support/stage_runs_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StageRunsTest : public StageRunsFixture {};

TEST_F(StageRunsTest, dependents_start_when_their_dependency_has_ended) {
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}, {2, "c", nothing, {0}}});
  EXPECT_THAT(starts(), ElementsAre(0));
  end(0, good());
  EXPECT_THAT(starts(), ElementsAre(1, 2));
  end(2, good());
  end(1, good());
  EXPECT_TRUE(runs_->done());
  EXPECT_TRUE(runs_->all_succeeded());
  EXPECT_EQ(result(0).status, StageStatus::completed);
  EXPECT_EQ(result(0).reason, "");
}

TEST_F(StageRunsTest, times_are_kept) {
  begin({{0, "a", nothing}, {1, "b", nothing}}, {.slots = 1});
  now_ += 2s;
  end(0, good());
  now_ += 3s;
  end(1, good());
  EXPECT_EQ(result(1).queue_wait, 2s);
  EXPECT_EQ(result(1).started, 2s);
  EXPECT_EQ(result(1).duration, 3s);
  EXPECT_EQ(result(1).ended, 5s);
  EXPECT_EQ(result(1).attempts, 1);
}

TEST_F(StageRunsTest, exception_is_kept_whole_with_type_text_and_reason) {
  begin({{0, "a", nothing}});
  end(0, thrown("no such table"));
  EXPECT_FALSE(runs_->all_succeeded());
  EXPECT_EQ(result(0).status, StageStatus::failed);
  EXPECT_EQ(result(0).error_type, "std::runtime_error");
  EXPECT_EQ(result(0).error, "no such table");
  EXPECT_EQ(result(0).reason, "threw std::runtime_error: no such table");
  EXPECT_THROW(std::rethrow_exception(result(0).exception), std::runtime_error);
}

TEST_F(StageRunsTest, dependents_of_a_failure_are_skipped_with_the_reason) {
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}, {2, "c", nothing, {1}}});
  end(0, thrown());
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(1).status, StageStatus::skipped);
  EXPECT_EQ(result(2).status, StageStatus::skipped);
  EXPECT_EQ(result(2).reason, "needs stage 0 ('a'), which failed");
  EXPECT_EQ(result(2).attempts, 0);
}

TEST_F(StageRunsTest, after_a_failure_nothing_new_starts_but_what_runs_may_finish) {
  begin({{0, "a", nothing}, {1, "b", nothing}, {2, "c", nothing}});
  EXPECT_THAT(starts(), ElementsAre(0, 1));
  end(0, thrown());
  EXPECT_THAT(starts(), IsEmpty());
  EXPECT_THAT(stops(), IsEmpty());
  end(1, good());
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(2).status, StageStatus::skipped);
  EXPECT_EQ(result(2).reason, "nothing new starts after stage 0 ('a') failed");
}

TEST_F(StageRunsTest, continuing_runs_only_what_does_not_depend_on_the_failure) {
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}, {2, "c", nothing}, {3, "d", nothing, {2}}},
        {.slots = 1, .failure_mode = FailureMode::keep_going});
  end(0, thrown());
  end(2, good());
  end(3, good());
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(1).status, StageStatus::skipped);
  EXPECT_EQ(result(3).status, StageStatus::completed);
  EXPECT_FALSE(runs_->all_succeeded());
}

TEST_F(StageRunsTest, retry_waits_with_backoff_and_the_last_attempt_counts) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .retries = {2, 1s, 3}}});
  starts();
  end(0, thrown());
  EXPECT_EQ(runs_->next_deadline(), 1s);
  pass(1s);
  EXPECT_THAT(starts(), ElementsAre(0));
  end(0, thrown());
  EXPECT_EQ(runs_->next_deadline(), 4s);
  pass(3s);
  end(0, good());
  EXPECT_TRUE(runs_->all_succeeded());
  EXPECT_EQ(result(0).attempts, 3);
  EXPECT_EQ(result(0).exception, nullptr);
  EXPECT_EQ(result(0).error_type, "");
  EXPECT_EQ(result(0).reason, "");
}

TEST_F(StageRunsTest, timeout_asks_for_a_stop_and_the_stage_has_failed_whatever_it_returns) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .timeout = 30s}});
  starts();
  EXPECT_EQ(runs_->next_deadline(), 30s);
  pass(30s);
  EXPECT_THAT(stops(), ElementsAre(0));
  now_ += 1s;
  end(0, good());
  EXPECT_EQ(result(0).status, StageStatus::failed);
  EXPECT_EQ(result(0).error_type, "timeout");
  EXPECT_EQ(result(0).reason, "timed out after 30 s");
}

TEST_F(StageRunsTest, stage_that_ignores_its_stop_is_to_be_killed_after_the_grace) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .timeout = 30s}});
  pass(30s);
  EXPECT_THAT(kills(), IsEmpty());
  pass(5s);
  EXPECT_THAT(kills(), ElementsAre(0));
  EXPECT_FALSE(runs_->done());
}

TEST_F(StageRunsTest, stage_that_is_given_up_has_failed_for_good) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .timeout = 30s, .retries = {5}},
         {1, "b", nothing, {0}}});
  pass(30s);
  pass(5s);
  give_up(0);
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).status, StageStatus::failed);
  EXPECT_EQ(result(0).error_type, "timeout");
  EXPECT_EQ(result(0).reason,
            "timed out after 30 s; it did not return within its grace of 5.0 s and still runs");
  EXPECT_EQ(result(0).duration, 35s);
  EXPECT_EQ(result(0).attempts, 1);  // two attempts at once would be worse than none
  EXPECT_EQ(result(1).status, StageStatus::skipped);
}

TEST_F(StageRunsTest, slot_of_a_stage_that_is_given_up_is_free_at_once) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .timeout = 1s, .grace = 1s},
         {1, "b", nothing}},
        {.slots = 1, .failure_mode = FailureMode::keep_going});
  EXPECT_THAT(starts(), ElementsAre(0));
  pass(1s);
  pass(1s);
  give_up(0);
  EXPECT_THAT(starts(), ElementsAre(1));
}

TEST_F(StageRunsTest, command_that_was_killed_has_timed_out) {
  begin({{.stage_id = 0, .stage_name = "a", .task = Command{{"x"}}, .timeout = 30s}});
  pass(30s);
  pass(5s);
  AttemptEnd killed;
  killed.exit_code = 137;
  killed.signal = 9;
  killed.error_type = "signal";
  killed.reason = "killed by SIGKILL";
  end(0, std::move(killed));
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).error_type, "timeout");
  EXPECT_EQ(result(0).reason, "timed out after 30 s");
}

TEST_F(StageRunsTest, cancel_stops_what_runs_and_cancels_the_rest) {
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}});
  starts();
  cancel();
  EXPECT_THAT(stops(), ElementsAre(0));
  EXPECT_EQ(result(1).status, StageStatus::cancelled);
  EXPECT_EQ(result(1).reason, "the run was cancelled before it started");
  end(0, good());
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).status, StageStatus::cancelled);
  EXPECT_EQ(result(0).reason, "ended because the run was cancelled");
}

TEST_F(StageRunsTest, cancel_before_the_begin_starts_nothing) {
  auto made = make_parallel_plan({{0, "a", nothing}});
  ASSERT_TRUE(made);
  plan_ = *std::move(made);
  make_runs({}, nullptr);
  cancel();
  EXPECT_TRUE(runs_->done());
  EXPECT_THAT(starts(), IsEmpty());
  EXPECT_EQ(result(0).status, StageStatus::cancelled);
}

TEST_F(StageRunsTest, cancel_twice_is_cancel_once) {
  begin({{0, "a", nothing}});
  cancel();
  stops();
  cancel();
  EXPECT_THAT(stops(), IsEmpty());
}

TEST_F(StageRunsTest, cancel_ends_the_wait_for_a_retry) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .retries = {3}}});
  end(0, thrown());
  cancel();
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).status, StageStatus::cancelled);
  EXPECT_EQ(result(0).reason, "the run was cancelled before its retry");
}

TEST_F(StageRunsTest, cancelled_callable_that_ignores_its_stop_is_given_up_too) {
  begin({{0, "a", nothing}});
  cancel();
  pass(5s);
  EXPECT_THAT(kills(), ElementsAre(0));
  give_up(0);
  EXPECT_TRUE(runs_->done());
  EXPECT_EQ(result(0).status, StageStatus::cancelled);
  EXPECT_THAT(result(0).reason, HasSubstr("still runs"));
}

TEST_F(StageRunsTest, attempt_that_no_thread_could_be_had_for_has_failed_to_start) {
  begin({{0, "a", nothing}});
  AttemptEnd end_of_it;
  end_of_it.start_failed = true;
  end_of_it.reason = "start a thread: no more";
  end(0, std::move(end_of_it));
  EXPECT_EQ(result(0).status, StageStatus::failed);
  EXPECT_EQ(result(0).error_type, "start_failed");
  EXPECT_EQ(result(0).reason, "start a thread: no more");
}

TEST_F(StageRunsTest, lock_is_held_by_one_at_a_time) {
  const Resources port{.locks = {"port"}};
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .resources = port},
         {.stage_id = 1, .stage_name = "b", .task = nothing, .resources = port}});
  EXPECT_THAT(starts(), ElementsAre(0));
  end(0, good());
  EXPECT_THAT(starts(), ElementsAre(1));
}

TEST_F(StageRunsTest, stage_larger_than_the_memory_budget_runs_alone) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .resources = {.memory_bytes = 500}},
         {1, "b", nothing}},
        {.slots = 2, .memory_bytes = 100});
  EXPECT_THAT(starts(), ElementsAre(0));
  end(0, good());
  EXPECT_THAT(starts(), ElementsAre(1));
}

TEST_F(StageRunsTest, events_tell_the_story) {
  begin({{.stage_id = 0, .stage_name = "a", .task = nothing, .retries = {1}},
         {1, "b", nothing, {0}}});
  end(0, thrown());
  pass(1s);
  end(0, thrown());
  EXPECT_THAT(events(), ElementsAre("start 0", "retry 0", "start 0", "FAILED 0", "skip 1 SKIPPED"));
}

TEST_F(StageRunsTest, events_tell_a_cancel_before_its_consequences) {
  begin({{0, "a", nothing}, {1, "b", nothing, {0}}});
  cancel();
  end(0, good());
  EXPECT_THAT(events(), ElementsAre("start 0", "cancelling", "skip 1 CANCELLED", "CANCELLED 0"));
}

}  // namespace
}  // namespace headway
