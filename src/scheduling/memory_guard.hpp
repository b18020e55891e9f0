// MemoryGuard: what to do when the memory of a run threatens to run out all the same. Reads no
// clock and no process, stops nothing itself; knows attempts by a number only.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace headway {

// One attempt that is alive, stopped or not. Bytes of its whole process tree.
struct GuardedTask {
  int task = 0;
  std::int64_t started = 0;          // grows with the order of the starts; no two alike
  std::int64_t bytes = 0;            // as sampled now
  std::int64_t predicted_bytes = 0;  // peak, as declared or learned; 0: not known
};

// The budget: the least limit above the run, or the machine's memory.
struct MemoryState {
  std::int64_t limit_bytes = 0;  // 0: not known, and then nothing is threatened
  std::int64_t room_bytes = 0;   // of it, what may still be taken, by anybody
};

// What to do now. Nothing to stop and nothing to continue most of the time.
struct MemoryDecision {
  bool admit = true;  // new tasks may start (as far as they fit)
  int stop = -1;      // task that must stop growing (SIGSTOP to its group), -1: none
  int go_on = -1;     // stopped task that may go on (SIGCONT), -1: none
  // The room, less what the running tasks will still grow by prediction: what a new one may need.
  // Of an unknown budget both are the largest number.
  std::int64_t free_bytes = 0;
  // What all tasks alive and to come may want together, by prediction: Scheduler::set_memory().
  std::int64_t budget_bytes = 0;
};

// Below a tenth of the budget (see the .cpp for the marks) nothing new starts; below a twentieth
// the newest running task is stopped, one a look, as long as the room still shrinks: stopping frees
// nothing, it ends the growing. They go on oldest first, when there is room for what they will
// still take, or when nothing else runs. Nothing new starts while one is stopped. A task that had
// to be stopped again waits twice as long, at most a minute. Invariants (property tests): the
// oldest task is never stopped, and goes on at once when it becomes the oldest; so never all are
// stopped, and every one goes on in the end; with no task alive everything is admitted; at most one
// is told to stop or to go on a look. Deterministic; not synchronised.
class MemoryGuard {
 public:
  // Two looks closer than this count as one: what was stopped must have shown what it does.
  static constexpr Nanos kLeastBetweenStops = std::chrono::milliseconds(400);

  // `tasks`: all that are alive, in any order. Those that have gone are forgotten.
  MemoryDecision look(Nanos now, const MemoryState& state, std::vector<GuardedTask> tasks);
  bool is_stopped(int task) const;
  int stopped() const noexcept { return stopped_; }

 private:
  struct Known {
    bool stopped = false;
    int times = 0;  // it was stopped
    Nanos stopped_at{};
  };
  using Tasks = std::vector<GuardedTask>;

  void forget_gone(const Tasks& tasks);
  const GuardedTask* newest_running(const Tasks& tasks) const;
  const GuardedTask* to_go_on(Nanos now, const MemoryState& state, const Tasks& tasks) const;
  void stop(Nanos now, const GuardedTask& task, MemoryDecision& decision);
  void go_on(const GuardedTask& task, MemoryDecision& decision);

  std::unordered_map<std::int64_t, Known> known_;  // by start
  std::vector<int> stopped_tasks_;
  int stopped_ = 0;
  bool admits_ = true;
  std::int64_t room_before_ = INT64_MAX;
  Nanos last_stop_{};
  bool has_stopped_ = false;
};

}  // namespace headway
