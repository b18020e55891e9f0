// See first_event.hpp.
#include "orchestration/first_event.hpp"

#include "model/trace_context.hpp"
#include "orchestration/imprint_comparison.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace headway {
namespace {

std::vector<PlannedStage> planned_stages(const RunPlan& plan) {
  std::vector<PlannedStage> out;
  out.reserve(static_cast<std::size_t>(plan.size()));
  const StageDigests stage_digests(*plan.workflow, *plan.selection.lane);
  for (int position = 0; position < plan.size(); ++position) {
    const Stage& stage = plan.stage(position);
    out.push_back({stage.key,
                   stage.stage_id,
                   stage.name,
                   plan.selection.needs[static_cast<std::size_t>(position)],
                   stage.always,
                   stage.allow_failure});
    const DefinitionDigests digests = stage_digests.of(stage);
    out.back().definition = digests.definition;
    out.back().environment = digests.environment;
    out.back().interactive = stage.interactive;
    out.back().once = stage.once;
    out.back().finished_before =
        !plan.before.empty() && plan.before[static_cast<std::size_t>(position)].finished;
  }
  return out;
}

}  // namespace

RunStarted first_event(const RunPlan& plan, const RunIdentity& identity, int jobs) {
  RunStarted body;
  body.workflow = plan.workflow->name;
  body.workflow_file = plan.workflow->file;
  body.lane = plan.selection.lane->key;
  body.change_id = plan.request.change_id;
  body.title = plan.request.title;
  body.owner = plan.request.owner;
  body.version = identity.version;
  body.user = identity.user;
  body.trace_parent = trace_parent_in(identity.environment);
  body.stages = planned_stages(plan);
  for (const LeftOut& left : plan.selection.left_out) {
    body.left_out.emplace_back(plan.workflow->stages[static_cast<std::size_t>(left.stage)].key,
                               left.reason);
  }
  body.jobs = jobs;
  body.sla = plan.selection.lane->sla;
  body.machine = identity.machine;
  body.repository = identity.repository;
  body.pid = identity.pid;
  body.asked = plan.request.selection;
  body.asked.lane.clear();
  body.arguments = plan.request.arguments;
  body.resumed_from = plan.resumed_from;
  body.side_effects = plan.side_effects;
  return body;
}

}  // namespace headway
