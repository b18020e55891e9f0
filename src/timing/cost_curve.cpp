// See cost_curve.hpp.
#include "timing/cost_curve.hpp"

#include <limits>

namespace headway {
namespace {

constexpr int kMostJobs = 64;
constexpr double kSameSpeed = 0.001;

// Speed times efficiency, but for a factor that all points of a curve share.
double power(const CurvePoint& point) {
  return point.seconds > 0 ? 1 / (point.seconds * point.seconds * point.jobs)
                           : std::numeric_limits<double>::max() / point.jobs;
}

}  // namespace

bool is_as_fast(double seconds, double other_seconds) noexcept {
  return seconds <= other_seconds * (1 + kSameSpeed) && other_seconds <= seconds * (1 + kSameSpeed);
}

std::optional<std::size_t> fastest_point(std::span<const CurvePoint> curve) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (!best) {
      best = i;
      continue;
    }
    const CurvePoint& held = curve[*best];
    if (is_as_fast(curve[i].seconds, held.seconds) ? curve[i].jobs < held.jobs
                                                   : curve[i].seconds < held.seconds) {
      best = i;
    }
  }
  return best;
}

std::optional<std::size_t> knee_of_curve(std::span<const CurvePoint> curve) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const bool is_better =
        !best || power(curve[i]) > power(curve[*best]) ||
        (power(curve[i]) == power(curve[*best]) && curve[i].jobs < curve[*best].jobs);
    if (is_better) {
      best = i;
    }
  }
  return best;
}

double speed_share(const CurvePoint& point, const CurvePoint& of) {
  if (point.seconds <= 0) {
    return 1;
  }
  return of.seconds / point.seconds;
}

std::vector<int> usual_job_numbers(int tasks) {
  std::vector<int> numbers{1};
  while (numbers.back() < tasks && numbers.back() < kMostJobs) {
    numbers.push_back(numbers.back() * 2);
  }
  return numbers;
}

}  // namespace headway
