// Where profiles are kept: one interface to a history that is SQLite or, by its name, JSON. Knows
// nothing of measuring or estimating.
#pragma once

#include "headway/result.hpp"
#include "headway/timing.hpp"
#include "timing/history.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The name ends in .json.
bool is_json_history(std::string_view path) noexcept;

// All runs of a JSON history, oldest first; none where the file is absent or empty. Error parse
// names the file and the place.
Result<std::vector<WorkflowTimingProfile>> read_json_history(const std::string& path);

// Adds one run. A JSON file is read, extended and replaced whole under a lock on <path>.lock,
// waited for up to 5 s (error conflict); one that is damaged is an error parse and left as it is.
Result<void> add_profile(const std::string& path, const WorkflowTimingProfile& profile);

// So many of the newest samples of a stage count.
inline constexpr int kMostSamples = 64;

// What an estimate of one workflow and lane is made from.
struct LaneHistory {
  int runs = 0;  // that count: at most kMostSamples
  std::vector<std::pair<std::string, std::vector<StageSample>>> samples;  // by stage key
  WorkflowTimingProfile newest_complete;  // no stages where there is none
};

// An absent file is an empty history.
Result<LaneHistory> load_lane(const std::string& path,
                              std::string_view workflow,
                              std::string_view lane);

// The newest samples of the stage of that number in that lane; at most kMostSamples.
Result<std::vector<StageSample>> load_stage(const std::string& path,
                                            int stage_id,
                                            std::string_view lane);

// Error where there is a file but it cannot be read as a history.
Result<void> check_profiles(const std::string& path);

}  // namespace headway
