// Reading runs back, and closing those that Headway could not close itself. Used by every read
// command.
#pragma once

#include "headway/result.hpp"
#include "record/run_folder.hpp"
#include "record/run_state.hpp"

#include <functional>
#include <string>
#include <vector>

namespace headway {

// The state of a run folded from its events. A run whose lock is free and that never finished comes
// back as interrupted.
Result<RunState> read_run(const RunFolder& folder);

// Closes the record of a dead run: appends stage_finished (interrupted) for what ran and
// run_finished(interrupted) to its events (a torn tail is cut off first), writes status.json. Takes
// the run's lock; a run that is alive, or closed, is left alone (false).
Result<bool> close_interrupted_run(const RunFolder& folder, std::string_view reason);

// Writes status.json anew from the events.
Result<void> rebuild_run(const RunFolder& folder);

// Runs of the state folder that never finished and whose lock is free. Cheap: looks at the newest
// `limit` runs' tails only.
std::vector<std::string> dead_runs(const StateFolder& state, int limit = 20);

// Retention: removes the oldest runs beyond the bounds; never the newest green run, never a run
// that is alive. Returns how many.
struct RetentionPolicy {
  int max_runs = 200;
  std::int64_t max_bytes = std::int64_t{2} << 30;
  std::chrono::hours max_age{24 * 90};
};
int apply_retention(const StateFolder& state, const RetentionPolicy& policy, WallTime now);

}  // namespace headway
