// Where the files of a run lie, and the state folder around them. Makes names and folders; reads no
// content.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// `.headway/` beside the workflow file, or HEADWAY_STATE_DIR. Plain value.
struct StateFolder {
  std::string path;  // absolute

  std::string history() const;                         // <path>/history.db
  std::string runs() const;                            // <path>/runs
  std::string run(std::string_view run_id) const;      // <path>/runs/<run-id>
  std::string lock_file(std::string_view lock) const;  // <path>/locks/<lock, percent-encoded>
  // Creates it with a .gitignore of "*", runs/ and locks/; fine where it is there.
  Result<void> create() const;
};

// The folder for a workflow file in `workflow_directory`; `override` is HEADWAY_STATE_DIR
// (relative: to the workflow file) or empty.
StateFolder state_folder(std::string_view workflow_directory, std::string_view override_path);

// The files of one run. Plain value.
struct RunFolder {
  std::string path;

  std::string id() const;                                          // its last part: the run's id
  std::string events() const;                                      // events.jsonl
  std::string status() const;                                      // status.json
  std::string log() const;                                         // log.jsonl
  std::string lock() const;                                        // lock
  std::string machine() const;                                     // machine.json
  std::string stage_log(std::string_view key, int attempt) const;  // stages/<key>.<attempt>.log
  // stages/<key>.<attempt>.log: as it stands in events, relative to the run's folder.
  static std::string stage_log_name(std::string_view key, int attempt);
  // stages/<key>.<attempt>.gate-<gate>.log: what the command of a gate printed, the same.
  static std::string gate_log_name(std::string_view key, int attempt, std::string_view gate);
  std::string quality_metrics() const;  // quality_metrics.json
  Result<void> create() const;          // with stages/
};

// Ids of the runs in a state folder, newest first. Empty where there are none.
std::vector<std::string> list_runs(const StateFolder& state);

// The run a person means: full id, its last 4 or more characters, or "" for the newest that began
// (one that was killed before its first event did not). Errors:
// not_found (with the nearest), invalid_argument (ambiguous).
Result<std::string> resolve_run(const StateFolder& state, std::string_view text);

// Takes the flock of a file (created; its folder must be there) until the descriptor is closed. A
// run takes its own lock before it creates events.jsonl: readers look at the lock only where there
// are events, so that none of them is in the way. Errors: conflict where somebody holds it; io.
Result<UniqueFd> try_lock_file(const std::string& path);

// True while somebody holds the flock of that file. Holds a shared lock for a moment itself;
// creates nothing.
bool is_locked(const std::string& path);

}  // namespace headway
