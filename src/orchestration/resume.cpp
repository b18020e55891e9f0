// See resume.hpp.
#include "orchestration/resume.hpp"

#include "base/text.hpp"
#include "base/uuid.hpp"
#include "orchestration/imprint_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kCommitDigits = 8;

std::size_t at(int position) {
  return static_cast<std::size_t>(position);
}

// A stage of the earlier run, as far as it matters here.
struct EarlierStage {
  const StageState* state = nullptr;
  bool finished = false;
};

using EarlierStages = std::unordered_map<std::string_view, EarlierStage>;

EarlierStages by_key(const RunState& earlier) {
  const std::vector<bool> finished = finished_stages(earlier);
  EarlierStages stages;
  stages.reserve(earlier.stages.size());
  for (std::size_t i = 0; i < earlier.stages.size(); ++i) {
    stages.emplace(earlier.stages[i].plan->key, EarlierStage{&earlier.stages[i], finished[i]});
  }
  return stages;
}

// Stages with side effects that began in that run or one before it, and whether they came to a good
// end. What a run leaves out is told on in its record: it may come back later.
std::map<std::string, bool> effects_of(const RunPlan& plan,
                                       const RunState& earlier,
                                       const EarlierStages& stages) {
  std::map<std::string, bool> effects;
  for (const EarlierSideEffects& told : earlier.start.side_effects) {
    effects[told.stage] = told.done;
  }
  for (const auto& [key, stage] : stages) {
    const Stage* now = plan.workflow->find_stage(key);
    if (!stage.state->plan->once && (now == nullptr || !now->once)) {
      continue;
    }
    if (stage.finished) {
      effects[std::string(key)] = true;
    } else if (stage.state->attempts > 0) {
      effects[std::string(key)] = false;
    }
  }
  return effects;
}

StageCause because(CauseKind kind, std::string detail = {}) {
  StageCause cause;
  cause.kind = kind;
  cause.detail = std::move(detail);
  return cause;
}

StageCause changed(ChangedThing thing) {
  StageCause cause;
  const bool is_definition = thing == ChangedThing::definition;
  cause.kind = is_definition ? CauseKind::definition_changed : CauseKind::environment_changed;
  cause.add({ChangedThing::definition,
             ChangeKind::content,
             is_definition ? "definition" : "environment"});
  return cause;
}

std::string short_commit(const std::string& commit) {
  return commit.empty() ? "none" : commit.substr(0, kCommitDigits);
}

// What the earlier run says of one stage of the plan.
class EarlierRunVerdicts {
 public:
  EarlierRunVerdicts(const RunPlan& plan, const RunState& earlier, const std::string& commit)
      : plan_(plan),
        earlier_(earlier),
        commit_(commit),
        stages_(by_key(earlier)),
        effects_(effects_of(plan, earlier, stages_)),
        digests_(*plan.workflow, *plan.selection.lane) {}

  StageBefore of(int position) const {
    const Stage& stage = plan_.stage(position);
    if (plan_.request.force) {
      return {.cause = because(CauseKind::forced)};
    }
    const auto found = stages_.find(stage.key);
    const EarlierStage before = found == stages_.end() ? EarlierStage() : found->second;
    if (stage.once && effects_.count(stage.key) > 0) {  // it was not in doubt: done
      return {.finished = true, .for_good = true};
    }
    if (stage.files.declared) {
      return {};
    }
    StageBefore verdict{.cause = why_again(stage, before)};
    verdict.finished = verdict.cause.kind == CauseKind::none;
    return verdict;
  }

  // A stage that must not be repeated began there, and what became of it is not known to be good.
  bool is_in_doubt(int position) const {
    const Stage& stage = plan_.stage(position);
    const auto found = effects_.find(stage.key);
    return stage.once && !plan_.request.force && found != effects_.end() && !found->second;
  }

  std::vector<EarlierSideEffects> effects() const {
    std::vector<EarlierSideEffects> all;
    all.reserve(effects_.size());
    for (const auto& [key, done] : effects_) {
      all.push_back({key, done});
    }
    return all;
  }

 private:
  StageCause why_again(const Stage& stage, const EarlierStage& before) const {
    const std::string run = short_id(earlier_.run_id);
    if (before.state == nullptr) {
      return because(CauseKind::not_finished, fmt::format("run {} did not have it", run));
    }
    if (!before.finished) {
      const StageStatus status = before.state->status;
      return because(CauseKind::not_finished,
                     status == StageStatus::pending || before.state->attempts == 0
                         ? fmt::format("run {} had not started it", run)
                         : fmt::format("run {} left it {}", run, to_string(status)));
    }
    const DefinitionDigests now = digests_.of(stage);
    if (now.definition != before.state->plan->definition) {
      return changed(ChangedThing::definition);
    }
    if (now.environment != before.state->plan->environment) {
      return changed(ChangedThing::environment);
    }
    const std::string& then = earlier_.commit;
    if (then != commit_) {
      return because(
          CauseKind::commit_changed,
          fmt::format("it was {}, now it is {}", short_commit(then), short_commit(commit_)));
    }
    return {};
  }

  const RunPlan& plan_;
  const RunState& earlier_;
  const std::string& commit_;
  EarlierStages stages_;
  std::map<std::string, bool>
      effects_;  // of stages that began in an earlier run: came to good ends
  StageDigests digests_;
};

Error in_doubt(const std::vector<std::string>& keys, const std::string& run) {
  std::string skip;
  for (const std::string& key : keys) {
    skip += fmt::format(" --skip {}", shell_quote(key));
  }
  return {
      ErrorCode::invalid_argument,
      fmt::format("go on from run {}: {} '{}' {} side effects ('side_effects: once') and began, "
                  "but did not come to a good end: not repeated",
                  run,
                  keys.size() == 1 ? "stage" : "stages",
                  join(keys, "', '"),
                  keys.size() == 1 ? "has" : "have"),
      fmt::format("look at what was done; then{} goes on without, --force repeats all", skip)};
}

}  // namespace

std::vector<bool> finished_stages(const RunState& earlier) {
  std::vector<std::vector<int>> needs;
  needs.reserve(earlier.stages.size());
  for (const StageState& stage : earlier.stages) {
    needs.push_back(stage.plan->needs);
  }
  const bool anything_ran = std::any_of(earlier.stages.begin(),
                                        earlier.stages.end(),
                                        [](const StageState& stage) { return stage.attempts > 0; });
  std::vector<bool> finished(earlier.stages.size(), false);
  std::vector<bool> moved(earlier.stages.size(), false);  // it ran, or stands on one that did
  const CsrGraph graph(needs);
  for (const int position : graph.topological_order()) {
    const StageState& stage = earlier.stages[at(position)];
    const std::vector<int>& below = stage.plan->needs;
    if (stage.attempts > 0 || stage.up_to_date) {
      finished[at(position)] = stage.up_to_date || stage.status == StageStatus::completed;
      moved[at(position)] = stage.attempts > 0;
      continue;
    }
    moved[at(position)] =
        std::any_of(below.begin(), below.end(), [&](int need) { return moved[at(need)]; });
    const bool rests_on_others =
        !(stage.plan->always && anything_ran) && !moved[at(position)] &&
        std::all_of(below.begin(), below.end(), [&](int need) { return finished[at(need)]; });
    finished[at(position)] = stage.status == StageStatus::completed ||
                             (stage.plan->finished_before && (stage.plan->once || rests_on_others));
  }
  return finished;
}

std::vector<std::string> stages_in_doubt(const RunState& earlier) {
  const std::vector<bool> finished = finished_stages(earlier);
  const auto& told = earlier.start.side_effects;
  std::vector<std::string> doubts;
  for (std::size_t i = 0; i < earlier.stages.size(); ++i) {
    const StageState& stage = earlier.stages[i];
    const bool began =
        stage.attempts > 0 || std::any_of(told.begin(), told.end(), [&stage](const auto& effects) {
          return effects.stage == stage.plan->key && !effects.done;
        });
    if (stage.plan->once && began && !finished[i]) {
      doubts.push_back(stage.plan->key);
    }
  }
  return doubts;
}

SelectionRequest selection_of(const RunState& earlier) {
  SelectionRequest request = earlier.start.asked;
  request.lane = earlier.start.lane;
  return request;
}

Result<void> go_on_from(RunPlan& plan, const RunState& earlier, const std::string& commit) {
  if (earlier.start.workflow != plan.workflow->name) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("go on from run {}: it is of workflow '{}', the file is of '{}'",
                             short_id(earlier.run_id),
                             earlier.start.workflow,
                             plan.workflow->name),
                 "name the file of that workflow with -f"};
  }
  const EarlierRunVerdicts verdicts(plan, earlier, commit);
  plan.resumed_from = earlier.run_id;
  plan.before.clear();
  std::vector<std::string> doubts;
  for (int position = 0; position < plan.size(); ++position) {
    if (verdicts.is_in_doubt(position)) {
      doubts.push_back(plan.stage(position).key);
    }
    plan.before.push_back(verdicts.of(position));
  }
  if (!doubts.empty()) {
    return in_doubt(doubts, short_id(earlier.run_id));
  }
  plan.side_effects = verdicts.effects();
  return {};
}

bool is_anything_left(const RunPlan& plan) {
  for (int position = 0; position < plan.size(); ++position) {
    if (!plan.would_skip(position)) {
      return true;
    }
  }
  return false;
}

std::string finished_text(const RunPlan& plan) {
  return fmt::format("finished in run {}", short_id(plan.resumed_from));
}

}  // namespace headway
