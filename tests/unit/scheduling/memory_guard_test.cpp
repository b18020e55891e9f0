// Who is stopped when memory runs short, and that everyone goes on.
#include "scheduling/memory_guard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace headway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kLimit = 1000;

// Three tasks of 300, 7 started before 5 before 9.
std::vector<GuardedTask> three() {
  return {{.task = 5, .started = 2, .bytes = 300},
          {.task = 7, .started = 1, .bytes = 300},
          {.task = 9, .started = 3, .bytes = 300}};
}

// A guard that is looked at every half second.
class Watched {
 public:
  MemoryDecision look(std::int64_t room, const std::vector<GuardedTask>& tasks) {
    now_ += milliseconds(500);
    return guard.look(now_, {kLimit, room}, tasks);
  }
  MemoryGuard guard;

 private:
  Nanos now_ = seconds(50);
};

TEST(MemoryGuard, enough_room_admits_and_stops_nobody) {
  Watched run;
  const MemoryDecision decision = run.look(500, three());
  EXPECT_TRUE(decision.admit);
  EXPECT_EQ(decision.stop, -1);
  EXPECT_EQ(decision.go_on, -1);
}

TEST(MemoryGuard, free_is_the_room_without_what_the_running_will_still_grow) {
  Watched run;
  EXPECT_EQ(
      run.look(500, {{.task = 1, .started = 1, .bytes = 100, .predicted_bytes = 350}}).free_bytes,
      250);
  EXPECT_EQ(
      run.look(500, {{.task = 1, .started = 1, .bytes = 400, .predicted_bytes = 350}}).free_bytes,
      500);
  EXPECT_EQ(
      run.look(100, {{.task = 1, .started = 1, .bytes = 0, .predicted_bytes = 350}}).free_bytes, 0);
}

TEST(MemoryGuard, budget_is_what_is_predicted_of_the_running_and_what_is_free) {
  Watched run;
  const std::vector<GuardedTask> tasks{
      {.task = 1, .started = 1, .bytes = 100, .predicted_bytes = 350},
      {.task = 2, .started = 2, .bytes = 90, .predicted_bytes = 50}};
  EXPECT_EQ(run.look(500, tasks).budget_bytes, 350 + 50 + 250);
}

TEST(MemoryGuard, below_a_tenth_nothing_starts_until_an_eighth_is_free) {
  Watched run;
  EXPECT_TRUE(run.look(110, three()).admit);
  EXPECT_FALSE(run.look(99, three()).admit);
  EXPECT_FALSE(run.look(110, three()).admit);
  EXPECT_TRUE(run.look(130, three()).admit);
}

TEST(MemoryGuard, below_a_twentieth_the_newest_is_stopped_first) {
  Watched run;
  EXPECT_EQ(run.look(60, three()).stop, -1);
  EXPECT_EQ(run.look(40, three()).stop, 9);
  EXPECT_EQ(run.look(30, three()).stop, 5);
  EXPECT_EQ(run.look(20, three()).stop, -1);  // the oldest is never stopped
  EXPECT_EQ(run.look(0, three()).stop, -1);
  EXPECT_FALSE(run.guard.is_stopped(7));
  EXPECT_EQ(run.guard.stopped(), 2);
}

TEST(MemoryGuard, where_the_room_no_longer_shrinks_the_others_run_on) {
  Watched run;
  EXPECT_EQ(run.look(40, three()).stop, 9);
  EXPECT_EQ(run.look(40, three()).stop, -1);
  EXPECT_EQ(run.look(45, three()).stop, -1);
}

TEST(MemoryGuard, almost_no_room_stops_whether_it_shrinks_or_not) {
  Watched run;
  EXPECT_EQ(run.look(10, three()).stop, 9);
  EXPECT_EQ(run.look(10, three()).stop, 5);
}

TEST(MemoryGuard, looks_that_follow_each_other_too_soon_stop_only_one) {
  MemoryGuard guard;
  EXPECT_EQ(guard.look(seconds(1), {kLimit, 10}, three()).stop, 9);
  EXPECT_EQ(guard.look(seconds(1) + milliseconds(100), {kLimit, 5}, three()).stop, -1);
}

TEST(MemoryGuard, stopped_task_goes_on_when_there_is_room_for_what_it_will_take) {
  Watched run;
  auto tasks = three();
  tasks[2].predicted_bytes = 500;  // task 9: 200 more
  ASSERT_EQ(run.look(40, tasks).stop, 9);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(run.look(300, tasks).go_on, -1);
  }
  EXPECT_EQ(run.look(340, tasks).go_on, 9);
  EXPECT_EQ(run.guard.stopped(), 0);
}

TEST(MemoryGuard, room_is_kept_for_those_that_run_as_well) {
  Watched run;
  auto tasks = three();
  tasks[0].predicted_bytes = 400;
  tasks[2].predicted_bytes = 400;
  ASSERT_EQ(run.look(40, tasks).stop, 9);
  run.look(310, tasks);
  run.look(310, tasks);
  EXPECT_EQ(run.look(310, tasks).go_on, -1);  // 125 + 100 + 100
  EXPECT_EQ(run.look(330, tasks).go_on, 9);
}

TEST(MemoryGuard, nothing_starts_while_one_is_stopped) {
  Watched run;
  ASSERT_EQ(run.look(40, three()).stop, 9);
  EXPECT_FALSE(run.look(140, three()).admit);
}

TEST(MemoryGuard, task_that_becomes_the_oldest_goes_on_without_any_room) {
  Watched run;
  ASSERT_EQ(run.look(40, three()).stop, 9);
  ASSERT_EQ(run.look(30, three()).stop, 5);
  const MemoryDecision decision = run.look(20, {three()[0], three()[2]});
  EXPECT_EQ(decision.go_on, 5);
  EXPECT_EQ(decision.stop, -1);
  EXPECT_EQ(run.look(10, {three()[2]}).go_on, 9);
}

TEST(MemoryGuard, with_nobody_alive_everything_is_admitted) {
  Watched run;
  ASSERT_FALSE(run.look(5, three()).admit);
  EXPECT_TRUE(run.look(5, {}).admit);
}

TEST(MemoryGuard, task_that_had_to_be_stopped_again_waits_twice_as_long) {
  Watched run;
  std::vector<int> looks;
  for (int round = 0; round < 9; ++round) {
    int room = 45;
    while (run.look(room, three()).stop != 9) {
      --room;
    }
    int waited = 1;
    while (run.look(900, three()).go_on != 9) {
      ++waited;
    }
    looks.push_back(waited);
  }
  EXPECT_EQ(looks[0], 2);
  EXPECT_EQ(looks[1], 4);
  EXPECT_EQ(looks[2], 8);
  EXPECT_EQ(looks[8], 128);  // 64 s at most
}

TEST(MemoryGuard, unknown_budget_threatens_nothing) {
  MemoryGuard guard;
  const MemoryDecision decision = guard.look(seconds(1), {0, 0}, three());
  EXPECT_EQ(decision.budget_bytes, INT64_MAX);
  EXPECT_TRUE(decision.admit);
  EXPECT_EQ(decision.stop, -1);
}

// ---- properties: worlds in which tasks grow, run and end

struct Pretended {
  int task = 0;
  std::int64_t started = 0;
  std::int64_t bytes = 0;
  std::int64_t peak = 0;
  std::int64_t predicted = 0;
  int looks_left = 0;
  int stops = 0;
  bool stopped = false;
};

// Tasks of random peak and length, predictions that are right, wrong or missing, and a foreign
// program that takes and gives back.
class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}

  // Until all tasks have run; how many looks that took.
  int run() {
    int looks = 0;
    while (looks < 100'000 && (to_start_ > 0 || !alive_.empty())) {
      ++looks;
      turn();
    }
    return looks;
  }
  int most_stops = 0;

 private:
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }

  std::int64_t room() const {
    std::int64_t used = foreign_;
    for (const Pretended& task : alive_) {
      used += task.bytes;
    }
    return kLimit - used;
  }

  void turn() {
    now_ += milliseconds(500);
    if (below(40) == 0) {
      foreign_ = below(2) * below(700);
    }
    std::vector<GuardedTask> tasks;
    for (const Pretended& task : alive_) {
      tasks.push_back({task.task, task.started, task.bytes, task.predicted});
    }
    std::shuffle(tasks.begin(), tasks.end(), random_);
    const MemoryDecision decision = guard_.look(now_, {kLimit, room()}, tasks);
    obey(decision);
    grow();
    if (decision.admit && to_start_ > 0 && alive_.size() < 8) {
      --to_start_;
      const std::int64_t peak = 1 + below(600);
      alive_.push_back({.task = static_cast<int>(below(1000)) * 100 + to_start_,
                        .started = ++starts_,
                        .peak = peak,
                        .predicted = below(3) == 0 ? 0 : peak * (1 + below(4)) / 2,
                        .looks_left = 1 + static_cast<int>(below(60))});
    }
  }

  void obey(const MemoryDecision& decision) {
    EXPECT_TRUE(decision.stop < 0 || decision.go_on < 0);
    EXPECT_TRUE(decision.admit || !alive_.empty());
    for (Pretended& task : alive_) {
      if (task.task == decision.stop) {
        EXPECT_FALSE(task.stopped);
        EXPECT_NE(&task, &alive_.front()) << "the oldest was stopped";
        task.stopped = true;
        most_stops = std::max(most_stops, ++task.stops);
      }
      if (task.task == decision.go_on) {
        EXPECT_TRUE(task.stopped);
        task.stopped = false;
      }
      EXPECT_EQ(guard_.is_stopped(task.task), task.stopped);
    }
    if (!alive_.empty()) {
      EXPECT_FALSE(alive_.front().stopped);
    }
  }

  void grow() {
    for (Pretended& task : alive_) {
      if (!task.stopped) {
        task.bytes = std::min(task.peak, task.bytes + 1 + below(80));
        --task.looks_left;
      }
    }
    std::erase_if(alive_, [](const Pretended& task) { return task.looks_left <= 0; });
  }

  std::mt19937_64 random_;
  MemoryGuard guard_;
  std::vector<Pretended> alive_;  // oldest first
  std::int64_t foreign_ = 0;
  std::int64_t starts_ = 0;
  int to_start_ = 40;
  Nanos now_ = seconds(1);
};

TEST(MemoryGuardProperty, all_end_the_oldest_is_never_stopped_and_none_is_stopped_over_and_over) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    World world(seed);
    EXPECT_LT(world.run(), 10'000) << seed;
    EXPECT_LE(world.most_stops, 7) << seed;
  }
}

TEST(MemoryGuardProperty, worlds_are_tight_enough_to_test_anything) {
  int stopped = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    World world(seed);
    world.run();
    stopped += world.most_stops > 0 ? 1 : 0;
  }
  EXPECT_GT(stopped, 25);
}

}  // namespace
}  // namespace headway
