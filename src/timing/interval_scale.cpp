// Scores of past intervals and their quantile. See interval_scale.hpp.
#include "timing/interval_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace headway {
namespace {

constexpr double kHolds = 0.8;
constexpr double kLeastHalfWidth = 0.01;  // of logarithms: one per cent is as good as exact
constexpr double kLeastFactor = 0.7;
constexpr double kMostFactor = 4;

}  // namespace

bool is_inside(const PastInterval& past) noexcept {
  return past.took >= past.p10 && past.took <= past.p90;
}

IntervalScale::IntervalScale(std::span<const PastInterval> past) {
  std::vector<double> scores;
  for (const PastInterval& one : past) {
    if (one.p10 > 0 && one.median >= one.p10 && one.p90 >= one.median && one.took > 0) {
      const double end = one.took > one.median ? one.p90 : one.p10;
      const double half = std::max(kLeastHalfWidth, std::abs(std::log(end / one.median)));
      scores.push_back(std::abs(std::log(one.took / one.median)) / half);
    }
  }
  // the usual scores: half-normal, 80 % of them below 1
  static constexpr double kAtHolds = 1.2815515655446004;
  for (int i = 0; i < kUsualRuns; ++i) {
    const double share = (i + 0.5) / kUsualRuns;
    // inverse of the half-normal distribution, by bisection of erf
    double low = 0;
    double high = 5;
    for (int step = 0; step < 40; ++step) {
      const double middle = (low + high) / 2;
      (std::erf(middle / std::sqrt(2.0)) < share ? low : high) = middle;
    }
    scores.push_back(low / kAtHolds);
  }
  std::sort(scores.begin(), scores.end());
  const auto rank =
      static_cast<std::size_t>(std::ceil(kHolds * static_cast<double>(scores.size())));
  factor_ = std::clamp(
      kUsualFactor * scores[std::min(rank, scores.size()) - 1], kLeastFactor, kMostFactor);
}

double IntervalScale::widen(double median, double value) const noexcept {
  return median > 0 && value > 0 ? median * std::pow(value / median, factor_) : value;
}

}  // namespace headway
