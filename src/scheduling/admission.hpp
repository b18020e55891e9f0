// Admission: the ready tasks that wait for no lock, and which of them may start now by slots, cpus
// and memory. Knows ranks only: no locks, no times, no states.
#pragma once

#include "scheduling/fit_tree.hpp"
#include "scheduling/rank_set.hpp"
#include "scheduling/task_needs.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace headway {

// The budget and the queue for it. Where cpus and memory can never run short with the given slots,
// only the order counts and the queue is a RankSet; else a FitTree. A task that wants more than the
// whole budget starts only when nothing runs, and nothing starts beside it; when nothing runs,
// everything fits. Nothing allocates in the steady state. Copies share what never changes. Not
// synchronised.
class Admission {
 public:
  Admission() = default;
  // `order`: task by rank.
  Admission(const std::vector<TaskNeeds>& needs,
            std::span<const std::int32_t> order,
            const SchedulerLimits& limits,
            int max_passes);

  void insert(int rank) noexcept;
  void erase(int rank) noexcept;  // no effect where it is not in the queue
  // The rank that should start next, or -1: the held task with the smallest rank where it fits,
  // else the smallest rank that fits and takes nothing a held one waits for.
  int pick() const noexcept;
  // That rank, taken from the queue, starts: it takes its part, and those before it were passed
  // over.
  void start(int rank) noexcept;
  // It runs already, whether it fits or not.
  void take(int rank) noexcept;
  void give(int rank) noexcept;  // it ended

  // `extra_cpus` (>= 0) come to the limit on cpus, if there is one. What wants more than the limit
  // alone runs alone all the same.
  void set_slots(int slots, double extra_cpus = 0);
  // The limit on memory is `bytes` (>= 0) for now, if there is a limit. What wants more than the
  // first limit alone runs alone all the same; when nothing runs, everything fits.
  void set_memory(std::int64_t bytes);
  // Where closed, a slot is free only when nothing is alive.
  void set_open(bool is_open) noexcept { is_open_ = is_open; }
  bool slot_free() const noexcept {
    return running_ < slots_ && (is_open_ || running_ + paused_ == 0);
  }
  // A running task is stopped: it keeps its memory, and gives back its slot and its cpus until it
  // goes on, whether there is room then or not.
  void pause(int rank);
  void go_on(int rank) noexcept;
  // From now on that rank, which neither runs nor waits in the queue, runs alone.
  void run_alone(int rank);
  int running() const noexcept { return running_; }  // without those that are stopped
  // Cpus or memory may run short.
  bool limited() const noexcept { return limited_; }
  // Held ranks, ascending, from `from` on; -1 at the end.
  int first_held(int from) const noexcept { return tree_.first_held(from); }

 private:
  bool can_run_short() const noexcept;
  void limit();
  Demand free() const noexcept;

  std::shared_ptr<const std::vector<Demand>> demands_;  // by rank
  Demand budget_;   // of what is not limited: nothing is wanted either
  Demand largest_;  // of any task
  Demand used_;
  RankSet ranks_;
  FitTree tree_;
  int max_passes_ = 0;
  std::int32_t extra_cpu_ = 0;
  std::int64_t extra_memory_ = 0;  // negative: there is less than the limit
  int slots_ = 1;
  int running_ = 0;
  int paused_ = 0;
  bool is_open_ = true;
  bool limited_ = false;
};

}  // namespace headway
