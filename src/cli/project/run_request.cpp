// From flags to a RunRequest; see run_request.hpp. Starts nothing.
#include "cli/project/run_request.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway::cli {
namespace {

Error wrong(std::string message, std::string next_step = {}) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(next_step)};
}

Result<JobsRequest> jobs_of(const RequestFlags& flags, const EnvironmentSettings& settings) {
  if (flags.no_parallel) {
    if (!flags.jobs.empty()) {
      return wrong("'--no-parallel' and '--jobs' contradict each other");
    }
    return JobsRequest{.count = 1};
  }
  const bool from_environment = flags.jobs.empty();
  const std::string& text = from_environment ? settings.jobs : flags.jobs;
  if (text.empty()) {
    return JobsRequest{};
  }
  auto jobs = parse_jobs(text);
  if (!jobs) {
    return wrong(
        fmt::format("'{}' is no value of '{}': a number from 1 on, a share such as 50%, "
                    "or auto",
                    text,
                    from_environment ? "HEADWAY_JOBS" : "--jobs"));
  }
  return jobs;
}

}  // namespace

std::vector<Flag> request_flags(RequestFlags& flags) {
  flags.chooses_lane = true;
  return {
      {.names = "--lane",
       .value_name = "NAME",
       .help = "the lane to take; auto (default): by what changed",
       .text = &flags.lane},
      {.names = "-j,--jobs",
       .value_name = "N",
       .help = "stages at once: N, N% of the CPUs, or auto (default)",
       .text = &flags.jobs},
      {.names = "--no-parallel",
       .value_name = "",
       .help = "same as -j 1",
       .on = &flags.no_parallel},
      {.names = "--lane-fallback",
       .value_name = "NAME",
       .help = "the lane to take where there is none of that name",
       .text = &flags.lane_fallback},
      {.names = "--base",
       .value_name = "REV",
       .help = "what changed since the merge base with REV",
       .text = &flags.base},
      {.names = "--memory",
       .value_name = "SIZE",
       .help = "what all stages together may take: 4GiB (default: what the machine grants)",
       .text = &flags.memory},
      {.names = "--from",
       .value_name = "S",
       .help = "only stage S and what comes after it; may be given often",
       .texts = &flags.from},
      {.names = "--until",
       .value_name = "S",
       .help = "only stage S and what it needs; may be given often",
       .texts = &flags.until},
      {.names = "--only",
       .value_name = "S",
       .help = "stage S alone, without what it needs; may be given often",
       .texts = &flags.only},
      {.names = "--skip",
       .value_name = "S",
       .help = "not stage S, what needs it goes on; may be given often",
       .texts = &flags.skip},
      {.names = "--force",
       .value_name = "",
       .help = "run also what is up to date",
       .on = &flags.force},
  };
}

Result<RunRequest> make_request(const RequestFlags& flags, const EnvironmentSettings& settings) {
  RunRequest request;
  request.selection = {.stages = flags.stages,
                       .from = flags.from,
                       .until = flags.until,
                       .only = flags.only,
                       .skip = flags.skip};
  request.arguments = flags.arguments;
  auto jobs = jobs_of(flags, settings);
  if (!jobs) {
    return std::move(jobs).error();
  }
  request.jobs = *jobs;
  if (flags.keep_going && !flags.fail_fast.empty()) {
    return wrong("'--keep-going' and '--fail-fast' contradict each other");
  }
  request.failure_mode = flags.keep_going            ? FailureMode::keep_going
                         : flags.fail_fast == "kill" ? FailureMode::kill
                                                     : FailureMode::fail_fast;
  if (!flags.memory.empty()) {
    auto memory = parse_size(flags.memory);
    if (!memory) {
      return wrong(fmt::format("'--memory': {}", memory.error().message), memory.error().next_step);
    }
    if (*memory <= 0) {
      return wrong("'--memory': a size above 0 is needed", "give what stages may take, as 4GiB");
    }
    request.memory_bytes = *memory;
  }
  if (!flags.timeout.empty()) {
    auto timeout = parse_duration(flags.timeout);
    if (!timeout) {
      return wrong(fmt::format("'--timeout': {}", timeout.error().message),
                   timeout.error().next_step);
    }
    request.timeout = *timeout;
  }
  request.force = flags.force;
  request.force_hooks = flags.force_hooks;
  request.enforce_sla = flags.enforce_sla;
  request.change_id = flags.change_id;
  request.title = flags.title;
  request.owner = flags.owner;
  request.state_directory = settings.state_directory;
  return request;
}

}  // namespace headway::cli
