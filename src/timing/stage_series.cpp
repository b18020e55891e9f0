// See stage_series.hpp.
#include "timing/stage_series.hpp"

#include "timing/change_points.hpp"

#include <algorithm>
#include <cmath>

namespace headway {
namespace {

constexpr double kClockSeconds = 1e-3;
constexpr std::size_t kLeastOfLevel = 3;

bool is_time(Measure measure) {
  return measure != Measure::cpu_time && measure != Measure::memory;
}

double log_of(double value) {
  return std::log(std::max(value, kClockSeconds));
}

}  // namespace

StageSeries::StageSeries(std::string_view key,
                         std::span<const StageSample> newest_first,
                         int window)
    : key_(key) {
  for (const StageSample& sample : newest_first) {
    if (static_cast<int>(samples_.size()) == window) {
      break;
    }
    const bool counts = sample.status == StageStatus::completed &&
                        std::isfinite(sample.duration.count()) && sample.duration.count() >= 0;
    if (counts && (samples_.empty() || samples_.back()->run != sample.run)) {
      samples_.push_back(&sample);
    }
  }
  std::reverse(samples_.begin(), samples_.end());
}

double StageSeries::value(std::size_t position, Measure measure) const {
  const StageSample& sample = *samples_[position];
  const double queue = std::max(sample.queue_wait.count(), 0.0);
  switch (measure) {
    case Measure::own_time:
      return sample.duration.count();
    case Measure::total_time:
      return sample.duration.count() + queue;
    case Measure::queue_wait:
      return queue;
    case Measure::cpu_time:
      return sample.cpu_time.count();
    case Measure::memory:
      return static_cast<double>(sample.peak_memory_bytes);
  }
  return 0;
}

std::vector<double> StageSeries::logs(Measure measure) const {
  std::vector<double> found;
  found.reserve(samples_.size());
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    found.push_back(log_of(value(i, measure)));
  }
  return found;
}

std::pair<std::vector<double>, std::vector<double>> StageSeries::parts(const RunRange& range,
                                                                       Measure measure) const {
  std::pair<std::vector<double>, std::vector<double>> found;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    const double known = value(i, measure);
    if (run(i) < range.first || run(i) > range.last || (known <= 0 && !is_time(measure))) {
      continue;
    }
    (run(i) < range.at ? found.first : found.second).push_back(known);
  }
  return found;
}

std::optional<double> StageSeries::shift(const RunRange& range, Measure measure) const {
  auto [before, after] = parts(range, measure);
  if (before.size() < kLeastOfLevel || after.size() < kLeastOfLevel) {
    return std::nullopt;
  }
  std::transform(before.begin(), before.end(), before.begin(), log_of);
  std::transform(after.begin(), after.end(), after.begin(), log_of);
  return hodges_lehmann(after) - hodges_lehmann(before);
}

}  // namespace headway
