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
  bool no_parallel = false;
  bool force = false;
  // Of run alone.
  std::vector<std::string> arguments;  // behind "--"
  bool keep_going = false;
  bool force_hooks = false;
  bool enforce_sla = false;
  std::string fail_fast, timeout, memory, change_id, title, owner;
};

// --lane, --from, --jobs and their like, and what of that kind is not built yet.
std::vector<Flag> request_flags(RequestFlags& flags);

// The request; the error names the flag or variable that is wrong.
Result<RunRequest> make_request(const RequestFlags& flags, const EnvironmentSettings& settings);

}  // namespace headway::cli
