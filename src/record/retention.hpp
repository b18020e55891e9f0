// Retention: which runs are kept, and removing the others. Reads of a run only how it ended.
#pragma once

#include "headway/types.hpp"
#include "record/run_folder.hpp"

#include <chrono>
#include <cstdint>

namespace headway {

// Bounds of what is kept; each holds by itself.
struct RetentionPolicy {
  int max_runs = 200;
  std::int64_t max_bytes = std::int64_t{2} << 30;
  std::chrono::hours max_age{24 * 90};
};

// Removes the oldest runs beyond the bounds; never the newest run, the newest green run (COMPLETED)
// or a run that is alive. Returns how many. A run that cannot be removed stays until the next time.
// The age of a run is the time in its id.
int apply_retention(const StateFolder& state, const RetentionPolicy& policy, WallTime now);

}  // namespace headway
