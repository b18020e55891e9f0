// Tests of Scheduler where memory runs short: attempts stopped and continued, less memory and
// nothing new at random times. What must hold whatever happens.
#include "scheduling/scheduler.hpp"
#include "support/scheduler_driver.hpp"

#include <gtest/gtest.h>

#include <random>

namespace headway {
namespace {

using test::JournalEntry;
using test::PretendedTask;
using test::SchedulerDriver;
using namespace std::chrono_literals;

constexpr std::int64_t kMemory = 100;

struct World {
  std::vector<std::vector<int>> needs;
  std::vector<TaskNeeds> tasks;
  std::vector<PretendedTask> pretended;
};

World random_world(std::mt19937& random) {
  World world;
  const int count = 1 + static_cast<int>(random() % 40);
  for (int task = 0; task < count; ++task) {
    TaskNeeds needs;
    needs.memory_bytes = static_cast<std::int64_t>(random() % 60);
    needs.cpus = 0.5 * static_cast<double>(random() % 5);
    needs.retries.max = static_cast<int>(random() % 2);
    if (random() % 4 == 0) {
      needs.locks = {0};
    }
    if (random() % 4 == 0) {
      needs.timeout = 3s;
    }
    world.tasks.push_back(needs);
    world.needs.emplace_back();
    if (task > 0 && random() % 2 == 0) {
      world.needs.back().push_back(static_cast<int>(random() % static_cast<unsigned>(task)));
    }
    PretendedTask pretended;
    pretended.duration = std::chrono::milliseconds(random() % 4000);
    pretended.failing_attempts = random() % 6 == 0 ? 1 : 0;
    world.pretended.push_back(pretended);
  }
  return world;
}

// Of what is alive, stopped or not.
void check_memory_and_locks(const Scheduler& scheduler, const World& world) {
  std::int64_t memory = 0;
  int alive = 0;
  int holders = 0;
  for (int task = 0; task < scheduler.graph().size(); ++task) {
    if (scheduler.state(task) == TaskState::running) {
      const TaskNeeds& needs = world.tasks[static_cast<std::size_t>(task)];
      memory += needs.memory_bytes;
      holders += needs.locks.empty() ? 0 : 1;
      ++alive;
    }
  }
  ASSERT_TRUE(memory <= kMemory || alive == 1) << memory << " of " << alive;
  ASSERT_LE(holders, 1);
}

TEST(SchedulerPause, whatever_is_stopped_and_continued_all_is_settled_within_the_memory) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const World world = random_world(random);
    Scheduler scheduler(CsrGraph(world.needs),
                        world.tasks,
                        {.slots = 1 + static_cast<int>(random() % 5),
                         .cpus = 3,
                         .memory_bytes = kMemory,
                         .failure_mode = FailureMode::keep_going});
    SchedulerDriver driver(scheduler, world.pretended);
    const auto size = static_cast<unsigned>(scheduler.graph().size());
    for (int round = 0; round < 2000 && !scheduler.done(); ++round) {
      const int task = static_cast<int>(random() % size);
      if (random() % 3 == 0) {
        scheduler.pause(driver.now(), task);
      } else {
        scheduler.go_on(driver.now(), task);
      }
      scheduler.set_open(random() % 4 != 0);
      scheduler.set_memory(static_cast<std::int64_t>(random() % 150));
      scheduler.set_slots(1 + static_cast<int>(random() % 5), static_cast<double>(random() % 3));
      driver.step(driver.now() + 500ms);
      check_memory_and_locks(scheduler, world);
      ASSERT_FALSE(HasFatalFailure());
    }
    scheduler.set_open(true);
    for (int task = 0; task < scheduler.graph().size(); ++task) {
      scheduler.go_on(driver.now(), task);
      ASSERT_FALSE(scheduler.paused(task));
    }
    driver.run();
    ASSERT_TRUE(scheduler.done());
    ASSERT_EQ(scheduler.running(), 0);
  }
}

TEST(SchedulerPause, slots_of_two_attempts_that_are_not_stopped_are_never_the_same) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const int count = 40;
    Scheduler scheduler(CsrGraph(std::vector<std::vector<int>>(count)),
                        std::vector<TaskNeeds>(count),
                        {.slots = 4});
    std::vector<int> slot_of(count, -1);
    std::vector<Action> actions;
    for (int round = 0; round < 200; ++round) {
      const int task = static_cast<int>(random() % count);
      if (scheduler.paused(task)) {
        slot_of[static_cast<std::size_t>(task)] = scheduler.go_on(Nanos(round), task);
      } else if (random() % 2 == 0) {
        slot_of[static_cast<std::size_t>(task)] = -1;
        scheduler.pause(Nanos(round), task);
      } else if (scheduler.state(task) == TaskState::running) {
        slot_of[static_cast<std::size_t>(task)] = -1;
        scheduler.finished(Nanos(round), task, {.succeeded = true}, actions);
      }
      actions.clear();
      scheduler.advance(Nanos(round), actions);
      for (const Action& action : actions) {
        if (action.kind == Action::Kind::start) {
          slot_of[static_cast<std::size_t>(action.task)] = action.slot;
        }
      }
      for (int one = 0; one < count; ++one) {
        for (int other = 0; other < one; ++other) {
          const int slot = slot_of[static_cast<std::size_t>(one)];
          ASSERT_TRUE(slot < 0 || slot != slot_of[static_cast<std::size_t>(other)]) << round;
        }
      }
    }
  }
}

}  // namespace
}  // namespace headway
