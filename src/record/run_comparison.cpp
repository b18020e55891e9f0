// See run_comparison.hpp.
#include "record/run_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace headway {
namespace {

constexpr double kUsual = 2 * 1.4142135623730951;  // standard deviations of one execution
constexpr Nanos kSameTime = std::chrono::milliseconds(20);

double to_seconds(Nanos span) {
  return std::chrono::duration<double>(span).count();
}

// Positions of stages that began and ended, by their end, latest last; of equal ends the first
// position last.
std::vector<int> by_end(const RunState& run) {
  std::vector<int> ended;
  for (int position = 0; position < static_cast<int>(run.stages.size()); ++position) {
    const StageState& stage = run.stages[static_cast<std::size_t>(position)];
    if (stage.started_offset && stage.completed_at &&
        stage.finished_offset >= *stage.started_offset) {
      ended.push_back(position);
    }
  }
  std::sort(ended.begin(), ended.end(), [&run](int a, int b) {
    return std::pair(run.stages[static_cast<std::size_t>(a)].finished_offset, -a) <
           std::pair(run.stages[static_cast<std::size_t>(b)].finished_offset, -b);
  });
  return ended;
}

// The stage that ended last before `stage` began; of several at about that time one that it needs.
// -1: none. `ended` is by end.
int released(const StageState& stage, const RunState& run, const std::vector<int>& ended) {
  const auto at = [&run](int position) -> const StageState& {
    return run.stages[static_cast<std::size_t>(position)];
  };
  const Nanos began = *stage.started_offset;
  auto behind =
      std::upper_bound(ended.begin(), ended.end(), began, [&at](Nanos time, int position) {
        return time < at(position).finished_offset;
      });
  const std::vector<int>& needs = stage.plan->needs;
  int last = -1;
  while (behind != ended.begin()) {
    const int other = *--behind;
    if (at(other).started_offset >= stage.started_offset) {
      continue;
    }
    if (last >= 0 && at(other).finished_offset <= at(last).finished_offset - kSameTime) {
      break;
    }
    if (std::find(needs.begin(), needs.end(), other) != needs.end()) {
      return other;
    }
    last = last < 0 ? other : last;
  }
  return last;
}

// In the order they ran; empty where nothing has ended.
std::vector<const StageState*> chain_of(const RunState& run) {
  const std::vector<int> ended = by_end(run);
  std::vector<const StageState*> chain;
  for (int last = ended.empty() ? -1 : ended.back(); last >= 0;) {
    chain.push_back(&run.stages[static_cast<std::size_t>(last)]);
    last = released(*chain.back(), run, ended);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
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
  for (const StageState* state : chain_of(run)) {
    comparison.chains[side].push_back(state->plan->key);
    comparison.chain_seconds[side] += to_seconds(state->finished_offset - *state->started_offset);
    stages[state->plan->key].in_chain[side] = true;
  }
  comparison.other_seconds[side] =
      std::max(comparison.elapsed_seconds[side] - comparison.chain_seconds[side], 0.0);
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
