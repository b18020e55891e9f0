// `headway plan` as `run --dry-run` shares it: shows a plan. Starts nothing.
#pragma once

#include "cli/project/prepared_plan.hpp"

namespace headway::cli {

// Shows what would run; the exit code.
int show_plan(PreparedPlan& prepared, const GlobalOptions& options);

}  // namespace headway::cli
