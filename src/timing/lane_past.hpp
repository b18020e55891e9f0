// LanePast: the newest runs of a lane, from a history of either kind. Knows nothing of what is made
// of them.
#pragma once

#include "headway/result.hpp"
#include "headway/timing.hpp"
#include "timing/lane_summary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Plain value; empty where the lane has no runs.
struct LanePast {
  std::vector<PastRun> runs;  // newest first
  SampleHistory history;
  WorkflowTimingProfile newest_complete;  // no stages where there is none
};

// The newest `limit` runs of that lane, of the workflow that its newest run belongs to. An absent
// file is an empty history. Errors: those of History and of read_json_history().
Result<LanePast> load_lane_past(const std::string& path, std::string_view lane, int limit);

}  // namespace headway
