// LaneSummary: what the recorded runs of one lane say about it and its stages. Pure: a fold of the
// history; replays nothing and advises nothing.
#pragma once

#include "timing/history.hpp"
#include "timing/trend.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// Samples by stage key, newest first: as History::samples() gives them.
using SampleHistory = std::vector<std::pair<std::string, std::vector<StageSample>>>;

// Who needs whom, in time: what the runs are held against.
struct StageGraph {
  std::vector<std::string> keys;
  std::vector<std::vector<int>> needs;  // beside keys
};

// One stage over the runs that are looked at. Seconds are of successful executions, the last
// attempt of each; a rate is nothing where there is nothing to count.
struct StageSummary {
  std::string key;
  int runs = 0;       // executions that succeeded or failed
  int succeeded = 0;  // of these
  double mean = 0, median = 0, p90 = 0;
  Trend trend;
  std::optional<double> failure_rate;
  // Executions that failed though the stage succeeded on the same commit, or that needed more than
  // one attempt to succeed, over all executions. (Changes that are not committed look the same.)
  std::optional<double> flaky_rate;
  std::optional<double> critical_share;  // of the complete runs: it was on the critical path
  std::int64_t peak_memory_p90 = 0;      // 0: never measured
  std::int64_t peak_memory_max = 0;

  // What advice rests on.
  int retried = 0;         // succeeded after more than one attempt
  int flaky_failures = 0;  // failed, and succeeded on the same commit
  int out_of_memory = 0;   // killed for want of memory
  double flaky_lost = 0;   // seconds of runs, lost to retries and to such failures, in all
  double oom_lost = 0;     // seconds of runs that it ended, in all
  int repeated = 0;        // succeeded on a commit on which it had succeeded before
};

// The lane over the runs that are looked at.
struct LaneSummary {
  int runs = 0;                        // all, however they ended
  int complete = 0;                    // that succeeded as a whole
  std::optional<double> success_rate;  // complete over complete and failed: who cancels fails not
  double mean = 0, median = 0, p90 = 0, min = 0,
         max = 0;                    // seconds of complete runs; 0 where there are none
  int usual_jobs = 0;                // of most of them; 0: not known
  std::vector<StageSummary> stages;  // those of the graph first, then what is there no more, by key
};

// `runs` newest first; samples of older runs do not count. A stage on no run is left out. The
// critical path of a run: from the stage that ended last back through the need that ended last.
LaneSummary summarize_lane(std::span<const PastRun> runs,
                           const SampleHistory& history,
                           const StageGraph& graph);

// How many of those that succeeded took longer than `target`.
int runs_over(std::span<const PastRun> runs, Seconds target);

}  // namespace headway
