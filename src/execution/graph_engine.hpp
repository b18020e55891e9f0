// GraphEngine: a frozen graph at work: one run after another, each a sequence of phases shared by a
// team of workers. Knows nothing of names or of the numbers that callers use.
#pragma once

#include "execution/flow_phase.hpp"
#include "execution/level_phase.hpp"
#include "execution/task_runner.hpp"
#include "execution/worker_choice.hpp"
#include "execution/worker_team.hpp"
#include "headway/task_graph.hpp"
#include "scheduling/level_order.hpp"

#include <atomic>

namespace headway {

// Runs the tasks of `order` (numbered by levels), whose callables are arranged likewise. One run at
// a time: is_running() is for who keeps to that.
class GraphEngine final : private TeamWork {
 public:
  // `order` must outlive the engine and stay where it is.
  GraphEngine(const LevelOrder& order, TaskBodies bodies);

  // Runs all tasks; how many threads took part. Nothing runs when it returns.
  int run(const GraphRunOptions& options);

  // The results of the last run.
  TaskRunner& tasks() noexcept { return runner_; }
  const TaskRunner& tasks() const noexcept { return runner_; }
  // Bytes held beside the order, for who counts them.
  std::size_t bytes() const noexcept { return runner_.bytes() + flow_.bytes(); }

 private:
  enum class Phase { flow, levels, over };

  void run_shared(int workers, WorkerUse use);
  void help(int worker) override;
  bool has_work() const override;
  bool take_part(int worker);
  void pass_lead(Phase from, PhaseVerdict verdict, int worker);
  void start_flow(int first_task, int worker);

  const LevelOrder& order_;
  TaskRunner runner_;
  WorkerChoice choice_;
  std::atomic<Phase> phase_{Phase::over};
  FlowPhase flow_;
  LevelPhase levels_;
  WorkerTeam team_{*this};  // last: its threads end before the rest goes
};

}  // namespace headway
