// What each stage costs the whole run: the time saved if it took none, or half. Pure; by replay.
#pragma once

#include "timing/replay.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace headway {

// Of one task, in seconds of the run.
struct StageSaving {
  int task = 0;
  double saving = 0;            // if it took no time
  double saving_if_halved = 0;  // if it took half
};

// The tasks that cost most, at most `most` of them, greatest saving first; none that saves less
// than half a percent of the run. `durations`: seconds by task, >= 0. One replay of the whole for
// each task that can be among them: a task saves at most what it takes, and no run is shorter than
// its critical path or its work over the slots (Graham 1969), so most need none. (Shorter tasks can
// make a list schedule longer, and so a saving greater than that: such a one may be missed.)
std::vector<StageSaving> find_stage_savings(const ReplayInput& input,
                                            std::span<const double> durations,
                                            std::size_t most);

}  // namespace headway
