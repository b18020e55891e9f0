// KindSpread: how the tasks of one kind differ within one run, learned from earlier runs: how far,
// whether neighbours differ alike, and whether the same task differs the same way every time. Pure;
// knows nothing of how long a kind takes as a whole.
#pragma once

#include "timing/earlier_runs.hpp"
#include "timing/weighted_quantile.hpp"

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headway {

// Of one kind. Deviations are those of log seconds from the mean of the kind in its run.
struct KindSpread {
  double deviation = 0;           // standard deviation; > 0
  double freedom = 0;             // degrees of freedom it rests on
  double dependence = 1;          // so many tasks in a row say as much as one; >= 1
  std::vector<double> quantiles;  // of the deviations: evenly spaced, ascending; never empty
  // What a task usually is off the mean, shrunk by how far runs agree on it.
  std::unordered_map<std::string_view, double> usual_of_key;
};

// By kind. `off` by row: the row's deviation. Keys are views into what `past` was made of.
//  - Dependence is the integrated autocorrelation of neighbours (Straatsma, Berendsen and Stam
//    1986), drawn to 1: what slows one task down slows those beside it down as well.
//  - Agreement of two runs on a task is the mean product of its two deviations over the mean square
//    of one, and n runs are worth n r / (1 + (n - 1) r) (Spearman and Brown 1910).
//  - A kind of which no run had two tasks has kSingleDeviation where the planned run has one as
//    well: all it varies is from run to run. Else it borrows the middle of the other kinds.
std::vector<KindSpread> learn_spreads(const EarlierRuns& past, const std::vector<double>& off);

// Evenly spaced quantiles of what was seen, ascending: at most 64, at least 16; where too little
// was seen those of a normal distribution of that standard deviation. Sorts `seen`.
std::vector<double> deviation_quantiles(std::vector<WeightedValue>& seen, double deviation);

}  // namespace headway
