// `lanes` of the file, or the built-in ones. Knows nothing of how a lane is chosen.
#pragma once

#include "model/lane_stages_reader.hpp"

#include <cstddef>
#include <vector>

namespace headway {

// Every lane has its own list of stages.
inline constexpr std::size_t kMaxLanes = 100;

// All lanes of the mapping `value`; adds problems.
std::vector<Lane> read_lanes(ValueReader& reader,
                             const YamlNode& value,
                             const LaneContext& context);

// docs (without gates), standard (default) and heavy: all stages, no SLA, and thresholds for those
// of `gates` that are called tests, coverage, lint, types and security.
std::vector<Lane> built_in_lanes(std::size_t stage_count, const std::vector<Gate>& gates);

}  // namespace headway
