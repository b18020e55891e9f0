// Workflow: what a headway.yaml says, checked and complete. Plain values.
// Knows nothing of YAML, of running, of the machine.
#pragma once

#include "base/clock.hpp"
#include "model/commit_settings.hpp"
#include "model/gate.hpp"
#include "model/hook.hpp"
#include "model/lane_choice.hpp"
#include "model/problem.hpp"
#include "model/stage_command.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// Name and value, in the order of the file; a later one of the same name wins.
using EnvironmentList = std::vector<std::pair<std::string, std::string>>;

// When a failed attempt is repeated. Empty reasons: after every failure but cancellation.
struct RetryRule {
  int max = 0;                            // further attempts after the first
  Nanos delay = std::chrono::seconds(1);  // before the first retry
  double backoff = 2;                     // factor from retry to retry, >= 1
  double jitter = 0;               // 0..1: share of the delay that is drawn at random, downwards
  std::vector<int> on_exit_codes;  // `on: [75]`
  bool on_signal = false;
  bool on_timeout = false;
  bool on_oom = false;
  bool has_reasons = false;  // `on` was given
};

// What a stage takes from the machine while it runs.
struct StageResources {
  double cpus = 1;                 // > 0, may be a fraction
  std::int64_t memory_bytes = 0;   // 0: not declared
  std::vector<std::string> locks;  // held alone, across runs of this repository
};

// What a stage reads and what it writes, as globs (base/path_patterns.hpp) relative to the workflow
// file's folder. With `inputs` a stage is not started where nothing has changed since it last
// succeeded.
struct StageFiles {
  std::vector<std::string> inputs;  // may be empty where there are outputs
  std::vector<std::string> outputs;
  bool declared = false;  // `inputs` was given
};

// `when`: all that is given must hold, else the stage is skipped and what needs it goes on.
struct StageCondition {
  std::vector<std::string> changed{};  // globs, of which a changed file matches one
  EnvironmentList env{};               // variables that have these values
  std::vector<std::string> env_set{};  // variables that are set, and not empty
  std::vector<std::string> lanes{};    // the run's lane is one of these

  bool empty() const noexcept {
    return changed.empty() && env.empty() && env_set.empty() && lanes.empty();
  }
};

// How a stage takes part in the run's jobserver: in the style that the installed make understands,
// in that one, or not.
enum class StageJobServer { automatic, pipe, fifo, off };

// One stage. `needs` are indices into Workflow::stages.
struct Stage {
  std::string key;
  int stage_id = 0;  // its place in the file, from 0; each stage of a matrix has its own
  std::string name;  // default: the key
  std::string description;
  StageCommand run;
  std::vector<int> needs;
  std::string dir;  // relative to the workflow file's folder; empty: that folder
  EnvironmentList env;
  std::optional<Nanos> timeout;  // of one attempt
  Nanos grace = std::chrono::seconds(5);
  RetryRule retries;
  StageResources resources;
  bool allow_failure = false;
  bool always = false;
  bool once = false;  // `side_effects: once`: a run that goes on with another does not repeat it
  StageJobServer jobserver = StageJobServer::automatic;
  StageFiles files;
  std::vector<std::string> checkpoint;  // paths saved before it: normal, below the file's folder
  std::vector<int> gates;  // indices into Workflow::gates, evaluated in this order after it
  StageCondition when{};
  bool interactive = false;      // gets the terminal, alone; its output is not recorded
  bool keep_background = false;  // what it leaves running is left alone
  std::string base{};            // of a matrix: the key in the file; else empty
  EnvironmentList matrix{};      // of a matrix: the axes with the values of this stage
  std::vector<Hook> hooks;       // looked at before its first attempt
  Position at;

  // What messages about the file call it: the stages of a matrix share their mistakes.
  const std::string& key_in_file() const noexcept { return base.empty() ? key : base; }
};

// A selection of stages with a target. `stages` are indices, ascending.
struct Lane {
  std::string key;
  std::string description;
  std::vector<int> stages;
  bool is_default = false;
  std::optional<Nanos> sla;
  bool parallel = true;
  bool built_in = false;
  bool has_gates = true;  // false: no gate is evaluated
  std::vector<LaneThreshold> thresholds;
  std::optional<LaneChoice> choose;  // none: taken only where it is asked for, or the default
  bool warn_on_code = false;         // code in the change is told
};

// A checked workflow: every index is valid, the graph has no cycle, ids are unique.
struct Workflow {
  std::string file;       // as it was opened
  std::string directory;  // absolute folder of the file: stages run relative to it
  std::string name = "default";
  EnvironmentList env;
  std::vector<Stage> stages;
  std::vector<Gate> gates;
  std::vector<Lane> lanes;           // those of the file, else the built-in docs, standard, heavy
  std::vector<std::string> secrets;  // names or globs of environment variables
  CommitSettings commits;

  const Stage* find_stage(std::string_view key) const noexcept;
  const Lane* find_lane(std::string_view key) const noexcept;
  const Gate* find_gate(std::string_view key) const noexcept;
  // The lane marked `default`; else `standard`, else the first.
  const Lane& default_lane() const noexcept;
};

}  // namespace headway
