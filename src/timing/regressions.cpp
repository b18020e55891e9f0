// Finds the changes of every stage, and of all together, and tells them once. The causes:
// change_cause.cpp; the statistics: change_points.cpp.
#include "timing/regressions.hpp"

#include "timing/change_cause.hpp"
#include "timing/stage_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>

namespace headway {
namespace {

constexpr double kLeastMachineSeconds = 0.02;  // shorter stages say little of the machine
constexpr std::size_t kLeastRuns = 5;          // of a stage, for its level
constexpr std::size_t kLeastTogether = 3;      // stages of a run that speak for the machine
constexpr std::size_t kNear = 5;               // runs between two changes that are the same one
constexpr double kMostCpuPart = 0.25;          // of a change that is waiting for a CPU
constexpr double kMostOwnPart = 0.5;           // of a change that the machine explains
constexpr double kLeastQueueSeconds = 0.1;
constexpr double kLeastQueuePart = 0.5;  // of the change of queue and own time together
constexpr int kFoundWithin = 8;          // runs
// Smallest detectable change in standard errors of the difference of two levels: the threshold,
// fitted to the benchmark, and what 9 of 10 cases need above it.
constexpr double kNineOfTen = 1.2816;
constexpr double kDetectableErrors = 3.4 + kNineOfTen;
constexpr double kNormalByMean = 1.2533;
constexpr double kTenthToTenth = 2.5631;  // 10 to 90 % of a normal distribution

// One change while its cause is not yet told.
struct Finding {
  std::size_t series = 0;
  LevelShift shift;
  RunRange range;
  Measure measure = Measure::own_time;

  double size() const noexcept { return shift.after - shift.before; }
};

// Everything that is asked of one lane.
class Lane {
 public:
  Lane(const std::vector<std::pair<std::string, std::vector<StageSample>>>& history,
       std::span<const PastRun> runs,
       const RegressionOptions& options)
      : options_(options) {
    options_.shift.least_shift = std::log1p(options.least_change);
    for (const auto& [key, samples] : history) {
      series_.emplace_back(key, samples, options.window);
      for (std::size_t i = 0; i < series_.back().size(); ++i) {
        runs_.push_back(series_.back().run(i));
      }
    }
    std::sort(runs_.begin(), runs_.end());
    runs_.erase(std::unique(runs_.begin(), runs_.end()), runs_.end());
    for (const PastRun& run : runs) {
      facts_.emplace(run.run, &run);
    }
  }

  Regressions find() {
    find_of_machine();
    std::vector<Finding> queue;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (age(series_[i].newest_run()) >= static_cast<std::size_t>(options_.told_for)) {
        continue;  // no stage of the workflow any more
      }
      for (const Finding& finding : findings_of(i, Measure::own_time)) {
        own_time_.push_back(finding);
      }
      for (const Finding& finding : findings_of(i, Measure::total_time)) {
        queue.push_back(finding);
      }
    }
    fold_into_machine();
    for (const Finding& finding : own_time_) {
      tell_own(finding);
    }
    for (const Finding& finding : queue) {
      tell_queue(finding);
    }
    tell_machine();
    sort(found_.regressions);
    sort(found_.improvements);
    return std::move(found_);
  }

 private:
  // How many runs there were since, the newest is 0.
  std::size_t age(std::int64_t run) const {
    const auto next = std::upper_bound(runs_.begin(), runs_.end(), run);
    return static_cast<std::size_t>(std::distance(next, runs_.end()));
  }
  bool is_near(std::int64_t one, std::int64_t other) const {
    const std::size_t a = age(one);
    const std::size_t b = age(other);
    return (a > b ? a - b : b - a) <= kNear;
  }
  bool is_news(std::int64_t at) const { return static_cast<int>(age(at)) < options_.told_for; }

  // All runs, as one series: how far the median stage was from its own middle.
  void find_of_machine() {
    std::map<std::int64_t, std::vector<double>> distances;
    for (const StageSeries& series : series_) {
      const std::vector<double> logs = series.logs(Measure::own_time);
      const double middle = median_of(logs);
      if (logs.size() < 2 * kLeastRuns || middle < std::log(kLeastMachineSeconds)) {
        continue;
      }
      for (std::size_t i = 0; i < logs.size(); ++i) {
        distances[series.run(i)].push_back(logs[i] - middle);
      }
    }
    std::erase_if(distances, [](const auto& run) { return run.second.size() < kLeastTogether; });
    std::vector<std::int64_t> runs;
    std::vector<double> speeds;
    const auto window = static_cast<std::size_t>(options_.window);
    auto run = distances.begin();
    std::advance(run, distances.size() > window ? distances.size() - window : 0);
    for (; run != distances.end(); ++run) {
      runs.push_back(run->first);
      speeds.push_back(median_of(run->second));
    }
    for (const LevelShift& shift : find_level_shifts(speeds, options_.shift)) {
      const RunRange range{runs[shift.begin], runs[shift.at], runs[shift.end - 1]};
      const double size = shift.after - shift.before;
      const auto common = common_shift(series_, -1, range, size);
      if (common && *common * size > 0 && std::abs(*common) >= std::abs(size) * kMostOwnPart) {
        machine_.push_back({0, shift, range});
      }
    }
  }

  std::vector<Finding> findings_of(std::size_t number, Measure measure) const {
    const StageSeries& series = series_[number];
    LevelShiftOptions options = options_.shift;
    if (measure == Measure::total_time) {
      options.test.significance = options_.queue_significance;
    }
    std::vector<Finding> findings;
    for (const LevelShift& shift : find_level_shifts(series.logs(measure), options)) {
      const RunRange range{
          series.run(shift.begin), series.run(shift.at), series.run(shift.end - 1)};
      if (std::abs(std::exp(shift.after) - std::exp(shift.before)) >= options_.least_seconds) {
        findings.push_back({number, shift, range, measure});
      }
    }
    return findings;
  }

  // The machine explains a change where the others moved by at least half as much; or moved at all,
  // and the stage took no more CPU time: then it waited for a CPU.
  bool is_of_machine(const Finding& finding) const {
    const double size = finding.size();
    const auto others =
        common_shift(series_, static_cast<int>(finding.series), finding.range, size);
    if (!others || *others * size <= 0) {
      return false;
    }
    const double own = std::abs(size) - std::abs(*others);
    if (own < std::max(options_.shift.least_shift, kMostOwnPart * std::abs(size))) {
      return true;
    }
    const auto cpu = series_[finding.series].shift(finding.range, Measure::cpu_time);
    return cpu && std::abs(*others) >= options_.shift.least_shift &&
           std::abs(*cpu) < kMostCpuPart * std::abs(size);
  }

  bool machine_moved(const Finding& finding) const {
    const auto common = common_shift(series_, -1, finding.range, finding.size());
    return common && *common * finding.size() > 0 &&
           std::abs(*common) >= options_.shift.least_shift;
  }

  // Each change of a stage that the machine explains goes to the machine's change next to it; the
  // first of them without one is what tells of it.
  void fold_into_machine() {
    std::vector<Finding> own;
    std::vector<Finding> folded;
    for (Finding& finding : own_time_) {
      (is_of_machine(finding) ? folded : own).push_back(finding);
    }
    std::stable_sort(folded.begin(), folded.end(), [](const Finding& a, const Finding& b) {
      return a.shift.p_value < b.shift.p_value;
    });
    for (const Finding& finding : folded) {
      if (!has_machine_near(finding)) {
        machine_.push_back(finding);
      }
    }
    own_time_ = std::move(own);
  }

  bool has_machine_near(const Finding& finding) const {
    return std::any_of(machine_.begin(), machine_.end(), [&](const Finding& machine) {
      return is_near(machine.range.at, finding.range.at) && machine.size() * finding.size() > 0;
    });
  }

  const PastRun* facts_of(std::int64_t run) const {
    const auto found = facts_.find(run);
    return found == facts_.end() ? nullptr : found->second;
  }
  const PastRun* facts_before(std::int64_t run) const {
    const auto next = std::lower_bound(runs_.begin(), runs_.end(), run);
    return next == runs_.begin() ? nullptr : facts_of(*std::prev(next));
  }

  LevelChange change_of(const Finding& finding) const {
    LevelChange change;
    change.at = finding.range.at;
    change.before_seconds = std::exp(finding.shift.before);
    change.after_seconds = std::exp(finding.shift.after);
    change.change_percent = 100 * std::expm1(finding.size());
    change.p_value = finding.shift.p_value;
    change.runs_before = static_cast<int>(finding.shift.at - finding.shift.begin);
    change.runs_since = static_cast<int>(age(finding.range.at)) + 1;
    if (const PastRun* run = facts_of(change.at)) {
      change.at_run = run->run_id;
      change.at_commit = run->commit;
    }
    if (const PastRun* run = facts_before(change.at)) {
      change.before_commit = run->commit;
    }
    return change;
  }

  void add(LevelChange change) {
    if (!is_news(change.at)) {
      return;
    }
    if (!change.at_commit.empty() && change.at_commit == change.before_commit) {
      change.evidence += "; the run before was of the same commit: no change of the code";
    }
    (change.change_percent > 0 ? found_.regressions : found_.improvements)
        .push_back(std::move(change));
  }

  void tell_own(const Finding& finding) {
    const StageSeries& series = series_[finding.series];
    LevelChange change = change_of(finding);
    change.key = series.key();
    if (finding.size() > 0) {
      Cause cause = cause_of_rise(series, finding.range, finding.size());
      change.cause = cause.cause;
      change.evidence = std::move(cause.evidence);
    } else {
      change.evidence = "the stage itself";
    }
    const auto others =
        common_shift(series_, static_cast<int>(finding.series), finding.range, finding.size());
    if (others && *others * finding.size() > 0 && std::abs(*others) >= options_.shift.least_shift) {
      change.evidence +=
          fmt::format("; most other stages moved as well ({})", percent_text(*others));
    }
    add(std::move(change));
  }

  // Told where waiting is at least half of the change, and the machine is not what changed.
  void tell_queue(const Finding& finding) {
    const StageSeries& series = series_[finding.series];
    const auto [before, after] = series.parts(finding.range, Measure::queue_wait);
    const double longer = hodges_lehmann(after) - hodges_lehmann(before);
    const double total = std::exp(finding.shift.after) - std::exp(finding.shift.before);
    if (longer * total <= 0 || std::abs(longer) < kLeastQueueSeconds ||
        std::abs(longer) < kLeastQueuePart * std::abs(total) || machine_moved(finding)) {
      return;
    }
    LevelChange change = change_of(finding);
    change.key = series.key();
    change.cause = ChangeCause::queue_wait;
    change.evidence = fmt::format("ready to start: {:.3g} s before, {:.3g} s now",
                                  hodges_lehmann(before),
                                  hodges_lehmann(after));
    add(std::move(change));
  }

  void tell_machine() {
    for (const Finding& finding : machine_) {
      LevelChange change = change_of(finding);
      change.key = "*";
      change.cause = finding.size() > 0 ? ChangeCause::slower_machine : ChangeCause::faster_machine;
      add_up_stages(finding, change);
      const double common = common_shift(series_, -1, finding.range, finding.size()).value_or(0);
      change.evidence =
          fmt::format("{} stages moved together, three quarters of them by {} or more",
                      change.stages.size(),
                      percent_text(common));
      const PastRun* now = facts_of(change.at);
      const PastRun* before = facts_before(change.at);
      if (now != nullptr && before != nullptr && now->host != before->host) {
        change.evidence += fmt::format("; on {}, before on {}", now->host, before->host);
      }
      if (change.change_percent * finding.size() > 0) {
        add(std::move(change));
      }
    }
  }

  // The levels of all stages together, of those that ran on both sides.
  void add_up_stages(const Finding& finding, LevelChange& change) const {
    change.before_seconds = 0;
    change.after_seconds = 0;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (!series_[i].shift(finding.range, Measure::own_time)) {
        continue;
      }
      const auto [before, after] = series_[i].parts(finding.range, Measure::own_time);
      change.before_seconds += hodges_lehmann(before);
      change.after_seconds += hodges_lehmann(after);
      const bool is_own = std::any_of(own_time_.begin(), own_time_.end(), [&](const Finding& own) {
        return own.series == i && is_near(own.range.at, finding.range.at);
      });
      if (!is_own) {
        change.stages.emplace_back(series_[i].key());
      }
    }
    change.change_percent =
        100 * (change.after_seconds / std::max(change.before_seconds, 1e-9) - 1);
  }

  static void sort(std::vector<LevelChange>& changes) {
    std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
      return std::abs(a.after_seconds - a.before_seconds) >
             std::abs(b.after_seconds - b.before_seconds);
    });
  }

  RegressionOptions options_;
  std::vector<StageSeries> series_;
  std::vector<std::int64_t> runs_;  // ascending
  std::map<std::int64_t, const PastRun*> facts_;
  std::vector<Finding> machine_;
  std::vector<Finding> own_time_;
  Regressions found_;
};

// What a stage's newest level is made of: logarithms less their level.
std::vector<double> newest_residuals(std::span<const StageSample> newest_first,
                                     const RegressionOptions& options) {
  const std::vector<double> logs =
      StageSeries("", newest_first, options.window).logs(Measure::own_time);
  const auto points = find_change_points(logs, options.shift.test);
  const std::size_t begin = points.empty() ? 0 : points.back().at;
  std::vector<double> residuals(logs.begin() + static_cast<std::ptrdiff_t>(begin), logs.end());
  const double level = hodges_lehmann(residuals);
  for (double& value : residuals) {
    value -= level;
  }
  return residuals;
}

// The larger of two measures: the mean distance sees tails, the range of the inner 80 % sees modes.
double noise_of(std::vector<double> residuals) {
  double sum = 0;
  for (const double value : residuals) {
    sum += std::abs(value);
  }
  std::sort(residuals.begin(), residuals.end());
  const auto at = [&residuals](double share) {
    const double place = share * static_cast<double>(residuals.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, residuals.size() - 1);
    return residuals[low] + (place - std::floor(place)) * (residuals[high] - residuals[low]);
  };
  return std::max(kNormalByMean * sum / static_cast<double>(residuals.size() - 1),
                  (at(0.9) - at(0.1)) / kTenthToTenth);
}

}  // namespace

std::string_view to_string(ChangeCause cause) noexcept {
  switch (cause) {
    case ChangeCause::own_time:
      return "own_time";
    case ChangeCause::queue_wait:
      return "queue_wait";
    case ChangeCause::slower_machine:
      return "slower_machine";
    case ChangeCause::cold_cache:
      return "cold_cache";
    case ChangeCause::input_size:
      return "input_size";
    case ChangeCause::faster_machine:
      return "faster_machine";
  }
  return "own_time";
}

Regressions find_regressions(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history,
    std::span<const PastRun> runs,
    const RegressionOptions& options) {
  return Lane(history, runs, options).find();
}

std::optional<double> stage_noise(std::span<const StageSample> newest_first,
                                  const RegressionOptions& options) {
  std::vector<double> residuals = newest_residuals(newest_first, options);
  if (residuals.size() < kLeastRuns) {
    return std::nullopt;
  }
  return noise_of(std::move(residuals));
}

std::optional<double> smallest_detectable_change(std::span<const StageSample> newest_first,
                                                 const RegressionOptions& options) {
  std::vector<double> residuals = newest_residuals(newest_first, options);
  if (residuals.size() < kLeastRuns) {
    return std::nullopt;
  }
  const double error = std::sqrt(1.0 / static_cast<double>(residuals.size()) + 1.0 / kFoundWithin);
  const double large = std::log1p(options.least_change);
  const double noise = error * noise_of(std::move(residuals));
  return std::expm1(std::max(kDetectableErrors * noise, large + kNineOfTen * noise));
}

}  // namespace headway
