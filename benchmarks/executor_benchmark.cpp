// What the executor costs a callable that does next to nothing, its graph checked and built anew
// each time; beside it oneTBB's flow graph, and a thread a task for the chain. Time is per graph;
// `items_per_second` counts stages.
#include "headway/executor.hpp"

#include <benchmark/benchmark.h>
#include <oneapi/tbb/flow_graph.h>

#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <random>
#include <vector>

namespace headway {
namespace {

using Needs = std::vector<std::vector<int>>;

Needs chain_of(int stages) {
  Needs needs(static_cast<std::size_t>(stages));
  for (int stage = 1; stage < stages; ++stage) {
    needs[static_cast<std::size_t>(stage)] = {stage - 1};
  }
  return needs;
}

// One that all others need.
Needs fan_of(int stages) {
  Needs needs(static_cast<std::size_t>(stages), std::vector<int>{0});
  needs[0].clear();
  return needs;
}

// Layers of 50; each needs one to three of the layer before.
Needs layers_of(int stages) {
  constexpr int kLayer = 50;
  std::mt19937 random(7);
  Needs needs(static_cast<std::size_t>(stages));
  for (int stage = kLayer; stage < stages; ++stage) {
    const int first = stage / kLayer * kLayer - kLayer;
    for (unsigned i = 0; i <= random() % 3; ++i) {
      needs[static_cast<std::size_t>(stage)].push_back(first + static_cast<int>(random() % kLayer));
    }
  }
  return needs;
}

std::atomic<int> calls{0};

void stage_body() {
  calls.fetch_add(1, std::memory_order_relaxed);
}

void run_headway(benchmark::State& state, const Needs& needs) {
  std::vector<ParallelStage> stages;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    stages.push_back({static_cast<int>(i), "stage", stage_body, needs[i]});
  }
  AdaptiveParallelExecutor executor;
  for (auto unused : state) {
    (void)unused;
    const auto outcome = executor.execute_parallel(stages);
    if (!outcome || !outcome->all_succeeded) {
      state.SkipWithError("the run failed");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void run_tbb(benchmark::State& state, const Needs& needs) {
  using Node = tbb::flow::continue_node<tbb::flow::continue_msg>;
  for (auto unused : state) {
    (void)unused;
    tbb::flow::graph graph;
    std::vector<std::unique_ptr<Node>> nodes;
    nodes.reserve(needs.size());
    for (std::size_t i = 0; i < needs.size(); ++i) {
      nodes.push_back(
          std::make_unique<Node>(graph, [](const tbb::flow::continue_msg&) { stage_body(); }));
      for (const int need : needs[i]) {
        tbb::flow::make_edge(*nodes[static_cast<std::size_t>(need)], *nodes[i]);
      }
    }
    for (std::size_t i = 0; i < needs.size(); ++i) {
      if (needs[i].empty()) {
        nodes[i]->try_put(tbb::flow::continue_msg());
      }
    }
    graph.wait_for_all();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

int size_of(const benchmark::State& state) {
  return static_cast<int>(state.range(0));
}

void chain(benchmark::State& state) {
  run_headway(state, chain_of(size_of(state)));
}
void chain_tbb(benchmark::State& state) {
  run_tbb(state, chain_of(size_of(state)));
}
void chain_async(benchmark::State& state) {
  for (auto unused : state) {
    (void)unused;
    for (int stage = 0; stage < size_of(state); ++stage) {
      std::async(std::launch::async, stage_body).get();
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void fan(benchmark::State& state) {
  run_headway(state, fan_of(size_of(state)));
}
void fan_tbb(benchmark::State& state) {
  run_tbb(state, fan_of(size_of(state)));
}
void layers(benchmark::State& state) {
  run_headway(state, layers_of(size_of(state)));
}
void layers_tbb(benchmark::State& state) {
  run_tbb(state, layers_of(size_of(state)));
}

BENCHMARK(chain)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(chain_tbb)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(chain_async)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(fan)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(fan_tbb)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(layers)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(layers_tbb)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace headway

BENCHMARK_MAIN();
