// Change points: where a series of numbers goes to another level and stays there. Pure; knows
// nothing of stages, runs or seconds. Why this test: docs/design/regressions.md.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace headway {

// How sure a change must be. The defaults were calibrated together by
// benchmarks/regressions_benchmark: asked again after every new value, at most one false change in
// 1,000 values of noise.
struct ChangePointOptions {
  std::size_t least_before = 5;  // values on either side, >= 2
  std::size_t least_after = 5;
  double significance = 0.0055;  // of the best place among all
  int permutations = 1999;
};

// A place where what follows differs from what is before.
struct ChangePoint {
  std::size_t at = 0;  // position of the first value of the new level
  double p_value = 1;  // that chance alone shows a change like this anywhere in the series
};

// All significant ones, ascending: binary segmentation, at each step the split with the largest
// weighted squared t of the winsorised values, tested against random orders of them. It is the
// scheme of E-divisive (Matteson and James 2014) with another statistic; the permutations make no
// assumption on the distribution, winsorising (at the median +- 2 robust standard deviations; Huber
// 1964) bounds what an outlier can do, and young changes (up to 10 values) weigh more, because they
// are news. Where no split is significant, a stretch in the middle that stands out beyond doubt is
// (Olshen et al. 2004, circular binary segmentation): slow for a while, then undone. Deterministic:
// the same values give the same answer. Values must be finite.
std::vector<ChangePoint> find_change_points(std::span<const double> values,
                                            const ChangePointOptions& options = {});

// What makes a change worth telling.
struct LevelShiftOptions {
  ChangePointOptions test{};
  double least_shift = 0;           // of the levels
  double least_superiority = 0.85;  // share of pairs (before, after) that agree with the direction
};

// A change that is significant, large and lasting.
struct LevelShift {
  std::size_t begin = 0;  // of the level before
  std::size_t at = 0;     // first value of the new level
  std::size_t end = 0;    // behind its last value
  double before = 0;      // the levels (hodges_lehmann())
  double after = 0;
  double p_value = 1;
};

// The changes whose effect still stands at the end of the series: the newest level, and the median
// of the last three values, are more than half way from `before` to `after`. So is the first value
// of the new level: a change begins where it is seen. Ascending by `at`.
std::vector<LevelShift> find_level_shifts(std::span<const double> values,
                                          const LevelShiftOptions& options = {});

// The level of values: the median of the means of all pairs (Hodges and Lehmann 1963); nearly as
// exact as the mean, and outliers hardly move it. 0 of none.
double hodges_lehmann(std::span<const double> values);
// The chance that one of `after` is larger than one of `before`; equal ones count half (Vargha and
// Delaney 2000). 0.5 where either is empty.
double superiority(std::span<const double> before, std::span<const double> after);
// 0 of none.
double median_of(std::span<const double> values);
// Standard deviation by the median distance from the median, as of a normal distribution.
double robust_deviation(std::span<const double> values);

}  // namespace headway
