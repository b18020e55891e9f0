// EarlierRuns: the executions of the past sorted by run and kind, and how much each run says about
// the one that is planned. Pure; estimates no duration.
#pragma once

#include "timing/learned_weights.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headway {

// One task of the run that is to be estimated.
struct PlannedTask {
  std::string_view key;    // the same task in another run has the same
  std::string_view kind;   // tasks of one kind do the same work on different data
  double fan_in = 0;       // how many tasks it needs
  double input_bytes = 0;  // 0: not known
};

// One past execution, as the estimate sees it. All logarithms are natural.
struct PastRow {
  std::string_view key;
  std::size_t run = 0;   // 0: the newest
  std::size_t kind = 0;  // by EarlierRuns::kind_of
  double level = 0;      // log of seconds, at least of kLeastSecondsToldApart
  double fan_in = 0;     // log of 1 + how many
  double bytes = 0;      // log of bytes; 0: not known
};

// Shorter durations are taken for this long: nobody waits for them.
inline constexpr double kLeastSecondsToldApart = 1e-3;
double log_seconds(double seconds);

// At most kMostRuns of the past, the newest. A run counts by its age (half-life in runs) and by
// how like the planned one it is: in how many tasks of each kind it has. How sharply likeness
// counts is learned: with the width of the kernel that tells the runs best from each other, each
// left out once (Stone 1974). Where likeness tells nothing, all count alike.
class EarlierRuns {
 public:
  static constexpr std::size_t kMostRuns = 32;

  static constexpr double kHalfLifeRuns = 15;

  // `half_life_runs` 0: the past has no order, all runs are equally old.
  EarlierRuns(std::span<const PlannedTask> plan,
              std::span<const PastDuration> past,
              double half_life_runs = kHalfLifeRuns);

  std::size_t runs() const noexcept { return weights_.size(); }
  std::size_t kinds() const noexcept { return planned_.size(); }
  // In the order they were given, those of one run and kind therefore in the order of the tasks.
  const std::vector<PastRow>& rows() const noexcept { return rows_; }
  std::size_t kind_of(std::size_t planned_task) const { return kind_of_[planned_task]; }
  // How many tasks of that kind the planned run has.
  double planned(std::size_t kind) const { return planned_[kind]; }
  double count(std::size_t run, std::size_t kind) const { return counts_[run * kinds() + kind]; }
  // How much the runs count; they sum up to 1.
  double weight(std::size_t run) const { return weights_[run]; }
  // Squared distance of that run from the planned one: logarithms of the counts.
  double distance(std::size_t run) const { return from_plan_[run]; }
  // The mean of that between earlier runs, by weight; 0 where there is one run.
  double distance_between() const noexcept { return between_; }

 private:
  void read(std::span<const PlannedTask> plan, std::span<const PastDuration> past);
  void weigh(double half_life_runs);
  std::vector<double> distances() const;
  double best_width(const std::vector<double>& between) const;

  std::vector<PastRow> rows_;
  std::vector<std::size_t> kind_of_;
  std::vector<double> planned_;
  std::vector<double> counts_;
  std::vector<double> weights_;
  std::vector<double> from_plan_;
  double between_ = 0;
};

}  // namespace headway
