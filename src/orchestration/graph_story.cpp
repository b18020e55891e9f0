// See graph_story.hpp.
#include "orchestration/graph_story.hpp"

#include "execution/callable_attempt.hpp"
#include "orchestration/attempt_verdict.hpp"
#include "orchestration/parallel_results.hpp"
#include "scheduling/task_graph_csr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace headway {
namespace {

constexpr int kNobody = -1;

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

std::vector<std::vector<int>> needs_of(const FrozenTaskGraph& graph) {
  std::vector<std::vector<int>> needs;
  for (const std::vector<TaskId>& of_one : graph.needs()) {
    std::vector<int>& indices = needs.emplace_back();
    indices.reserve(of_one.size());
    for (const TaskId task : of_one) {
      indices.push_back(static_cast<int>(task.index));
    }
  }
  return needs;
}

std::string failure_reason(const TaskFailure& failure) {
  const AttemptEnd end = end_of_exception(failure.exception);
  return judge_attempt({}, exit_of(end), EndedBy::nobody, signs_of(end)).reason;
}

// Follows the needs, each task after its own.
class Teller {
 public:
  Teller(GraphStory& story, const std::vector<TaskTime>& times)
      : story_(story), times_(times), culprits_(times.size(), kNobody) {}

  void failed(const TaskFailure& failure) {
    const int task = static_cast<int>(failure.task.index);
    story_.tasks[at(task)].status = StageStatus::failed;
    story_.tasks[at(task)].reason = failure_reason(failure);
    culprits_[at(task)] = task;
  }

  void tell(int task) {
    TaskStory& told = story_.tasks[at(task)];
    for (const int need : story_.needs[at(task)]) {
      told.ready = std::max(told.ready, story_.tasks[at(need)].end);
      culprits_[at(task)] =
          culprits_[at(task)] == kNobody ? culprits_[at(need)] : culprits_[at(task)];
    }
    const TaskTime& time = times_[at(task)];
    told.start = std::max(told.ready, time.has_run() ? time.start : Nanos{0});
    told.end = std::max(told.start, time.has_run() ? time.end : Nanos{0});
    story_.length = std::max(story_.length, told.end);
    if (!time.has_run()) {
      not_run(told, culprits_[at(task)]);
    }
  }

 private:
  void not_run(TaskStory& told, int culprit) const {
    told.status = culprit == kNobody ? StageStatus::cancelled : StageStatus::skipped;
    told.reason = culprit == kNobody
                      ? "the run was cancelled before it started"
                      : fmt::format("needs '{}', which failed", story_.names[at(culprit)]);
  }

  GraphStory& story_;
  const std::vector<TaskTime>& times_;
  std::vector<int> culprits_;  // by task: a failed one that it is, or needs; or nobody
};

}  // namespace

GraphStory story_of(const FrozenTaskGraph& graph, const GraphRun& run) {
  GraphStory story;
  story.names = graph.names();
  story.needs = needs_of(graph);
  story.tasks.resize(story.names.size());
  story.order = CsrGraph(story.needs).topological_order();
  const std::vector<TaskTime> times = graph.times();
  Teller teller(story, times);
  for (const TaskFailure& failure : run.failures) {
    teller.failed(failure);
  }
  for (const int task : story.order) {
    teller.tell(task);
  }
  return story;
}

}  // namespace headway
