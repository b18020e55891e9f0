// See stage_launch.hpp.
#include "orchestration/stage_launch.hpp"

#include "base/files.hpp"
#include "execution/shell_command.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

// The arguments of a run are the script's "$@", or stand behind the words of a list.
std::vector<std::string> argv_of(const StageCommand& run) {
  if (run.is_script() && run.arguments.empty()) {
    return script_argv(run.script);
  }
  std::vector<std::string> argv =
      run.is_script() ? std::vector<std::string>{"/bin/sh", "-e", "-c", run.script, "/bin/sh"}
                      : run.argv;
  argv.insert(argv.end(), run.arguments.begin(), run.arguments.end());
  return argv;
}

}  // namespace

StageList stage_list(const RunPlan& plan) {
  return {plan.graph,
          plan.needs,
          plan.limits,
          [&plan](int task) { return fmt::format("'{}'", plan.stage(task).key); },
          [&plan](int task) { return &plan.stage(task).retries; }};
}

StageLaunches::StageLaunches(const RunPlan& plan,
                             const LaunchPlace& place,
                             const RunJobServer* jobserver)
    : plan_(plan),
      jobserver_(jobserver),
      run_folder_(place.run_folder),
      environment_(place.environment,
                   plan.workflow->env,
                   {std::string(place.run_id),
                    plan.workflow->name,
                    plan.selection.lane->key,
                    plan.request.change_id,
                    plan.request.title,
                    plan.request.owner},
                   jobserver) {}

Launch StageLaunches::of(int task, int attempt) {
  const Stage& stage = plan_.stage(task);
  const std::string& directory = plan_.workflow->directory;
  Launch launch;
  launch.task = task;
  launch.attempt = attempt;
  launch.argv = argv_of(stage.run);
  launch.directory = stage.dir.empty() ? directory : absolute_path(directory, stage.dir);
  launch.environment = &environment_.of(stage, attempt);
  launch.interactive = stage.interactive;
  launch.keep_background = stage.keep_background;
  if (!stage.interactive) {
    launch.log_path = run_folder_ + "/" + RunFolder::stage_log_name(stage.key, attempt);
  }
  if (jobserver_ != nullptr) {
    launch.inherited = jobserver_->descriptors(stage);
  }
  return launch;
}

Launch StageLaunches::of_gate(int task, int attempt, const Gate& gate) {
  const Stage& stage = plan_.stage(task);
  Launch launch;
  launch.task = task;
  launch.attempt = attempt;
  launch.argv = gate.run->is_script() ? script_argv(gate.run->script) : gate.run->argv;
  launch.directory = plan_.workflow->directory;
  launch.environment = &environment_.of(stage, attempt);
  launch.log_path = run_folder_ + "/" + RunFolder::gate_log_name(stage.key, attempt, gate.key);
  if (jobserver_ != nullptr) {
    launch.inherited = jobserver_->descriptors(stage);
  }
  return launch;
}

std::string StageLaunches::log_of(const Launch& launch) const {
  return launch.log_path.empty() ? "" : launch.log_path.substr(run_folder_.size() + 1);
}

}  // namespace headway
