// Arguments that one run gives to one stage: `headway run STAGE -- ARGS`. Pure.
#pragma once

#include "headway/result.hpp"
#include "model/selection.hpp"
#include "model/workflow.hpp"

#include <string>
#include <vector>

namespace headway {

// Writes them into the command of the one stage that `request` names (by `stages` or `only`).
// Nothing where there are none. Errors: no stage or several are named, or its script does not use
// them.
Result<void> pass_arguments(Workflow& workflow,
                            const SelectionRequest& request,
                            const std::vector<std::string>& arguments);

}  // namespace headway
