// What `headway run` and `headway resume` have in common: the flags of a run, and the run of a
// plan.
#pragma once

#include "cli/command.hpp"
#include "cli/project/prepared_plan.hpp"
#include "cli/project/report_files.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headway::cli {

// The flags as given.
struct RunOptions {
  RequestFlags request;
  bool dry_run = false;
  std::string output;
  ReportFiles reports;
  bool github = false;
};

// Those of a run beside request_flags().
std::vector<Flag> run_flags(RunOptions& asked);

// Does something to the plan before it runs; an exit code ends the command there.
using PlanStep = std::function<std::optional<int>(PreparedPlan&)>;

// Plans, runs in a watched worker with a view, and tells how it ended (or only shows the plan).
int run_planned(const RunOptions& asked, const GlobalOptions& options, const PlanStep& before);

}  // namespace headway::cli
