// ParallelPlan: a list of ParallelStage, checked and brought into the order of stage ids, as the
// scheduler wants it. Starts nothing, reads nothing.
#pragma once

#include "headway/executor.hpp"
#include "headway/result.hpp"
#include "scheduling/task_graph_csr.hpp"
#include "scheduling/task_needs.hpp"

#include <vector>

namespace headway {

// By position: the stages by ascending id.
struct ParallelPlan {
  std::vector<Task> tasks;
  std::vector<std::vector<int>> needs;        // positions, ascending, no duplicates
  std::vector<StageExecutionResult> results;  // ids, names and dependencies; else as yet unknown
  CsrGraph graph;
  std::vector<TaskNeeds> task_needs;  // all of weight 1

  int size() const noexcept { return static_cast<int>(tasks.size()); }
};

// Errors (invalid_argument): an id twice, an unknown dependency, a cycle, a number without sense.
// Each names the stage.
Result<ParallelPlan> make_parallel_plan(const std::vector<ParallelStage>& stages);

}  // namespace headway
