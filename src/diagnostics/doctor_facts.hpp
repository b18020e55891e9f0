// DoctorFacts: everything that the checks judge, gathered beforehand. Plain values, so that tests
// make machines by hand; what was not told in time is empty. Judges nothing.
#pragma once

#include "base/clock.hpp"
#include "diagnostics/hook_check.hpp"
#include "diagnostics/workflow_needs.hpp"
#include "host/disk_space.hpp"
#include "host/group_levels.hpp"
#include "host/mount_table.hpp"
#include "host/resource_sample.hpp"
#include "host/surroundings.hpp"
#include "host/system_limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// A folder that the run uses.
struct PlaceFacts {
  std::string path;
  std::optional<Mount> mount;      // empty: not known
  std::optional<DiskSpace> space;  // empty: the file system did not answer in time
};

// A program as it is found.
struct ToolFacts {
  std::string name{};
  std::string file{};     // empty: not found
  std::string trouble{};  // in words, where it was not found
  std::int64_t size = 0, modified_ns = 0;
  std::string version{};       // "2.39.5"; empty: not asked, or not told
  bool was_asked = false;      // its version
  bool is_late = false;        // it did not answer in time
  bool is_remembered = false;  // asked in an earlier check, the file is the same
};

// A script as it lies there.
struct ScriptFacts {
  bool is_there = false;
  bool is_executable = false;
  bool is_file = false;
  std::string shebang;               // the line without "#!", without its end
  bool has_crlf = false;             // its first lines end in CR LF
  std::string interpreter;           // of the shebang; through env: the name it looks up
  bool is_interpreter_there = true;  // or it is not known
};

// The repository around the workspace.
struct GitState {
  std::string root, branch, commit;  // empty: none
  bool is_shallow = false;
  bool is_owned = true;           // the work tree belongs to this user
  std::string operation;          // "merge", "rebase", ...: under way
  std::optional<Nanos> lock_age;  // of index.lock, where there is one
  bool was_asked = false;         // the three below, of git itself
  bool is_late = false;           // it did not answer in time
  int changed = 0, untracked = 0, unmerged = 0;
};

// The civil clock.
struct ClockFacts {
  WallTime now{};
  std::optional<bool> is_synchronised;  // empty: the kernel does not tell
  std::optional<WallTime> newest_run;   // started, as its record says
  std::string zone;                     // "TZ=...", "/etc/localtime -> ..."; empty: UTC
};

// The state folder and what is in it.
struct StateFacts {
  std::string path;
  std::optional<bool> can_write;  // empty: not known
  std::string write_trouble;      // why it cannot be written
  int runs = 0;
  std::string history_trouble;  // why the history cannot be read
  int history_runs = 0;
};

// The locale by the environment.
struct LocaleFacts {
  std::string variable;  // that decides: "LC_ALL", "LC_CTYPE", "LANG"; empty: none is set
  std::string value;
  bool is_utf8 = false;
  bool is_installed = true;
};

// A hook of the workflow, as it stands now.
struct HookFacts {
  std::string stage;
  int number = 1;       // among the hooks of its stage
  bool counts = false;  // its stage is part of the lane, and must succeed
  HookQuestion question;
  std::optional<HookFinding> finding{};  // empty: a command, which is not run; or late
};

// All of it.
struct DoctorFacts {
  WorkflowNeeds needs;
  std::optional<ResourceSample> sample;  // empty: did not answer in time
  std::vector<GroupLevel> groups;
  SystemLimits limits;
  Surroundings surroundings;
  PlaceFacts workspace, state_place, temporary;
  std::vector<ToolFacts> other_tools;               // that no check looks at
  std::vector<ToolFacts> tools;                     // by position in needs.tools
  std::vector<std::optional<ScriptFacts>> scripts;  // by position in needs.scripts
  std::vector<HookFacts> hooks;                     // in the order of the file
  std::optional<ToolFacts> shell;                   // /bin/sh
  std::optional<GitState> git;                      // empty: did not answer in time
  ClockFacts clock;
  std::optional<StateFacts> state;
  LocaleFacts locale;
  std::vector<std::pair<std::string, std::string>> environment;  // of this process, by name

  // Stages at once: as asked for, else one a CPU.
  int jobs() const noexcept;
};

}  // namespace headway
