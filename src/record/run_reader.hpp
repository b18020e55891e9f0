// Reading runs back, and closing those that Headway could not close itself. Used by every read
// command.
#pragma once

#include "headway/result.hpp"
#include "record/retention.hpp"
#include "record/run_closer.hpp"
#include "record/run_folder.hpp"
#include "record/run_state.hpp"

#include <string>
#include <vector>

namespace headway {

// The state of a run folded from its events. A run whose lock is free and that never finished comes
// back as interrupted. Errors: not_found (no such run, or it has not begun to record); io.
Result<RunState> read_run(const RunFolder& folder);

// Writes status.json anew from the events. Error code conflict for a run that is alive: it writes
// its own.
Result<void> rebuild_run(const RunFolder& folder);

// Runs of the state folder that never finished and whose lock is free. Cheap: looks at the newest
// `limit` runs' tails only.
std::vector<std::string> dead_runs(const StateFolder& state, int limit = 20);

}  // namespace headway
