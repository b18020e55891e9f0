// RunPlan: all that is decided before anything starts: which stages, what each needs and gets, on
// how many jobs. Starts nothing.
#pragma once

#include "base/secrets.hpp"
#include "host/machine.hpp"
#include "model/run_event.hpp"
#include "model/selection.hpp"
#include "model/workflow.hpp"
#include "record/run_folder.hpp"
#include "scheduling/scheduler.hpp"
#include "timing/duration_model.hpp"
#include "timing/duration_prior.hpp"
#include "timing/interval_scale.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// How many stages at once: a number, a share of the CPUs, or as the machine allows.
struct JobsRequest {
  int count = 0;       // > 0: that many
  double percent = 0;  // > 0: that share of the usable CPUs, at least 1
  // neither: auto
};

// "8", "50%", "auto". Error invalid_argument for anything else.
Result<JobsRequest> parse_jobs(std::string_view text);

// What the user asked for.
struct RunRequest {
  SelectionRequest selection;
  std::vector<std::string> arguments{};  // for the one stage that `selection` names
  JobsRequest jobs;
  FailureMode failure_mode = FailureMode::fail_fast;
  std::optional<Nanos> timeout;   // of the whole run
  std::int64_t memory_bytes = 0;  // what all stages together may take; 0: what the machine grants
  bool force = false;             // what is up to date runs all the same
  bool force_hooks = false;       // what a hook refuses starts all the same
  bool enforce_sla = false;       // a run that takes longer than the lane's target is no success
  std::string change_id, title, owner;
  std::optional<ChangeFacts> change;  // why this lane, where the change was looked at
  std::string state_directory;        // HEADWAY_STATE_DIR, or empty
};

// What is known of a stage before the run.
struct PlannedInputs {
  // It need not run: it is up to date, and nothing that runs before it changes what it reads; or
  // it finished in the run that goes on here.
  bool skipped = false;
  std::string why;  // in words; empty where it declares no inputs and nothing is gone on with
};

// What the run that goes on here knows of a stage.
struct StageBefore {
  bool finished = false;  // it stays finished, unless a stage that it needs runs again
  bool for_good = false;  // it stays so whatever runs (`side_effects: once`)
  StageCause cause{};     // why it runs, where it does; none: its inputs say
};

// The newest samples of every stage, by key.
using StageHistory = std::vector<std::pair<std::string, std::vector<StageSample>>>;

// A run, decided.
struct RunPlan {
  const Workflow* workflow = nullptr;  // must outlive the plan
  Selection selection;
  CsrGraph graph;
  TaskNeedsList needs;                  // by position in the selection, weights from history
  std::vector<std::string> lock_names;  // by number in TaskNeeds::locks
  std::vector<bool> grouped;            // by position: gets a control group where one can be had
  // By position: a lock of this run alone, above those with names, that is held until it is known
  // whether the stage is up to date; -1: it declares no inputs.
  std::vector<int> input_locks;
  MachineShare machine;  // as it was planned
  SchedulerLimits limits;
  bool is_automatic = false;          // the slots follow the machine: no number was given
  std::vector<PlannedInputs> inputs;  // by position; empty: look_at_inputs() was not asked
  std::vector<std::string> unmet{};   // by position: why its `when` does not hold; empty: all hold
  std::string resumed_from{};         // the run that goes on here; empty: none
  std::vector<StageBefore> before{};  // by position; empty: nothing is gone on with
  std::vector<EarlierSideEffects> side_effects{};  // of that run and all before it
  DurationModel durations;                      // what history teaches of each stage; may be empty
  DurationPrior prior;                          // what it teaches of the run as a whole; the same
  std::shared_ptr<const StageHistory> history;  // what both were made of; none: nothing
  StateFolder state;
  RunRequest request;
  std::string history_trouble;      // why there is no history, in words, or empty
  std::vector<std::string> advice;  // what the file says of a stage and history does not bear out

  const Stage& stage(int position) const {
    return workflow
        ->stages[static_cast<std::size_t>(selection.stages[static_cast<std::size_t>(position)])];
  }
  // Why the stage's `when` does not hold; "" where it does.
  const std::string& unmet_condition(int position) const {
    static const std::string kNone;
    return unmet.empty() ? kNone : unmet[static_cast<std::size_t>(position)];
  }
  bool would_skip(int position) const {
    return !unmet_condition(position).empty() ||
           (!inputs.empty() && inputs[static_cast<std::size_t>(position)].skipped);
  }
  int size() const noexcept { return static_cast<int>(selection.stages.size()); }
};

// The slots, CPUs and memory that a run of this plan would have on so many jobs.
SchedulerLimits limits_for(const RunPlan& plan, const JobsRequest& jobs);

// How many of the newest samples of each stage a plan of so many stages rests on.
int samples_for(int stages);

// What each stage takes of a CPU, ascending: WorkerPolicyOptions::stage_cpus.
std::vector<double> stage_cpus(const TaskNeedsList& needs);

// How many replays an estimate over that many tasks may make: between 1 and 50, bounded in cost.
int replays_for(int tasks);

// How the intervals of the last runs of this plan would have done. Costs milliseconds: empty for a
// plan of very many stages.
std::vector<PastInterval> recent_intervals(const RunPlan& plan);
// Writes into the estimate how many of them held.
void rest_on(const std::vector<PastInterval>& intervals, RemainingEstimate& estimate);

// How long the whole of it should take: a replay of the run. Confidence 0 where history knows
// nothing.
RemainingEstimate expected_time(const RunPlan& plan);

// Fills plan.inputs: reads what stages declare as their inputs. What cannot be known before the run
// (a stage that runs writes what another reads) counts as running. Lines for people come back.
std::vector<std::string> look_at_inputs(RunPlan& plan);

// Errors: unknown lane or stage; nothing to run. Reads the history (an unreadable one is trouble,
// not an error) and the machine.
Result<RunPlan> make_run_plan(const Workflow& workflow, RunRequest request);

}  // namespace headway
