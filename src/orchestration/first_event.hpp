// The first event of a run: the plan and the facts it starts from. Reads no clock, starts nothing.
#pragma once

#include "model/run_event.hpp"
#include "orchestration/orchestrator.hpp"

namespace headway {

// `jobs`: stages at once, at first.
RunStarted first_event(const RunPlan& plan, const RunIdentity& identity, int jobs);

}  // namespace headway
