// What stands behind a StageContext, for the time of one attempt. Knows nothing of the scheduler.
#pragma once

#include "headway/executor.hpp"
#include "headway/logging.hpp"
#include "orchestration/parallel_plan.hpp"
#include "orchestration/progress_board.hpp"

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>

namespace headway {

// What the stages of a run share. All must outlive the run.
struct StageSurroundings {
  StructuredLogger& logger;
  ProgressBoard& progress;
  std::string workflow_id, lane, workflow;
  bool logs_every_stage = false;  // the logger is the program's own: set its context at once
};

// One attempt. Lives on the thread that runs it.
struct StageContext::State {
  State(const ParallelPlan& its_plan,
        const StageSurroundings& around,
        int position,
        int its_attempt,
        std::stop_token its_stop);
  ~State();

  const StageExecutionResult& own() const { return plan.results[static_cast<std::size_t>(task)]; }
  static const State& of(const StageContext& context) { return context.state_; }
  // Lays the stage's context over the logger, for this thread; again: no effect.
  void open_scope();

  const ParallelPlan& plan;  // of its results only those of dependencies may be read, and of its
                             // own the id and the name: the rest may be changing
  const StageSurroundings& surroundings;
  const int task;
  const int attempt;
  const std::stop_token stop;
  std::optional<LogScope> scope;
  std::atomic<bool> told_progress{false};
};

}  // namespace headway
