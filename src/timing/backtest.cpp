// Truth by replay, then four estimates beside two simple rules. See backtest.hpp.
#include "timing/backtest.hpp"

#include "timing/ninja_rule.hpp"
#include "timing/remaining_time.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace headway {
namespace {

constexpr int kReplays = 100;
// Other runs that the width of the intervals is learned from, and where in them.
constexpr std::size_t kMostCalibrated = 6;
constexpr std::size_t kCalibratedAt = 1;

Nanos nanos(double seconds) {
  return std::chrono::duration_cast<Nanos>(Seconds(seconds));
}

std::vector<double> seconds_of(const RecordedRun& run) {
  std::vector<double> seconds;
  for (const RecordedTask& task : run.tasks) {
    seconds.push_back(task.seconds);
  }
  return seconds;
}

// One run, replayed as it truly went.
class Truth {
 public:
  Truth(const RecordedRun& run, std::span<const PastDuration> past, int jobs)
      : run_(run), seconds_(seconds_of(run)) {
    const LearnedWeights weights(past);
    std::vector<TaskNeeds> needs(run.tasks.size());
    for (std::size_t task = 0; task < needs.size(); ++task) {
      needs[task].weight = weights.of(run.tasks[task].key, run.tasks[task].kind);
    }
    input_ = {run.graph, std::move(needs), {.slots = jobs}, {}};
    makespan_ = replay_once(input_, seconds_, &ends_);
  }

  double makespan() const { return to_seconds(makespan_).count(); }

  // What the estimator would see after so long.
  ReplayInput after(Nanos now) const {
    ReplayInput seen = input_;
    seen.tasks.resize(ends_.size());
    for (std::size_t task = 0; task < ends_.size(); ++task) {
      const Nanos start = ends_[task] - nanos(seconds_[task]);
      if (ends_[task] <= now) {
        seen.tasks[task] = {ReplayTask::State::done, {}, nanos(seconds_[task])};
      } else if (start < now) {
        seen.tasks[task] = {ReplayTask::State::running, now - start, {}};
      }
    }
    return seen;
  }

  Nanos at(double share) const { return nanos(share * makespan()); }

  double lower_bound(int jobs) const {
    const std::vector<double> chains = critical_path_lengths(run_.graph, seconds_);
    const double longest = chains.empty() ? 0 : *std::max_element(chains.begin(), chains.end());
    return std::max(longest, std::accumulate(seconds_.begin(), seconds_.end(), 0.0) / jobs);
  }

 private:
  const RecordedRun& run_;
  std::vector<double> seconds_;
  ReplayInput input_;
  std::vector<Nanos> ends_;
  Nanos makespan_{};
};

std::vector<PlannedTask> planned(const RecordedRun& run) {
  std::vector<PlannedTask> tasks;
  for (const RecordedTask& task : run.tasks) {
    tasks.push_back({task.key, task.kind, task.fan_in, task.input_bytes});
  }
  return tasks;
}

void add(const RecordedRun& run, std::size_t number, std::vector<PastDuration>& past) {
  for (const RecordedTask& task : run.tasks) {
    past.push_back({task.key,
                    task.kind,
                    static_cast<std::int64_t>(number),
                    task.seconds,
                    task.fan_in,
                    task.input_bytes});
  }
}

// The others (of those before, where the family is in order), less one more.
std::vector<PastDuration> past_without(const RecordedFamily& family,
                                       std::size_t run,
                                       std::size_t also) {
  std::vector<PastDuration> past;
  for (std::size_t other = 0; other < family.runs.size(); ++other) {
    if (other != run && other != also && (!family.is_in_order || other < run)) {
      add(family.runs[other], other, past);
    }
  }
  return past;
}

DurationPrior prior_of(const RecordedFamily& family,
                       const RecordedRun& run,
                       std::span<const PastDuration> past) {
  return {planned(run), past, family.is_in_order ? EarlierRuns::kHalfLifeRuns : 0};
}

// Of a run that is unlike all others nothing is said, as in a run itself.
bool knows_any(const DurationPrior& prior, const RecordedRun& run) {
  for (std::size_t task = 0; task < run.tasks.size(); ++task) {
    if (prior.kind(prior.kind_of(task)).is_seen) {
      return true;
    }
  }
  return false;
}

// How intervals of the other runs would have done, made without the run itself.
IntervalScale scale_of(const RecordedFamily& family, std::size_t run, int jobs) {
  std::vector<PastInterval> outcomes;
  const std::size_t end = family.is_in_order ? run : family.runs.size();
  const std::size_t step = std::max<std::size_t>(1, (end + kMostCalibrated - 1) / kMostCalibrated);
  for (std::size_t other = 0; other < end; other += step) {
    std::vector<PastDuration> past = past_without(family, other, run);
    if (other == run || past.empty()) {
      continue;
    }
    const Truth truth(family.runs[other], past, jobs);
    const Nanos now = truth.at(kCheckpoints[kCalibratedAt]);
    if (truth.makespan() <= 0) {
      continue;
    }
    const RemainingEstimate said = estimate_remaining(
        truth.after(now), prior_of(family, family.runs[other], past), {.replays = kReplays});
    outcomes.push_back({to_seconds(said.expected).count(),
                        to_seconds(said.p10).count(),
                        to_seconds(said.p90).count(),
                        truth.makespan() - to_seconds(now).count()});
  }
  return IntervalScale(outcomes);
}

// The mean of every kind, of one nobody knows: of the kinds.
double means_left(const RecordedRun& run,
                  const ReplayInput& seen,
                  std::span<const PastDuration> past) {
  std::vector<std::pair<std::string_view, std::pair<double, double>>> kinds;
  std::vector<PastDuration> sorted(past.begin(), past.end());
  std::sort(sorted.begin(), sorted.end(), [](const PastDuration& a, const PastDuration& b) {
    return a.group < b.group;
  });
  for (const PastDuration& one : sorted) {
    if (kinds.empty() || kinds.back().first != one.group) {
      kinds.emplace_back(one.group, std::pair{0.0, 0.0});
    }
    kinds.back().second.first += one.seconds;
    kinds.back().second.second += 1;
  }
  double middle = 0;
  for (const auto& [kind, sum] : kinds) {
    middle += sum.first / sum.second / static_cast<double>(kinds.size());
  }
  double left = 0;
  for (std::size_t task = 0; task < run.tasks.size(); ++task) {
    if (seen.tasks[task].state != ReplayTask::State::done) {
      const auto found = std::lower_bound(
          kinds.begin(), kinds.end(), run.tasks[task].kind, [](const auto& kind, const auto& name) {
            return kind.first < name;
          });
      const bool is_known = found != kinds.end() && found->first == run.tasks[task].kind;
      const double mean = is_known ? found->second.first / found->second.second : middle;
      left += std::max(0.0, mean - to_seconds(seen.tasks[task].running_for).count());
    }
  }
  return left;
}

}  // namespace

double BacktestPoint::error() const noexcept {
  return left > 0 ? std::abs(said - left) / left : 0;
}

RecordedRun recorded_run(const WfTrace& trace, std::string name) {
  RecordedRun run;
  run.name = std::move(name);
  std::vector<std::vector<int>> needs;
  for (const WfTask& task : trace.tasks) {
    run.tasks.push_back({task.id,
                         wf_task_kind(task.name),
                         task.runtime.count(),
                         static_cast<double>(task.needs.size()),
                         static_cast<double>(task.input_bytes)});
    needs.push_back(task.needs);
  }
  run.graph = CsrGraph(needs);
  return run;
}

std::vector<PastDuration> past_of(const RecordedFamily& family, std::size_t run) {
  return past_without(family, run, run);
}

std::vector<BacktestResult> backtest(const RecordedFamily& family, int jobs) {
  std::vector<BacktestResult> results;
  for (std::size_t number = 0; number < family.runs.size(); ++number) {
    const RecordedRun& run = family.runs[number];
    const std::vector<PastDuration> past = past_of(family, number);
    if (past.empty()) {
      continue;
    }
    const Truth truth(run, past, jobs);
    if (truth.makespan() <= 0) {
      continue;
    }
    BacktestResult result{run.name, jobs, truth.makespan(), truth.lower_bound(jobs), {}};
    const DurationPrior prior = prior_of(family, run, past);
    if (!knows_any(prior, run)) {
      continue;
    }
    const EstimateOptions options{kReplays, scale_of(family, number, jobs), {}};
    for (std::size_t i = 0; i < kCheckpoints.size(); ++i) {
      const Nanos now = truth.at(kCheckpoints[i]);
      const ReplayInput seen = truth.after(now);
      const RemainingEstimate said = estimate_remaining(seen, prior, options);
      BacktestPoint& point = result.points[i];
      point.left = truth.makespan() - to_seconds(now).count();
      point.said = to_seconds(said.expected).count();
      point.p10 = to_seconds(said.p10).count();
      point.p90 = to_seconds(said.p90).count();
      point.by_means = means_left(run, seen, past) / jobs;
      point.by_ninja = ninja_time_left(run, seen, past, now);
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace headway
