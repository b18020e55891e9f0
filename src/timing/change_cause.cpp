// See change_cause.hpp. What each cause needs is written down in docs/design/regressions.md.
#include "timing/change_cause.hpp"

#include "timing/change_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace headway {
namespace {

constexpr double kShareThatAgrees = 0.75;  // of the stages, for what the machine did
constexpr double kGapOfModes = 1.0 / 3;    // of the rise: nothing lies between the two modes
constexpr double kLeastApart = 4;          // modes: robust standard deviations of the fast one
constexpr double kSameLevel = 0.25;        // of the rise: how near the slow mode must be
constexpr double kMostSlow = 0.4;          // of the runs before; else it is no exception
constexpr int kLeastSlow = 2;
constexpr double kComputes = 0.5;    // CPU time over time of a stage that computes
constexpr double kWaits = 0.25;      // of the rise is CPU time, at most
constexpr double kMemoryGrew = 0.1;  // log
constexpr double kMemoryPart = 0.3;  // of the rise
constexpr double kMemorySuperiority = 0.9;

// Runs of two kinds before, fast and slow ones with nothing between: the new level is that of the
// slow ones.
std::optional<Cause> slow_mode(const StageSeries& series, const RunRange& range, double shift) {
  const auto [before, after] = series.parts(range, Measure::own_time);
  std::vector<double> logs;
  std::transform(before.begin(), before.end(), std::back_inserter(logs), [](double seconds) {
    return std::log(std::max(seconds, 1e-3));
  });
  const double fast_level = median_of(logs);
  std::vector<double> fast;
  std::vector<double> slow;
  int between = 0;
  for (const double value : logs) {
    if (value < fast_level + kGapOfModes * shift) {
      fast.push_back(value);
    } else if (value > fast_level + (1 - kGapOfModes) * shift) {
      slow.push_back(value);
    } else {
      ++between;
    }
  }
  const auto count = static_cast<double>(slow.size());
  if (between > 0 || count < kLeastSlow || count > kMostSlow * static_cast<double>(logs.size()) ||
      shift < kLeastApart * robust_deviation(fast) ||
      std::abs(median_of(slow) - fast_level - shift) > kSameLevel * shift) {
    return std::nullopt;
  }
  return Cause{ChangeCause::cold_cache,
               fmt::format("as slow as {} of the {} runs before, which were the exception: like a "
                           "cache that is never warm now",
                           slow.size(),
                           logs.size())};
}

// It used to compute most of its time; what came on top is no CPU time.
std::optional<Cause> waits_now(const StageSeries& series, const RunRange& range) {
  const auto [time_before, time_after] = series.parts(range, Measure::own_time);
  const auto [cpu_before, cpu_after] = series.parts(range, Measure::cpu_time);
  if (cpu_before.empty() || cpu_after.empty()) {
    return std::nullopt;
  }
  const double time = median_of(time_before);
  const double cpu = median_of(cpu_before);
  const double longer = median_of(time_after) - time;
  const double more_cpu = median_of(cpu_after) - cpu;
  if (cpu < kComputes * time || more_cpu > kWaits * longer) {
    return std::nullopt;
  }
  return Cause{ChangeCause::cold_cache,
               fmt::format("{:.2g} s longer with {:+.2g} s of CPU time: it waits where it used to "
                           "compute, for a cold cache, a disk or a network",
                           longer,
                           more_cpu)};
}

std::optional<Cause> more_data(const StageSeries& series, const RunRange& range, double shift) {
  const auto memory = series.shift(range, Measure::memory);
  if (!memory || *memory < kMemoryGrew || *memory < kMemoryPart * shift) {
    return std::nullopt;
  }
  const auto [before, after] = series.parts(range, Measure::memory);
  if (superiority(before, after) < kMemorySuperiority) {
    return std::nullopt;
  }
  return Cause{
      ChangeCause::input_size,
      fmt::format("its memory grew with it ({}): more data, most likely", percent_text(*memory))};
}

}  // namespace

std::optional<double> common_shift(std::span<const StageSeries> all,
                                   int without,
                                   const RunRange& range,
                                   double sign) {
  std::vector<double> shifts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (static_cast<int>(i) == without) {
      continue;
    }
    if (const auto shift = all[i].shift(range, Measure::own_time)) {
      shifts.push_back(sign > 0 ? *shift : -*shift);
    }
  }
  if (shifts.size() < (without < 0 ? 3U : 2U)) {
    return std::nullopt;
  }
  std::sort(shifts.begin(), shifts.end());
  const auto agreeing =
      static_cast<std::size_t>(std::ceil(kShareThatAgrees * static_cast<double>(shifts.size())));
  return (sign > 0 ? 1 : -1) * shifts[shifts.size() - agreeing];
}

Cause cause_of_rise(const StageSeries& series, const RunRange& range, double shift) {
  if (auto cause = slow_mode(series, range, shift)) {
    return *std::move(cause);
  }
  if (auto cause = waits_now(series, range)) {
    return *std::move(cause);
  }
  if (auto cause = more_data(series, range, shift)) {
    return *std::move(cause);
  }
  const auto cpu = series.shift(range, Measure::cpu_time);
  return {ChangeCause::own_time,
          cpu ? fmt::format("its CPU time: {}", percent_text(*cpu)) : "its CPU time is not known"};
}

std::string percent_text(double shift) {
  return fmt::format("{:+.0f} %", 100 * std::expm1(shift));
}

}  // namespace headway
