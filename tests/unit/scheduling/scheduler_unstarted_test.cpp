// Tests of Scheduler where the start that it asked for was not needed: the task is done already.
#include "scheduling/scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Needs = std::vector<std::vector<int>>;

// The tasks of all actions of that kind.
std::vector<int> tasks_of(const std::vector<Action>& actions, Action::Kind kind) {
  std::vector<int> tasks;
  for (const Action& action : actions) {
    if (action.kind == kind) {
      tasks.push_back(action.task);
    }
  }
  return tasks;
}

class SchedulerDoneAlready : public testing::Test {
 protected:
  void begin(const Needs& needs, std::vector<TaskNeeds> tasks, SchedulerLimits limits) {
    scheduler_.emplace(CsrGraph(needs), std::move(tasks), limits);
  }
  std::vector<Action> advance(Nanos now) {
    std::vector<Action> out;
    scheduler_->advance(now, out);
    return out;
  }
  std::vector<Action> done_already(Nanos now, int task) {
    std::vector<Action> out;
    scheduler_->done_already(now, task, out);
    return out;
  }

  std::optional<Scheduler> scheduler_;
};

TEST_F(SchedulerDoneAlready, counts_as_success_without_an_attempt) {
  begin({{}, {0}}, std::vector<TaskNeeds>(2), {.slots = 1});
  advance(0s);
  EXPECT_THAT(tasks_of(done_already(0s, 0), Action::Kind::settled), ElementsAre(0));
  EXPECT_EQ(scheduler_->state(0), TaskState::succeeded);
  EXPECT_EQ(scheduler_->attempt(0), 0);
  EXPECT_FALSE(scheduler_->done());
}

TEST_F(SchedulerDoneAlready, what_it_makes_possible_is_due_at_once) {
  begin({{}, {0}}, std::vector<TaskNeeds>(2), {.slots = 1});
  advance(3s);
  done_already(3s, 0);
  EXPECT_EQ(scheduler_->next_deadline(), 3s);
  EXPECT_THAT(tasks_of(advance(3s), Action::Kind::start), ElementsAre(1));
  EXPECT_EQ(scheduler_->next_deadline(), std::nullopt);
}

TEST_F(SchedulerDoneAlready, its_slot_lock_memory_and_timeout_are_free) {
  std::vector<TaskNeeds> tasks(2);
  for (TaskNeeds& task : tasks) {
    task.locks = {0};
    task.memory_bytes = 80;
    task.timeout = 5s;
  }
  begin(Needs(2), tasks, {.slots = 2, .memory_bytes = 100});
  EXPECT_THAT(tasks_of(advance(0s), Action::Kind::start), ElementsAre(0));
  done_already(0s, 0);
  EXPECT_EQ(scheduler_->running(), 0);
  const std::vector<Action> next = advance(1s);
  ASSERT_THAT(tasks_of(next, Action::Kind::start), ElementsAre(1));
  EXPECT_EQ(next.back().slot, 0);
  EXPECT_EQ(scheduler_->next_deadline(), 6s);  // that of 1 alone
}

TEST_F(SchedulerDoneAlready, the_last_ordinary_one_opens_those_that_run_always) {
  std::vector<TaskNeeds> tasks(2);
  tasks[1].always = true;
  begin(Needs(2), tasks, {.slots = 1});
  advance(0s);
  done_already(0s, 0);
  EXPECT_THAT(tasks_of(advance(0s), Action::Kind::start), ElementsAre(1));
}

TEST_F(SchedulerDoneAlready, of_a_task_that_was_not_asked_for_does_nothing) {
  begin({{}, {0}}, std::vector<TaskNeeds>(2), {.slots = 1});
  advance(0s);
  EXPECT_TRUE(done_already(0s, 1).empty());
  EXPECT_EQ(scheduler_->state(1), TaskState::waiting);
  done_already(0s, 0);
  EXPECT_TRUE(done_already(0s, 0).empty());
  EXPECT_FALSE(scheduler_->done());
}

TEST_F(SchedulerDoneAlready, after_a_failure_elsewhere_it_is_done_all_the_same) {
  begin(Needs(2), std::vector<TaskNeeds>(2), {.slots = 2});
  advance(0s);
  std::vector<Action> out;
  scheduler_->finished(0s, 0, {.succeeded = false}, out);
  done_already(0s, 1);
  EXPECT_EQ(scheduler_->state(1), TaskState::succeeded);
  EXPECT_TRUE(scheduler_->done());
}

}  // namespace
}  // namespace headway
