// RunEvent: one thing that happened in a run. A run is a sequence of them; everything else is a
// fold. Knows nothing of files or formats (see run_event_json.hpp).
#pragma once

#include "base/clock.hpp"
#include "headway/types.hpp"
#include "model/failure_explained.hpp"
#include "model/selection_request.hpp"
#include "model/stage_cause.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace headway {

// How a run stands or ended; upper case in JSON.
enum class RunStatus { none, running, completed, failed, cancelled, interrupted };

std::string_view to_string(RunStatus status) noexcept;
// The status of that spelling; `none` where there is none.
RunStatus run_status_named(std::string_view name) noexcept;

// One stage of the plan, as a run starts. `needs` are positions in the plan.
struct PlannedStage {
  std::string key;
  int stage_id = 0;
  std::string name;
  std::vector<int> needs;
  bool always = false;
  bool allow_failure = false;
  // What it runs and where, and the variables set for it, as digests; 0: not known.
  std::uint64_t definition = 0;
  std::uint64_t environment = 0;
  // Of a run that goes on with another: it finished there, and stays finished unless a stage that
  // it needs runs again.
  bool finished_before = false;
  bool interactive = false;  // gets the terminal
  bool once = false;         // has side effects that are not repeated

  friend bool operator==(const PlannedStage&, const PlannedStage&) = default;
};

// The stages of a run's plan, by position. Copies share one block: a run of thousands of stages has
// many readers of its plan. Immutable; safe from any thread.
class PlannedStages {
 public:
  PlannedStages() : PlannedStages(std::vector<PlannedStage>{}) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  PlannedStages(std::vector<PlannedStage> stages)
      : stages_(std::make_shared<const std::vector<PlannedStage>>(std::move(stages))) {}
  PlannedStages(std::initializer_list<PlannedStage> stages)
      : PlannedStages(std::vector<PlannedStage>(stages)) {}

  std::size_t size() const noexcept { return stages_->size(); }
  bool empty() const noexcept { return stages_->empty(); }
  const PlannedStage& operator[](std::size_t position) const noexcept {
    return (*stages_)[position];
  }
  auto begin() const noexcept { return stages_->begin(); }
  auto end() const noexcept { return stages_->end(); }
  // One stage that keeps the whole plan alive.
  std::shared_ptr<const PlannedStage> share(std::size_t position) const noexcept {
    return {stages_, &(*stages_)[position]};
  }

 private:
  std::shared_ptr<const std::vector<PlannedStage>> stages_;
};

// What earlier runs did of a stage with side effects: it came to a good end, or it began and nobody
// knows what it has done.
struct EarlierSideEffects {
  std::string stage;
  bool done = false;

  friend bool operator==(const EarlierSideEffects&, const EarlierSideEffects&) = default;
};

// Facts of the machine that a reader of old runs wants.
struct MachineFacts {
  std::string hostname;
  std::string kernel;
  double cpus = 0;                // usable, after affinity and quota
  std::int64_t memory_bytes = 0;  // usable, after limits
};

// Facts of the repository at the start; empty outside git.
struct RepositoryFacts {
  std::string commit;
  std::string branch;  // empty when detached
};

// How the time left is told everywhere: never a number without how sure it is.
struct RemainingEstimate {
  Nanos expected{};
  Nanos p10{};
  Nanos p90{};
  double confidence = 0;  // 0..1; 0: nothing is known
  int runs = 0;           // runs of the history it rests on
  // The chance that the run ends after the lane's target; nothing where there is no target.
  std::optional<double> sla_miss_probability{};
  // Of so many of the last runs so many ended inside the interval that would have been told; 0: it
  // was not looked at.
  int judged_runs = 0;
  int inside_runs = 0;
};

// What an attempt used.
struct StageUsage {
  Nanos cpu{};  // user + system of the tree, as far as it was waited for
  std::int64_t peak_memory_bytes = 0;
  std::string_view peak_memory_source;  // "cgroup", "sampled", "wait4"; empty: not known
};

// The bodies. Each `stage` is a position in RunStarted::stages.
struct RunStarted {
  std::string workflow, workflow_file, lane, change_id, title, owner, version;
  std::string user;            // who started it
  std::string trace_parent{};  // the W3C trace context that it is part of; empty: none
  PlannedStages stages;
  std::vector<std::pair<std::string, std::string>> left_out;  // key, reason
  SelectionRequest asked{};                                   // by key; its lane is empty
  std::vector<std::string> arguments{};                       // for the one stage that was named
  std::string resumed_from{};                                 // the run that goes on here, or empty
  // Of that run and all before it, whether they are in the plan or not.
  std::vector<EarlierSideEffects> side_effects{};
  int jobs = 0;
  std::optional<Nanos> sla;
  MachineFacts machine;
  RepositoryFacts repository;
  int pid = 0;  // of the worker
};
// All that the stage needs is done.
struct StageReady {
  int stage = 0;
};
// An attempt began; `log` is where its output goes, relative to the run's folder.
struct StageStarted {
  int stage = 0;
  int attempt = 1;
  int pid = 0;
  int slot = 0;
  std::string log;
  std::shared_ptr<const StageCause> cause{};  // of a first attempt, where inputs are declared
};
// The stage has written so much in all; told now and then.
struct StageOutputAt {
  int stage = 0;
  std::int64_t bytes = 0;
};
// An attempt failed and will be repeated after `delay`.
struct StageRetrying {
  int stage = 0;
  int attempt = 1;
  FailureKind failure{};
  int exit_code = 0;
  int signal = 0;
  Nanos delay{};
};
// The last attempt ended; nothing of the stage follows.
struct StageFinished {
  int stage = 0;
  int attempt = 1;
  StageStatus status = StageStatus::completed;  // completed, failed or cancelled
  FailureKind failure{};
  int exit_code = 0;
  int signal = 0;
  std::string reason;  // in words, where it did not simply succeed
  Nanos duration{};    // of this attempt
  Nanos queue_wait{};  // from ready to the first start
  StageUsage usage;
  std::int64_t output_bytes = 0;
  std::int64_t lost_bytes = 0;  // of output: could not be written, or beyond the bound
};
// The stage will not start.
struct StageSkipped {
  int stage = 0;
  StageStatus status = StageStatus::skipped;
  std::string reason;
  bool up_to_date = false;  // it need not: nothing has changed since it last succeeded
  Nanos saved{};            // what it took then
};
// The time left is now thought to be this.
struct EstimateUpdated {
  RemainingEstimate remaining;
};
// What the machine did: busy CPUs, memory that could be had.
struct ResourcesSampled {
  double cpu_busy = 0;
  std::int64_t memory_available_bytes = 0;
  int running = 0;
};
// From now on so many stages may run at once.
struct JobsChanged {
  int jobs = 0;
  std::string reason;
};
// Nothing new starts; `signal` asked for it, or 0. `immediate`: what runs is killed at once.
struct RunCancelling {
  std::string reason;
  int signal = 0;
  bool immediate = false;
};
// The attempt stands still for a while, and why; its time does not count.
struct StagePaused {
  int stage = 0;
  std::string reason;
};
// It goes on.
struct StageContinued {
  int stage = 0;
};
// One metric of a gate was looked at, after the command of the stage succeeded.
struct GateChecked {
  int stage = 0;
  std::string gate;
  std::string format;  // of its report: "junit", ...
  std::string metric;  // empty: the report as a whole could not be read
  std::optional<double> value;
  std::string threshold;  // ">= 80"; empty: nothing is asked of it
  bool passed = false;
  std::string reason{};  // why not, in words; else empty
};
// The run goes on where that one stopped. Follows run_started.
struct RunResumed {
  std::string from;  // its id
  int finished = 0;  // stages that finished there and stay so as far as is known yet
};
// An attempt of a stage with side effects left another commit than it found. Before its end is
// told.
struct CommitMoved {
  int stage = 0;
  std::string from, to;  // hex digits; empty: none
};
// A hook was looked at before the stage was started. Texts are for people.
struct HookChecked {
  int stage = 0;
  int number = 1;        // among the hooks of the stage, as in the file
  std::string hook;      // "tool git >= 2.30"
  std::string severity;  // "error" or "warning", as the file has it
  bool passed = false;
  bool forced = false;  // it did not pass and is an error, and the stage is started all the same
  std::string found, expected;
  std::string hint;  // what to do; empty where it passed
};
// What the change is, and why it took the lane. Lines are added plus deleted ones; a count of -1 is
// not known.
struct ChangeFacts {
  std::string lane, rule, why;
  std::string base, base_source;  // base: a commit, or empty
  std::int64_t files = 0, lines_added = 0, lines_deleted = 0;
  std::vector<std::pair<std::string, std::int64_t>> by_kind{};  // only those that there are
};
// The last event of a run.
struct RunFinished {
  RunStatus status{};
  int exit_code = 0;
  std::string reason;
};

// What happened: exactly one of these. New kinds are added at the end.
using RunEventBody = std::variant<RunStarted,
                                  StageReady,
                                  StageStarted,
                                  StageOutputAt,
                                  StageRetrying,
                                  StageFinished,
                                  StageSkipped,
                                  EstimateUpdated,
                                  ResourcesSampled,
                                  JobsChanged,
                                  RunCancelling,
                                  RunFinished,
                                  StagePaused,
                                  StageContinued,
                                  GateChecked,
                                  RunResumed,
                                  CommitMoved,
                                  HookChecked,
                                  FailureExplained,
                                  ChangeFacts>;

// One event. `seq` counts from 1 without a gap; `elapsed` is monotonic time since the run started.
struct RunEvent {
  std::int64_t seq = 0;
  WallTime time{};
  Nanos elapsed{};
  std::string run_id;
  RunEventBody body;
};

// Sees every event once, in order, on the orchestrator's thread. It must not block or throw. It
// never grows.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void on_event(const RunEvent& event) = 0;
};

}  // namespace headway
