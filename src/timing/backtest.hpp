// Backtest: how good the estimates would have been on runs that are over. Each run is replayed on a
// virtual clock with its true durations, and estimated along the way from other runs alone. Knows
// no files and formats nothing.
#pragma once

#include "scheduling/task_graph_csr.hpp"
#include "timing/learned_weights.hpp"
#include "timing/wf_trace.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace headway {

// One task of a run that is over.
struct RecordedTask {
  std::string key;         // the same task in another run has the same
  std::string kind;        // the same work on other data
  double seconds = 0;      // >= 0
  double fan_in = 0;       // 0 where runs do not tell it
  double input_bytes = 0;  // 0: not known
};

// A run that is over: its tasks, and who waited for whom.
struct RecordedRun {
  std::string name;
  std::vector<RecordedTask> tasks;
  CsrGraph graph;
};

// Runs of one workflow.
struct RecordedFamily {
  std::string name;
  std::vector<RecordedRun> runs;
  // True: oldest first, and each is estimated from those before it. False: from all the others.
  bool is_in_order = false;
};

// Where in a run it is estimated: shares of its makespan.
inline constexpr std::array<double, 4> kCheckpoints{0.10, 0.25, 0.50, 0.75};

// What was said at one checkpoint, and what was true. Seconds left.
struct BacktestPoint {
  double left = 0;
  double said = 0;
  double p10 = 0;
  double p90 = 0;
  double by_ninja = 0;  // Ninja 1.12's rule
  double by_means = 0;  // the means of what is left, summed up, over the workers

  double error() const noexcept;  // |said - left| / left
  bool is_inside() const noexcept { return left >= p10 && left <= p90; }
};

// One run on so many workers.
struct BacktestResult {
  std::string run;
  int jobs = 1;
  double makespan = 0;     // seconds, in the order of the scheduler with learned weights
  double lower_bound = 0;  // no order is faster: the longest chain, or all work shared out evenly
  std::array<BacktestPoint, kCheckpoints.size()> points;
};

// A recorded trace as one run of a family.
RecordedRun recorded_run(const WfTrace& trace, std::string name);

// What is known of other runs when `run` is estimated.
std::vector<PastDuration> past_of(const RecordedFamily& family, std::size_t run);

// Every run of the family that has another one to learn from, and takes any time. `jobs` >= 1.
std::vector<BacktestResult> backtest(const RecordedFamily& family, int jobs);

}  // namespace headway
