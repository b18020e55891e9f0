// A finished run of a TaskGraph, told afterwards: as a profile, for a TimingTracker and its
// history, or as the events of a run, for whatever folds those. The run itself pays nothing for it.
//
//   TimingTracker tracker("nightly", "standard", {.history = "timings.db"});
//   for (StageTimingData& stage : profile_of(*frozen, *run).stages) {
//     tracker.record_stage(std::move(stage));
//   }
//
// layer: orchestration
#pragma once

#include "headway/task_graph.hpp"
#include "headway/timing.hpp"
#include "headway/types.hpp"

#include <optional>
#include <string>

namespace headway {

class RunObserver;

// What a graph does not know of its run.
struct GraphRunFacts {
  std::optional<WallTime> started{};  // when run() was called; nothing: so that it ended just now
  std::string workflow = "default", lane = "standard";  // the history's keys beside the names
  std::string workflow_id{};  // of this change or run, free text; empty: a new run id
};

// The last run of `graph`, which returned `run`: a stage for each task that ran, in the order of
// the starts. The id of a stage is TaskId::index, its name the task's, its queue_wait the time from
// the end of what it needs to its own start; it is completed or failed. Not during a run. Costs
// O(n log n) in tasks.
WorkflowTimingProfile profile_of(const FrozenTaskGraph& graph,
                                 const GraphRun& run,
                                 const GraphRunFacts& facts = {});

// Tells `observer` the same run as events, in the order of their times, from the calling thread:
// run_started with the graph as its plan, then of each task ready, started and finished (a task
// that threw: failure `exception`), or skipped with the reason, then run_finished (exit code 0; 1
// where a task threw; 143 where the flag was seen). For Headway's own programs.
void tell_events(const FrozenTaskGraph& graph,
                 const GraphRun& run,
                 const GraphRunFacts& facts,
                 RunObserver& observer);

}  // namespace headway
