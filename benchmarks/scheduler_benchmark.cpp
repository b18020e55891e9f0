// What the scheduling core and a replay cost a task: layered random graphs, driven through on a
// virtual clock. Time is per graph; `items_per_second` counts tasks.
#include "scheduling/scheduler.hpp"
#include "timing/remaining_time.hpp"

#include <benchmark/benchmark.h>

#include <random>
#include <utility>
#include <vector>

namespace headway {
namespace {

constexpr int kLayer = 50;

struct Workload {
  CsrGraph graph;
  std::vector<TaskNeeds> needs;
  std::vector<double> durations;
};

// Layers of 50; each task needs one to three of the layer before.
Workload layered(int tasks) {
  std::mt19937 random(7);
  std::vector<std::vector<int>> needs(static_cast<std::size_t>(tasks));
  Workload made;
  for (int task = 0; task < tasks; ++task) {
    const int first = task / kLayer * kLayer - kLayer;
    for (unsigned i = 0; first >= 0 && i <= random() % 3; ++i) {
      needs[static_cast<std::size_t>(task)].push_back(first + static_cast<int>(random() % kLayer));
    }
    made.durations.push_back(0.1 + static_cast<double>(random() % 10'000) / 1000);
    TaskNeeds own;
    own.weight = made.durations.back();
    own.cpus = random() % 4 == 0 ? 2 : 1;
    own.memory_bytes = static_cast<int>(random() % 100);
    made.needs.push_back(own);
  }
  made.graph = CsrGraph(needs);
  return made;
}

void replay(benchmark::State& state, const SchedulerLimits& limits, int lock_every) {
  Workload work = layered(static_cast<int>(state.range(0)));
  for (std::size_t task = 0; lock_every > 0 && task < work.needs.size(); ++task) {
    if (task % static_cast<std::size_t>(lock_every) == 0) {
      work.needs[task].locks = {0};
    }
  }
  const ReplayInput input{work.graph, work.needs, limits, {}};
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(replay_once(input, work.durations));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void slots_only(benchmark::State& state) {
  replay(state, {.slots = 16}, 0);
}
void locks(benchmark::State& state) {
  replay(state, {.slots = 16}, 5);
}
void cpus_and_memory(benchmark::State& state) {
  replay(state, {.slots = 16, .cpus = 16, .memory_bytes = 500}, 0);
}

// As an estimate does it: one scheduler made, many replays.
void estimate(benchmark::State& state) {
  constexpr int kReplays = 20;
  const Workload work = layered(static_cast<int>(state.range(0)));
  const ReplayInput input{work.graph, work.needs, {.slots = 16}, {}};
  std::vector<std::string> names;
  std::vector<std::pair<std::string, std::vector<StageSample>>> history;
  for (std::size_t task = 0; task < work.needs.size(); ++task) {
    names.push_back("stage" + std::to_string(task));
    history.emplace_back(names.back(), 5);
    for (std::size_t run = 0; run < 5; ++run) {
      history.back().second[run].duration =
          Seconds(work.durations[task] * (1 + 0.1 * static_cast<double>(run)));
      history.back().second[run].run = -static_cast<std::int64_t>(run);
    }
  }
  const std::vector<std::string_view> keys(names.begin(), names.end());
  const DurationPrior prior(planned_stages(keys), past_durations(history));
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(estimate_remaining(input, prior, {.replays = kReplays}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kReplays);
}

BENCHMARK(slots_only)->Arg(1000)->Arg(5000)->Arg(10'000)->Arg(100'000);
BENCHMARK(locks)->Arg(10'000)->Arg(100'000);
BENCHMARK(cpus_and_memory)->Arg(10'000)->Arg(100'000);
BENCHMARK(estimate)->Arg(1000)->Arg(5000);

}  // namespace
}  // namespace headway

BENCHMARK_MAIN();
