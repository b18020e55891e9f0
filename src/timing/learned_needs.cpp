// Quantiles of past peaks and widths. A width measured while stages shared CPUs is too small, and
// letting more run for it would make the next one smaller still: it is bounded below, and slots,
// which WorkerPolicy gives by what the CPUs do, are the limit that counts.
#include "timing/learned_needs.hpp"

#include "timing/weighted_quantile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace headway {
namespace {

constexpr int kRemembered = 50;       // executions of a stage
constexpr double kHalfLifeRuns = 10;  // a run this many runs ago counts half
constexpr double kMemoryQuantile = 0.9;
constexpr double kMemorySpread = 0.25;   // of one sample
constexpr double kWidthQuantile = 0.75;  // of durations too
constexpr double kMostWidth = 4096;
constexpr Seconds kLeastDuration{0.05};  // shorter ones tell more of starting than of running
// Of what it had when it was killed, and after how many good executions that counts half.
constexpr double kOomFactor = 1.5;
constexpr double kOomHalfLife = 2;
constexpr double kFarAbove = 1.5;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kLeastExcess = 64 * kMiB;
constexpr double kMostBytes = 4e18;

std::int64_t to_bytes(double value) {
  return static_cast<std::int64_t>(std::clamp(std::ceil(value), 0.0, kMostBytes));
}

bool teaches(const StageSample& sample) {
  return sample.status == StageStatus::completed || sample.status == StageStatus::failed;
}

}  // namespace

StageNeeds learn_needs(std::span<const StageSample> newest_first) {
  StageNeeds needs;
  std::vector<WeightedValue> peaks;
  std::vector<WeightedValue> widths;
  std::vector<WeightedValue> durations;
  std::int64_t run = 0;
  double age = -1;  // runs of this stage since
  double good = 0;  // executions since that came to a good end
  double floor = 0;
  for (const StageSample& sample : newest_first) {
    if (!teaches(sample)) {
      continue;
    }
    if (age < 0 || sample.run != run) {
      age += 1;
      run = sample.run;
    }
    const double weight = std::exp2(-age / kHalfLifeRuns);
    if (sample.peak_memory_bytes > 0) {
      peaks.push_back({static_cast<double>(sample.peak_memory_bytes), weight});
      needs.largest_bytes = std::max(needs.largest_bytes, sample.peak_memory_bytes);
    }
    if (sample.failure == FailureKind::oom) {
      const double wanted = kOomFactor * static_cast<double>(sample.peak_memory_bytes);
      floor = std::max(floor, wanted * std::exp2(-good / kOomHalfLife));
    }
    good += sample.status == StageStatus::completed ? 1 : 0;
    durations.push_back({sample.duration.count(), weight});
    if (sample.cpu_time.count() > 0 && sample.duration >= kLeastDuration) {
      widths.push_back({sample.cpu_time / sample.duration, weight});
    }
    needs.samples += sample.peak_memory_bytes > 0 || sample.cpu_time.count() > 0 ? 1 : 0;
  }
  if (!peaks.empty()) {
    const double spread = kMemorySpread / std::sqrt(effective_samples(peaks));
    const double usual = weighted_quantile(peaks, kMemoryQuantile) * (1 + spread);
    needs.memory_bytes = to_bytes(std::max(usual, floor));
  }
  if (!widths.empty()) {
    needs.cpus = std::clamp(weighted_quantile(widths, kWidthQuantile), kLeastWidth, kMostWidth);
  }
  if (!durations.empty()) {
    needs.duration = Seconds(weighted_quantile(durations, kWidthQuantile));
  }
  return needs;
}

LearnedNeeds::LearnedNeeds(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history) {
  stages_.reserve(history.size());
  for (const auto& [key, samples] : history) {
    const StageNeeds needs = learn_needs(samples);
    if (needs.duration) {
      stages_.emplace_back(key, needs);
    }
  }
  std::sort(stages_.begin(), stages_.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
}

Result<LearnedNeeds> LearnedNeeds::read(const History& history,
                                        std::string_view workflow,
                                        std::string_view lane) {
  auto samples = history.samples(workflow, lane, kRemembered);
  if (!samples) {
    return std::move(samples).error();
  }
  return LearnedNeeds(*samples);
}

const StageNeeds& LearnedNeeds::of(std::string_view key) const noexcept {
  const auto found = std::lower_bound(
      stages_.begin(), stages_.end(), key, [](const auto& stage, std::string_view wanted) {
        return stage.first < wanted;
      });
  return found != stages_.end() && found->first == key ? found->second : unknown_;
}

std::optional<NeedsExcess> memory_excess(std::int64_t declared_bytes, const StageNeeds& learned) {
  const std::int64_t measured = learned.largest_bytes;
  const double bound = kFarAbove * static_cast<double>(declared_bytes);
  if (declared_bytes <= 0 || static_cast<double>(measured) <= bound ||
      measured - declared_bytes < kLeastExcess) {
    return std::nullopt;
  }
  const std::int64_t wanted = std::max(measured, learned.memory_bytes.value_or(0));
  return NeedsExcess{declared_bytes, measured, (wanted + kMiB - 1) / kMiB * kMiB};
}

}  // namespace headway
