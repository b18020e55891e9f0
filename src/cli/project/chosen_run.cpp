// The run that a read command is about; see chosen_run.hpp. Shows no run.
#include "cli/project/chosen_run.hpp"

#include "cli/project/dead_runs.hpp"
#include "orchestration/orchestrator.hpp"

#include <utility>

namespace headway::cli {

std::optional<Project> open_for_reading(const GlobalOptions& options, Console& console) {
  auto project = find_project(options, false);
  if (!project) {
    console.tell(project.error());
    return std::nullopt;
  }
  close_dead_runs(project->state, console);
  return std::move(*project);
}

int with_chosen_run(const GlobalOptions& options,
                    Console& console,
                    const std::vector<std::string>& words,
                    const RunUses& uses) {
  const auto project = open_for_reading(options, console);
  if (!project) {
    return static_cast<int>(ExitCode::usage);
  }
  const auto run_id = resolve_run(project->state, words.empty() ? "" : words.front());
  if (!run_id && words.empty() && run_id.error().code == ErrorCode::not_found) {
    return uses.none();
  }
  if (!run_id) {
    return console.refuse(run_id.error());
  }
  return uses.run(RunFolder{project->state.run(*run_id)});
}

Command run_reading_command(std::string name,
                            std::string summary,
                            std::vector<std::string>* words) {
  Command command;
  command.name = std::move(name);
  command.summary = std::move(summary);
  command.positional = "[RUN]";
  command.arguments = words;
  command.max_arguments = 1;
  command.takes_json = true;
  return command;
}

}  // namespace headway::cli
