// LaneStudy: all that a lane's history teaches: the summary, where the time goes, and what to do
// about it. Pure: folds and replays; reads no file.
#pragma once

#include "scheduling/scheduler.hpp"
#include "timing/advice.hpp"
#include "timing/lane_summary.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// So many runs are looked at.
inline constexpr int kStudiedRuns = 100;

// A lane as it would run now, and its past.
struct LaneRecord {
  std::vector<PastRun> runs;  // newest first
  SampleHistory history;
  StageGraph graph;              // as it stands
  std::vector<TaskNeeds> tasks;  // beside graph.keys
  SchedulerLimits limits;        // as a run would have them; slots where the runs tell none
  int usable_cpus = 0;           // of this machine; 0: advise no number of jobs
  std::vector<std::int64_t> declared_memory{};  // bytes, beside graph.keys; empty: nothing
  std::vector<bool> may_cache{};                // beside graph.keys; empty: none may
};

// What a stage costs the run, in seconds.
struct StageCost {
  std::string key;
  double saving = 0;            // if it took no time
  double saving_if_halved = 0;  // if it were twice as fast
};

// The whole study.
struct LaneStudy {
  LaneSummary summary;
  std::vector<StageCost> bottlenecks;           // at most 10, greatest first
  std::vector<Recommendation> recommendations;  // greatest saving first
};

// Stages that never succeeded cost nothing here, whatever they take. Bounded: some hundred replays.
LaneStudy study_lane(const LaneRecord& record);

}  // namespace headway
