// A LaneStudy for people and as JSON. Studies nothing.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "timing/history.hpp"
#include "timing/lane_study.hpp"
#include "timing/regressions.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace headway::cli {

// What is shown.
struct StatsView {
  std::string workflow, lane;
  LaneStudy study;
  Regressions changes{};
  // By stage key: the smallest lasting rise that would be found, as a share.
  std::map<std::string, double> detectable{};
  std::vector<MetricSeries> metrics{};  // of gates, over the same runs
  std::optional<Nanos> target{};        // of the lane
  int over_target = 0;                  // runs that succeeded and took longer
};

// The document of `stats --json`.
std::string stats_document(const StatsView& view, const SecretSet& secrets);
// The same for people. `width` 0: no limit.
std::string stats_text(const StatsView& view, const Paint& paint, int width);

}  // namespace headway::cli
