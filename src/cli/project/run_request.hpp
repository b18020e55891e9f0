// What `run` and `plan` have in common: the flags that choose stages and jobs, turned into a
// RunRequest. Starts nothing.
#pragma once

#include "cli/command.hpp"
#include "headway/result.hpp"
#include "orchestration/run_plan.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// The flags as given.
struct RequestFlags {
  std::vector<std::string> stages, from, until, only, skip;
  std::string lane, jobs;
  std::string lane_fallback, base;
  bool chooses_lane = false;  // without a named lane the change decides; else the default lane
  bool offers_lane = false;   // a person sits there: another lane may be offered
  bool no_parallel = false;
  bool force = false;
  // Of run alone.
  std::vector<std::string> arguments;  // behind "--"
  bool keep_going = false;
  bool force_hooks = false;
  bool enforce_sla = false;
  std::string fail_fast, timeout, memory, change_id, title, owner;
};

// --lane, --lane-fallback, --base, --from, --jobs and their like. A command that takes these
// chooses its lane by the change.
std::vector<Flag> request_flags(RequestFlags& flags);

// The request without its lane (see lane_request.hpp); the error names the flag or variable that
// is wrong.
Result<RunRequest> make_request(const RequestFlags& flags, const EnvironmentSettings& settings);

}  // namespace headway::cli
