// What one look at the machine costs, twice a second in a run. Its peer: the same files opened anew
// each time.
#include "host/system_probe.hpp"

#include <benchmark/benchmark.h>

namespace headway {
namespace {

void kept_open(benchmark::State& state) {
  SystemProbe probe;
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(probe.sample());
  }
}

void opened_anew(benchmark::State& state) {
  for (auto unused : state) {
    (void)unused;
    SystemProbe probe;
    benchmark::DoNotOptimize(probe.sample());
  }
}

BENCHMARK(kept_open);
BENCHMARK(opened_anew);

}  // namespace
}  // namespace headway

BENCHMARK_MAIN();
