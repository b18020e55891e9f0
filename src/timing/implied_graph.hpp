// What a recorded run says about the order of its stages. Pure; knows no files and no plans.
#pragma once

#include "headway/timing.hpp"

#include <vector>

namespace headway {

// Who needs whom, by position in `stages`. One worker: a chain in the order of the starts. More: a
// stage needs those that had ended when it started (within a millisecond: that is how exact old
// records are), but for those that others among them waited for anyway. A record cannot tell a need
// from a wait for a free worker; with about as many workers as then the answer is the same.
std::vector<std::vector<int>> implied_needs(const std::vector<StageTimingData>& stages,
                                            int workers);

}  // namespace headway
