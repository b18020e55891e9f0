// The fold; see lane_summary.hpp.
#include "timing/lane_summary.hpp"

#include "timing/weighted_quantile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kTrendRuns = 40;  // the newest: what is long past is no trend
constexpr double kMostSeconds = 1e9;

double seconds_of(Seconds span) {
  const double seconds = span.count();
  return seconds > 0 ? std::min(seconds, kMostSeconds) : 0;  // (NaN becomes 0)
}

double quantile(const std::vector<double>& values, double at) {
  std::vector<WeightedValue> weighted;
  weighted.reserve(values.size());
  for (const double value : values) {
    weighted.push_back({value, 1});
  }
  return weighted_quantile(weighted, at);
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

bool has_ended(const StageSample& sample) {
  return sample.status == StageStatus::completed || sample.status == StageStatus::failed;
}

// The runs that are looked at, by number.
class Runs {
 public:
  explicit Runs(std::span<const PastRun> runs) {
    for (const PastRun& run : runs) {
      by_number_.emplace(run.run, &run);
    }
  }

  // Nothing where the run is not looked at.
  const PastRun* find(std::int64_t number) const {
    const auto found = by_number_.find(number);
    return found == by_number_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::int64_t, const PastRun*> by_number_;
};

void add_outcomes(const std::vector<StageSample>& samples, const Runs& runs, StageSummary& stage) {
  struct Outcomes {
    int succeeded = 0;
    std::vector<const StageSample*> failed;
  };
  std::map<std::string_view, Outcomes> commits;
  for (const StageSample& sample : samples) {
    const PastRun* run = runs.find(sample.run);
    if (run == nullptr || !has_ended(sample)) {
      continue;
    }
    ++stage.runs;
    const bool succeeded = sample.status == StageStatus::completed;
    stage.succeeded += succeeded ? 1 : 0;
    if (succeeded && sample.attempt > 1) {
      ++stage.retried;
      stage.flaky_lost += (sample.attempt - 1) * seconds_of(sample.duration);
    }
    if (sample.failure == FailureKind::oom) {
      ++stage.out_of_memory;
      stage.oom_lost += run->is_complete ? seconds_of(sample.duration) : seconds_of(run->took);
    }
    if (!run->commit.empty()) {
      Outcomes& outcomes = commits[run->commit];
      outcomes.succeeded += succeeded ? 1 : 0;
      if (!succeeded) {
        outcomes.failed.push_back(&sample);
      }
    }
  }
  for (const auto& [commit, outcomes] : commits) {
    stage.repeated += std::max(0, outcomes.succeeded - 1);
    if (outcomes.succeeded == 0) {
      continue;
    }
    for (const StageSample* sample : outcomes.failed) {
      const PastRun* run = runs.find(sample->run);
      ++stage.flaky_failures;
      stage.flaky_lost += run->is_complete ? seconds_of(sample->duration) : seconds_of(run->took);
    }
  }
  if (stage.runs > 0) {
    stage.failure_rate = static_cast<double>(stage.runs - stage.succeeded) / stage.runs;
    stage.flaky_rate = static_cast<double>(stage.flaky_failures + stage.retried) / stage.runs;
  }
}

void add_times(const std::vector<StageSample>& samples, const Runs& runs, StageSummary& stage) {
  std::vector<double> seconds;  // newest first
  std::vector<double> peaks;
  for (const StageSample& sample : samples) {
    if (runs.find(sample.run) == nullptr) {
      continue;
    }
    if (sample.status == StageStatus::completed) {
      seconds.push_back(seconds_of(sample.duration));
    }
    if (sample.peak_memory_bytes > 0) {
      peaks.push_back(static_cast<double>(sample.peak_memory_bytes));
      stage.peak_memory_max = std::max(stage.peak_memory_max, sample.peak_memory_bytes);
    }
  }
  stage.mean = mean_of(seconds);
  stage.median = quantile(seconds, 0.5);
  stage.p90 = quantile(seconds, 0.9);
  stage.peak_memory_p90 = static_cast<std::int64_t>(std::min(quantile(peaks, 0.9), 9e18));
  seconds.resize(std::min(seconds.size(), kTrendRuns));
  std::reverse(seconds.begin(), seconds.end());
  stage.trend = trend_of(seconds);
}

// Counts on how many complete runs each stage was on the critical path.
class CriticalPaths {
 public:
  CriticalPaths(const SampleHistory& history, const StageGraph& graph, const Runs& runs)
      : needs_(history.size()) {
    std::unordered_map<std::string_view, std::size_t> numbers;
    for (std::size_t stage = 0; stage < history.size(); ++stage) {
      numbers.emplace(history[stage].first, stage);
      for (const StageSample& sample : history[stage].second) {
        const PastRun* run = runs.find(sample.run);
        if (run != nullptr && run->is_complete && has_ended(sample)) {
          ends_[sample.run].emplace(stage,
                                    seconds_of(sample.started) + seconds_of(sample.duration));
        }
      }
    }
    for (std::size_t task = 0; task < graph.keys.size(); ++task) {
      const auto own = numbers.find(graph.keys[task]);
      for (const int need : graph.needs[task]) {
        const auto other = numbers.find(graph.keys[static_cast<std::size_t>(need)]);
        if (own != numbers.end() && other != numbers.end()) {
          needs_[own->second].push_back(other->second);
        }
      }
    }
  }

  // By position in the history: runs on whose path the stage was, and runs that it was in.
  std::vector<std::pair<int, int>> count() const {
    std::vector<std::pair<int, int>> counts(needs_.size());
    for (const auto& [run, ends] : ends_) {
      for (const auto& [stage, end] : ends) {
        ++counts[stage].second;
      }
      auto last = std::max_element(ends.begin(), ends.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      });
      // (bounded: a recorded clock that lies cannot make a circle without end)
      for (std::size_t steps = 0; last != ends.end() && steps < ends.size(); ++steps) {
        ++counts[last->first].first;
        last = last_need(ends, last->first);
      }
    }
    return counts;
  }

 private:
  using Ends = std::unordered_map<std::size_t, double>;

  Ends::const_iterator last_need(const Ends& ends, std::size_t stage) const {
    auto last = ends.end();
    for (const std::size_t need : needs_[stage]) {
      const auto found = ends.find(need);
      if (found != ends.end() && (last == ends.end() || found->second > last->second)) {
        last = found;
      }
    }
    return last;
  }

  std::vector<std::vector<std::size_t>> needs_;  // by position in the history
  std::unordered_map<std::int64_t, Ends> ends_;  // by run
};

void add_runs(std::span<const PastRun> runs, LaneSummary& lane) {
  std::vector<double> seconds;
  std::map<int, int> jobs;
  int failed = 0;
  for (const PastRun& run : runs) {
    ++lane.runs;
    if (run.is_complete) {
      ++lane.complete;
      seconds.push_back(seconds_of(run.took));
      jobs[run.jobs] += run.jobs > 0 ? 1 : 0;
    } else if (run.status == "FAILED" || run.status.empty()) {
      ++failed;
    }
  }
  if (lane.complete + failed > 0) {
    lane.success_rate = static_cast<double>(lane.complete) / (lane.complete + failed);
  }
  if (seconds.empty()) {
    return;
  }
  lane.mean = mean_of(seconds);
  lane.median = quantile(seconds, 0.5);
  lane.p90 = quantile(seconds, 0.9);
  lane.min = *std::min_element(seconds.begin(), seconds.end());
  lane.max = *std::max_element(seconds.begin(), seconds.end());
  lane.usual_jobs = std::max_element(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) {
                      return a.second < b.second;
                    })->first;
}

}  // namespace

LaneSummary summarize_lane(std::span<const PastRun> runs,
                           const SampleHistory& history,
                           const StageGraph& graph) {
  LaneSummary lane;
  add_runs(runs, lane);
  const Runs looked_at(runs);
  const auto critical = CriticalPaths(history, graph, looked_at).count();
  std::unordered_map<std::string_view, std::size_t> order;
  for (std::size_t task = 0; task < graph.keys.size(); ++task) {
    order.emplace(graph.keys[task], task);
  }
  for (std::size_t at = 0; at < history.size(); ++at) {
    StageSummary stage;
    stage.key = history[at].first;
    add_outcomes(history[at].second, looked_at, stage);
    add_times(history[at].second, looked_at, stage);
    if (critical[at].second > 0) {
      stage.critical_share = static_cast<double>(critical[at].first) / lane.complete;
    }
    if (stage.runs > 0) {
      lane.stages.push_back(std::move(stage));
    }
  }
  const auto place = [&order, &graph](const StageSummary& stage) {
    const auto found = order.find(stage.key);
    return found == order.end() ? graph.keys.size() : found->second;
  };
  std::stable_sort(lane.stages.begin(), lane.stages.end(), [&](const auto& a, const auto& b) {
    return place(a) < place(b);
  });
  return lane;
}

int runs_over(std::span<const PastRun> runs, Seconds target) {
  return static_cast<int>(std::count_if(runs.begin(), runs.end(), [target](const PastRun& run) {
    return run.is_complete && run.took > target;
  }));
}

}  // namespace headway
