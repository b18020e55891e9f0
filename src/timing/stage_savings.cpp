// Best first: tasks in the order of what they could save at most, until no further one can be among
// the best.
#include "timing/stage_savings.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace headway {
namespace {

constexpr double kLeastShare = 0.005;  // of the run: less is of no interest
constexpr double kNoSlack = 1e-9;      // of the critical path: less is rounding

double seconds_of(const ReplayInput& input, std::span<const double> durations) {
  return to_seconds(replay_once(input, durations)).count();
}

// Longest chain through each task, its own time included.
std::vector<double> chains_through(const CsrGraph& graph, std::span<const double> durations) {
  std::vector<double> through = critical_path_lengths(graph, durations);
  std::vector<double> before(durations.size(), 0);
  for (const int task : graph.topological_order()) {
    const auto at = static_cast<std::size_t>(task);
    through[at] += before[at];
    for (const std::int32_t next : graph.successors(task)) {
      double& earliest = before[static_cast<std::size_t>(next)];
      earliest = std::max(earliest, before[at] + durations[at]);
    }
  }
  return through;
}

// What each task could save at most, greatest first.
std::vector<std::pair<double, int>> upper_bounds(const ReplayInput& input,
                                                 std::span<const double> durations,
                                                 double run) {
  const std::vector<double> through = chains_through(input.graph, durations);
  const double path = through.empty() ? 0 : *std::max_element(through.begin(), through.end());
  const double work = std::accumulate(durations.begin(), durations.end(), 0.0);
  std::vector<std::pair<double, int>> bounds;
  for (std::size_t task = 0; task < durations.size(); ++task) {
    const bool is_critical = through[task] >= path * (1 - kNoSlack);
    const double path_left = is_critical ? path - durations[task] : path;
    const double work_left = (work - durations[task]) / std::max(1, input.limits.slots);
    const double bound = std::min(durations[task], run - std::max(path_left, work_left));
    if (bound > 0 && bound >= kLeastShare * run) {
      bounds.emplace_back(bound, static_cast<int>(task));
    }
  }
  std::sort(bounds.begin(), bounds.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  return bounds;
}

}  // namespace

std::vector<StageSaving> find_stage_savings(const ReplayInput& input,
                                            std::span<const double> durations,
                                            std::size_t most) {
  std::vector<double> changed(durations.begin(), durations.end());
  const double run = seconds_of(input, changed);
  std::vector<StageSaving> best;
  for (const auto& [bound, task] : upper_bounds(input, durations, run)) {
    if (most == 0 || (best.size() == most && best.back().saving >= bound)) {
      break;
    }
    double& duration = changed[static_cast<std::size_t>(task)];
    const double kept = std::exchange(duration, 0);
    const double saving = run - seconds_of(input, changed);
    duration = kept;
    if (saving >= kLeastShare * run) {
      const auto place = std::find_if(
          best.begin(), best.end(), [&](const auto& one) { return one.saving < saving; });
      best.insert(place, {task, saving, 0});
      best.resize(std::min(best.size(), most));
    }
  }
  for (StageSaving& each : best) {
    double& duration = changed[static_cast<std::size_t>(each.task)];
    const double kept = std::exchange(duration, duration / 2);
    each.saving_if_halved = std::max(0.0, run - seconds_of(input, changed));
    duration = kept;
  }
  return best;
}

}  // namespace headway
