// IntervalRecord: how the intervals of the last runs would have done: what an estimate rests on
// besides the number of runs. Pure; knows nothing of files.
#pragma once

#include "timing/duration_prior.hpp"
#include "timing/interval_scale.hpp"
#include "timing/replay.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace headway {

// The newest earlier runs that have all the planned tasks, at most `most`: each is replayed with
// its own durations by the scheduler of `input` from its very beginning, and estimated so from the
// runs before it. `keys` by task. A run with nothing before it is left out. Cost: about `most`
// priors and replays; bounded by what samples of the past there are.
std::vector<PastInterval> recent_intervals(const ReplayInput& input,
                                           std::span<const std::string_view> keys,
                                           std::span<const PastDuration> past,
                                           int most = 20);

}  // namespace headway
