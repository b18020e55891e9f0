// Mann-Kendall for whether, Theil-Sen for how much; see trend.hpp.
#include "timing/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

namespace headway {
namespace {

constexpr std::size_t kFewest = 8;
constexpr double kSignificant = 0.05;
constexpr double kLeastChange = 0.05;

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) {
    return *middle;
  }
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

// Of Kendall's S under no trend, by the normal law, with ties and the correction for continuity.
double p_of(double s, const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  std::map<double, double> ties;
  for (const double value : values) {
    ties[value] += 1;
  }
  double variance = n * (n - 1) * (2 * n + 5);
  for (const auto& [value, count] : ties) {
    variance -= count * (count - 1) * (2 * count + 5);
  }
  if (variance <= 0 || s == 0) {
    return 1;
  }
  const double z = (std::abs(s) - 1) / std::sqrt(variance / 18);
  return std::erfc(z / std::sqrt(2.0));
}

}  // namespace

std::string_view to_string(Direction direction) noexcept {
  switch (direction) {
    case Direction::steady:
      return "steady";
    case Direction::rising:
      return "rising";
    case Direction::falling:
      return "falling";
    case Direction::unknown:
      break;
  }
  return "unknown";
}

Trend trend_of(std::span<const double> oldest_first) {
  std::vector<double> values;
  std::copy_if(oldest_first.begin(), oldest_first.end(), std::back_inserter(values), [](double v) {
    return std::isfinite(v);
  });
  Trend trend;
  if (values.size() < kFewest) {
    return trend;
  }
  std::vector<double> slopes;
  double s = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
      s += values[j] > values[i] ? 1 : (values[j] < values[i] ? -1 : 0);
    }
  }
  const double level = median_of(values);
  const double slope = median_of(slopes);
  trend.p_value = p_of(s, values);
  trend.direction = Direction::steady;
  if (!(level > 0) || !std::isfinite(slope)) {
    return trend;
  }
  trend.percent_per_step = 100 * slope / level;
  const double change = std::abs(slope) * static_cast<double>(values.size() - 1) / level;
  if (trend.p_value < kSignificant && change >= kLeastChange) {
    trend.direction = slope > 0 ? Direction::rising : Direction::falling;
  }
  return trend;
}

}  // namespace headway
