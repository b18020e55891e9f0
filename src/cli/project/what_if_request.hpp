// What `headway simulate` was asked: its flags, read, and put to a workload. Replays nothing.
#pragma once

#include "cli/command.hpp"
#include "headway/result.hpp"
#include "orchestration/run_plan.hpp"
#include "timing/what_if.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway::cli {

// The flags as given.
struct WhatIfFlags {
  std::vector<std::string> stages;
  std::string lane, jobs, memory, trace;
  std::vector<std::string> faster, without_need;
};

// The flags of `headway simulate`.
std::vector<Flag> what_if_flags(WhatIfFlags& flags);

// The same, understood. Names are checked later, where the stages are known.
struct WhatIfRequest {
  std::vector<JobsRequest> jobs{};                       // empty: the usual numbers
  std::vector<std::int64_t> memory{};                    // empty: what the machine grants
  std::vector<std::pair<std::string, double>> faster{};  // stage and factor
  std::vector<std::string> without_need{};               // STAGE:NEED
};

// Errors (invalid_argument) name the flag and say what it takes; at most 256 scenarios.
Result<WhatIfRequest> make_what_if_request(const WhatIfFlags& flags);

// Changes the workload as asked. `kinds`, by task: a further name that means the task, such as the
// kind of a trace's task. Errors (not_found): a stage that there is not, with the nearest name; a
// need that a stage does not have, with those it has.
Result<void> apply_changes(const WhatIfRequest& request,
                           const std::vector<std::string>& kinds,
                           Workload& workload);

}  // namespace headway::cli
