// GraphStory: what each task of a finished TaskGraph run did, and why. Knows no events and no
// profile; reads no clock.
#pragma once

#include "base/clock.hpp"
#include "headway/task_graph.hpp"
#include "headway/types.hpp"

#include <string>
#include <vector>

namespace headway {

// One task. Times are from the start of the run; of one that did not run they are those at which
// what it needs had ended.
struct TaskStory {
  StageStatus status = StageStatus::completed;  // completed, failed, skipped or cancelled
  Nanos ready{};                                // all it needs had ended
  Nanos start{};                                // not before `ready`
  Nanos end{};                                  // not before `start`
  std::string reason{};                         // where it is not completed
  bool has_run() const noexcept {
    return status == StageStatus::completed || status == StageStatus::failed;
  }
};

// A whole run. By TaskId::index, but for `order`.
struct GraphStory {
  std::vector<std::string> names;
  std::vector<std::vector<int>> needs;
  std::vector<TaskStory> tasks;
  std::vector<int> order;  // each after all it needs
  Nanos length{};          // to the end of the last task
};

// Of the last run of `graph`, which returned `run`. The counters of two processors may differ a
// little: times are moved so that none contradicts the needs.
GraphStory story_of(const FrozenTaskGraph& graph, const GraphRun& run);

}  // namespace headway
