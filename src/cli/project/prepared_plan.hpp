// PreparedPlan: what `run` and `plan` begin with: from flags to a plan, every mistake told on the
// way. Starts nothing.
#pragma once

#include "cli/command.hpp"
#include "cli/project/run_request.hpp"
#include "orchestration/session.hpp"

#include <functional>
#include <memory>

namespace headway::cli {

// A checked workflow, the plan over it, and what must not be shown. The environment is this
// process's.
struct PreparedPlan {
  std::unique_ptr<const Workflow> workflow;  // the plan points to it
  RunPlan plan;
  std::vector<std::string> environment;
  SecretSet secrets;
};

// Makes the plan and gives it to `use`; the exit code is that of `use`, or of the mistake, which is
// told on stderr.
int with_plan(const RequestFlags& flags,
              const GlobalOptions& options,
              const std::function<int(PreparedPlan&)>& use);

}  // namespace headway::cli
