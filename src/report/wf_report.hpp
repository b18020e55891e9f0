// A finished run as a WfFormat document (wfcommons.org), for the tools that read recorded
// workflows. Pure: folds events; opens no file.
#pragma once

#include "headway/result.hpp"
#include "record/run_state.hpp"

#include <string>

namespace headway {

// The document, with a newline at its end. Its tasks are the stages that started, in the order of
// the plan: name is the stage key, id the same without what WfFormat does not allow. Parents are
// the needs; of one that never started, its own needs stand in its place. An `always` stage has
// all those as parents after which it had to come. Runtime is that of the attempt, and with retries
// from the first start to the end. Errors: conflict (the run goes on still); not_found (nothing
// started).
Result<std::string> wf_report(const RunState& state);

}  // namespace headway
