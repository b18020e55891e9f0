// See parallel_plan.hpp.
#include "orchestration/parallel_plan.hpp"

#include "base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace headway {
namespace {

// A century: nobody waits longer, and it fits into Nanos.
constexpr double kLongestSeconds = 100.0 * 365 * 24 * 3600;

std::size_t at(int position) {
  return static_cast<std::size_t>(position);
}

Error bad(const ParallelStage& stage, std::string what, std::string next_step) {
  return {ErrorCode::invalid_argument,
          fmt::format("run stage {} ('{}'): {}", stage.stage_id, stage.stage_name, what),
          std::move(next_step)};
}

Nanos to_nanos(Seconds span) {
  return std::chrono::duration_cast<Nanos>(Seconds(std::min(span.count(), kLongestSeconds)));
}

// At least 0, and no NaN.
bool is_sane(double number) {
  return number >= 0;
}

std::optional<Error> check_stage(const ParallelStage& stage) {
  if (!stage.task) {
    return bad(stage, "its task was moved away", "give it a callable or a command");
  }
  if (!is_sane(stage.timeout.count())) {
    return bad(stage, "its timeout is negative or no number", "leave it out for none");
  }
  if (!is_sane(stage.grace.count())) {
    return bad(stage, "its grace is negative or no number", "leave it out for 5 s");
  }
  if (stage.retries.max < 0 || !is_sane(stage.retries.delay.count()) ||
      !is_sane(stage.retries.backoff)) {
    return bad(stage, "its retries have a negative number, or none", "leave them out for none");
  }
  if (!is_sane(stage.resources.cpus) || stage.resources.memory_bytes < 0) {
    return bad(stage, "its resources have a negative number, or none", "leave them out for 1 cpu");
  }
  if (const Command* command = stage.task.command(); command != nullptr && command->argv.empty()) {
    return bad(stage, "its command has no words", "name a program");
  }
  return std::nullopt;
}

// The names of locks as numbers.
class LockNumbers {
 public:
  std::vector<int> of(const std::vector<std::string>& names) {
    std::vector<int> numbers;
    numbers.reserve(names.size());
    for (const std::string& name : names) {
      numbers.push_back(known_.emplace(name, static_cast<int>(known_.size())).first->second);
    }
    return numbers;
  }

 private:
  std::map<std::string_view, int> known_;
};

TaskNeeds needs_of(const ParallelStage& stage, LockNumbers& locks) {
  TaskNeeds needs;
  needs.cpus = stage.resources.cpus;
  needs.memory_bytes = stage.resources.memory_bytes;
  needs.locks = locks.of(stage.resources.locks);
  if (stage.timeout.count() > 0) {
    needs.timeout = to_nanos(stage.timeout);
  }
  needs.grace = to_nanos(stage.grace);
  needs.retries.max = stage.retries.max;
  needs.retries.delay = to_nanos(stage.retries.delay);
  needs.retries.backoff = stage.retries.backoff;
  return needs;
}

// The stages by ascending id.
std::vector<const ParallelStage*> by_id(const std::vector<ParallelStage>& stages) {
  std::vector<const ParallelStage*> sorted;
  sorted.reserve(stages.size());
  for (const ParallelStage& stage : stages) {
    sorted.push_back(&stage);
  }
  const auto before = [](const ParallelStage* a, const ParallelStage* b) {
    return a->stage_id < b->stage_id;
  };
  if (!std::is_sorted(sorted.begin(), sorted.end(), before)) {
    std::stable_sort(sorted.begin(), sorted.end(), before);
  }
  return sorted;
}

// The position of each dependency, or what is wrong with one.
Result<std::vector<int>> positions_of(const ParallelStage& stage, const std::vector<int>& ids) {
  std::vector<int> positions;
  positions.reserve(stage.dependencies.size());
  for (const int id : stage.dependencies) {
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    if (found == ids.end() || *found != id) {
      return bad(stage,
                 fmt::format("it depends on stage {}, which is not in the list", id),
                 "add that stage, or take the dependency out");
    }
    positions.push_back(static_cast<int>(found - ids.begin()));
  }
  if (!std::is_sorted(positions.begin(), positions.end())) {
    std::sort(positions.begin(), positions.end());
  }
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

// "0 ('a') needs 2 ('c') needs 0": long cycles are cut in the middle.
Error cycle_error(const ParallelPlan& plan, const std::vector<int>& cycle) {
  constexpr std::size_t kShown = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(cycle.size(), kShown); ++i) {
    const StageExecutionResult& stage = plan.results[at(cycle[i])];
    text += fmt::format("{} ('{}') needs ", stage.stage_id, stage.stage_name);
  }
  if (cycle.size() > kShown) {
    text += fmt::format("... ({} more) needs ", cycle.size() - kShown);
  }
  return {ErrorCode::invalid_argument,
          fmt::format("run stages that wait for each other: {}{}",
                      text,
                      plan.results[at(cycle.front())].stage_id),
          "take one of these dependencies out"};
}

std::optional<Error> check_ids(const std::vector<const ParallelStage*>& sorted) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i - 1]->stage_id == sorted[i]->stage_id) {
      return bad(*sorted[i],
                 fmt::format("its id is also that of '{}'", sorted[i - 1]->stage_name),
                 "give each stage an id of its own");
    }
  }
  return std::nullopt;
}

// All but the graph.
Result<ParallelPlan> fill_plan(const std::vector<const ParallelStage*>& sorted) {
  std::vector<int> ids;
  ids.reserve(sorted.size());
  for (const ParallelStage* stage : sorted) {
    ids.push_back(stage->stage_id);
  }
  ParallelPlan plan;
  plan.tasks.reserve(sorted.size());
  plan.needs.reserve(sorted.size());
  plan.results.reserve(sorted.size());
  plan.task_needs.reserve(sorted.size());
  LockNumbers locks;
  for (const ParallelStage* stage : sorted) {
    if (auto error = check_stage(*stage)) {
      return *std::move(error);
    }
    auto positions = positions_of(*stage, ids);
    if (!positions) {
      return std::move(positions).error();
    }
    plan.tasks.push_back(stage->task);
    plan.needs.push_back(*std::move(positions));
    plan.task_needs.push_back(needs_of(*stage, locks));
    StageExecutionResult& result = plan.results.emplace_back();
    result.stage_id = stage->stage_id;
    result.stage_name = stage->stage_name;
    result.dependencies = stage->dependencies;
  }
  return plan;
}

}  // namespace

Result<ParallelPlan> make_parallel_plan(const std::vector<ParallelStage>& stages) {
  const std::vector<const ParallelStage*> sorted = by_id(stages);
  if (auto error = check_ids(sorted)) {
    return *std::move(error);
  }
  auto plan = fill_plan(sorted);
  if (!plan) {
    return plan;
  }
  plan->graph = CsrGraph(plan->needs);
  if (const auto cycle = plan->graph.find_cycle(); !cycle.empty()) {
    return cycle_error(*plan, cycle);
  }
  return plan;
}

}  // namespace headway
