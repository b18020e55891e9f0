// Reading, distances, and the width of the kernel by leaving one out.
#include "timing/earlier_runs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace headway {
namespace {

// Widths that are tried, as shares of the middle distance between two runs; the first: no kernel.
constexpr double kWidths[] = {1e9, 1, 0.3, 0.1, 0.01};
// How much better (in log likelihood) a width must be than no kernel; below so many runs none is.
constexpr double kWorthAWidth = 0.5;
constexpr std::size_t kFewestToCompare = 3;
// Levels this near are as good as equal (a tenth).
constexpr double kAsGoodAsEqual = 0.01;
// Kinds that the widths are tried on: those with the most work.
constexpr std::size_t kMostKindsTried = 64;
constexpr double kFarthest = 9;

// Heavy tails: a run that is unlike the planned one still counts a little.
double kernel(double distance, double width) {
  const double one = 1 / (1 + distance / width);
  return one * one;
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The newest runs by number from 0.
std::unordered_map<std::int64_t, std::size_t> numbered(std::span<const PastDuration> past) {
  std::vector<std::int64_t> found;
  for (const PastDuration& one : past) {
    if (found.empty() || found.back() != one.run) {
      found.push_back(one.run);
    }
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  found.resize(std::min(found.size(), EarlierRuns::kMostRuns));
  std::unordered_map<std::int64_t, std::size_t> numbers;
  for (const std::int64_t run : found) {
    numbers.emplace(run, numbers.size());
  }
  return numbers;
}

}  // namespace

double log_seconds(double seconds) {
  return std::log(std::max(seconds, kLeastSecondsToldApart));
}

EarlierRuns::EarlierRuns(std::span<const PlannedTask> plan,
                         std::span<const PastDuration> past,
                         double half_life_runs) {
  read(plan, past);
  weigh(half_life_runs);
}

void EarlierRuns::read(std::span<const PlannedTask> plan, std::span<const PastDuration> past) {
  const auto numbers = numbered(past);
  std::unordered_map<std::string_view, std::size_t> kinds;
  kind_of_.reserve(plan.size());
  for (const PlannedTask& task : plan) {
    kind_of_.push_back(kinds.emplace(task.kind, kinds.size()).first->second);
  }
  rows_.reserve(past.size());
  for (const PastDuration& one : past) {
    const auto run = numbers.find(one.run);
    if (run == numbers.end() || !(one.seconds >= 0) || !std::isfinite(one.seconds)) {
      continue;
    }
    const std::size_t kind = kinds.emplace(one.group, kinds.size()).first->second;
    rows_.push_back({one.key,
                     run->second,
                     kind,
                     log_seconds(one.seconds),
                     std::log1p(one.fan_in),
                     one.input_bytes > 0 ? std::log(one.input_bytes) : 0});
  }
  planned_.assign(kinds.size(), 0);
  for (const std::size_t kind : kind_of_) {
    planned_[kind] += 1;
  }
  counts_.assign(numbers.size() * kinds.size(), 0);
  for (const PastRow& row : rows_) {
    counts_[row.run * kinds.size() + row.kind] += 1;
  }
  weights_.assign(numbers.size(), 0);
}

// Of all pairs of runs, by rows.
std::vector<double> EarlierRuns::distances() const {
  std::vector<double> between(runs() * runs(), 0);
  for (std::size_t a = 0; a < runs(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      double sum = 0;
      for (std::size_t kind = 0; kind < kinds(); ++kind) {
        if (count(a, kind) != count(b, kind)) {
          const double off = std::log((1 + count(a, kind)) / (1 + count(b, kind)));
          sum += off * off;
        }
      }
      between[a * runs() + b] = between[b * runs() + a] = sum;
    }
  }
  return between;
}

double EarlierRuns::best_width(const std::vector<double>& between) const {
  std::vector<double> unequal;
  std::copy_if(between.begin(), between.end(), std::back_inserter(unequal), [](double distance) {
    return distance > 1e-9;
  });
  if (runs() < kFewestToCompare || unequal.empty()) {
    return kWidths[0];
  }
  std::vector<double> levels(counts_.size(), 0);
  std::vector<double> work(kinds(), 0);
  for (const PastRow& row : rows_) {
    levels[row.run * kinds() + row.kind] += row.level / count(row.run, row.kind);
    work[row.kind] += std::exp(row.level);
  }
  std::vector<std::size_t> tried(kinds());
  std::iota(tried.begin(), tried.end(), 0U);
  std::stable_sort(tried.begin(), tried.end(), [&work](std::size_t a, std::size_t b) {
    return work[a] > work[b];
  });
  tried.resize(std::min(tried.size(), kMostKindsTried));
  const double all = std::max(1e-9, std::accumulate(work.begin(), work.end(), 0.0));
  const double middle = median_of(std::move(unequal));
  double best = -std::numeric_limits<double>::infinity();
  double chosen = kWidths[0];
  for (const double width : kWidths) {
    double likelihood = 0;
    for (const std::size_t kind : tried) {
      for (std::size_t run = 0; run < runs(); ++run) {
        double sum = 0;
        double weight = 0;
        for (std::size_t other = 0; other < runs() && count(run, kind) > 0; ++other) {
          if (other != run && count(other, kind) > 0) {
            const double counts = kernel(between[run * runs() + other], width * middle);
            sum += counts * levels[other * kinds() + kind];
            weight += counts;
          }
        }
        if (weight > 0) {
          const double off = levels[run * kinds() + kind] - sum / weight;
          likelihood -= 0.5 * std::log(off * off + kAsGoodAsEqual) * std::sqrt(work[kind] / all);
        }
      }
    }
    if (likelihood > best + (width == kWidths[0] ? 0 : kWorthAWidth)) {
      best = likelihood;
      chosen = width * middle;
    }
  }
  return chosen;
}

void EarlierRuns::weigh(double half_life_runs) {
  const std::vector<double> between = distances();
  const double width = best_width(between);
  double total = 0;
  for (std::size_t run = 0; run < runs(); ++run) {
    double sum = 0;
    for (std::size_t kind = 0; kind < kinds(); ++kind) {
      const double off = std::log((1 + count(run, kind)) / (1 + planned(kind)));
      sum += off * off;
    }
    from_plan_.push_back(sum);
    const double ages = half_life_runs > 0 ? static_cast<double>(run) / half_life_runs : 0;
    weights_[run] = kernel(sum, width) * std::exp2(-ages);
    total += weights_[run];
  }
  double pairs = 0;
  for (std::size_t run = 0; run < runs(); ++run) {
    weights_[run] /= total;
    for (std::size_t other = 0; other < run; ++other) {
      const double weight = weights_[run] * weights_[other];
      between_ += weight * std::min(kFarthest, between[run * runs() + other]);
      pairs += weight;
    }
  }
  between_ = pairs > 0 ? between_ / pairs : 0;
}

}  // namespace headway
