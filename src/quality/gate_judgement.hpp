// From the metrics of a gate and what is asked of them to results. Pure; knows no reports and no
// files.
#pragma once

#include "headway/quality.hpp"
#include "model/gate.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// A condition on one metric of a gate.
using MetricThreshold = std::pair<std::string, Threshold>;

// One result for every condition, in their order; then one for every other metric, which passes
// where it has a value (nothing is asked of it). A condition on a metric without a value does not
// pass and says why; a metric without a condition and without a value is left out, unless
// `wants_all`.
std::vector<GateResult> judge_metrics(std::string_view gate,
                                      const std::vector<MetricValue>& metrics,
                                      const std::vector<MetricThreshold>& thresholds,
                                      bool wants_all);

// The report as a whole could not be had: a result for every condition; without any a single one
// without a metric. None passes.
std::vector<GateResult> judge_missing(std::string_view gate,
                                      std::string_view reason,
                                      const std::vector<MetricThreshold>& thresholds);

// "tests.pass_rate is 75, not >= 80", "tests: build/junit.xml: No such file or directory": why a
// result did not pass.
std::string failure_text(const GateResult& result);
// Those of all that did not pass, joined by "; ", at most three and then how many more.
std::string failure_text(const std::vector<GateResult>& results);

}  // namespace headway
