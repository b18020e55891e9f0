// LearnedWeights: how long tasks are expected to take, for the order in which they start. Pure;
// knows nothing of quantiles (see DurationModel) nor of the order itself.
#pragma once

#include "timing/history.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// One past execution. Tasks of one group do the same work on different data: the combinations of a
// matrix, the parts of a split.
struct PastDuration {
  std::string_view key;
  std::string_view group;
  std::int64_t run = 0;
  double seconds = 0;      // > 0, else left out
  double fan_in = 0;       // how many tasks it needed
  double input_bytes = 0;  // 0: not known
};

// The group of a stage key: what stands before the values of a matrix ("test[os=a]": "test").
std::string_view stage_group(std::string_view key);
// Successful executions out of History::samples(); views into `history`.
std::vector<PastDuration> past_durations(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history);

// Expected durations by empirical Bayes (James and Stein 1961; Efron and Morris 1975), so that
// noise in the history moves them little, and none is worse than no history: a task is its group's
// mean times what this task usually is of it, the latter shrunk by how far earlier runs agree on it
// (the correlation of two runs); a group is drawn to the mean of all by how far its runs agree
// among themselves. Where runs agree on nothing all weights are equal: unit weights. Why not plain
// means, and what else was tried: docs/design/workers.md. Immutable; safe from any thread.
class LearnedWeights {
 public:
  LearnedWeights() = default;
  explicit LearnedWeights(std::span<const PastDuration> past);

  // Seconds, > 0. Of a key nobody knows: its group's; of a group nobody knows: the mean of all;
  // with no history 1.
  double of(std::string_view key, std::string_view group) const;
  bool empty() const noexcept { return groups_.empty(); }

 private:
  struct Group {
    std::string name;
    double seconds = 0;
    std::vector<std::pair<std::string, double>> factors;  // by key; 1 of a key that is not there
  };
  std::vector<Group> groups_;  // by name
  double unknown_ = 1;
};

}  // namespace headway
