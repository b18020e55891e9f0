// Quantiles of past durations, recent ones weighing more. Pure.
#include "timing/duration_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace headway {

namespace {

// A run this many runs ago counts half.
constexpr double kHalfLifeRuns = 15;
// A distribution is kept as at most so many quantiles.
constexpr std::size_t kMostQuantiles = 64;

struct Weighted {
  double value = 0;
  double weight = 0;
};

// Of samples sorted by value: where the share `at` of the weight lies, linear between the middles
// of the samples (Hyndman and Fan 1996, definition 5, with weights). Zero is a value like any
// other.
double quantile(const std::vector<Weighted>& sorted, double total, double at) {
  const double wanted = at * total;
  double before = 0;  // weight up to the middle of the previous sample
  double sum = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double middle = sum + sorted[i].weight / 2;
    if (wanted <= middle) {
      if (i == 0) {
        return sorted[0].value;
      }
      const double share = (wanted - before) / (middle - before);
      return sorted[i - 1].value + share * (sorted[i].value - sorted[i - 1].value);
    }
    before = middle;
    sum += sorted[i].weight;
  }
  return sorted.back().value;
}

StageDistribution distribution(std::vector<Weighted> samples) {
  StageDistribution made;
  if (samples.empty()) {
    return made;
  }
  std::sort(samples.begin(), samples.end(), [](const Weighted& a, const Weighted& b) {
    return a.value < b.value;
  });
  double total = 0;
  for (const Weighted& sample : samples) {
    total += sample.weight;
  }
  made.samples = static_cast<int>(samples.size());
  made.median = quantile(samples, total, 0.5);
  made.p10 = quantile(samples, total, 0.1);
  made.p90 = quantile(samples, total, 0.9);
  const std::size_t kept = std::min(samples.size(), kMostQuantiles);
  made.sorted.reserve(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    made.sorted.push_back(
        quantile(samples, total, (static_cast<double>(i) + 0.5) / static_cast<double>(kept)));
  }
  return made;
}

}  // namespace

DurationModel::DurationModel(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history) {
  stages_.reserve(history.size());
  std::vector<Weighted> medians;
  medians.reserve(history.size());
  for (const auto& [key, samples] : history) {
    std::vector<Weighted> counted;
    std::int64_t run = 0;
    double age = -1;  // runs of this stage since
    int runs = 0;
    for (const StageSample& sample : samples) {
      if (sample.status != StageStatus::completed) {
        continue;
      }
      if (age < 0 || sample.run != run) {
        age += 1;
        ++runs;
        run = sample.run;
      }
      counted.push_back({std::max(0.0, sample.duration.count()), std::exp2(-age / kHalfLifeRuns)});
    }
    if (counted.empty()) {
      continue;
    }
    stages_.emplace_back(key, distribution(std::move(counted)));
    medians.push_back({stages_.back().second.median, 1});
    runs_ = std::max(runs_, runs);
  }
  std::sort(stages_.begin(), stages_.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
  unknown_ = distribution(std::move(medians));
  unknown_.samples = 0;
}

const StageDistribution& DurationModel::of(std::string_view key) const noexcept {
  const auto found = std::lower_bound(
      stages_.begin(), stages_.end(), key, [](const auto& stage, std::string_view wanted) {
        return stage.first < wanted;
      });
  return found != stages_.end() && found->first == key ? found->second : unknown_;
}

}  // namespace headway
