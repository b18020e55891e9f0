// What Ninja 1.12 would say is left of a run: the peer of the estimate in a backtest. Pure.
#pragma once

#include "timing/backtest.hpp"
#include "timing/replay.hpp"

#include <span>

namespace headway {

// Time so far over the share of the work that is done, less the time so far (ninja 1.12.1,
// src/status_printer.cc, RecalculateProgressPrediction): done is what finished tasks took, left is
// what the same tasks took last time, of the others the average; earlier times are given up where
// the averages differ tenfold. 0 where it says nothing.
double ninja_time_left(const RecordedRun& run,
                       const ReplayInput& seen,
                       std::span<const PastDuration> past,
                       Nanos now);

}  // namespace headway
