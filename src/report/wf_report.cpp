// From the stages of a run to the tasks of a WfTrace; the writing: timing/wf_writer.hpp.
#include "report/wf_report.hpp"

#include "timing/wf_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

namespace headway {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

bool has_run(const StageState& stage) {
  return stage.started_offset.has_value();
}

Seconds runtime_of(const RunState& state, const StageState& stage) {
  if (stage.attempts > 1 && stage.completed_at) {
    return to_seconds(std::max(Nanos{0}, stage.finished_offset - *stage.started_offset));
  }
  return to_seconds(state.duration_so_far(stage));
}

// For each stage the positions of those that it waited for and that ran: through the ones that did
// not, by a walk that meets each stage once.
class Parents {
 public:
  explicit Parents(const RunState& state) : state_(state), seen_by_(state.stages.size(), -1) {}

  std::vector<int> of(int stage) {
    std::vector<int> found;
    std::vector<int> open = state_.stages[at(stage)].plan->needs;
    while (!open.empty()) {
      const int need = open.back();
      open.pop_back();
      if (need < 0 || at(need) >= state_.stages.size() || need == stage ||
          std::exchange(seen_by_[at(need)], stage) == stage) {
        continue;
      }
      const StageState& other = state_.stages[at(need)];
      if (has_run(other)) {
        found.push_back(need);
      } else {
        open.insert(open.end(), other.plan->needs.begin(), other.plan->needs.end());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  const RunState& state_;
  std::vector<int> seen_by_;
};

// An `always` stage comes after all ordinary ones: after those that no other of them needs.
void put_always_last(const RunState& state, std::vector<std::vector<int>>& parents) {
  std::vector<bool> is_last(parents.size(), true);
  for (std::size_t stage = 0; stage < parents.size(); ++stage) {
    for (const int parent : parents[stage]) {
      is_last[at(parent)] = is_last[at(parent)] && state.stages[stage].plan->always;
    }
  }
  for (std::size_t stage = 0; stage < parents.size(); ++stage) {
    for (std::size_t other = 0; state.stages[stage].plan->always && other < parents.size();
         ++other) {
      if (is_last[other] && has_run(state.stages[other]) && !state.stages[other].plan->always) {
        parents[stage].push_back(static_cast<int>(other));
      }
    }
  }
}

WfTask task_of(const RunState& state, const StageState& stage, std::set<std::string>& ids) {
  WfTask task;
  task.name = stage.plan->key;
  task.id = wf_id(stage.plan->key);
  const std::string base = task.id;
  for (int number = 2; !ids.insert(task.id).second; ++number) {
    task.id = fmt::format("{}.{}", base, number);
  }
  task.runtime = runtime_of(state, stage);
  task.memory_bytes = std::max<std::int64_t>(0, stage.usage.peak_memory_bytes);
  const double attempt = to_seconds(stage.duration).count();
  task.cpu_percent = attempt > 0 ? 100 * to_seconds(stage.usage.cpu).count() / attempt : 0;
  return task;
}

WfAbout about(const RunState& state) {
  const MachineFacts& machine = state.start.machine;
  WfAbout about;
  about.description = fmt::format("run {} of workflow {}, lane {}: {}",
                                  state.run_id,
                                  state.start.workflow,
                                  state.start.lane,
                                  to_string(state.status));
  about.executed_at = state.started_at;
  about.system_version = state.start.version;
  about.host = machine.hostname;
  about.kernel = machine.kernel;
  about.host_cores = static_cast<int>(std::clamp(std::ceil(machine.cpus), 0.0, 1e6));
  about.host_memory_bytes = machine.memory_bytes;
  return about;
}

}  // namespace

Result<std::string> wf_report(const RunState& state) {
  if (!state.ended()) {
    return Error{ErrorCode::conflict,
                 fmt::format("write run {} as WfFormat: it goes on still", state.run_id),
                 "wait for its end: headway status --watch"};
  }
  Parents walk(state);
  std::vector<std::vector<int>> parents(state.stages.size());
  for (std::size_t stage = 0; stage < parents.size(); ++stage) {
    if (has_run(state.stages[stage])) {
      parents[stage] = walk.of(static_cast<int>(stage));
    }
  }
  put_always_last(state, parents);
  WfTrace trace;
  trace.name = state.start.workflow;
  trace.makespan = to_seconds(state.elapsed);
  std::set<std::string> ids;
  std::vector<int> number(parents.size(), -1);
  for (std::size_t stage = 0; stage < parents.size(); ++stage) {
    if (has_run(state.stages[stage])) {
      number[stage] = static_cast<int>(trace.tasks.size());
      trace.tasks.push_back(task_of(state, state.stages[stage], ids));
    }
  }
  if (trace.tasks.empty()) {
    return Error{ErrorCode::not_found,
                 fmt::format("write run {} as WfFormat: none of its stages started", state.run_id)};
  }
  for (std::size_t stage = 0; stage < parents.size(); ++stage) {
    for (const int parent : parents[stage]) {
      if (number[stage] >= 0) {
        trace.tasks[at(number[stage])].needs.push_back(number[at(parent)]);
      }
    }
  }
  for (WfTask& task : trace.tasks) {
    std::sort(task.needs.begin(), task.needs.end());
    task.needs.erase(std::unique(task.needs.begin(), task.needs.end()), task.needs.end());
  }
  return write_wf_trace(trace, about(state)) + "\n";
}

}  // namespace headway
