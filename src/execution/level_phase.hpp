// LevelPhase: runs short tasks level by level, without a counter for any task. Tasks are numbered
// by levels, so a level is a range of numbers; its workers split the range, and whoever ends the
// last task of it opens the next. Knows nothing of what a task is, nor where workers come from.
#pragma once

#include "execution/phase_verdict.hpp"
#include "execution/task_runner.hpp"
#include "execution/worker_choice.hpp"
#include "execution/worker_team.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace headway {

// One worker at a time has the lead: it alone decides what runs next, and runs it alone or opens it
// to all. prepare() before a run; begin() and lead() by the worker that has the lead; work() by
// any.
class LevelPhase {
 public:
  LevelPhase(const std::vector<std::int32_t>& level_first_of,
             TaskRunner& runner,
             WorkerChoice& choice,
             WorkerTeam& team);

  // For a run with so many workers.
  void prepare(int workers);
  // The phase starts at a task before which all are done.
  void begin(int first_task);
  // Goes on from there.
  PhaseVerdict lead(int worker);
  // Looks for tasks of an open level. Does not return while it finds some.
  PhaseVerdict work(int worker);
  // Where the phase stopped: all before it are done. For who has the lead.
  int first_task() const noexcept { return next_; }
  // Wakes those that wait for a level: there will be none.
  void leave() noexcept;

 private:
  // A worker's part of the open level: numbers not yet taken, first and end in one word.
  struct alignas(64) Lane {
    std::atomic<std::uint64_t> range{0};
  };
  enum class Step { opened, ended, too_coarse };

  static PhaseVerdict verdict_of(Step step) noexcept;
  Lane& lane_of(int worker) const noexcept { return lanes_[static_cast<std::size_t>(worker)]; }
  int tasks() const noexcept { return level_first_of_.back(); }
  Step advance(int worker);
  int end_of_piece() noexcept;
  void run_alone(int end);
  void open_level(int worker, int end);
  int run_own_range(Lane& lane, Ticks& now);
  bool steal(int worker);
  bool can_steal(int worker) const noexcept;
  bool wait_for_level(int worker, std::uint32_t seen);

  const std::vector<std::int32_t>& level_first_of_;
  TaskRunner& runner_;
  WorkerChoice& choice_;
  WorkerTeam& team_;
  std::unique_ptr<Lane[]> lanes_;
  int workers_ = 0;
  int made_lanes_ = 0;
  Ticks spin_ = 0;
  // For who has the lead.
  int next_ = 0;           // the first task not yet run or opened
  std::size_t level_ = 0;  // its level
  int opened_ = 0;         // tasks of the open level
  Ticks opened_at_ = 0;

  alignas(64) std::atomic<int> left_{0};             // tasks of the open level that have not ended
  alignas(64) std::atomic<std::uint32_t> epoch_{0};  // counts what is opened
  std::atomic<bool> is_active_{false};
  std::atomic<int> chunk_{1};  // tasks that a worker takes at a time
};

}  // namespace headway
