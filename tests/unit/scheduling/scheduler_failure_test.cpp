// Tests of Scheduler by example: failures, tasks that always run, cancellation.
#include "scheduling/scheduler.hpp"
#include "support/scheduler_driver.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using test::JournalEntry;
using test::PretendedTask;
using test::SchedulerDriver;
using namespace std::chrono_literals;
using Needs = std::vector<std::vector<int>>;

const PretendedTask kFails{.failing_attempts = 99};

Action told(const SchedulerDriver& driver, Action::Kind kind, int task) {
  for (const JournalEntry& entry : driver.entries(kind)) {
    if (entry.action.task == task) {
      return entry.action;
    }
  }
  ADD_FAILURE() << "nothing told of task " << task;
  return {};
}

TEST(SchedulerFailure, fail_fast_lets_running_ones_and_their_retries_finish) {
  // 0 fails at 1 s; 1 runs, fails at 2 s and is retried; 2 depends on 0; 3 never starts.
  std::vector<TaskNeeds> needs(4);
  needs[1].retries = {.max = 1, .delay = 1s};
  Scheduler scheduler(CsrGraph(Needs{{}, {}, {0}, {1}}), needs, {.slots = 2});
  SchedulerDriver driver(scheduler, {kFails, {.duration = 2s, .failing_attempts = 1}, {}, {}});
  driver.run();
  EXPECT_TRUE(scheduler.done());
  EXPECT_EQ(scheduler.state(0), TaskState::failed);
  EXPECT_EQ(scheduler.state(1), TaskState::succeeded);
  EXPECT_EQ(scheduler.attempt(1), 2);
  EXPECT_EQ(scheduler.state(2), TaskState::skipped);
  EXPECT_EQ(scheduler.state(3), TaskState::skipped);
  const Action dependent = told(driver, Action::Kind::skip, 2);
  EXPECT_EQ(dependent.reason, Action::Reason::needs_failed);
  EXPECT_EQ(dependent.other, 0);
  EXPECT_EQ(told(driver, Action::Kind::skip, 3).reason, Action::Reason::failure_elsewhere);
}

TEST(SchedulerFailure, keep_going_skips_only_dependents_and_names_the_root) {
  Scheduler scheduler(CsrGraph(Needs{{}, {0}, {1}, {}, {3}}),
                      std::vector<TaskNeeds>(5),
                      {.slots = 1, .failure_mode = FailureMode::keep_going});
  SchedulerDriver driver(scheduler, {kFails, {}, {}, {}, {}});
  driver.run();
  EXPECT_EQ(scheduler.state(2), TaskState::skipped);
  EXPECT_EQ(told(driver, Action::Kind::skip, 2).other, 0);
  EXPECT_EQ(scheduler.state(4), TaskState::succeeded);
}

TEST(SchedulerFailure, kill_mode_terminates_the_others_and_kills_them_after_their_grace) {
  std::vector<TaskNeeds> needs(4);
  needs[1].grace = 3s;
  needs[3].retries = {.max = 5, .delay = 1min};
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 4, .failure_mode = FailureMode::kill});
  SchedulerDriver driver(scheduler,
                         {kFails,
                          {.duration = 1h, .dies_after = std::nullopt},
                          {.duration = 1h, .dies_after = 10ms},
                          {.duration = 500ms, .failing_attempts = 9}});
  driver.run();
  EXPECT_EQ(driver.now(), 4s);
  EXPECT_EQ(scheduler.state(0), TaskState::failed);
  EXPECT_EQ(scheduler.state(1), TaskState::cancelled);
  EXPECT_EQ(scheduler.state(2), TaskState::cancelled);
  EXPECT_EQ(scheduler.state(3), TaskState::cancelled);  // it waited for a retry
  EXPECT_EQ(driver.entries(Action::Kind::kill).size(), 1U);
  EXPECT_EQ(told(driver, Action::Kind::settled, 1).reason, Action::Reason::failure_elsewhere);
}

TEST(SchedulerFailure, allowed_failure_stops_nothing) {
  std::vector<TaskNeeds> needs(3);
  needs[0].allow_failure = true;
  Scheduler scheduler(CsrGraph(Needs{{}, {0}, {}}), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {kFails, {}, {}});
  driver.run();
  EXPECT_EQ(scheduler.state(0), TaskState::failed);
  EXPECT_EQ(scheduler.state(1), TaskState::succeeded);
  EXPECT_EQ(scheduler.state(2), TaskState::succeeded);
}

TEST(SchedulerFailure, retry_parked_behind_a_lock_is_not_forgotten_when_the_rest_is_skipped) {
  // 0 holds the lock; 1 (retry) and 2 wait for it; 3 fails and ends 2. Then 1 must have its turn.
  std::vector<TaskNeeds> needs(4);
  for (const std::size_t task : {0U, 1U, 2U}) {
    needs[task].locks = {0};
  }
  needs[1].weight = 9;
  needs[1].retries = {.max = 1, .delay = 1s};
  needs[0].weight = 8;
  needs[2].weight = 7;
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 2});
  SchedulerDriver driver(scheduler,
                         {{.duration = 20s},
                          {.duration = 1s, .failing_attempts = 1},
                          {},
                          {.duration = 5s, .failing_attempts = 1}});
  driver.run();
  EXPECT_TRUE(scheduler.done());
  EXPECT_EQ(scheduler.state(1), TaskState::succeeded);
  EXPECT_EQ(scheduler.state(2), TaskState::skipped);
}

TEST(SchedulerAlways, always_tasks_run_last_in_the_order_of_their_needs_whatever_came) {
  std::vector<TaskNeeds> needs(4);
  needs[1].always = true;
  needs[2].always = true;
  Scheduler scheduler(CsrGraph(Needs{{}, {0, 2}, {}, {0}}), needs, {.slots = 4});
  SchedulerDriver driver(scheduler, {kFails, {}, kFails, {}});
  driver.run();
  EXPECT_EQ(driver.started(2), 1s);
  EXPECT_EQ(driver.started(1), 2s);  // though 2 failed
  EXPECT_EQ(scheduler.state(1), TaskState::succeeded);
  EXPECT_EQ(scheduler.state(3), TaskState::skipped);
}

TEST(SchedulerAlways, only_always_tasks_start_at_once) {
  std::vector<TaskNeeds> needs(2);
  needs[0].always = needs[1].always = true;
  Scheduler scheduler(CsrGraph(Needs{{}, {0}}), needs, {.slots = 4});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(2));
  driver.run();
  EXPECT_EQ(driver.started(0), 0s);
  EXPECT_EQ(driver.started(1), 1s);
}

TEST(SchedulerCancel, graceful_cancel_ends_what_runs_and_then_runs_the_always_tasks) {
  std::vector<TaskNeeds> needs(4);
  needs[0].retries.max = 3;
  needs[0].grace = 2s;
  needs[3].always = true;
  Scheduler scheduler(CsrGraph(Needs{{}, {}, {0}, {}}), needs, {.slots = 2});
  SchedulerDriver driver(
      scheduler,
      {{.duration = 1h, .dies_after = std::nullopt}, {.duration = 1h, .dies_after = 1s}, {}, {}});
  driver.run_until(5s);
  driver.cancel(false);
  driver.run();
  EXPECT_TRUE(scheduler.done());
  EXPECT_EQ(scheduler.state(0), TaskState::cancelled);
  EXPECT_EQ(scheduler.attempt(0), 1);
  EXPECT_EQ(scheduler.state(1), TaskState::cancelled);
  EXPECT_EQ(scheduler.state(2), TaskState::cancelled);
  EXPECT_EQ(told(driver, Action::Kind::skip, 2).reason, Action::Reason::cancelled);
  EXPECT_EQ(driver.started(3), 7s);
  EXPECT_EQ(scheduler.state(3), TaskState::succeeded);
}

TEST(SchedulerCancel, attempt_that_ends_well_after_the_cancel_counts_as_cancelled) {
  Scheduler scheduler(CsrGraph(Needs(1)), std::vector<TaskNeeds>(1), {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 10s, .dies_after = std::nullopt}});
  driver.run_until(9s);
  driver.cancel(false);
  driver.run();
  EXPECT_EQ(scheduler.state(0), TaskState::cancelled);
  EXPECT_EQ(driver.now(), 10s);
}

TEST(SchedulerCancel, second_cancel_kills_the_always_task_that_runs) {
  std::vector<TaskNeeds> needs(3);
  needs[1].always = needs[2].always = true;
  Scheduler scheduler(CsrGraph(Needs{{}, {}, {1}}), needs, {.slots = 1});
  SchedulerDriver driver(scheduler,
                         {{.duration = 1h}, {.duration = 1h, .dies_after = std::nullopt}, {}});
  driver.run_until(1s);
  driver.cancel(false);
  driver.run_until(2s);
  EXPECT_EQ(scheduler.state(1), TaskState::running);
  driver.cancel(true);
  driver.run();
  EXPECT_TRUE(scheduler.done());
  EXPECT_EQ(driver.now(), 2s);
  EXPECT_EQ(scheduler.state(1), TaskState::cancelled);
  EXPECT_EQ(scheduler.state(2), TaskState::cancelled);
  EXPECT_EQ(driver.started(2), std::nullopt);
}

TEST(SchedulerCancel, retry_that_waits_is_cancelled_at_once) {
  std::vector<TaskNeeds> needs(1);
  needs[0].retries = {.max = 3, .delay = 1min};
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {kFails});
  driver.run_until(2s);
  driver.cancel(false);
  EXPECT_TRUE(scheduler.done());
  EXPECT_EQ(scheduler.state(0), TaskState::cancelled);
  EXPECT_EQ(told(driver, Action::Kind::settled, 0).reason, Action::Reason::cancelled);
}

TEST(SchedulerCancel, timed_out_attempt_stays_failed_and_is_not_retried) {
  std::vector<TaskNeeds> needs(1);
  needs[0].timeout = 1s;
  needs[0].grace = 5s;
  needs[0].retries.max = 3;
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 1h, .dies_after = std::nullopt}});
  driver.run_until(2s);
  driver.cancel(false);
  driver.run();
  EXPECT_EQ(driver.now(), 6s);
  EXPECT_EQ(scheduler.state(0), TaskState::failed);
  EXPECT_EQ(driver.entries(Action::Kind::terminate).size(), 1U);
}

TEST(SchedulerCancel, cancel_before_the_first_advance_starts_nothing_but_always_tasks) {
  std::vector<TaskNeeds> needs(2);
  needs[1].always = true;
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(2));
  driver.cancel(false);
  driver.run();
  EXPECT_EQ(driver.started(0), std::nullopt);
  EXPECT_EQ(scheduler.state(1), TaskState::succeeded);
}

TEST(SchedulerCancel, start_refused_after_a_failure_in_the_same_batch_is_skipped) {
  std::vector<TaskNeeds> needs(2);
  needs[1].locks = {0};
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 2});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  scheduler.finished(0s, 0, {.succeeded = false, .start_failed = true}, actions);
  scheduler.start_refused(0s, 1, 0);
  actions.clear();
  scheduler.advance(0s, actions);
  ASSERT_EQ(actions.size(), 1U);
  EXPECT_EQ(actions[0].kind, Action::Kind::skip);
  EXPECT_EQ(actions[0].other, 0);
  EXPECT_TRUE(scheduler.done());
}

}  // namespace
}  // namespace headway
