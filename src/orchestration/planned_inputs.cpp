// look_at_inputs() of run_plan.hpp: which stages of a plan are up to date before anything has run.
#include "orchestration/run_plan.hpp"
#include "orchestration/stage_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

std::size_t at(int position) {
  return static_cast<std::size_t>(position);
}

// A stage that `position` needs, however far back, and that will run and write some of what it
// reads; -1 where there is none.
int who_changes(const RunPlan& plan, int position, const FileSet& reads) {
  std::vector<int> open = plan.selection.needs[at(position)];
  std::vector<bool> seen(at(plan.size()));
  while (!open.empty()) {
    const int need = open.back();
    open.pop_back();
    if (seen[at(need)]) {
      continue;
    }
    seen[at(need)] = true;
    if (!plan.would_skip(need) && StageInputs::writes_inputs_of(plan.stage(need), reads)) {
      return need;
    }
    const auto& further = plan.selection.needs[at(need)];
    open.insert(open.end(), further.begin(), further.end());
  }
  return -1;
}

bool is_answered_by_condition(RunPlan& plan, int position) {
  const std::string& unmet = plan.unmet_condition(position);
  if (!unmet.empty()) {
    plan.inputs[at(position)] = {true, unmet};
  }
  return !unmet.empty();
}

}  // namespace

std::vector<std::string> look_at_inputs(RunPlan& plan) {
  std::vector<std::string> lines;
  plan.inputs.assign(at(plan.size()), {});
  const auto declared = [&plan](int position) { return plan.stage(position).files.declared; };
  const std::vector<int>& order = plan.graph.topological_order();
  if (std::none_of(order.begin(), order.end(), declared) && plan.unmet.empty()) {
    return lines;
  }
  StageInputs inputs(*plan.workflow, *plan.selection.lane, plan.state);
  for (const int position : order) {
    if (is_answered_by_condition(plan, position) || !declared(position)) {
      continue;
    }
    const Stage& stage = plan.stage(position);
    InputSnapshot now;
    const InputVerdict verdict = inputs.look(stage, plan.request.force, &now);
    PlannedInputs& planned = plan.inputs[at(position)];
    planned.why = cause_text(verdict.cause);
    const int writer = verdict.up_to_date() ? who_changes(plan, position, now.files) : -1;
    planned.skipped = verdict.up_to_date() && writer < 0;
    if (writer >= 0) {
      planned.why =
          fmt::format("up to date unless '{}' changes what it reads", plan.stage(writer).key);
    }
    if (!verdict.empty.empty()) {
      lines.push_back(
          fmt::format("stage '{}': no file matches '{}'", stage.key, verdict.empty.front()));
    }
  }
  if (!inputs.trouble().empty()) {
    lines.push_back(inputs.trouble());
  }
  static_cast<void>(inputs.save());  // only saves time; the state folder need not be there
  return lines;
}

}  // namespace headway
