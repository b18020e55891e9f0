// TaskRunner: runs single tasks of a frozen graph and keeps what became of each. Does not know who
// decides when a task is ready, nor how many threads there are.
#pragma once

#include "base/mutex.hpp"
#include "execution/task_bodies.hpp"
#include "execution/tick_clock.hpp"
#include "headway/task_graph.hpp"
#include "scheduling/task_graph_csr.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

namespace headway {

// When a task ran, in absolute ticks.
struct TaskStamp {
  Ticks start;
  Ticks end;
};

// A task that threw, by its number in run order.
struct NumberedFailure {
  int task;
  std::exception_ptr exception;
};

// The tasks of one graph, by their numbers in run order. begin(), and the reading of results,
// belong to one thread while nothing runs; run_range() may be called by several for different
// tasks, where what a task needs happened before (in the sense of the memory model).
class TaskRunner {
 public:
  TaskRunner(TaskBodies bodies, const CsrGraph& graph);

  // A new run. `stop` may be null and must outlive it.
  void begin(const StopFlag* stop);

  // Runs tasks first to last - 1 in this order, each unless it is done, a need of it failed or the
  // run is stopped. `now` is when the caller turned to them; returns when it was through.
  Ticks run_range(int first, int last, Ticks now) noexcept;

  // Tells that this task of this run is done, for a later run_range() that meets it again.
  void mark_done(int task) noexcept;

  Ticks started_at() const noexcept { return started_at_; }
  // Whether the task ran in the last run.
  bool has_run(int task) const noexcept;
  const TaskStamp& stamp(int task) const noexcept;
  // Takes the failures of the run, in the order in which they were seen.
  std::vector<NumberedFailure> take_failures();
  // Whether every task ran in the last run, the failed ones included.
  bool have_all_run() const noexcept { return !has_passed_over_.load(std::memory_order_relaxed); }
  bool has_begun() const noexcept { return started_at_ != 0; }
  // Bytes held beside the graph, for who counts them.
  std::size_t bytes() const noexcept;

 private:
  // What became of a task in this run. Only what is out of the ordinary is written.
  enum Mark : std::uint8_t {
    kPlain,   // runs or ran, or nobody came to it yet
    kDone,    // ran before; not to be run again
    kPassed,  // did not run and will not
  };

  void pass_over(int task) noexcept;
  Ticks fail(int task, Ticks start) noexcept;

  const CsrGraph& graph_;
  TaskBodies bodies_;
  std::unique_ptr<TaskStamp[]> stamps_;  // untouched until the first run
  std::unique_ptr<std::atomic<std::uint8_t>[]> marks_;
  const StopFlag* stop_ = nullptr;
  Ticks started_at_ = 0;
  std::atomic<bool> has_marks_{false};
  std::atomic<bool> has_passed_over_{false};
  Mutex mutex_;
  std::vector<NumberedFailure> failures_ HEADWAY_GUARDED_BY(mutex_);
};

}  // namespace headway
