// Two shrinkages, each by its own reliability. All logarithms are natural.
#include "timing/learned_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace headway {
namespace {

constexpr double kLeastSeconds = 1e-6;
constexpr double kLeastFactor = 0.1;
// With fewer keys than this in two runs, whether runs agree on keys cannot be told.
constexpr int kLeastKeys = 3;
// How far one run's mean of a group is off, where no second run tells: standard deviation of the
// logarithm. Half as long again is nothing unusual.
constexpr double kUsualSpread = 0.4;

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum;
}

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0 : sum_of(values) / static_cast<double>(values.size());
}

// What is known of one group while learning.
struct Past {
  std::map<std::int64_t, std::vector<double>> by_run;  // seconds
  std::map<std::string_view, std::vector<std::pair<std::int64_t, double>>> by_key;
  std::vector<double> all;
  std::map<std::int64_t, double> levels;  // by run: log of the mean, less that of the whole run
};
using Pasts = std::map<std::string_view, Past>;

Pasts collect(std::span<const PastDuration> past) {
  Pasts groups;
  for (const PastDuration& one : past) {
    if (!(one.seconds > 0) || !std::isfinite(one.seconds)) {
      continue;
    }
    Past& group = groups[one.group];
    group.by_run[one.run].push_back(one.seconds);
    group.by_key[one.key].emplace_back(one.run, one.seconds);
    group.all.push_back(one.seconds);
  }
  return groups;
}

// How much of its group's mean each task usually is, less 1, as far as runs agree: the mean product
// of two runs' deviations over the mean square of one is their correlation r; n runs together are
// worth n r / (1 + (n - 1) r) (Spearman and Brown 1910).
std::map<std::string, double, std::less<>> factors_of(const Past& group) {
  std::map<std::string_view, std::vector<double>> deviations;
  double squares = 0;
  double products = 0;
  int pairs = 0;
  for (const auto& [key, samples] : group.by_key) {
    std::vector<double>& own = deviations[key];
    for (const auto& [run, seconds] : samples) {
      own.push_back(seconds / mean_of(group.by_run.at(run)) - 1);
      squares += own.back() * own.back();
    }
    const auto count = static_cast<double>(own.size());
    if (own.size() > 1) {
      const double sum = sum_of(own);
      double own_squares = 0;
      for (const double deviation : own) {
        own_squares += deviation * deviation;
      }
      products += (sum * sum - own_squares) / (count * (count - 1));
      ++pairs;
    }
  }
  std::map<std::string, double, std::less<>> factors;
  if (pairs < kLeastKeys || squares <= 0) {
    return factors;
  }
  const double variance = squares / static_cast<double>(group.all.size());
  const double agreement = std::clamp(products / pairs / variance, 0.0, 1.0);
  for (const auto& [key, own] : deviations) {
    const auto count = static_cast<double>(own.size());
    const double trust = count * agreement / (1 + (count - 1) * agreement);
    factors.emplace(key, std::max(kLeastFactor, 1 + trust * mean_of(own)));
  }
  return factors;
}

// Runs differ in size as a whole: levels are measured from the run's own middle.
void find_levels(Pasts& groups) {
  std::map<std::int64_t, std::vector<double>> runs;
  for (auto& [name, group] : groups) {
    for (const auto& [run, seconds] : group.by_run) {
      const double level = std::log(std::max(mean_of(seconds), kLeastSeconds));
      group.levels[run] = level;
      runs[run].push_back(level);
    }
  }
  for (auto& [name, group] : groups) {
    for (auto& [run, level] : group.levels) {
      level -= mean_of(runs.at(run));
    }
  }
}

std::vector<double> values_of(const std::map<std::int64_t, double>& levels) {
  std::vector<double> values;
  for (const auto& [run, level] : levels) {
    values.push_back(level);
  }
  return values;
}

// Variances of the levels: between two runs of one group, and between groups beyond that.
struct Spread {
  double within = 0;
  double between = 0;
};

Spread spread_of(const Pasts& groups) {
  Spread spread;
  double squares = 0;
  double freedom = 0;
  std::vector<double> means;
  double shares = 0;
  for (const auto& [name, group] : groups) {
    const std::vector<double> values = values_of(group.levels);
    means.push_back(mean_of(values));
    for (const double value : values) {
      squares += (value - means.back()) * (value - means.back());
    }
    freedom += static_cast<double>(values.size()) - 1;
    shares += 1 / static_cast<double>(values.size());
  }
  spread.within = freedom > 0 ? squares / freedom : kUsualSpread * kUsualSpread;
  const double middle = mean_of(means);
  double total = 0;
  for (const double mean : means) {
    total += (mean - middle) * (mean - middle);
  }
  const auto count = static_cast<double>(means.size());
  spread.between =
      count > 1 ? std::max(0.0, total / (count - 1) - spread.within * shares / count) : 0;
  return spread;
}

}  // namespace

std::string_view stage_group(std::string_view key) {
  const std::size_t bracket = key.find('[');
  return bracket == std::string_view::npos || bracket == 0 ? key : key.substr(0, bracket);
}

std::vector<PastDuration> past_durations(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history) {
  std::vector<PastDuration> past;
  for (const auto& [key, samples] : history) {
    for (const StageSample& sample : samples) {
      if (sample.status == StageStatus::completed && sample.duration.count() > 0) {
        past.push_back({key, stage_group(key), sample.run, sample.duration.count()});
      }
    }
  }
  return past;
}

LearnedWeights::LearnedWeights(std::span<const PastDuration> past) {
  Pasts pasts = collect(past);
  if (pasts.empty()) {
    return;
  }
  find_levels(pasts);
  const Spread spread = spread_of(pasts);
  double middle = 0;  // log of the typical group
  for (const auto& [name, group] : pasts) {
    middle +=
        std::log(std::max(mean_of(group.all), kLeastSeconds)) / static_cast<double>(pasts.size());
  }
  unknown_ = std::exp(middle);
  for (const auto& [name, group] : pasts) {
    const double noise = spread.within / static_cast<double>(group.levels.size());
    const double trust = spread.between + noise > 0 ? spread.between / (spread.between + noise) : 1;
    const double own = std::log(std::max(mean_of(group.all), kLeastSeconds));
    groups_[std::string(name)] = {std::exp(middle + trust * (own - middle)), factors_of(group)};
  }
}

double LearnedWeights::of(std::string_view key, std::string_view group) const {
  const auto found = groups_.find(group);
  if (found == groups_.end()) {
    return unknown_;
  }
  const auto factor = found->second.factors.find(key);
  const double seconds = factor == found->second.factors.end()
                             ? found->second.seconds
                             : found->second.seconds * factor->second;
  return std::max(seconds, kLeastSeconds);
}

}  // namespace headway
