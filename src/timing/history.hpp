// History: the SQLite file of past runs (docs/reference/history.md has the schema). Several
// processes may write at once. Knows nothing of estimating.
#pragma once

#include "headway/result.hpp"
#include "headway/timing.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One past execution of a stage, newest first in what the history returns.
struct StageSample {
  Seconds duration{};
  Seconds queue_wait{};
  StageStatus status = StageStatus::completed;
  std::int64_t run = 0;  // grows with time
  std::int64_t peak_memory_bytes = 0;
  Seconds cpu_time{};
  int attempt = 1;                          // the last one, which the numbers are of
  FailureKind failure = FailureKind::none;  // of that attempt
  Seconds started{};                        // from the start of the run
};

// One past run, without its stages.
struct PastRun {
  std::int64_t run = 0;  // StageSample::run
  std::string run_id;    // empty: a program's own
  std::string commit;    // empty: not known
  std::string host;      // empty: not known
  std::string status;    // "COMPLETED", ...; empty: not known
  int jobs = 0;          // 0: not known
  WallTime started{};
  Seconds took{};  // from the first start to the end
  bool is_complete = false;
};

// What one metric of a gate was in past runs.
struct MetricSeries {
  std::string name;            // "tests.pass_rate"
  std::vector<double> values;  // newest first
};

// What prune() leaves; each bound holds by itself.
struct HistoryBounds {
  std::optional<std::int64_t> most_runs{};   // of each workflow and lane, >= 0
  std::optional<WallTime> started_before{};  // what did goes
};

// It ended, and well: says its metadata "status" ("COMPLETED"), else: all its stages completed.
bool is_complete_run(const WorkflowTimingProfile& profile);

// The metadata of a run in which stages need not run, as their inputs were unchanged: how many.
inline constexpr std::string_view kUpToDateFact = "up_to_date";
// What the names of the metadata begin with that hold numbers of gates: "metric.tests.pass_rate".
inline constexpr std::string_view kMetricFact = "metric.";
// Complete, and no stage was left out as up to date: its stages are all there are.
bool is_whole_run(const WorkflowTimingProfile& profile);

// Brings what the last runs wrote from the write-ahead log into the file itself, so that the next
// open need not read it again: to be done while there is time (it syncs the disk). Does nothing
// where the log is short (kShortWalBytes), or somebody else is using the history.
void shorten_wal(const std::string& history_path) noexcept;

// Brings all of the write-ahead log into the file, so that the file alone is the history and may be
// renamed. Nobody else may have it open.
Result<void> close_journal(const std::string& history_path);

inline constexpr std::int64_t kShortWalBytes = std::int64_t{256} << 10;

// An open history. Not synchronised; one per thread. Writers wait for each other (busy timeout 5
// s).
class History {
 public:
  // Creates the file and its schema where absent. Errors: io; parse (damaged: named, left as it
  // is); unsupported (made by a newer Headway, or a database of something else: named, left as it
  // is).
  static Result<History> open(const std::string& path);
  // For reading only; an absent file is an error not_found. One of an older version is brought to
  // this one's first.
  static Result<History> open_read_only(const std::string& path);
  History(History&&) noexcept;
  History& operator=(History&&) noexcept;
  ~History();

  // One run in one transaction. A run whose metadata "run_id" is in the history already is left as
  // it is there.
  Result<void> save(const WorkflowTimingProfile& profile);
  // The newest samples of every stage of that workflow and lane, at most `limit` each, by stage
  // key.
  Result<std::vector<std::pair<std::string, std::vector<StageSample>>>> samples(
      std::string_view workflow, std::string_view lane, int limit) const;
  // The newest samples of all stages of that number in that lane, of any workflow.
  Result<std::vector<StageSample>> samples_of_number(int stage_id,
                                                     std::string_view lane,
                                                     int limit) const;
  // The newest run of that workflow and lane with is_whole_run(), else is_complete_run(); no stages
  // in it where there is none.
  Result<WorkflowTimingProfile> newest_complete_run(std::string_view workflow,
                                                    std::string_view lane) const;
  // Runs of that workflow and lane, at most `limit`; empty texts: of all.
  Result<int> count_runs(std::string_view workflow,
                         std::string_view lane,
                         int limit = std::numeric_limits<int>::max()) const;
  // The newest runs of that workflow and lane, newest first.
  Result<std::vector<PastRun>> runs(std::string_view workflow,
                                    std::string_view lane,
                                    int limit) const;
  // The metrics of gates that the newest runs of that workflow and lane have, by name.
  Result<std::vector<MetricSeries>> metrics(std::string_view workflow,
                                            std::string_view lane,
                                            int limit) const;
  // Newest first; for export and tests.
  Result<std::vector<WorkflowTimingProfile>> profiles(int limit) const;

  // Whether that run is there: by its metadata "run_id"; without one by its workflow, lane,
  // workflow_id and start.
  Result<bool> has(const WorkflowTimingProfile& profile) const;
  // Saves those that are not there, each in a transaction of its own, and then numbers all runs by
  // their start (StageSample::run), as runs from elsewhere may be older than what is there. How
  // many there were.
  Result<int> add_missing(const std::vector<WorkflowTimingProfile>& profiles);
  // Removes what is beyond the bounds, but never the newest complete run of a workflow and lane;
  // how many there were, or with `only_count` would be.
  Result<int> prune(const HistoryBounds& bounds, bool only_count);

 private:
  struct State;
  explicit History(std::unique_ptr<State> state);
  static Result<History> upgraded(const std::string& path);
  Result<void> order_by_time();
  std::unique_ptr<State> state_;
};

}  // namespace headway
