// Tests of Scheduler by example: order, admission, retries and timeouts. Failures and cancellation:
// scheduler_failure_test.cpp; random graphs: scheduler_property_test.cpp.
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

std::vector<int> tasks_of(const std::vector<JournalEntry>& entries) {
  std::vector<int> tasks;
  for (const JournalEntry& entry : entries) {
    tasks.push_back(entry.action.task);
  }
  return tasks;
}

std::vector<int> started(const SchedulerDriver& driver) {
  return tasks_of(driver.entries(Action::Kind::start));
}

TEST(Scheduler, empty_graph_is_done_at_once) {
  Scheduler scheduler(CsrGraph(Needs{}), {}, {});
  EXPECT_TRUE(scheduler.done());
  std::vector<Action> actions;
  scheduler.advance(0ns, actions);
  EXPECT_TRUE(actions.empty());
}

TEST(Scheduler, longest_remaining_path_starts_first_and_ties_go_by_index) {
  // 3 heads a chain, 1 is heavy, 0 and 2 are alike.
  std::vector<TaskNeeds> needs(5);
  needs[1].weight = 3;
  needs[4].weight = 4;
  Scheduler scheduler(CsrGraph(Needs{{}, {}, {}, {}, {3}}), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(5));
  driver.run();
  EXPECT_EQ(started(driver), (std::vector<int>{3, 4, 1, 0, 2}));
  EXPECT_EQ(driver.now(), 5s);
}

TEST(Scheduler, new_work_does_not_wait_for_the_slowest_of_its_wave) {
  // The original: 4.0 s where 2.1 s is possible.
  std::vector<TaskNeeds> needs(4);
  Scheduler scheduler(CsrGraph(Needs{{}, {}, {0}, {2}}), needs, {.slots = 2});
  std::vector<PretendedTask> tasks{
      {.duration = 700ms}, {.duration = 2s}, {.duration = 700ms}, {.duration = 700ms}};
  SchedulerDriver driver(scheduler, tasks);
  driver.run();
  EXPECT_EQ(driver.now(), 2100ms);
}

TEST(Scheduler, ready_is_told_once_and_before_the_start) {
  std::vector<TaskNeeds> needs(2);
  needs[0].retries.max = 1;
  Scheduler scheduler(CsrGraph(Needs{{}, {}}), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.failing_attempts = 1}, {}});
  driver.run();
  EXPECT_EQ(tasks_of(driver.entries(Action::Kind::ready)), (std::vector<int>{0, 1}));
}

TEST(Scheduler, slots_are_the_lowest_free_numbers) {
  Scheduler scheduler(CsrGraph(Needs(3)), std::vector<TaskNeeds>(3), {.slots = 2});
  SchedulerDriver driver(scheduler, {{.duration = 1s}, {.duration = 3s}, {.duration = 1s}});
  driver.run();
  const auto starts = driver.entries(Action::Kind::start);
  EXPECT_EQ(starts[0].action.slot, 0);
  EXPECT_EQ(starts[1].action.slot, 1);
  EXPECT_EQ(starts[2].action.slot, 0);
}

TEST(Scheduler, more_slots_let_more_start_and_fewer_let_what_runs_go_on) {
  Scheduler scheduler(CsrGraph(Needs(6)), std::vector<TaskNeeds>(6), {.slots = 1});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(6));
  driver.run_until(500ms);
  EXPECT_EQ(scheduler.running(), 1);
  scheduler.set_slots(3);
  driver.run_until(600ms);
  EXPECT_EQ(scheduler.running(), 3);
  scheduler.set_slots(1);
  driver.run_until(1100ms);
  EXPECT_EQ(scheduler.running(), 2);
  driver.run();
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, extra_cpus_let_more_start_than_the_limit_and_are_taken_back) {
  Scheduler scheduler(CsrGraph(Needs(8)), std::vector<TaskNeeds>(8), {.slots = 2, .cpus = 2});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(8));
  scheduler.set_slots(4);
  driver.run_until(100ms);
  EXPECT_EQ(scheduler.running(), 2);
  scheduler.set_slots(4, 2);
  driver.run_until(200ms);
  EXPECT_EQ(scheduler.running(), 4);
  scheduler.set_slots(2);
  driver.run_until(2500ms);
  EXPECT_EQ(scheduler.running(), 2);
  driver.run();
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, task_wider_than_the_limit_runs_alone_in_spite_of_extra_cpus) {
  std::vector<TaskNeeds> needs(4);
  needs[2].cpus = 3;
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 4, .cpus = 2});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(4));
  scheduler.set_slots(8, 1000);
  driver.run();
  const Nanos alone = driver.started(2).value();
  for (const int other : {0, 1, 3}) {
    EXPECT_GE(std::chrono::abs(driver.started(other).value() - alone), 1s) << other;
  }
}

// ---- memory that runs short

TEST(Scheduler, paused_task_gives_back_its_slot_and_its_cpus_and_keeps_its_memory) {
  std::vector<TaskNeeds> needs(4);
  needs[0].memory_bytes = needs[1].memory_bytes = needs[2].memory_bytes = 60;
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 1, .cpus = 1, .memory_bytes = 100});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  ASSERT_EQ(scheduler.state(0), TaskState::running);
  EXPECT_TRUE(scheduler.pause(1s, 0));
  EXPECT_TRUE(scheduler.paused(0));
  EXPECT_EQ(scheduler.running(), 0);
  actions.clear();
  scheduler.advance(1s, actions);
  EXPECT_EQ(scheduler.state(1), TaskState::ready);  // 60 and 60 are too much
  ASSERT_EQ(scheduler.state(3), TaskState::running);
  EXPECT_EQ(actions.back().slot, 0);
  EXPECT_EQ(scheduler.go_on(2s, 0), 1);
  EXPECT_EQ(scheduler.running(), 2);
  scheduler.finished(3s, 3, {.succeeded = true}, actions);
  scheduler.finished(4s, 0, {.succeeded = true}, actions);
  scheduler.advance(4s, actions);
  EXPECT_EQ(scheduler.state(1), TaskState::running);
}

TEST(Scheduler, time_that_a_task_is_paused_does_not_count_towards_its_timeout) {
  std::vector<TaskNeeds> needs(1);
  needs[0].timeout = 10s;
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  scheduler.pause(4s, 0);
  EXPECT_FALSE(scheduler.next_deadline().has_value());
  scheduler.go_on(100s, 0);
  EXPECT_EQ(scheduler.next_deadline(), Nanos(106s));
}

TEST(Scheduler, held_task_keeps_its_slot_and_its_timeout_begins_when_it_does) {
  std::vector<TaskNeeds> needs(2);
  needs[0].timeout = 10s;
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 1});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  scheduler.hold(0);
  EXPECT_FALSE(scheduler.next_deadline().has_value());
  EXPECT_FALSE(scheduler.pause(1s, 0));
  scheduler.advance(50s, actions);
  EXPECT_EQ(scheduler.state(1), TaskState::ready);
  scheduler.begin_held(100s, 0);
  EXPECT_EQ(scheduler.next_deadline(), Nanos(110s));
}

TEST(Scheduler, held_task_that_is_cancelled_ends_like_any_other) {
  Scheduler scheduler(CsrGraph(Needs(1)), std::vector<TaskNeeds>(1), {.slots = 1});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  scheduler.hold(0);
  actions.clear();
  scheduler.cancel(1s, false, actions);
  ASSERT_FALSE(actions.empty());
  EXPECT_EQ(actions.front().kind, Action::Kind::terminate);
  scheduler.finished(1s, 0, {.retryable = false}, actions);
  EXPECT_EQ(scheduler.state(0), TaskState::cancelled);
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, paused_task_can_be_cancelled_and_killed_and_may_end) {
  std::vector<TaskNeeds> needs(2);
  needs[0].timeout = 10s;
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 2});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  scheduler.pause(1s, 0);
  scheduler.cancel(2s, false, actions);
  EXPECT_EQ(actions.back().kind, Action::Kind::terminate);
  EXPECT_EQ(scheduler.next_deadline(), Nanos(7s));
  scheduler.go_on(3s, 0);
  EXPECT_EQ(scheduler.next_deadline(), Nanos(7s));  // the kill after its grace, not its timeout
  EXPECT_FALSE(scheduler.pause(3s, 0));
  EXPECT_FALSE(scheduler.pause(3s, 1));
  scheduler.finished(4s, 0, {}, actions);
  scheduler.finished(4s, 1, {}, actions);
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, task_that_ends_while_paused_leaves_nothing_behind) {
  Scheduler scheduler(CsrGraph(Needs(3)), std::vector<TaskNeeds>(3), {.slots = 1, .cpus = 1});
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  scheduler.pause(1s, 0);
  EXPECT_FALSE(scheduler.pause(1s, 0));
  scheduler.finished(2s, 0, {.succeeded = true}, actions);
  EXPECT_FALSE(scheduler.paused(0));
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(3));
  driver.run_until(500ms);
  EXPECT_EQ(scheduler.running(), 1);
  driver.run();
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, closed_starts_nothing_while_one_is_alive_and_one_where_none_is) {
  Scheduler scheduler(CsrGraph(Needs(4)), std::vector<TaskNeeds>(4), {.slots = 3});
  std::vector<Action> actions;
  scheduler.set_open(false);
  scheduler.advance(0s, actions);
  EXPECT_EQ(scheduler.running(), 1);
  scheduler.pause(0s, 0);
  scheduler.advance(0s, actions);
  EXPECT_EQ(scheduler.running(), 0);
  scheduler.set_open(true);
  scheduler.advance(0s, actions);
  EXPECT_EQ(scheduler.running(), 3);
}

TEST(Scheduler, less_memory_than_at_first_lets_fewer_start_and_never_none) {
  std::vector<TaskNeeds> needs(4);
  for (TaskNeeds& task : needs) {
    task.memory_bytes = 25;
  }
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 4, .memory_bytes = 100});
  std::vector<Action> actions;
  scheduler.set_memory(60);
  scheduler.advance(0s, actions);
  EXPECT_EQ(scheduler.running(), 2);
  scheduler.set_memory(1000);  // no more than at first
  scheduler.advance(0s, actions);
  EXPECT_EQ(scheduler.running(), 4);
  Scheduler starved(CsrGraph(Needs(4)), needs, {.slots = 4, .memory_bytes = 100});
  starved.set_memory(0);
  starved.advance(0s, actions);
  EXPECT_EQ(starved.running(), 1);
}

TEST(Scheduler, task_waiting_for_a_lock_does_not_hold_others_up) {
  std::vector<TaskNeeds> needs(4);
  needs[0].locks = {0};
  needs[1].locks = {0};
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 2});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(4));
  driver.run();
  EXPECT_EQ(driver.started(0), 0s);
  EXPECT_EQ(driver.started(2), 0s);
  EXPECT_EQ(driver.started(1), 1s);
  EXPECT_EQ(driver.started(3), 1s);
}

TEST(Scheduler, waiter_of_two_locks_lets_the_next_have_the_free_one) {
  // 0 holds b for long; 1 wants a and b; 2 wants a: when a becomes free (3 had it) 2 must start.
  std::vector<TaskNeeds> needs(4);
  needs[0].locks = {1};
  needs[0].weight = 10;
  needs[3].locks = {0};
  needs[3].weight = 9;
  needs[1].locks = {0, 1};
  needs[1].weight = 5;
  needs[2].locks = {0};
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 4});
  SchedulerDriver driver(scheduler, {{.duration = 10s}, {}, {}, {}});
  driver.run();
  EXPECT_EQ(driver.started(2), 1s);
  EXPECT_EQ(driver.started(1), 10s);
}

TEST(Scheduler, waiter_of_a_free_lock_starts_where_a_better_one_lacks_memory) {
  // When 0 gives the lock back, 1 (large) comes first but does not fit beside 3; 2 does.
  std::vector<TaskNeeds> needs(4);
  for (const std::size_t task : {0U, 1U, 2U}) {
    needs[task].locks = {0};
  }
  needs[0].weight = 9;
  needs[1].weight = 5;
  needs[1].memory_bytes = 80;
  needs[3].memory_bytes = 50;
  needs[3].weight = 8;
  Scheduler scheduler(CsrGraph(Needs(4)), needs, {.slots = 4, .memory_bytes = 100});
  SchedulerDriver driver(scheduler, {{}, {}, {}, {.duration = 10s}});
  driver.run();
  EXPECT_EQ(driver.started(2), 1s);
  EXPECT_EQ(driver.started(1), 10s);
}

TEST(Scheduler, lock_held_elsewhere_is_waited_for) {
  std::vector<TaskNeeds> needs(2);
  needs[0].locks = {0};
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 2});
  scheduler.set_lock_elsewhere(0, true);
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(2));
  driver.run();
  EXPECT_FALSE(scheduler.done());
  EXPECT_EQ(driver.started(0), std::nullopt);
  scheduler.set_lock_elsewhere(0, false);
  driver.run();
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, refused_start_is_tried_again_when_the_lock_is_free_and_not_counted) {
  std::vector<TaskNeeds> needs(2);
  needs[0].locks = {0};
  needs[0].timeout = 5s;
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(2));
  driver.refuse = [](int task) { return task == 0 ? std::optional<int>(0) : std::nullopt; };
  driver.run();
  EXPECT_EQ(started(driver), std::vector<int>{1});
  EXPECT_EQ(scheduler.state(0), TaskState::ready);
  EXPECT_EQ(scheduler.attempt(0), 0);
  EXPECT_EQ(scheduler.next_deadline(), std::nullopt);
  driver.refuse = nullptr;
  scheduler.set_lock_elsewhere(0, false);
  driver.run();
  EXPECT_EQ(scheduler.attempt(0), 1);
  EXPECT_EQ(scheduler.state(0), TaskState::succeeded);
}

TEST(Scheduler, budget_of_cpus_and_memory_is_kept) {
  std::vector<TaskNeeds> needs(3);
  needs[0].cpus = 1.5;
  needs[1].cpus = 1;
  needs[2].cpus = 0.5;
  Scheduler scheduler(CsrGraph(Needs(3)), needs, {.slots = 3, .cpus = 2});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(3));
  driver.run();
  EXPECT_EQ(driver.started(0), 0s);
  EXPECT_EQ(driver.started(2), 0s);  // passes 1 over: it fits
  EXPECT_EQ(driver.started(1), 1s);
}

TEST(Scheduler, task_larger_than_everything_runs_alone) {
  std::vector<TaskNeeds> needs(3);
  needs[1].memory_bytes = 500;
  needs[1].weight = 5;
  needs[2].cpus = 0;
  Scheduler scheduler(CsrGraph(Needs{{}, {0}, {0}}), needs, {.slots = 3, .memory_bytes = 100});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(3));
  driver.run();
  EXPECT_EQ(driver.started(1), 1s);
  EXPECT_EQ(driver.started(2), 2s);
}

TEST(Scheduler, task_that_does_not_fit_is_passed_over_a_bounded_number_of_times) {
  // A stream of small tasks, always two running and out of step, would starve the large one.
  constexpr int kSmall = 400;
  std::vector<TaskNeeds> needs(kSmall + 1);
  for (TaskNeeds& task : needs) {
    task.memory_bytes = 40;
  }
  needs[kSmall].memory_bytes = 100;
  needs[kSmall].weight = 2;  // before the others
  needs[0].weight = 3;       // but for the first
  std::vector<PretendedTask> tasks(kSmall + 1);
  tasks[0].duration = 500ms;
  Scheduler scheduler(CsrGraph(Needs(kSmall + 1)), needs, {.slots = 2, .memory_bytes = 100});
  SchedulerDriver driver(scheduler, tasks);
  driver.run();
  const std::vector<int> order = started(driver);
  const auto large = std::find(order.begin(), order.end(), kSmall) - order.begin();
  EXPECT_EQ(large, Scheduler::kMaxPasses + 1);
}

TEST(Scheduler, held_task_closes_only_the_resource_it_waits_for) {
  constexpr int kSmall = 100;
  std::vector<TaskNeeds> needs(2 * kSmall + 1);
  for (int task = 0; task < kSmall; ++task) {
    needs[static_cast<std::size_t>(task)].memory_bytes = 40;
    needs[static_cast<std::size_t>(task)].weight = 5;
  }
  needs[2 * kSmall].memory_bytes = 100;
  needs[2 * kSmall].weight = 6;
  needs[0].weight = 7;
  std::vector<PretendedTask> tasks(needs.size());
  for (int task = 1; task < kSmall; ++task) {
    tasks[static_cast<std::size_t>(task)].duration = 1s + std::chrono::milliseconds(task);
  }
  Scheduler scheduler(CsrGraph(Needs(needs.size())), needs, {.slots = 3, .memory_bytes = 100});
  SchedulerDriver driver(scheduler, tasks);
  driver.run();
  // While the large one waits for memory, what uses none goes on beside it.
  int during = 0;
  for (int task = kSmall; task < 2 * kSmall; ++task) {
    during += *driver.started(task) < *driver.started(2 * kSmall) ? 1 : 0;
  }
  EXPECT_GT(during, 0);
  EXPECT_TRUE(scheduler.done());
}

TEST(Scheduler, retry_waits_longer_each_time_and_holds_nothing_meanwhile) {
  std::vector<TaskNeeds> needs(2);
  needs[0].retries = {.max = 3, .delay = 1s, .backoff = 2};
  needs[0].locks = {0};
  needs[1].locks = {0};
  Scheduler scheduler(CsrGraph(Needs(2)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 1s, .failing_attempts = 3}, {.duration = 100ms}});
  driver.run();
  std::vector<Nanos> starts;
  for (const JournalEntry& entry : driver.entries(Action::Kind::start)) {
    if (entry.action.task == 0) {
      starts.push_back(entry.at);
      EXPECT_EQ(entry.action.attempt, static_cast<int>(starts.size()));
    }
  }
  EXPECT_EQ(starts, (std::vector<Nanos>{0s, 2s, 5s, 10s}));
  EXPECT_EQ(driver.started(1), 1s);
  EXPECT_EQ(scheduler.state(0), TaskState::succeeded);
}

TEST(Scheduler, retries_end_at_their_number_and_where_the_caller_says_no) {
  std::vector<TaskNeeds> needs(2);
  needs[0].retries.max = 2;
  needs[1].retries.max = 2;
  Scheduler scheduler(
      CsrGraph(Needs(2)), needs, {.slots = 2, .failure_mode = FailureMode::keep_going});
  SchedulerDriver driver(scheduler,
                         {{.failing_attempts = 9}, {.failing_attempts = 9, .retryable = false}});
  driver.run();
  EXPECT_EQ(scheduler.attempt(0), 3);
  EXPECT_EQ(scheduler.attempt(1), 1);
  EXPECT_EQ(scheduler.state(0), TaskState::failed);
}

TEST(Scheduler, retry_delay_is_at_most_an_hour_whatever_the_numbers) {
  std::vector<TaskNeeds> needs(1);
  needs[0].retries = {.max = 40, .delay = 50min, .backoff = 1e30};
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 0s, .failing_attempts = 40}});
  driver.run();
  EXPECT_EQ(driver.now(), 50min + 39 * 1h);
}

TEST(Scheduler, jitter_shortens_the_delay_and_is_the_same_every_time) {
  const auto delays = [](std::uint64_t seed) {
    std::vector<TaskNeeds> needs(8);
    for (TaskNeeds& task : needs) {
      task.retries = {.max = 1, .delay = 10s, .backoff = 1, .jitter = 0.5};
    }
    Scheduler scheduler(CsrGraph(Needs(8)), needs, {.slots = 8, .seed = seed});
    SchedulerDriver driver(scheduler,
                           std::vector<PretendedTask>(8, {.duration = 0s, .failing_attempts = 1}));
    driver.run();
    std::vector<Nanos> found;
    for (const JournalEntry& entry : driver.entries(Action::Kind::retry)) {
      found.push_back(entry.action.at - entry.at);
      EXPECT_LE(found.back(), 10s);
      EXPECT_GE(found.back(), 5s);
    }
    return found;
  };
  EXPECT_EQ(delays(1), delays(1));
  EXPECT_NE(delays(1), delays(2));
  EXPECT_NE(delays(1)[0], delays(1)[1]);
}

TEST(Scheduler, attempt_over_its_timeout_is_terminated_then_killed_then_failed) {
  std::vector<TaskNeeds> needs(1);
  needs[0].timeout = 3s;
  needs[0].grace = 2s;
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 1h, .dies_after = std::nullopt}});
  driver.run();
  const auto terminated = driver.entries(Action::Kind::terminate);
  const auto killed = driver.entries(Action::Kind::kill);
  ASSERT_EQ(terminated.size(), 1U);
  ASSERT_EQ(killed.size(), 1U);
  EXPECT_EQ(terminated[0].at, 3s);
  EXPECT_EQ(terminated[0].action.reason, Action::Reason::timeout);
  EXPECT_EQ(killed[0].at, 5s);
  EXPECT_EQ(scheduler.state(0), TaskState::failed);  // though the driver called it a success
}

TEST(Scheduler, timed_out_attempt_may_be_retried_with_a_timeout_of_its_own) {
  std::vector<TaskNeeds> needs(1);
  needs[0].timeout = 3s;
  needs[0].retries = {.max = 1, .delay = 1s};
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 1h}});
  driver.run();
  const auto terminated = driver.entries(Action::Kind::terminate);
  ASSERT_EQ(terminated.size(), 2U);
  EXPECT_EQ(terminated[1].at, 7s);
  EXPECT_EQ(scheduler.attempt(0), 2);
}

TEST(Scheduler, attempt_that_ends_in_time_leaves_no_deadline) {
  std::vector<TaskNeeds> needs(1);
  needs[0].timeout = 3s;
  Scheduler scheduler(CsrGraph(Needs(1)), needs, {.slots = 1});
  SchedulerDriver driver(scheduler, {{.duration = 1s}});
  driver.run();
  EXPECT_EQ(scheduler.next_deadline(), std::nullopt);
  EXPECT_EQ(driver.now(), 1s);
}

TEST(Scheduler, presets_stand_as_if_they_had_happened) {
  std::vector<TaskNeeds> needs(4);
  needs[1].timeout = 10s;
  needs[1].locks = {0};
  needs[2].locks = {0};
  Scheduler scheduler(CsrGraph(Needs{{}, {0}, {0}, {1}}), needs, {.slots = 2});
  scheduler.preset_succeeded(0);
  scheduler.preset_running(1, -4s);
  EXPECT_EQ(scheduler.next_deadline(), 6s);
  std::vector<Action> actions;
  scheduler.advance(0s, actions);
  EXPECT_EQ(scheduler.state(2), TaskState::ready);  // its lock is held
  scheduler.finished(1s, 1, {.succeeded = true}, actions);
  actions.clear();
  scheduler.advance(1s, actions);
  EXPECT_EQ(scheduler.state(2), TaskState::running);
  EXPECT_EQ(scheduler.state(3), TaskState::running);
}

TEST(Scheduler, copy_goes_its_own_way) {
  Scheduler first(CsrGraph(Needs(2)), std::vector<TaskNeeds>(2), {.slots = 2});
  Scheduler second = first;
  SchedulerDriver driver(second, std::vector<PretendedTask>(2));
  driver.run();
  EXPECT_TRUE(second.done());
  EXPECT_EQ(first.state(0), TaskState::waiting);
}

TEST(Scheduler, new_weights_change_the_order) {
  Scheduler scheduler(CsrGraph(Needs(3)), std::vector<TaskNeeds>(3), {.slots = 1});
  scheduler.set_weights({1, 3, 2});
  SchedulerDriver driver(scheduler, std::vector<PretendedTask>(3));
  driver.run();
  EXPECT_EQ(started(driver), (std::vector<int>{1, 2, 0}));
}

}  // namespace
}  // namespace headway
