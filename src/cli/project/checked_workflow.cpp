// See checked_workflow.hpp.
#include "cli/project/checked_workflow.hpp"

#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "orchestration/run_verdict.hpp"

namespace headway::cli {

int with_workflow(const GlobalOptions& options, const std::function<int(const Workflow&)>& use) {
  Console errors(options);
  const auto project = find_project(options, true);
  if (!project) {
    return errors.refuse(project.error());
  }
  const auto workflow = load_checked(*project, errors);
  return workflow ? use(*workflow) : static_cast<int>(ExitCode::usage);
}

}  // namespace headway::cli
