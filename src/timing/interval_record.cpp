// Past runs, estimated once more. See interval_record.hpp.
#include "timing/interval_record.hpp"

#include "timing/remaining_time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>

namespace headway {
namespace {

// Task-replays for one interval.
constexpr int kBudget = 2000;
constexpr int kMostReplays = 50;

// What the planned tasks took in each run, newest run first; -1 of one that was not in it.
using Runs = std::map<std::int64_t, std::vector<double>, std::greater<>>;

Runs runs_of(std::span<const std::string_view> keys, std::span<const PastDuration> past) {
  std::unordered_map<std::string_view, std::size_t> task_of;
  for (std::size_t task = 0; task < keys.size(); ++task) {
    task_of.emplace(keys[task], task);
  }
  Runs runs;
  for (const PastDuration& one : past) {
    if (const auto task = task_of.find(one.key); task != task_of.end()) {
      std::vector<double>& seconds = runs[one.run];
      seconds.resize(keys.size(), -1);
      seconds[task->second] = one.seconds;
    }
  }
  return runs;
}

}  // namespace

std::vector<PastInterval> recent_intervals(const ReplayInput& input,
                                           std::span<const std::string_view> keys,
                                           std::span<const PastDuration> past,
                                           int most) {
  std::vector<PastInterval> intervals;
  const ReplayInput whole{input.graph, input.needs, input.limits, {}};
  const int tasks = std::max(1, input.graph.size());
  const EstimateOptions options{.replays = std::clamp(kBudget / tasks, 10, kMostReplays)};
  const std::vector<PlannedTask> planned = planned_stages(keys);
  for (const auto& [run, seconds] : runs_of(keys, past)) {
    const auto number = run;  // clang 14 captures no structured binding
    if (static_cast<int>(intervals.size()) >= most) {
      break;
    }
    if (std::any_of(seconds.begin(), seconds.end(), [](double one) { return one < 0; })) {
      continue;
    }
    std::vector<PastDuration> before;
    std::copy_if(past.begin(), past.end(), std::back_inserter(before), [&](const auto& one) {
      return one.run < number;
    });
    const DurationPrior prior(planned, before);
    if (prior.empty()) {
      continue;
    }
    const RemainingEstimate said = estimate_remaining(whole, prior, options);
    intervals.push_back({to_seconds(said.expected).count(),
                         to_seconds(said.p10).count(),
                         to_seconds(said.p90).count(),
                         to_seconds(replay_once(whole, seconds)).count()});
  }
  return intervals;
}

}  // namespace headway
