// FlowPhase: runs tasks as they become ready, for tasks so long that one must not wait for another
// without need. A counter a task; a queue a worker, from which the others take. Does not know where
// workers come from, nor what a task is.
#pragma once

#include "base/mutex.hpp"
#include "execution/phase_verdict.hpp"
#include "execution/task_runner.hpp"
#include "execution/worker_choice.hpp"
#include "execution/worker_team.hpp"
#include "scheduling/task_graph_csr.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace headway {

// prepare() before a run; begin() by the one worker that has the lead; work() by any. The phase
// ends when nothing is left to run, or when tasks turn out to be short; then the last worker that
// comes back has the lead.
class FlowPhase {
 public:
  FlowPhase(const CsrGraph& graph, TaskRunner& runner, WorkerChoice& choice, WorkerTeam& team);

  // For a run with so many workers.
  void prepare(int workers);
  // The phase starts with the tasks from this one on; all before it are done. What is ready goes to
  // the queue of `worker`, which must call work() next.
  void begin(int first_task, int worker);
  // Runs what is ready. Does not return while it finds some.
  PhaseVerdict work(int worker);
  // Where the phase started. Of the tasks from there on those that are done are marked so.
  int first_task() const noexcept { return first_task_; }
  // Whether some task waits in a queue.
  bool has_ready() const noexcept;
  // Bytes of the counters, for who counts them.
  std::size_t bytes() const noexcept;

 private:
  // A worker's queue and what it measured.
  struct alignas(64) Lane {
    Mutex mutex;
    std::vector<int> ready HEADWAY_GUARDED_BY(mutex);  // from `first` on; the newest last
    std::size_t first HEADWAY_GUARDED_BY(mutex) = 0;
    std::atomic<int> size{0};
    int tasks = 0;    // of the newest sample, by this worker alone
    Ticks ticks = 0;  // they took
  };

  Lane& lane_of(int worker) const noexcept { return lanes_[static_cast<std::size_t>(worker)]; }
  bool enter();
  PhaseVerdict leave();
  void learn() HEADWAY_REQUIRES(mutex_);
  void count_needs(int first_task);
  void run(int worker, int task);
  int complete(int worker, int task, Ticks& now);
  bool call_for(int pushed);
  void note(Lane& lane, Ticks elapsed);
  void push(Lane& lane, int task) HEADWAY_REQUIRES(lane.mutex);
  int pop(Lane& lane);
  int steal(int worker);
  int find(int worker);

  const CsrGraph& graph_;
  TaskRunner& runner_;
  WorkerChoice& choice_;
  WorkerTeam& team_;
  std::unique_ptr<std::atomic<std::int32_t>[]> missing_;  // needs of each task that are not done
  std::unique_ptr<Lane[]> lanes_;
  int first_task_ = 0;
  int workers_ = 0;
  int made_lanes_ = 0;
  Ticks spin_ = 0;
  std::atomic<bool> is_retiring_{false};  // tasks are short: the other phase shall go on
  Mutex mutex_;
  int busy_ HEADWAY_GUARDED_BY(mutex_) = 0;  // workers that may hold or find tasks
  bool is_over_ HEADWAY_GUARDED_BY(mutex_) = true;
};

}  // namespace headway
