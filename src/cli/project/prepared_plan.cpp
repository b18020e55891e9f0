// From flags to a plan; see prepared_plan.hpp. Starts nothing.
#include "cli/project/prepared_plan.hpp"

#include "cli/console.hpp"
#include "cli/project/lane_request.hpp"
#include "cli/project/project.hpp"

#include <utility>

namespace headway::cli {
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
  auto kept = std::make_unique<const Workflow>(std::move(*workflow));
  std::vector<std::string> environment = process_environment();
  if (const auto settled = settle_lane({flags, *kept, environment}, *request, errors); !settled) {
    return errors.refuse(settled.error());
  }
  auto plan = make_run_plan(*kept, std::move(*request));
  if (!plan) {
    return errors.refuse(plan.error());
  }
  SecretSet secrets = workflow_secrets(*kept, environment);
  PreparedPlan prepared{
      std::move(kept), std::move(*plan), std::move(environment), std::move(secrets)};
  return use(prepared);
}

}  // namespace headway::cli
