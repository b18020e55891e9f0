// `stages` of a lane: keys, numbers and ranges, or all but some. Knows nothing else of lanes.
#pragma once

#include "model/needs_reader.hpp"

#include <vector>

namespace headway {

// What lanes refer to.
struct LaneContext {
  const StageIndex& index;
  const std::vector<Stage>& stages;
  const std::vector<Gate>& gates;
};

// The stages that `field` selects, ascending; problems are added where it is wrong or selects none.
std::vector<int> read_lane_stages(ValueReader& reader,
                                  const FileField& field,
                                  const LaneContext& context);

}  // namespace headway
