// See run_comparison.hpp.
#include "record/run_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace headway {
namespace {

constexpr double kUsual = 2 * 1.4142135623730951;  // standard deviations of one execution
constexpr Nanos kSameTime = std::chrono::milliseconds(20);

double to_seconds(Nanos span) {
  return std::chrono::duration<double>(span).count();
}

bool needs(const StageState& stage, const StageState& other, const RunState& run) {
  return std::any_of(stage.plan->needs.begin(), stage.plan->needs.end(), [&](int need) {
    return &run.stages[static_cast<std::size_t>(need)] == &other;
  });
}

// The stage that ended last before `stage` began; of several at about that time one that it needs.
const StageState* released(const StageState& stage, const RunState& run) {
  const StageState* last = nullptr;
  for (const StageState& other : run.stages) {
    const bool ended_before = &other != &stage && other.started_offset &&
                              other.started_offset < stage.started_offset &&
                              other.finished_offset <= *stage.started_offset;
    if (!ended_before) {
      continue;
    }
    const Nanos later =
        last == nullptr ? Nanos::max() : other.finished_offset - last->finished_offset;
    const bool is_needed = needs(stage, other, run);
    const bool was_needed = last != nullptr && needs(stage, *last, run);
    if (later > kSameTime ||
        (later > -kSameTime &&
         (is_needed > was_needed || (is_needed == was_needed && later > Nanos(0))))) {
      last = &other;
    }
  }
  return last;
}

// In the order they ran; empty where nothing has ended.
std::vector<const StageState*> chain_of(const RunState& run) {
  const StageState* last = nullptr;
  for (const StageState& stage : run.stages) {
    if (stage.started_offset && stage.finished_offset >= *stage.started_offset &&
        (last == nullptr || stage.finished_offset > last->finished_offset)) {
      last = &stage;
    }
  }
  std::vector<const StageState*> chain;
  for (; last != nullptr; last = released(*last, run)) {
    chain.push_back(last);
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
