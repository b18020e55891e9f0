// SQLite answers by queries; a JSON history is read whole and turned into the same.
#include "timing/lane_past.hpp"

#include "timing/profile_store.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace headway {
namespace {

// How far back the newest run of a lane is looked for, to learn its workflow.
constexpr int kLookedThrough = 200;
constexpr std::string_view kUsualWorkflow = "default";

std::string_view fact(const WorkflowTimingProfile& profile, std::string_view name) {
  for (const auto& [key, value] : profile.metadata) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::max(0, value);
}

PastRun run_of(const WorkflowTimingProfile& profile, std::int64_t number_of_run) {
  PastRun run;
  run.run = number_of_run;
  run.run_id = fact(profile, "run_id");
  run.commit = fact(profile, "commit");
  run.host = fact(profile, "host");
  run.status = fact(profile, "status");
  run.jobs = number(fact(profile, "jobs"));
  run.started = profile.start_time;
  run.took = profile.total_duration;
  run.is_complete = is_complete_run(profile);
  return run;
}

StageSample sample_of(const StageTimingData& stage,
                      const WorkflowTimingProfile& profile,
                      std::int64_t run) {
  StageSample sample;
  sample.duration = stage.duration;
  sample.queue_wait = stage.queue_wait;
  sample.status = stage.status;
  sample.run = run;
  sample.peak_memory_bytes = stage.peak_memory_bytes;
  sample.cpu_time = stage.cpu_time;
  sample.attempt = stage.attempt;
  sample.failure = stage.failure;
  sample.started = stage.start_time - profile.start_time;
  return sample;
}

LanePast past_of(std::vector<WorkflowTimingProfile> profiles, std::string_view lane, int limit) {
  std::reverse(profiles.begin(), profiles.end());
  LanePast past;
  std::map<std::string, std::vector<StageSample>> samples;
  const WorkflowTimingProfile* newest = nullptr;
  auto number_of_run = static_cast<std::int64_t>(profiles.size());
  for (const WorkflowTimingProfile& profile : profiles) {
    --number_of_run;
    if (profile.lane != lane || (newest != nullptr && profile.workflow != newest->workflow) ||
        static_cast<int>(past.runs.size()) >= limit) {
      continue;
    }
    newest = newest == nullptr ? &profile : newest;
    past.runs.push_back(run_of(profile, number_of_run));
    if (past.newest_complete.stages.empty() && past.runs.back().is_complete) {
      past.newest_complete = profile;
    }
    for (auto stage = profile.stages.rbegin(); stage != profile.stages.rend(); ++stage) {
      samples[stage->stage_key.empty() ? stage->stage_name : stage->stage_key].push_back(
          sample_of(*stage, profile, number_of_run));
    }
  }
  past.history.assign(samples.begin(), samples.end());
  return past;
}

// An old history from before runs named their workflow has one name for all.
Result<std::string> workflow_of(const History& history, std::string_view lane) {
  auto profiles = history.profiles(kLookedThrough);
  if (!profiles) {
    return std::move(profiles).error();
  }
  for (const WorkflowTimingProfile& profile : *profiles) {
    if (profile.lane == lane) {
      return profile.workflow;
    }
  }
  return std::string(kUsualWorkflow);
}

}  // namespace

Result<LanePast> load_lane_past(const std::string& path, std::string_view lane, int limit) {
  if (is_json_history(path)) {
    auto profiles = read_json_history(path);
    if (!profiles) {
      return std::move(profiles).error();
    }
    return past_of(std::move(*profiles), lane, limit);
  }
  LanePast past;
  auto history = History::open_read_only(path);
  if (!history) {
    if (history.error().code == ErrorCode::not_found) {
      return past;
    }
    return std::move(history).error();
  }
  auto workflow = workflow_of(*history, lane);
  if (!workflow) {
    return std::move(workflow).error();
  }
  auto runs = history->runs(*workflow, lane, limit);
  auto samples = history->samples(*workflow, lane, limit);
  auto newest = history->newest_complete_run(*workflow, lane);
  if (!runs || !samples || !newest) {
    return !runs      ? std::move(runs).error()
           : !samples ? std::move(samples).error()
                      : std::move(newest).error();
  }
  past.runs = std::move(*runs);
  past.history = std::move(*samples);
  past.newest_complete = std::move(*newest);
  return past;
}

}  // namespace headway
