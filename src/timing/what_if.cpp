// Every answer is a replay; see replay.hpp. Here are only the changes, and the bounds.
#include "timing/what_if.hpp"

#include "timing/remaining_time.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace headway {
namespace {

// All durations of a replay together stay below this, so that nanoseconds do not overflow.
constexpr double kMostSecondsInAll = 1e9;
constexpr double kMostSpanSeconds = 9.2e9;  // what nanoseconds can hold: 292 years
constexpr double kHalfNanosecond = 5e-10;   // a replay cuts durations to whole ones
// Replays for an answer over so many tasks: as many as a plan makes, but never so few that the
// 10 % and 90 % points are mere luck.
constexpr int kTaskReplays = 10'000;
constexpr int kFewestReplays = 25;
constexpr int kMostReplays = 50;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

int replays_over(int tasks) {
  return std::clamp(kTaskReplays / std::max(1, tasks), kFewestReplays, kMostReplays);
}

// Only the order counts: what each takes of the machine does not.
std::vector<TaskNeeds> without_resources(std::vector<TaskNeeds> tasks) {
  for (TaskNeeds& task : tasks) {
    task.cpus = 1;
    task.memory_bytes = 0;
    task.locks.clear();
  }
  return tasks;
}

std::vector<StageSample>* samples_of(Workload& workload, std::string_view key) {
  const auto found = std::find_if(workload.history.begin(),
                                  workload.history.end(),
                                  [key](const auto& stage) { return stage.first == key; });
  return found == workload.history.end() ? nullptr : &found->second;
}

// A history from outside may hold anything: nothing in it may overflow a replay.
std::vector<std::pair<std::string, std::vector<StageSample>>> bounded(
    std::vector<std::pair<std::string, std::vector<StageSample>>> history, int tasks) {
  const double most = kMostSecondsInAll / std::max(1, tasks);
  for (auto& [key, samples] : history) {
    for (StageSample& sample : samples) {
      const double seconds = sample.duration.count();
      sample.duration = Seconds(seconds > 0 ? std::min(seconds, most) : 0.0);  // (NaN becomes 0)
    }
  }
  return history;
}

}  // namespace

void make_faster(Workload& workload, int task, double factor) {
  workload.tasks[at(task)].weight /= factor;
  if (!workload.exact.empty()) {
    workload.exact[at(task)] /= factor;
    return;
  }
  const std::string& key = workload.keys[at(task)];
  std::vector<StageSample>* samples = samples_of(workload, key);
  const DurationModel model(workload.history);
  if (model.empty()) {
    return;
  }
  if (samples == nullptr || model.of(key).samples == 0) {
    StageSample borrowed;
    borrowed.duration = Seconds(model.of(key).median / factor);
    workload.history.push_back({key, {borrowed}});
    return;
  }
  for (StageSample& sample : *samples) {
    sample.duration /= factor;
  }
}

bool drop_need(Workload& workload, int task, int need) {
  std::vector<int>& needs = workload.needs[at(task)];
  const auto found = std::find(needs.begin(), needs.end(), need);
  if (found == needs.end()) {
    return false;
  }
  needs.erase(found);
  return true;
}

WhatIf::WhatIf(const Workload& workload)
    : workload_(workload),
      graph_(workload.needs),
      keys_(workload.keys.begin(), workload.keys.end()) {
  const auto history = bounded(workload.history, workload.size());
  model_ = DurationModel(history);
  // every task is a kind of its own: one may be made faster without its like
  std::vector<PlannedTask> planned;
  for (const std::string_view key : keys_) {
    planned.push_back({key, key});
  }
  std::vector<PastDuration> past = past_durations(history);
  for (PastDuration& one : past) {
    one.group = one.key;
  }
  prior_ = DurationPrior(planned, past);
  const double sum = std::accumulate(workload.exact.begin(), workload.exact.end(), 0.0);
  unit_ = std::max(1.0, sum / kMostSecondsInAll);
  for (const double seconds : workload.exact) {
    scaled_.push_back(std::max(0.0, seconds) / unit_ + kHalfNanosecond);
  }
  const std::vector<TaskNeeds> free = without_resources(workload.tasks);
  critical_path_ = replayed(free, {.slots = std::max(1, workload.size())}).expected;
  work_ = replayed(free, {.slots = 1}).expected;
}

RemainingEstimate WhatIf::replayed(const std::vector<TaskNeeds>& tasks,
                                   const SchedulerLimits& limits) const {
  const ReplayInput input{graph_, tasks, limits, {}};
  if (workload_.exact.empty()) {
    return estimate_remaining(input, prior_, {.replays = replays_over(workload_.size())});
  }
  Nanos span = replay_once(input, scaled_);
  if (unit_ > 1) {
    span = Nanos(static_cast<Nanos::rep>(
        std::min(to_seconds(span).count() * unit_, kMostSpanSeconds) * 1e9));
  }
  return {.expected = span, .p10 = span, .p90 = span, .confidence = 1, .runs = 1};
}

WhatIfAnswer WhatIf::ask(const SchedulerLimits& limits) const {
  const RemainingEstimate all = replayed(workload_.tasks, limits);
  WhatIfAnswer answer{.expected = all.expected,
                      .p10 = all.p10,
                      .p90 = all.p90,
                      .lower_bound = std::max(critical_path_, work_ / std::max(1, limits.slots)),
                      .confidence = all.confidence,
                      .runs = all.runs};
  return answer;
}

std::vector<int> WhatIf::critical_tasks() const {
  std::vector<double> usual = scaled_;
  for (std::size_t task = 0; workload_.exact.empty() && task < keys_.size(); ++task) {
    usual.push_back(model_.of(keys_[task]).median);
  }
  // In time an `always` task waits for all ordinary ones.
  std::vector<std::vector<int>> needs = workload_.needs;
  for (std::size_t task = 0; task < needs.size(); ++task) {
    for (std::size_t other = 0; workload_.tasks[task].always && other < needs.size(); ++other) {
      if (!workload_.tasks[other].always) {
        needs[task].push_back(static_cast<int>(other));
      }
    }
  }
  return headway::critical_path(CsrGraph(needs), usual);
}

int WhatIf::unknown_tasks() const noexcept {
  if (!workload_.exact.empty()) {
    return 0;
  }
  return static_cast<int>(std::count_if(keys_.begin(), keys_.end(), [this](std::string_view key) {
    return model_.of(key).samples == 0;
  }));
}

}  // namespace headway
