// LevelPosterior: what the tasks of this run say so far about its kinds, those that are done and
// those that still run, and durations drawn from it for what is left. Knows nothing of schedulers.
#pragma once

#include "timing/cholesky.hpp"
#include "timing/duration_prior.hpp"
#include "timing/replay.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace headway {

// The prior, updated. A finished task tells the level of its kind (outliers count less: weights of
// Student's t, Lange, Little and Taylor 1989; so many neighbours count as one, KindPrior::
// dependence). One that still runs tells that the level is no lower than it can be (a censored
// observation, by moment matching on a grid: expectation propagation, Minka 2001). Levels then move
// the factors, and so the kinds that have not begun. Where a kind's tasks deviate more or less than
// they used to, so will the rest of them. Deterministic: the same input gives the same draws, and
// the luck of the n-th draw of a task or kind does not change while others end (common random
// numbers: what is told does not jump). Not synchronised; `prior` and `input` must outlive it.
class LevelPosterior {
 public:
  LevelPosterior(const DurationPrior& prior, const ReplayInput& input);

  // Of every task that is not done: seconds of the whole task, of a running one longer than it has
  // run. Others are left as they are. `seconds` by task.
  void draw(std::vector<double>& seconds);
  // What the level of a kind is thought to be now: its mean, and standard deviation.
  double level_of(std::size_t kind) const;
  double deviation_of(std::size_t kind) const;

 private:
  // A Gaussian that says about a level what its tasks said.
  struct Site {
    double precision = 0;
    double shift = 0;  // precision times mean
  };
  struct Kind {
    std::vector<double> finished;  // log seconds, less what is usual of the task
    std::vector<double> running;   // log seconds so far, the same
    std::size_t left = 0;
    double deviation = 0;
    double stretch = 1;  // of the quantiles
    Site site;
    double drawn = 0;
  };
  struct Gaussian {
    double mean = 0;
    double variance = 1;
  };

  void read();
  std::vector<double> sizes() const;
  void adapt(std::size_t kind);
  Gaussian with_finished(std::size_t kind, const Gaussian& cavity) const;
  Gaussian with_running(std::size_t kind, const Gaussian& before) const;
  void tell(std::size_t kind, const Gaussian& cavity);
  void count_site(std::size_t kind, double sign);
  void find_factors();
  Gaussian by_factors(std::size_t kind) const;
  Gaussian now(std::size_t kind) const;
  void draw_levels();
  double draw_task(std::size_t task, double past) const;

  const DurationPrior& prior_;
  const ReplayInput& input_;
  std::mt19937_64 random_;  // of the levels; begun anew with every draw
  std::normal_distribution<double> normal_;
  std::uint64_t draws_ = 0;
  std::vector<Kind> kinds_;
  std::vector<double> usual_;      // by task
  std::vector<double> precision_;  // of the factors, by rows: identity and what the sites say
  std::vector<double> pull_;       // precision times mean
  Cholesky root_;                  // of precision_
  std::vector<double> factors_;    // mean
};

}  // namespace headway
