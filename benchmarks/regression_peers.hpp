// Other ways to tell that a stage became slower, for regressions_benchmark: each says whether the
// newest values of a series (seconds, oldest first) are a regression. Small, after their papers.
#pragma once

#include "timing/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace headway::bench {

inline constexpr std::size_t kWindow = 64;

inline std::vector<double> logs_of(const std::vector<double>& seconds) {
  const std::size_t skipped = seconds.size() > kWindow ? seconds.size() - kWindow : 0;
  std::vector<double> logs;
  for (std::size_t i = skipped; i < seconds.size(); ++i) {
    logs.push_back(std::log(std::max(seconds[i], 1e-3)));
  }
  return logs;
}

// What Headway does for one series.
inline bool headway_rule(const std::vector<double>& seconds) {
  LevelShiftOptions options;
  options.least_shift = std::log(1.05);
  const auto shifts = find_level_shifts(logs_of(seconds), options);
  return std::any_of(
      shifts.begin(), shifts.end(), [](const auto& shift) { return shift.after > shift.before; });
}

// The newest is 20 % over the mean of the ten before.
inline bool percent_rule(const std::vector<double>& seconds) {
  if (seconds.size() < 11) {
    return false;
  }
  return seconds.back() > 1.2 * std::accumulate(seconds.end() - 11, seconds.end() - 1, 0.0) / 10;
}

// The newest is three standard deviations over the mean of the 20 before.
inline bool z_score_rule(const std::vector<double>& seconds) {
  if (seconds.size() < 21) {
    return false;
  }
  const double mean = std::accumulate(seconds.end() - 21, seconds.end() - 1, 0.0) / 20;
  double squares = 0;
  for (auto value = seconds.end() - 21; value != seconds.end() - 1; ++value) {
    squares += (*value - mean) * (*value - mean);
  }
  return seconds.back() > mean + 3 * std::sqrt(squares / 19);
}

// The best split of an order of values: its score and place.
using BestSplit = std::pair<double, std::size_t>;
inline constexpr std::size_t kLeastOfPeers = 5;

// The best split of the newest values, tested against random orders of them. `best` of an order.
template <typename Best>
bool permuted_rule(std::vector<double> values, double significance, int orders, Best best) {
  const std::vector<double> original = values;
  const BestSplit seen = best(values);
  if (seen.second == 0) {
    return false;
  }
  std::mt19937 random(1);
  int as_good = 1;
  for (int i = 0; i < orders && as_good <= significance * (orders + 1); ++i) {
    std::shuffle(values.begin(), values.end(), random);
    as_good += best(values).first >= seen.first ? 1 : 0;
  }
  const auto sum = [&original](std::size_t from, std::size_t to) {
    return std::accumulate(original.begin() + static_cast<std::ptrdiff_t>(from),
                           original.begin() + static_cast<std::ptrdiff_t>(to),
                           0.0);
  };
  const std::size_t at = seen.second;
  return as_good <= significance * (orders + 1) &&
         sum(at, original.size()) / static_cast<double>(original.size() - at) -
                 sum(0, at) / static_cast<double>(at) >
             0;
}

// The largest squared sum of one side, over all splits, of values whose mean is 0.
inline BestSplit best_sum(const std::vector<double>& order) {
  BestSplit found{0, 0};
  double sum = 0;
  for (std::size_t at = 1; at + kLeastOfPeers <= order.size(); ++at) {
    sum += order[at - 1];
    if (at >= kLeastOfPeers) {
      found = std::max(found, {sum * sum / static_cast<double>(at * (order.size() - at)), at});
    }
  }
  return found;
}

// The largest energy distance of all splits, with exponent 1.
inline BestSplit best_energy(const std::vector<double>& order) {
  const std::size_t count = order.size();
  BestSplit found{0, 0};
  double left = 0;
  double right = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      right += std::abs(order[i] - order[j]);
    }
  }
  const double all = right;
  for (std::size_t at = 1; at + kLeastOfPeers <= count; ++at) {
    for (std::size_t j = 0; j < count; ++j) {
      (j < at ? left : right) += (j < at ? 1 : -1) * std::abs(order[at - 1] - order[j]);
    }
    const auto n = static_cast<double>(at);
    const auto m = static_cast<double>(count - at);
    if (at >= kLeastOfPeers) {
      const double between = all - left - right;
      found = std::max(
          found,
          {n * m / (n + m) *
               (2 * between / (n * m) - 2 * left / (n * (n - 1)) - 2 * right / (m * (m - 1))),
           at});
    }
  }
  return found;
}

inline std::vector<double> centred(std::vector<double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) /
                      static_cast<double>(std::max<std::size_t>(values.size(), 1));
  for (double& value : values) {
    value -= mean;
  }
  return values;
}

// How sure a peer must be.
struct PeerTest {
  double significance = 0.005;
  int orders = 999;
};

// E-divisive means (Matteson and James 2014) of the logarithms, the first split.
inline bool e_divisive_rule(const std::vector<double>& seconds, PeerTest test) {
  return permuted_rule(logs_of(seconds), test.significance, test.orders, best_energy);
}

// The largest Mann-Whitney sum of all splits (Pettitt 1979; Hawkins and Deng 2010).
inline bool rank_rule(const std::vector<double>& seconds, PeerTest test) {
  const std::vector<double> values = logs_of(seconds);
  std::vector<double> ranks;
  for (const double value : values) {
    double rank = 0;
    for (const double other : values) {
      rank += other < value ? 1 : (other == value ? 0.5 : 0);
    }
    ranks.push_back(rank);
  }
  return permuted_rule(centred(ranks), test.significance, test.orders, best_sum);
}

// The largest t statistic of all splits, as in Hunter (Fleming, Kolaczkowski et al. 2023).
inline bool t_rule(const std::vector<double>& seconds, PeerTest test) {
  return permuted_rule(centred(logs_of(seconds)), test.significance, test.orders, best_sum);
}

}  // namespace headway::bench
