// From flags to a plan; see prepared_plan.hpp. Starts nothing.
#include "cli/project/prepared_plan.hpp"

#include "cli/console.hpp"
#include "cli/project/lane_request.hpp"
#include "cli/project/project.hpp"
#include "headway/lanes.hpp"
#include "model/stage_arguments.hpp"
#include "orchestration/conditions.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace headway::cli {
namespace {

// What git says, unless the choice of the lane has asked it before.
Result<Change> change_of(const LaneQuestion& question, std::optional<Change> known) {
  if (known) {
    return *std::move(known);
  }
  return read_change(
      question.workflow.directory,
      {.base = question.flags.base, .with_messages = false, .environment = question.environment});
}

// What changed, for `when.changed`; of files outside the workflow file's folder nothing is said.
ChangedPaths changed_paths(const Result<Change>& change, const std::string& directory) {
  if (!change) {
    return {.unknown = change.error().message};
  }
  if (change->counts_everything || !change->knows_files) {
    return {.unknown = change->base_source};
  }
  const std::string folder = directory + "/";
  ChangedPaths changed;
  for (const ChangedFile& file : change->files) {
    for (const std::string& path : {file.path, file.old_path}) {
      const std::string whole = change->root + "/" + path;
      if (!path.empty() && whole.starts_with(folder)) {
        changed.paths.push_back(whole.substr(folder.size()));
      }
    }
  }
  return changed;
}

}  // namespace

int with_plan(const RequestFlags& flags,
              const GlobalOptions& options,
              const std::function<int(PreparedPlan&)>& use) {
  Console errors(options);
  auto request = make_request(flags, options.settings);
  if (!request) {
    return errors.refuse(request.error());
  }
  const auto project = find_project(options, true);
  if (!project) {
    return errors.refuse(project.error());
  }
  auto workflow = load_checked(*project, errors);
  if (!workflow) {
    return static_cast<int>(ExitCode::usage);
  }
  if (auto passed = pass_arguments(*workflow, request->selection, request->arguments); !passed) {
    return errors.refuse(passed.error());
  }
  auto kept = std::make_unique<const Workflow>(std::move(*workflow));
  std::vector<std::string> environment = process_environment();
  const LaneQuestion question{flags, *kept, environment};
  auto settled = settle_lane(question, *request, errors);
  if (!settled) {
    return errors.refuse(settled.error());
  }
  auto plan = make_run_plan(*kept, std::move(*request));
  if (!plan) {
    return errors.refuse(plan.error());
  }
  const std::string unknown = apply_conditions(
      *plan, {environment, [&] {
                return changed_paths(change_of(question, *std::move(settled)), kept->directory);
              }});
  if (!unknown.empty()) {
    errors.tell(fmt::format("when: everything counts as changed: {}", unknown));
  }
  SecretSet secrets = workflow_secrets(*kept, environment);
  PreparedPlan prepared{
      std::move(kept), std::move(*plan), std::move(environment), std::move(secrets)};
  return use(prepared);
}

}  // namespace headway::cli
