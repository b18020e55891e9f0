// A run inside a program in numbers. Knows only its outcome. (Declared in headway/executor.hpp.)
#include "headway/executor.hpp"
#include "timing/replay.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kMostBottlenecks = 5;

// What was run, by position, as a graph.
struct Executed {
  std::vector<int> ids;
  std::vector<double> seconds;  // from the first start to the last end: retries hold dependents up
  CsrGraph graph;
};

Executed executed_of(const ParallelOutcome& outcome) {
  Executed executed;
  std::unordered_map<int, int> positions;
  std::vector<const StageExecutionResult*> stages;
  for (const StageExecutionResult& stage : outcome.results) {
    if (stage.attempts > 0) {
      positions.emplace(stage.stage_id, static_cast<int>(stages.size()));
      stages.push_back(&stage);
      executed.ids.push_back(stage.stage_id);
      executed.seconds.push_back(
          std::max((stage.ended - stage.started).count(), stage.duration.count()));
    }
  }
  std::vector<std::vector<int>> needs(stages.size());
  for (std::size_t i = 0; i < stages.size(); ++i) {
    for (const int id : stages[i]->dependencies) {
      if (const auto found = positions.find(id); found != positions.end()) {
        needs[i].push_back(found->second);
      }
    }
  }
  executed.graph = CsrGraph(needs);
  return executed;
}

double replayed_seconds(const Executed& executed, const std::vector<double>& seconds, int workers) {
  std::vector<TaskNeeds> needs(seconds.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    needs[i].weight = seconds[i];
  }
  SchedulerLimits limits;
  limits.slots = std::max(workers, 1);
  return to_seconds(replay_once({executed.graph, std::move(needs), limits, {}}, seconds)).count();
}

// The longest stages of the critical path, each with what a replay without it takes less.
std::vector<Bottleneck> bottlenecks_of(const Executed& executed,
                                       std::vector<int> path,
                                       int workers) {
  const auto seconds_of = [&executed](int position) {
    return executed.seconds[static_cast<std::size_t>(position)];
  };
  std::stable_sort(
      path.begin(), path.end(), [&](int a, int b) { return seconds_of(a) > seconds_of(b); });
  path.resize(std::min(path.size(), kMostBottlenecks));
  const double whole = replayed_seconds(executed, executed.seconds, workers);
  std::vector<Bottleneck> found;
  for (const int position : path) {
    std::vector<double> without = executed.seconds;
    without[static_cast<std::size_t>(position)] = 0;
    const double saving = whole - replayed_seconds(executed, without, workers);
    found.push_back({executed.ids[static_cast<std::size_t>(position)],
                     Seconds(seconds_of(position)),
                     Seconds(std::max(saving, 0.0)),
                     1});
  }
  std::stable_sort(found.begin(), found.end(), [](const Bottleneck& a, const Bottleneck& b) {
    return a.saving > b.saving;
  });
  return found;
}

void count(const StageExecutionResult& stage, ExecutionSummary& summary) {
  summary.successful += stage.status == StageStatus::completed ? 1 : 0;
  summary.failed += stage.status == StageStatus::failed ? 1 : 0;
  summary.skipped += stage.status == StageStatus::skipped ? 1 : 0;
  summary.cancelled += stage.status == StageStatus::cancelled ? 1 : 0;
  summary.work += stage.duration;
  summary.makespan = std::max(summary.makespan, stage.ended);
}

}  // namespace

ExecutionSummary AdaptiveParallelExecutor::get_execution_summary(const ParallelOutcome& outcome) {
  ExecutionSummary summary;
  summary.total_stages = static_cast<int>(outcome.results.size());
  summary.worker_count = outcome.worker_count;
  for (const StageExecutionResult& stage : outcome.results) {
    count(stage, summary);
  }
  const double capacity = summary.makespan.count() * summary.worker_count;
  if (capacity > 0) {
    summary.parallel_efficiency = std::min(summary.work.count() / capacity, 1.0);
  }
  const Executed executed = executed_of(outcome);
  const std::vector<int> path = critical_path(executed.graph, executed.seconds);
  for (const int position : path) {
    summary.critical_path.push_back(executed.ids[static_cast<std::size_t>(position)]);
  }
  summary.bottlenecks = bottlenecks_of(executed, path, outcome.worker_count);
  return summary;
}

}  // namespace headway
