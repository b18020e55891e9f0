// Why a stage's level changed, from what was measured beside its time. Pure; finds no changes.
#pragma once

#include "timing/regressions.hpp"
#include "timing/stage_series.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace headway {

// A cause and the sentence that says what it rests on.
struct Cause {
  ChangeCause cause = ChangeCause::own_time;
  std::string evidence{};
};

// The level change of all stages but number `without` (-1: of all) that three quarters of them
// reach, in the direction of `sign`, as a difference of logarithms: what the machine did. Nothing
// where fewer than 2 (3) others ran on both sides.
std::optional<double> common_shift(std::span<const StageSeries> all,
                                   int without,
                                   const RunRange& range,
                                   double sign);

// The cause of a rise in the own time of one stage by `shift` (difference of logarithms) that is no
// matter of the machine.
Cause cause_of_rise(const StageSeries& series, const RunRange& range, double shift);

// "+42 %" of a difference of logarithms.
std::string percent_text(double shift);

}  // namespace headway
