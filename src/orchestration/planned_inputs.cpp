// look_at_inputs() of run_plan.hpp: which stages of a plan are up to date before anything has run.
#include "base/path_patterns.hpp"
#include "orchestration/resume.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/stage_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace headway {
namespace {

std::size_t at(int position) {
  return static_cast<std::size_t>(position);
}

// Which positions of a plan were met in one of many walks over it.
class Walks {
 public:
  explicit Walks(int size) : met_in_(at(size), 0) {}

  void begin() { ++walk_; }
  // True at the first meeting in this walk.
  bool meet(int position) { return std::exchange(met_in_[at(position)], walk_) != walk_; }

 private:
  std::vector<int> met_in_;
  int walk_ = 0;
};

// The stages that will run and write files, and who comes after them. A plan is gone through once,
// in the order of its needs, whatever its size: globs are read once, and what has no writer before
// it is not looked behind.
class Writers {
 public:
  explicit Writers(const RunPlan& plan)
      : plan_(plan),
        outputs_(at(plan.size())),
        leads_to_one_(at(plan.size())),
        walks_(plan.size()) {}

  // It is decided whether the stage will run; so is it of all that it needs.
  void decided(int position) {
    const bool writes = !plan_.would_skip(position) && !plan_.stage(position).files.outputs.empty();
    if (writes) {
      outputs_[at(position)] = StageInputs::outputs_of(plan_.stage(position));
    }
    leads_to_one_[at(position)] = writes || has_one_before(position);
  }

  // A stage that `position` needs, however far back, and that writes some of what it reads; -1
  // where there is none.
  int of_inputs(int position, const FileSet& reads) {
    if (!has_one_before(position)) {
      return -1;
    }
    walks_.begin();
    std::vector<int> open = plan_.selection.needs[at(position)];
    while (!open.empty()) {
      const int need = open.back();
      open.pop_back();
      if (!leads_to_one_[at(need)] || !walks_.meet(need)) {
        continue;
      }
      if (writes_one_of(need, reads)) {
        return need;
      }
      const auto& further = plan_.selection.needs[at(need)];
      open.insert(open.end(), further.begin(), further.end());
    }
    return -1;
  }

 private:
  bool has_one_before(int position) const {
    const std::vector<int>& needs = plan_.selection.needs[at(position)];
    return std::any_of(
        needs.begin(), needs.end(), [this](int need) { return leads_to_one_[at(need)]; });
  }
  bool writes_one_of(int position, const FileSet& reads) const {
    const std::optional<PathPatterns>& outputs = outputs_[at(position)];
    return outputs && std::any_of(reads.files.begin(), reads.files.end(), [&](const FoundFile& f) {
             return outputs->matches(f.path);
           });
  }

  const RunPlan& plan_;
  std::vector<std::optional<PathPatterns>> outputs_;  // by position; of those that will run
  std::vector<bool> leads_to_one_;                    // by position: it, or what it needs
  Walks walks_;
};

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
int who_runs_before(const RunPlan& plan, int position, Walks& walks) {
  walks.begin();
  std::vector<int> open = plan.selection.needs[at(position)];
  for (int other = 0; plan.stage(position).always && other < plan.size(); ++other) {
    if (!plan.stage(other).always) {
      open.push_back(other);
    }
  }
  while (!open.empty()) {
    const int need = open.back();
    open.pop_back();
    if (!walks.meet(need)) {
      continue;
    }
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
bool is_answered_by_earlier_run(RunPlan& plan, int position, Walks& walks) {
  if (plan.before.empty()) {
    return false;
  }
  const StageBefore& before = plan.before[at(position)];
  PlannedInputs& planned = plan.inputs[at(position)];
  if (before.finished) {
    const int ran = before.for_good ? -1 : who_runs_before(plan, position, walks);
    planned.skipped = ran < 0;
    planned.why = ran < 0
                      ? finished_text(plan)
                      : cause_text({.kind = CauseKind::need_ran, .detail = plan.stage(ran).key});
    return true;
  }
  planned.why = cause_text(before.cause);
  return before.cause.kind != CauseKind::none;
}

// What the stages of a plan are looked at with.
struct Looks {
  StageInputs inputs;
  Writers writers;
  Walks walks;
};

// One stage that declares inputs.
void look_at(RunPlan& plan, int position, Looks& looks, std::vector<std::string>& lines) {
  const Stage& stage = plan.stage(position);
  InputSnapshot now;
  const InputVerdict verdict = looks.inputs.look(stage, plan.request.force, &now);
  PlannedInputs& planned = plan.inputs[at(position)];
  planned.why = cause_text(verdict.cause);
  const int writer = verdict.up_to_date() ? looks.writers.of_inputs(position, now.files) : -1;
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
  Looks looks{StageInputs(*plan.workflow, *plan.selection.lane, plan.state),
              Writers(plan),
              Walks(plan.size())};
  for (const bool always : {false, true}) {  // those run after all else
    for (const int position : order) {
      if (plan.stage(position).always != always) {
        continue;
      }
      if (!is_answered_by_condition(plan, position) &&
          !is_answered_by_earlier_run(plan, position, looks.walks) && declared(position)) {
        look_at(plan, position, looks, lines);
      }
      looks.writers.decided(position);
    }
  }
  if (!looks.inputs.trouble().empty()) {
    lines.push_back(looks.inputs.trouble());
  }
  static_cast<void>(looks.inputs.save());  // only saves time; the state folder need not be there
  return lines;
}

}  // namespace headway
