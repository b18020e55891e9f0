// `gates` of a lane: what it asks of the gates' metrics, and what the built-in lanes ask. Knows
// nothing of reports.
#pragma once

#include "model/value_reader.hpp"

#include <vector>

namespace headway {

// Reads `{GATE.METRIC: ">= 80"}`, or `false` for a lane without gates, into `lane`, over what it
// has inherited; adds problems.
void read_thresholds(ValueReader& reader,
                     const FileField& field,
                     const std::vector<Gate>& gates,
                     Lane& lane);

// What differs between the built-in lanes, in percent.
struct BuiltInLimits {
  double pass_rate = 0;
  double line_coverage = 0;
};

// tests.pass_rate and coverage.line at least that, security.high, lint.error and types.error 0:
// for those gates that there are, with that metric.
std::vector<LaneThreshold> built_in_thresholds(const std::vector<Gate>& gates,
                                               BuiltInLimits limits);

}  // namespace headway
