// The workflow of a command that needs nothing else of the project. Knows no run.
#pragma once

#include "cli/command.hpp"
#include "model/workflow.hpp"

#include <functional>

namespace headway::cli {

// Finds, loads and checks the workflow for `use`: its exit code, or 2 where there is no good
// workflow, which was told.
int with_workflow(const GlobalOptions& options, const std::function<int(const Workflow&)>& use);

}  // namespace headway::cli
