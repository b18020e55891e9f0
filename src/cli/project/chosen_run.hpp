// What the commands that read runs begin with: the project, its dead runs closed, and the run that
// is meant. Knows nothing of what is shown.
#pragma once

#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "record/run_folder.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// The project for a command that only reads runs: what died is closed first, and told on stderr.
// Nothing: the error is told already, and the command ends with exit code 2.
std::optional<Project> open_for_reading(const GlobalOptions& options, Console& console);

// What a command does with the run that was asked for. Both give the exit code.
struct RunUses {
  std::function<int()> none;  // no run is named, and there is none yet
  std::function<int(const RunFolder&)> run;
};

// Finds the run that `words` name (none: the newest) and does what `uses` says; errors are told.
int with_chosen_run(const GlobalOptions& options,
                    Console& console,
                    const std::vector<std::string>& words,
                    const RunUses& uses);

// The JSON document of a command about a run where there is none.
inline constexpr std::string_view kNoRunDocument = R"({"format":1,"status":"NONE"})";

// A command "NAME [RUN]" with --json. Its `run` and its flags are still to be set.
Command run_reading_command(std::string name, std::string summary, std::vector<std::string>* words);

}  // namespace headway::cli
