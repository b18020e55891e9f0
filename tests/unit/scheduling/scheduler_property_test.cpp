// Tests of Scheduler on seeded random graphs: what must hold whatever happens. The journal of each
// run is checked by an oracle that knows the rules but not the data structures.
#include "scheduling/scheduler.hpp"
#include "support/scheduler_driver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace headway {
namespace {

using test::JournalEntry;
using test::PretendedTask;
using test::SchedulerDriver;
using namespace std::chrono_literals;
using Needs = std::vector<std::vector<int>>;

constexpr unsigned kSeeds = 400;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// A random workflow and how its tasks behave.
struct World {
  Needs needs;
  std::vector<TaskNeeds> tasks;
  std::vector<PretendedTask> pretended;
  SchedulerLimits limits;
};

// What a world may have in it.
struct WorldOptions {
  bool locks = true;
  bool budget = true;
  bool failures = true;
  bool always = true;
};

class Maker {
 public:
  Maker(unsigned seed, WorldOptions options) : random_(seed), options_(options) {}

  World make() {
    World world;
    const int count = below(60);
    for (int task = 0; task < count; ++task) {
      world.tasks.push_back(task_needs());
      world.needs.push_back(needs_of(world, task));
      PretendedTask pretended;
      pretended.duration = std::chrono::milliseconds(below(5) == 0 ? 0 : below(5000));
      pretended.failing_attempts = options_.failures && below(8) == 0 ? below(4) : 0;
      pretended.retryable = below(4) != 0;
      pretended.dies_after = below(3) == 0 ? std::nullopt : std::optional<Nanos>(below(100) * 1ms);
      world.pretended.push_back(pretended);
    }
    world.limits.slots = 1 + below(6);
    world.limits.seed = random_();
    if (options_.budget && below(3) != 0) {
      world.limits.cpus = 1 + below(4);
      world.limits.memory_bytes = below(2) * 100;
    }
    world.limits.failure_mode = static_cast<FailureMode>(below(3));
    return world;
  }

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

 private:
  TaskNeeds task_needs() {
    TaskNeeds task;
    task.weight = below(5);
    task.cpus = below(12) * 0.5;
    task.memory_bytes = below(4) == 0 ? below(130) : 0;
    for (int lock = 0; options_.locks && lock < 3; ++lock) {
      if (below(5) == 0) {
        task.locks.push_back(lock);
      }
    }
    if (options_.failures && below(6) == 0) {
      task.timeout = std::chrono::milliseconds(below(4000));
      task.grace = std::chrono::milliseconds(below(500));
    }
    task.retries.max = below(3);
    task.retries.jitter = below(2) * 0.3;
    task.allow_failure = below(5) == 0;
    task.always = options_.always && below(8) == 0;
    return task;
  }

  std::vector<int> needs_of(const World& world, int task) {
    std::vector<int> needs;
    for (int i = 0; task > 0 && i < below(4); ++i) {
      const int need = below(task);
      if (world.tasks[at(task)].always || !world.tasks[at(need)].always) {
        needs.push_back(need);
      }
    }
    return needs;
  }

  std::mt19937 random_;
  WorldOptions options_;
};

// Follows a journal and fails the test where a rule is broken.
class Oracle {
 public:
  explicit Oracle(const World& world)
      : world_(world), settled_(world.tasks.size(), false), running_(world.tasks.size(), false) {}

  void check(const std::vector<JournalEntry>& journal) {
    for (const JournalEntry& entry : journal) {
      const int task = entry.action.task;
      if (entry.ended) {
        running_[at(task)] = false;
      } else if (entry.action.kind == Action::Kind::start) {
        start(task, entry.action.attempt);
      } else if (entry.action.kind == Action::Kind::settled ||
                 entry.action.kind == Action::Kind::skip) {
        ASSERT_FALSE(settled_[at(task)]) << "settled twice: " << task;
        settled_[at(task)] = true;
        ordinary_settled_ += world_.tasks[at(task)].always ? 0 : 1;
      }
    }
    for (std::size_t task = 0; task < settled_.size(); ++task) {
      ASSERT_TRUE(settled_[task]) << "never settled: " << task;
      ASSERT_FALSE(running_[task]) << "left running: " << task;
    }
  }

 private:
  void start(int task, int attempt) {
    const TaskNeeds& own = world_.tasks[at(task)];
    ASSERT_FALSE(running_[at(task)]);
    ASSERT_FALSE(settled_[at(task)]);
    ASSERT_LE(attempt, own.retries.max + 1);
    for (const int need : world_.needs[at(task)]) {
      ASSERT_TRUE(settled_[at(need)]) << task << " before its need " << need;
    }
    if (own.always) {
      const auto ordinary = std::count_if(
          world_.tasks.begin(), world_.tasks.end(), [](const TaskNeeds& t) { return !t.always; });
      ASSERT_EQ(ordinary_settled_, ordinary);
    }
    running_[at(task)] = true;
    check_running();
  }

  void check_running() {
    double cpus = 0;
    std::int64_t memory = 0;
    int count = 0;
    std::vector<int> holders(3, 0);
    for (std::size_t task = 0; task < running_.size(); ++task) {
      if (running_[task]) {
        ++count;
        cpus += world_.tasks[task].cpus;
        memory += world_.tasks[task].memory_bytes;
        for (const int lock : world_.tasks[task].locks) {
          ASSERT_EQ(++holders[at(lock)], 1) << "two holders of lock " << lock;
        }
      }
    }
    ASSERT_LE(count, world_.limits.slots);
    const SchedulerLimits& limits = world_.limits;
    const bool over = (limits.cpus > 0 && cpus > limits.cpus + 1e-9) ||
                      (limits.memory_bytes > 0 && memory > limits.memory_bytes);
    ASSERT_TRUE(!over || count == 1) << "over the budget with " << count << " running";
  }

  const World& world_;
  std::vector<bool> settled_, running_;
  std::ptrdiff_t ordinary_settled_ = 0;
};

TEST(SchedulerProperty, rules_hold_and_everything_is_settled) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const World world = Maker(seed, {}).make();
    Scheduler scheduler(CsrGraph(world.needs), world.tasks, world.limits);
    SchedulerDriver driver(scheduler, world.pretended);
    driver.run();
    ASSERT_TRUE(scheduler.done());
    Oracle(world).check(driver.journal());
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(SchedulerProperty, rules_hold_when_cancelled_at_any_time) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Maker maker(seed, {});
    const World world = maker.make();
    Scheduler scheduler(CsrGraph(world.needs), world.tasks, world.limits);
    SchedulerDriver driver(scheduler, world.pretended);
    driver.run_until(std::chrono::milliseconds(maker.below(8000)));
    driver.cancel(maker.below(2) == 0);
    const std::size_t before = driver.journal().size();
    if (maker.below(2) == 0) {
      driver.run_until(driver.now() + std::chrono::milliseconds(maker.below(1000)));
      driver.cancel(true);
    }
    driver.run();
    ASSERT_TRUE(scheduler.done());
    ASSERT_EQ(scheduler.running(), 0);
    ASSERT_EQ(driver.running(), 0);
    Oracle(world).check(driver.journal());
    for (std::size_t i = before; i < driver.journal().size(); ++i) {
      const JournalEntry& entry = driver.journal()[i];
      if (!entry.ended && entry.action.kind == Action::Kind::start) {
        ASSERT_TRUE(world.tasks[at(entry.action.task)].always);
      }
    }
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(SchedulerProperty, refused_starts_and_locks_held_elsewhere_break_nothing) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Maker maker(seed, {});
    const World world = maker.make();
    Scheduler scheduler(CsrGraph(world.needs), world.tasks, world.limits);
    SchedulerDriver driver(scheduler, world.pretended);
    std::vector<bool> elsewhere(3, false);
    driver.refuse = [&](int task) -> std::optional<int> {
      const std::vector<int>& locks = world.tasks[at(task)].locks;
      if (locks.empty() || maker.below(3) != 0) {
        return std::nullopt;
      }
      elsewhere[at(locks.back())] = true;
      return locks.back();
    };
    for (int round = 0; round < 10'000 && !scheduler.done(); ++round) {
      driver.step();
      const int lock = maker.below(3);
      if (elsewhere[at(lock)]) {
        elsewhere[at(lock)] = false;
        scheduler.set_lock_elsewhere(lock, false);
      }
    }
    ASSERT_TRUE(scheduler.done());
    Oracle(world).check(driver.journal());
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(SchedulerProperty, tasks_that_are_done_already_break_nothing) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Maker maker(seed, {});
    const World world = maker.make();
    Scheduler scheduler(CsrGraph(world.needs), world.tasks, world.limits);
    SchedulerDriver driver(scheduler, world.pretended);
    driver.is_done = [&](int task) { return scheduler.attempt(task) == 1 && maker.below(3) == 0; };
    driver.run();
    ASSERT_TRUE(scheduler.done());
    Oracle(world).check(driver.journal());
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(SchedulerProperty, same_input_gives_the_same_plan) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    const World world = Maker(seed, {}).make();
    const Scheduler original(CsrGraph(world.needs), world.tasks, world.limits);
    std::vector<std::vector<JournalEntry>> journals;
    for (int i = 0; i < 2; ++i) {
      Scheduler scheduler = original;
      SchedulerDriver driver(scheduler, world.pretended);
      driver.run();
      journals.push_back(driver.journal());
    }
    ASSERT_EQ(journals[0].size(), journals[1].size());
    for (std::size_t i = 0; i < journals[0].size(); ++i) {
      ASSERT_EQ(journals[0][i].at, journals[1][i].at);
      ASSERT_EQ(journals[0][i].action.task, journals[1][i].action.task);
      ASSERT_EQ(journals[0][i].action.kind, journals[1][i].action.kind);
    }
  }
}

// Graham 1969: with P slots and nothing else that binds, list scheduling needs at most
// work / P + (1 - 1/P) * critical path; and no slot is idle while a task is ready.
TEST(SchedulerProperty, makespan_keeps_to_grahams_bound) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    World world =
        Maker(seed, {.locks = false, .budget = false, .failures = false, .always = false}).make();
    std::vector<double> seconds;
    for (const PretendedTask& task : world.pretended) {
      seconds.push_back(std::chrono::duration<double>(task.duration).count());
    }
    Scheduler scheduler(CsrGraph(world.needs), world.tasks, world.limits);
    SchedulerDriver driver(scheduler, world.pretended);
    driver.run();
    const double work = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    double longest = 0;
    for (const double length : critical_path_lengths(scheduler.graph(), seconds)) {
      longest = std::max(longest, length);
    }
    const double slots = world.limits.slots;
    const double makespan = std::chrono::duration<double>(driver.now()).count();
    ASSERT_LE(makespan, work / slots + (1 - 1 / slots) * longest + 1e-6);
    ASSERT_GE(makespan, std::max(longest, work / slots) - 1e-6);
  }
}

// Replays the journal beside a count, for every ready task, of how often a task that should come
// after it started while it did not fit.
class PassCounter {
 public:
  PassCounter(const World& world, const std::vector<int>& rank)
      : world_(world), rank_(rank), ready_(rank.size(), false), passes_(rank.size()) {}

  void check(const std::vector<JournalEntry>& journal) {
    for (const JournalEntry& entry : journal) {
      const int task = entry.action.task;
      if (entry.ended) {
        use(task, -1);
      } else if (entry.action.kind == Action::Kind::ready) {
        ready_[at(task)] = true;
      } else if (entry.action.kind == Action::Kind::start) {
        start(task);
      }
    }
  }

  int most() const { return most_; }

 private:
  void start(int task) {
    for (std::size_t other = 0; other < ready_.size(); ++other) {
      if (!ready_[other] || static_cast<int>(other) == task) {
        continue;
      }
      const bool competes = competes_for_what_is_short(static_cast<int>(other), task);
      if (passes_[other] >= Scheduler::kMaxPasses && competes) {
        ASSERT_GE(passes_[at(task)], Scheduler::kMaxPasses) << task << " before " << other;
      }
      passes_[other] += rank_[other] < rank_[at(task)] ? 1 : 0;
      most_ = std::max(most_, passes_[other]);
    }
    ready_[at(task)] = false;
    use(task, 1);
  }

  bool competes_for_what_is_short(int waiting, int starting) const {
    const TaskNeeds& w = world_.tasks[at(waiting)];
    const TaskNeeds& s = world_.tasks[at(starting)];
    return (w.cpus > world_.limits.cpus - cpus_ && s.cpus > 0) ||
           (w.memory_bytes > world_.limits.memory_bytes - memory_ && s.memory_bytes > 0);
  }

  void use(int task, int sign) {
    cpus_ += sign * world_.tasks[at(task)].cpus;
    memory_ += sign * world_.tasks[at(task)].memory_bytes;
  }

  const World& world_;
  const std::vector<int>& rank_;
  std::vector<bool> ready_;
  double cpus_ = 0;
  std::int64_t memory_ = 0;
  std::vector<int> passes_;
  int most_ = 0;
};

TEST(SchedulerProperty, nothing_is_starved_by_what_fits_better) {
  int most = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    World world;
    const int count = 600;
    world.limits = {.slots = 4, .cpus = 4, .memory_bytes = 100};
    for (int task = 0; task < count; ++task) {
      TaskNeeds needs;
      const bool large = random() % 40 == 0;
      needs.weight = large ? 2 : 1;
      needs.cpus =
          large ? 1 + static_cast<int>(random() % 4) : 0.5 * static_cast<int>(random() % 4);
      needs.memory_bytes = static_cast<int>(large ? random() % 101 : random() % 30);
      world.tasks.push_back(needs);
      world.needs.emplace_back();
      world.pretended.push_back({.duration = std::chrono::milliseconds(1 + random() % 100)});
    }
    const CsrGraph graph(world.needs);
    std::vector<int> order(at(count)), rank(at(count));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return world.tasks[at(a)].weight > world.tasks[at(b)].weight;
    });
    for (int i = 0; i < count; ++i) {
      rank[at(order[at(i)])] = i;
    }
    Scheduler scheduler(graph, world.tasks, world.limits);
    SchedulerDriver driver(scheduler, world.pretended);
    driver.run();
    ASSERT_TRUE(scheduler.done());
    PassCounter counter(world, rank);
    counter.check(driver.journal());
    if (HasFatalFailure()) {
      return;
    }
    most = std::max(most, counter.most());
  }
  EXPECT_GE(most, Scheduler::kMaxPasses);  // else this test shows nothing
}

}  // namespace
}  // namespace headway
