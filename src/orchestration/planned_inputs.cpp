// look_at_inputs() of run_plan.hpp: which stages of a plan are up to date before anything has run.
#include "orchestration/resume.hpp"
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

// Whether what runs before the stage may change what comes after it, though it need not run itself.
bool passes_on(const RunPlan& plan, int position) {
  return !plan.unmet_condition(position).empty() ||
         (!plan.before.empty() && plan.before[at(position)].for_good);
}

// A stage that runs before `position` and that it stands on; -1 where there is none. An `always`
// stage stands on all others.
int who_runs_before(const RunPlan& plan, int position) {
  std::vector<int> open = plan.selection.needs[at(position)];
  for (int other = 0; plan.stage(position).always && other < plan.size(); ++other) {
    if (!plan.stage(other).always) {
      open.push_back(other);
    }
  }
  std::vector<bool> seen(at(plan.size()));
  while (!open.empty()) {
    const int need = open.back();
    open.pop_back();
    if (seen[at(need)]) {
      continue;
    }
    seen[at(need)] = true;
    if (!plan.would_skip(need)) {
      return need;
    }
    if (passes_on(plan, need)) {
      const std::vector<int>& further = plan.selection.needs[at(need)];
      open.insert(open.end(), further.begin(), further.end());
    }
  }
  return -1;
}

// Whether the run that goes on here says all there is to say of the stage.
bool is_answered_by_earlier_run(RunPlan& plan, int position) {
  if (plan.before.empty()) {
    return false;
  }
  const StageBefore& before = plan.before[at(position)];
  PlannedInputs& planned = plan.inputs[at(position)];
  if (before.finished) {
    const int ran = before.for_good ? -1 : who_runs_before(plan, position);
    planned.skipped = ran < 0;
    planned.why = ran < 0
                      ? finished_text(plan)
                      : cause_text({.kind = CauseKind::need_ran, .detail = plan.stage(ran).key});
    return true;
  }
  planned.why = cause_text(before.cause);
  return before.cause.kind != CauseKind::none;
}

// One stage that declares inputs.
void look_at(RunPlan& plan, int position, StageInputs& inputs, std::vector<std::string>& lines) {
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

}  // namespace

std::vector<std::string> look_at_inputs(RunPlan& plan) {
  std::vector<std::string> lines;
  plan.inputs.assign(at(plan.size()), {});
  const std::vector<int>& order = plan.graph.topological_order();
  const auto declared = [&plan](int position) { return plan.stage(position).files.declared; };
  if (std::none_of(order.begin(), order.end(), declared) && plan.before.empty() &&
      plan.unmet.empty()) {
    return lines;
  }
  StageInputs inputs(*plan.workflow, *plan.selection.lane, plan.state);
  for (const bool always : {false, true}) {  // those run after all else
    for (const int position : order) {
      if (plan.stage(position).always != always || is_answered_by_condition(plan, position) ||
          is_answered_by_earlier_run(plan, position)) {
        continue;
      }
      if (declared(position)) {
        look_at(plan, position, inputs, lines);
      }
    }
  }
  if (!inputs.trouble().empty()) {
    lines.push_back(inputs.trouble());
  }
  static_cast<void>(inputs.save());  // only saves time; the state folder need not be there
  return lines;
}

}  // namespace headway
