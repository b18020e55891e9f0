// The lane of a run or plan: as asked for, or by what changed. Starts no stage.
#pragma once

#include "cli/console.hpp"
#include "cli/project/run_request.hpp"
#include "headway/lanes.hpp"
#include "headway/result.hpp"
#include "model/workflow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway::cli {

// What the lane depends on.
struct LaneQuestion {
  const RequestFlags& flags;
  const Workflow& workflow;
  const std::vector<std::string>& environment;  // of this process
};

// Settles request.selection.lane and request.change. Git is asked only where a rule, '--base' or
// 'warn_on_code' needs it. Code in a lane that warns of it is told, and on a terminal another lane
// is offered where the flags allow it. Gives what git said where it was asked. Error: an unknown
// '--base' or '--lane-fallback'.
Result<std::optional<Change>> settle_lane(const LaneQuestion& question,
                                          RunRequest& request,
                                          Console& console);

}  // namespace headway::cli
