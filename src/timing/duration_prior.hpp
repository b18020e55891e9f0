// DurationPrior: what earlier runs say about the tasks of a planned one before it starts: how long
// each kind takes, how surely, and how kinds move together. Immutable; knows nothing of schedulers.
#pragma once

#include "timing/earlier_runs.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace headway {

// One kind of task. Its level is the mean of log seconds of its tasks in one run. Levels of a run
// are `level` plus `loadings` times the run's factors (independent, standard normal) plus own luck.
struct KindPrior {
  double level = 0;
  double own_variance = 0;       // of the level, beyond the factors; > 0
  std::vector<double> loadings;  // one a factor
  double deviation = 0;          // of tasks within a run (see KindSpread)
  double freedom = 0;
  double dependence = 1;
  std::vector<double> quantiles;  // of tasks' deviations, ascending; never empty
  bool is_seen = false;           // in earlier runs; else all is borrowed from the other kinds
};

// The model is hierarchical and log-normal, its parameters by empirical Bayes (Efron and Morris
// 1975): a run's factors are how far it goes the way of each earlier run (factor analysis with the
// earlier runs as loadings: the levels' covariance is that of the earlier runs, shrunk), and one
// that all kinds share; docs/design/estimation.md has the formulas and what each part brought.
// Copies share what was learned. Safe from any thread.
class DurationPrior {
 public:
  DurationPrior() = default;
  // Of the planned tasks, by position. Nothing is kept of the texts. `half_life_runs` as in
  // EarlierRuns. With no past: empty().
  DurationPrior(std::span<const PlannedTask> plan,
                std::span<const PastDuration> past,
                double half_life_runs = EarlierRuns::kHalfLifeRuns);

  bool empty() const noexcept { return learned_ == nullptr; }
  // Runs it rests on.
  int runs() const noexcept;
  // How many runs of equal weight would say as much (Kish 1965).
  double effective_runs() const noexcept;
  std::size_t factors() const noexcept;
  std::size_t kinds() const noexcept;
  const KindPrior& kind(std::size_t kind) const;
  std::size_t kind_of(std::size_t task) const;
  // How far above the level of its kind a task is expected, from its size and from what it was in
  // earlier runs. A size in bytes counts only where `bytes_are_known`: what a task reads is known
  // once those before it have written.
  double usual_of(std::size_t task) const;
  double size_effect_of(std::size_t task) const;
  bool size_is_bytes(std::size_t task) const;
  // The median of one task before the run starts (seconds).
  double median_of(std::size_t task) const;

 private:
  struct Learned;
  std::shared_ptr<const Learned> learned_;
};

// The stages of a workflow as planned tasks: the values of a matrix make one kind.
std::vector<PlannedTask> planned_stages(std::span<const std::string_view> keys);

}  // namespace headway
