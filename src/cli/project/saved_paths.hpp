// What was saved before a stage that failed. Reads the list of checkpoints; restores nothing.
#pragma once

#include "record/run_state.hpp"

#include <string>

namespace headway::cli {

// The short id of the checkpoint that was made before the stage which failed first in that run, in
// its folder `run_folder`; "" where there is none. Starts git only where there are checkpoints.
std::string saved_before_failure(const RunState& state, const std::string& run_folder);

}  // namespace headway::cli
