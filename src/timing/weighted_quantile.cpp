// See weighted_quantile.hpp for the formulas.
#include "timing/weighted_quantile.hpp"

#include <algorithm>
#include <cstddef>

namespace headway {

double weighted_quantile(std::vector<WeightedValue>& samples, double at) {
  std::sort(samples.begin(), samples.end(), [](const WeightedValue& a, const WeightedValue& b) {
    return a.value < b.value;
  });
  double total = 0;
  for (const WeightedValue& sample : samples) {
    total += sample.weight;
  }
  const double wanted = at * total;
  double before = 0;  // weight up to the middle of the sample before
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double middle = sum + samples[i].weight / 2;
    if (wanted <= middle) {
      if (i == 0) {
        return samples[0].value;
      }
      const double share = (wanted - before) / (middle - before);
      return samples[i - 1].value + share * (samples[i].value - samples[i - 1].value);
    }
    before = middle;
    sum += samples[i].weight;
  }
  return samples.empty() ? 0 : samples.back().value;
}

double effective_samples(const std::vector<WeightedValue>& samples) {
  double sum = 0;
  double squares = 0;
  for (const WeightedValue& sample : samples) {
    sum += sample.weight;
    squares += sample.weight * sample.weight;
  }
  return squares > 0 ? sum * sum / squares : 0;
}

}  // namespace headway
