// `headway plan` as `run --dry-run` shares it: shows a plan. Starts nothing.
#pragma once

#include "cli/console.hpp"
#include "orchestration/run_plan.hpp"

namespace headway::cli {

// Shows what would run; the exit code.
int show_plan(const RunPlan& plan,
              const GlobalOptions& options,
              const SecretSet& secrets,
              Console& console);

}  // namespace headway::cli
