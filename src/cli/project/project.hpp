// Project: which workflow file and which state folder a command works on.
// Reads the file where asked; knows no run.
#pragma once

#include "cli/console.hpp"
#include "headway/result.hpp"
#include "model/workflow_file.hpp"
#include "record/run_folder.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headway::cli {

// A workflow file and its surroundings.
struct Project {
  std::string file;       // absolute; empty: there is none here or above
  std::string directory;  // absolute: of the file, else where it was looked for
  StateFolder state;
};

// The project around GlobalOptions::start, or of -f. Error not_found where -f names no file, or
// `file_needed` and there is none.
Result<Project> find_project(const GlobalOptions& options, bool file_needed);

// Loads and checks the workflow; every mistake is told on stderr, one a line. Nothing: told, and
// the command ends with exit code 2.
std::optional<Workflow> load_checked(const Project& project, Console& console);

// `path` as people like it: relative to the working directory where it lies at or below it.
std::string short_path(std::string_view path);

}  // namespace headway::cli
