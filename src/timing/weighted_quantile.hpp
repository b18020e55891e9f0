// Quantiles of samples that do not all count alike. Pure; knows nothing of stages.
#pragma once

#include <vector>

namespace headway {

// A value and how much it counts (> 0).
struct WeightedValue {
  double value = 0;
  double weight = 1;
};

// Sorts `samples` by value; where the share `at` (0 to 1) of their weight lies, linear between the
// middles of the samples (Hyndman and Fan 1996, definition 5, with weights). 0 where there is none.
double weighted_quantile(std::vector<WeightedValue>& samples, double at);

// How many samples of equal weight would say as much: (sum of weights)^2 / sum of squares (Kish
// 1965). 0 where there is none.
double effective_samples(const std::vector<WeightedValue>& samples);

}  // namespace headway
