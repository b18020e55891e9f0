// SQLite or JSON behind one interface. JSON is for old data and small programs: it is read whole.
#include "timing/profile_store.hpp"

#include "base/files.hpp"
#include "timing/history_json.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include <algorithm>
#include <map>
#include <utility>

namespace headway {

namespace {

constexpr int kLockTries = 1000;
constexpr long kLockPauseNanoseconds = 5'000'000;  // 5 s in all

Result<UniqueFd> lock_beside(const std::string& path) {
  const std::string lock = path + ".lock";
  UniqueFd fd(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!fd) {
    return Error{ErrorCode::io, system_message(lock, errno)};
  }
  for (int tries = 0; tries < kLockTries; ++tries) {
    if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
      return fd;
    }
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return Error{ErrorCode::io, system_message(lock, errno)};
    }
    const timespec pause{0, kLockPauseNanoseconds};
    nanosleep(&pause, nullptr);
  }
  return Error{ErrorCode::conflict,
               fmt::format("{}: another process holds it for longer than 5 s", lock),
               "try again"};
}

}  // namespace

Result<std::vector<WorkflowTimingProfile>> read_json_history(const std::string& path) {
  if (!path_exists(path)) {
    return std::vector<WorkflowTimingProfile>();
  }
  auto text = read_file(path);
  if (!text) {
    return std::move(text).error();
  }
  if (text->empty()) {
    return std::vector<WorkflowTimingProfile>();
  }
  auto profiles = parse_history_json(*text);
  if (!profiles) {
    Error error = std::move(profiles).error();
    error.message = fmt::format("{}: {}", path, error.message);
    error.next_step = "move the file aside to start a new history; it was left as it is";
    return error;
  }
  return profiles;
}

namespace {

Result<void> add_to_json(const std::string& path, const WorkflowTimingProfile& profile) {
  auto lock = lock_beside(path);
  if (!lock) {
    return std::move(lock).error();
  }
  auto profiles = read_json_history(path);
  if (!profiles) {
    return std::move(profiles).error();
  }
  profiles->push_back(profile);
  return write_file_atomically(path, to_history_json(*profiles), Durability::process);
}

StageSample sample_of(const StageTimingData& stage, std::int64_t run) {
  return {
      stage.duration, stage.queue_wait, stage.status, run, stage.peak_memory_bytes, stage.cpu_time};
}

LaneHistory lane_of(const std::vector<WorkflowTimingProfile>& profiles,
                    std::string_view workflow,
                    std::string_view lane) {
  LaneHistory found;
  std::map<std::string, std::vector<StageSample>> samples;
  auto run = static_cast<std::int64_t>(profiles.size());
  for (auto profile = profiles.rbegin(); profile != profiles.rend(); ++profile, --run) {
    if (profile->workflow != workflow || profile->lane != lane) {
      continue;
    }
    found.runs = std::min(found.runs + 1, kMostSamples);
    const bool has_none = found.newest_complete.stages.empty();
    if (has_none ? is_complete_run(*profile)
                 : !is_whole_run(found.newest_complete) && is_whole_run(*profile)) {
      found.newest_complete = *profile;
    }
    for (auto stage = profile->stages.rbegin(); stage != profile->stages.rend(); ++stage) {
      auto& of_stage = samples[stage->stage_key.empty() ? stage->stage_name : stage->stage_key];
      if (of_stage.size() < static_cast<std::size_t>(kMostSamples)) {
        of_stage.push_back(sample_of(*stage, run));
      }
    }
  }
  found.samples.assign(samples.begin(), samples.end());
  return found;
}

}  // namespace

bool is_json_history(std::string_view path) noexcept {
  return path.ends_with(".json");
}

Result<void> add_profile(const std::string& path, const WorkflowTimingProfile& profile) {
  if (is_json_history(path)) {
    return add_to_json(path, profile);
  }
  auto history = History::open(path);
  if (!history) {
    return std::move(history).error();
  }
  return history->save(profile);
}

Result<LaneHistory> load_lane(const std::string& path,
                              std::string_view workflow,
                              std::string_view lane) {
  if (is_json_history(path)) {
    auto profiles = read_json_history(path);
    if (!profiles) {
      return std::move(profiles).error();
    }
    return lane_of(*profiles, workflow, lane);
  }
  LaneHistory found;
  auto history = History::open_read_only(path);
  if (!history) {
    if (history.error().code == ErrorCode::not_found) {
      return found;
    }
    return std::move(history).error();
  }
  auto runs = history->count_runs(workflow, lane, kMostSamples);
  auto samples = history->samples(workflow, lane, kMostSamples);
  auto newest = history->newest_complete_run(workflow, lane);
  if (!runs || !samples || !newest) {
    return !runs ? std::move(runs).error()
                 : (!samples ? std::move(samples).error() : std::move(newest).error());
  }
  found.runs = *runs;
  found.samples = std::move(*samples);
  found.newest_complete = std::move(*newest);
  return found;
}

Result<std::vector<StageSample>> load_stage(const std::string& path,
                                            int stage_id,
                                            std::string_view lane) {
  std::vector<StageSample> samples;
  if (is_json_history(path)) {
    auto profiles = read_json_history(path);
    if (!profiles) {
      return std::move(profiles).error();
    }
    auto run = static_cast<std::int64_t>(profiles->size());
    for (auto profile = profiles->rbegin(); profile != profiles->rend(); ++profile, --run) {
      for (const StageTimingData& stage : profile->stages) {
        if (profile->lane == lane && stage.stage_id == stage_id &&
            samples.size() < static_cast<std::size_t>(kMostSamples)) {
          samples.push_back(sample_of(stage, run));
        }
      }
    }
    return samples;
  }
  auto history = History::open_read_only(path);
  if (!history) {
    if (history.error().code == ErrorCode::not_found) {
      return samples;
    }
    return std::move(history).error();
  }
  return history->samples_of_number(stage_id, lane, kMostSamples);
}

Result<void> check_profiles(const std::string& path) {
  if (is_json_history(path)) {
    auto profiles = read_json_history(path);
    return profiles ? Result<void>() : Result<void>(std::move(profiles).error());
  }
  auto history = History::open_read_only(path);
  if (!history && history.error().code != ErrorCode::not_found) {
    return std::move(history).error();
  }
  return {};
}

}  // namespace headway
