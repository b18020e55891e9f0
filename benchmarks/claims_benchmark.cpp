// The claim "at least 20 % faster than one at a time, wherever the graph allows it", on every
// recorded run with a virtual clock: -j1 against the slots that `auto` gives on a machine of P
// CPUs. "Allows it": the lower bound with one worker is at least 1.5 times that with P. The
// examples, run for real, are in claims.py. Exit code 1 where a row misses the claim.
#include "scheduling/worker_policy.hpp"
#include "trace_runs.hpp"

namespace headway::bench {
namespace {

constexpr double kAllows = 1.5;
constexpr double kShare = 0.8;  // of the time with one worker

struct Counts {
  int rows = 0;
  int claimed = 0;
  int missed = 0;
  std::vector<double> speed_ups;  // of claimed rows
};

int auto_slots(int cpus) {
  MachineLoad load;
  load.usable_cpus = cpus;
  load.machine_cpus = cpus;
  return WorkerPolicy().start(Nanos{0}, load).slots;
}

void measure(const std::vector<TraceRun>& runs, std::size_t i, int cpus, Counts& counts) {
  const TraceRun& run = runs[i];
  const auto past = past_of(
      runs, i, [&](std::size_t other) -> const auto& { return runs[other].durations; });
  const auto weights = learned_weights(run, past);
  const int slots = auto_slots(cpus);
  const double one = makespan(run.graph, run.durations, weights, 1);
  const double many = makespan(run.graph, run.durations, weights, slots);
  const double allowed = lower_bound(run.graph, run.durations, 1) /
                         std::max(lower_bound(run.graph, run.durations, cpus), 1e-9);
  const bool is_claimed = allowed >= kAllows;
  const bool is_met = many <= kShare * one;
  ++counts.rows;
  if (is_claimed) {
    ++counts.claimed;
    counts.missed += is_met ? 0 : 1;
    counts.speed_ups.push_back(one / many);
  }
  fmt::print("{:12} {:48} {:3} {:5} {:9.2f} {:9.2f}  {}\n",
             run.family,
             run.file,
             cpus,
             slots,
             allowed,
             one / many,
             !is_claimed ? "-"
             : is_met    ? "met"
                         : "MISSED");
}

int run() {
  const std::vector<TraceRun> runs = load_runs();
  Counts counts;
  fmt::print("{:12} {:48} {:>3} {:>5} {:>9} {:>9}  20 % faster\n",
             "family",
             "run",
             "P",
             "slots",
             "LB(1)/(P)",
             "speed-up");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const int cpus : {2, 4, 8, 16}) {
      measure(runs, i, cpus, counts);
    }
  }
  fmt::print(
      "{} rows, {} where the graph allows it: {} met, {} missed; speed-up there {:.2f} to "
      "{:.2f}, median {:.2f}\n",
      counts.rows,
      counts.claimed,
      counts.claimed - counts.missed,
      counts.missed,
      quantile(counts.speed_ups, 0),
      quantile(counts.speed_ups, 1),
      quantile(counts.speed_ups, 0.5));
  return counts.missed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace headway::bench

int main() {
  return headway::bench::run();
}
