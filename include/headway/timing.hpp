// Timing: how long stages took, kept over runs, and how long the rest will take.
//
// TimingTracker records a run; PerformanceEstimator answers from what was recorded. A history is
// one file: SQLite (any name) or, for old data, JSON (a name that ends in .json).
//
// layer: timing
#pragma once

#include "headway/owned.hpp"
#include "headway/result.hpp"
#include "headway/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

class Clock;

// One execution of one stage. Durations come from the monotonic clock, the times of day are for
// people.
struct StageTimingData {
  int stage_id = 0;
  std::string stage_name{};
  WallTime start_time{};
  std::optional<WallTime> end_time{};  // nothing: still running
  Seconds duration{};                  // of the last attempt; of a running stage: so far
  Seconds queue_wait{};                // from ready to the first start
  StageStatus status = StageStatus::running;
  int attempt = 1;
  std::string stage_key{};                  // what the history knows it by; empty: the name
  Seconds cpu_time{};                       // user + system, 0: not known
  std::int64_t peak_memory_bytes = 0;       // of the process tree, 0: not known
  FailureKind failure = FailureKind::none;  // of the last attempt
};

// All that one run did, in the order of the starts.
struct WorkflowTimingProfile {
  std::string workflow_id{};  // of this change or run, free text
  std::string lane{};
  WallTime start_time{};
  std::optional<WallTime> end_time{};  // nothing: still running
  Seconds total_duration{};            // from the first start to the end (or to now)
  std::vector<StageTimingData> stages{};
  std::vector<std::pair<std::string, std::string>> metadata{};
  std::string workflow = "default";  // part of the history's keys

  // The original's shape (docs/reference/history-json.md): one profile. Never fails.
  std::string to_json() const;
  // Error code parse: where the text is no profile, naming the place.
  static Result<WorkflowTimingProfile> from_json(std::string_view text);
};

// Where a tracker saves.
struct TrackerOptions {
  // A file ending in .json, or SQLite (any other name); empty: history.db of the repository around
  // the working directory
  // (.headway beside the headway.yaml found by walking up), else nowhere, said once on stderr.
  std::string history{};
  std::string workflow = "default";  // the name in the workflow file; part of the history's keys
};

// Records one run and saves it by itself: at complete_workflow(), or in the destructor what it has
// by then. A history that cannot be written never fails the run: complete_workflow() returns the
// Error, the destructor says it once on stderr. Safe from any thread; moved-from objects may only
// be destroyed or assigned to.
class TimingTracker {
 public:
  explicit TimingTracker(std::string workflow_id,
                         std::string lane = "standard",
                         TrackerOptions options = {});
  // The same with another clock (tests), which must outlive the tracker.
  TimingTracker(std::string workflow_id,
                std::string lane,
                TrackerOptions options,
                const Clock& clock);
  TimingTracker(TimingTracker&& other) noexcept;
  TimingTracker& operator=(TimingTracker&& other) noexcept;
  ~TimingTracker();

  // So many stages are to come: room for them now, rather than twice as much later. Only a hint.
  void expect_stages(std::size_t count);
  // Starts a stage now. Others may be running; the same id again is a further attempt, and the
  // times are those of the last one.
  void start_stage(int stage_id, std::string stage_name);
  // Ends the newest stage that still runs. False where none does.
  bool complete_stage(StageStatus status = StageStatus::completed);
  // Ends that stage. False where it does not run.
  bool complete_stage(int stage_id, StageStatus status = StageStatus::completed);
  // A stage that the caller measured itself; `data` is taken as it is.
  void record_stage(StageTimingData data);
  // Free facts of the run (commit, jobs, ...), saved with it. The last value of a key counts; none
  // after the end.
  void set_metadata(std::string key, std::string value);

  // Ends what still runs as cancelled, saves, and makes the destructor do nothing. The second call
  // does nothing and succeeds.
  Result<void> complete_workflow();

  // What there is so far; running stages have their duration until now.
  WorkflowTimingProfile profile() const;
  WorkflowTimingProfile get_summary() const;

 private:
  struct State;
  Owned<State> state_;
};

// One question to the estimator.
struct EstimateQuery {
  WorkflowTimingProfile current_profile{};  // what has started so far in this run
  // Newest stage that ended; -1: take it from the profile. Where the profile has no stages at all,
  // everything that used to start before it has ended too.
  int completed_stage_id = -1;
  std::string lane = "standard";
  int workers = 1;  // >= 1
};

// The time left, never without how sure it is.
struct Estimate {
  Seconds estimated{};  // median
  Seconds p10{};        // 10 % and 90 % of the distribution
  Seconds p90{};
  double confidence = 0;                           // 0 (nothing known, no number made up) to 1
  int runs = 0;                                    // runs of the history it rests on
  std::vector<StageTimingData> stage_estimates{};  // what is still to come, with expected durations
};

// What a stage costs the whole run.
struct Bottleneck {
  int stage_id = 0;
  Seconds average_duration{};
  Seconds saving{};  // of the makespan, if the stage took no time
  int executions = 0;
};

// What the newest 100 runs of a lane say. Durations are of complete runs: all their stages
// succeeded, or the run says that it did.
struct PerformanceSummary {
  std::string lane{};
  int executions = 0;  // complete runs
  Seconds average{}, min{}, max{};
  std::vector<Bottleneck> bottlenecks{};       // as identify_bottlenecks() gives them
  std::vector<std::string> recommendations{};  // what to do, what it saves, and why; best first
};

// Answers from a history. Opened once, it reads what it needs when asked. Safe from any thread as
// const.
class PerformanceEstimator {
 public:
  // An absent file is an empty history; a damaged one an Error (code parse) that names the place,
  // and is left as it is.
  static Result<PerformanceEstimator> open(const std::string& history);
  PerformanceEstimator(PerformanceEstimator&&) noexcept;
  PerformanceEstimator& operator=(PerformanceEstimator&&) noexcept;
  ~PerformanceEstimator();

  // The time left of a run of which `current_profile` has happened. What is still to come is taken
  // from the newest complete run of that workflow and lane: with one worker its stages one after
  // another, with more a stage waits for those that had ended before it started in that run. Error
  // code invalid_argument: workers < 1. No complete run: confidence 0.
  Result<Estimate> estimate_remaining_time(const EstimateQuery& query) const;
  // Mean duration of the newest (64) successful executions; nothing where there are none. Zero is a
  // duration. Of 5 or more, one that is far from the others is pulled in to where the rest ends:
  // one outlier does not rule the mean.
  std::optional<Seconds> get_average_stage_time(int stage_id, std::string_view lane) const;
  // The stages of a lane that cost its runs most, greatest saving first, at most 10: how much
  // shorter a run is, replayed, if the stage takes no time. The order of the stages is that of the
  // newest complete run, on as many workers as it had: where its metadata "jobs" does not say, as
  // many as ran side by side. Of several workflows with such a lane: that of its newest run. None
  // without a complete run.
  std::vector<Bottleneck> identify_bottlenecks(std::string_view lane) const;
  // Nothing without a complete run of that lane.
  std::optional<PerformanceSummary> get_performance_summary(std::string_view lane) const;

 private:
  struct State;
  explicit PerformanceEstimator(Owned<State> state);
  Owned<State> state_;
};

}  // namespace headway
