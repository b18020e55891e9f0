// DurationModel: what history teaches about how long each stage takes. Pure.
#pragma once

#include "timing/history.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// The distribution of one stage's duration as a few sorted quantiles (seconds).
struct StageDistribution {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
  int samples = 0;             // 0: never seen; the numbers are borrowed from the other stages
  std::vector<double> sorted;  // evenly spaced quantiles, ascending; at most 64; empty: no history
};

// Learns from samples of one workflow and lane. Successful executions only; recent runs weigh more
// (half-life in runs is a named constant). Immutable once made; safe from any thread.
class DurationModel {
 public:
  DurationModel() = default;
  explicit DurationModel(
      const std::vector<std::pair<std::string, std::vector<StageSample>>>& history);

  // Of a stage that was never seen: the median of all that were, samples = 0.
  const StageDistribution& of(std::string_view key) const noexcept;
  bool empty() const noexcept { return stages_.empty(); }
  // Runs it rests on: the largest number of runs that any stage has samples of.
  int runs() const noexcept { return runs_; }

 private:
  std::vector<std::pair<std::string, StageDistribution>> stages_;  // by key
  StageDistribution unknown_;
  int runs_ = 0;
};

}  // namespace headway
