// See doctor_request.hpp.
#include "cli/project/doctor_request.hpp"

#include "cli/project/project.hpp"
#include "host/machine.hpp"
#include "orchestration/session.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headway::cli {
namespace {

// The number that HEADWAY_JOBS asks for; 0 where it asks for none.
Result<int> asked_jobs(const GlobalOptions& options) {
  if (options.settings.jobs.empty()) {
    return 0;
  }
  const auto jobs = parse_jobs(options.settings.jobs);
  if (!jobs) {
    return jobs.error();
  }
  if (jobs->percent > 0) {
    return std::max(1, static_cast<int>(std::lround(usable_cpus() * jobs->percent / 100)));
  }
  return jobs->count;
}

void read_file_of(const Project& project, PreparedDoctor& prepared) {
  if (project.file.empty()) {
    return;
  }
  prepared.request.workflow_file = short_path(project.file);
  auto loaded = load_workflow(prepared.request.workflow_file);
  if (!loaded) {
    prepared.request.problems.push_back(loaded.error().message);
    return;
  }
  for (const Problem& problem : loaded->problems) {
    prepared.request.problems.push_back(to_string(problem));
  }
  if (loaded->valid()) {
    prepared.workflow = std::make_unique<const Workflow>(std::move(loaded->workflow));
    prepared.request.workflow = prepared.workflow.get();
  }
}

}  // namespace

Result<PreparedDoctor> prepare_doctor(const GlobalOptions& options, const std::string& lane) {
  const auto project = find_project(options, false);
  if (!project) {
    return project.error();
  }
  const auto jobs = asked_jobs(options);
  if (!jobs) {
    return jobs.error();
  }
  PreparedDoctor prepared;
  prepared.request.directory = project->directory;
  prepared.request.state = project->state;
  prepared.request.lane = lane;
  prepared.request.jobs = *jobs;
  prepared.request.environment = process_environment();
  read_file_of(*project, prepared);
  prepared.secrets = workflow_secrets(prepared.workflow ? *prepared.workflow : Workflow(),
                                      prepared.request.environment);
  return prepared;
}

}  // namespace headway::cli
