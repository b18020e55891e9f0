// The time left of a run: the median and the interval of many replays of the real scheduler, with
// durations drawn from what earlier runs and this one say. Starts nothing, reads no clock.
#pragma once

#include "model/run_event.hpp"
#include "timing/duration_prior.hpp"
#include "timing/interval_scale.hpp"
#include "timing/replay.hpp"

#include <optional>

namespace headway {

// How an estimate is made.
struct EstimateOptions {
  int replays = 50;                    // at least 1
  IntervalScale scale{};               // learned from how earlier intervals did
  std::optional<Nanos> deadline = {};  // from now; may be past
};

// Median and 10-90 % interval of the time left (deterministic: same input, same answer). With an
// empty prior: confidence 0 and zeros. Confidence is runs / (runs + 1), less the share of tasks
// whose kind was never seen. With a deadline also the share of replays that end after it.
RemainingEstimate estimate_remaining(const ReplayInput& input,
                                     const DurationPrior& prior,
                                     const EstimateOptions& options);

}  // namespace headway
