// See run_comparison.hpp.
#include "record/run_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace headway {
namespace {

constexpr double kUsual = 2 * 1.4142135623730951;  // standard deviations of one execution

double to_seconds(Nanos span) {
  return std::chrono::duration<double>(span).count();
}

void add_run(const RunState& run,
             std::size_t side,
             RunComparison& comparison,
             std::map<std::string, ComparedStage>& stages) {
  comparison.run_ids[side] = run.run_id;
  comparison.workflows[side] = run.start.workflow;
  comparison.lanes[side] = run.start.lane;
  comparison.elapsed_seconds[side] = to_seconds(run.elapsed);
  for (const StageState& state : run.stages) {
    ComparedStage& stage = stages[state.plan->key];
    stage.key = state.plan->key;
    stage.status[side] = state.status;
    if (state.attempts > 0) {
      stage.seconds[side] = to_seconds(run.duration_so_far(state));
      stage.queue_seconds[side] = to_seconds(state.queue_wait);
    }
  }
  for (const int position : observed_critical_path(run)) {
    const StageState& state = run.stages[static_cast<std::size_t>(position)];
    comparison.critical_paths[side].push_back(state.plan->key);
    comparison.path_seconds[side] += to_seconds(run.duration_so_far(state));
    stages[state.plan->key].is_critical[side] = true;
  }
  comparison.other_seconds[side] =
      std::max(comparison.elapsed_seconds[side] - comparison.path_seconds[side], 0.0);
}

void judge(ComparedStage& stage, const NoiseOf& noise_of) {
  stage.noise = noise_of(stage.key);
  if (!stage.seconds[0] || !stage.seconds[1] || *stage.seconds[0] <= 0) {
    return;
  }
  const double ratio = *stage.seconds[1] / *stage.seconds[0];
  stage.change_percent = 100 * (ratio - 1);
  if (stage.noise) {
    stage.is_usual = ratio > 0 && std::abs(std::log(ratio)) <= kUsual * *stage.noise;
  }
}

}  // namespace

RunComparison compare_runs(const RunState& first, const RunState& second, const NoiseOf& noise_of) {
  RunComparison comparison;
  std::map<std::string, ComparedStage> stages;
  add_run(first, 0, comparison, stages);
  add_run(second, 1, comparison, stages);
  for (auto& [key, stage] : stages) {
    judge(stage, noise_of);
    comparison.stages.push_back(std::move(stage));
  }
  std::stable_sort(comparison.stages.begin(),
                   comparison.stages.end(),
                   [](const ComparedStage& a, const ComparedStage& b) {
                     return std::abs(a.longer()) > std::abs(b.longer());
                   });
  return comparison;
}

}  // namespace headway
