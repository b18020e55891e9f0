// Draws, replays, quantiles. See remaining_time.hpp.
#include "timing/remaining_time.hpp"

#include "timing/level_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace headway {
namespace {

// The share of what is left whose kind was seen before.
double known_share(const ReplayInput& input, const DurationPrior& prior) {
  double seen = 0;
  double left = 0;
  for (std::size_t task = 0; task < static_cast<std::size_t>(input.graph.size()); ++task) {
    if (input.tasks.empty() || input.tasks[task].state != ReplayTask::State::done) {
      left += 1;
      seen += prior.kind(prior.kind_of(task)).is_seen ? 1 : 0;
    }
  }
  return left > 0 ? seen / left : 1;
}

// Linear between the two nearest (Hyndman and Fan 1996, definition 7). `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

// 10 and 90 %. Of few replays the quantiles are mostly luck: as of a log-normal distribution.
std::pair<double, double> interval_of(const std::vector<double>& sorted, double median) {
  constexpr std::size_t kFew = 40;
  constexpr double kTenth = 1.2815515655446004;
  if (sorted.size() >= kFew || sorted.front() <= 0) {
    return {quantile(sorted, 0.1), quantile(sorted, 0.9)};
  }
  double squares = 0;
  for (const double span : sorted) {
    squares += std::pow(std::log(span / median), 2);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(sorted.size()));
  return {median * std::exp(-kTenth * deviation), median * std::exp(kTenth * deviation)};
}

Nanos nanos(double seconds) {
  return std::chrono::duration_cast<Nanos>(Seconds(seconds));
}

}  // namespace

RemainingEstimate estimate_remaining(const ReplayInput& input,
                                     const DurationPrior& prior,
                                     const EstimateOptions& options) {
  RemainingEstimate estimate;
  if (prior.empty()) {
    return estimate;
  }
  LevelPosterior posterior(prior, input);
  Replayer replayer(input);
  std::vector<double> durations(static_cast<std::size_t>(input.graph.size()), 0);
  std::vector<double> spans;
  for (int i = 0; i < std::max(options.replays, 1); ++i) {
    posterior.draw(durations);
    spans.push_back(to_seconds(replayer.run(durations)).count());
  }
  std::sort(spans.begin(), spans.end());
  const double median = quantile(spans, 0.5);
  const auto [low, high] = interval_of(spans, median);
  estimate.expected = nanos(median);
  estimate.p10 = nanos(options.scale.widen(median, low));
  estimate.p90 = nanos(options.scale.widen(median, high));
  estimate.runs = prior.runs();
  estimate.confidence =
      known_share(input, prior) * estimate.runs / static_cast<double>(estimate.runs + 1);
  if (options.deadline) {
    const double deadline = to_seconds(*options.deadline).count();
    const auto late = std::count_if(spans.begin(), spans.end(), [&](double span) {
      return options.scale.widen(median, span) > deadline;
    });
    estimate.sla_miss_probability = static_cast<double>(late) / static_cast<double>(spans.size());
  }
  return estimate;
}

}  // namespace headway
