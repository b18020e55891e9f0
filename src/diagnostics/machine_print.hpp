// MachinePrint: what a run rested on beside its own files, small enough to be kept with every run;
// and what has changed between two of them. No value of a variable is in it but of those that are
// known to be harmless. Starts nothing.
#pragma once

#include "base/secrets.hpp"
#include "diagnostics/tool_versions.hpp"
#include "diagnostics/workflow_needs.hpp"
#include "model/run_event.hpp"
#include "record/run_folder.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// A program by its file; an empty path: it was not found.
struct PrintedTool {
  std::string name;
  ToolFile file;
};

// The room where a part of the run lies.
struct PrintedDisk {
  std::string place;  // "workspace", "state"
  std::string kind;   // of file system
  std::int64_t free_bytes = -1;
};

// Plain value. Empty texts and zeros: not known.
struct MachinePrint {
  std::string headway, system, kernel, host;
  double cpus = 0;
  std::int64_t memory_bytes = 0;
  std::string commit, branch;
  std::vector<std::pair<std::string, std::int64_t>> limits;  // by name; -1: unlimited
  std::vector<PrintedDisk> disks;
  std::vector<PrintedTool> tools;
  std::vector<std::string> names;  // of variables, ascending
  bool is_cut = false;             // there are more names, all after the last one here
  std::vector<std::pair<std::string, std::string>> values;  // of harmless variables
};

// What a print is taken of.
struct PrintRequest {
  const std::vector<ToolNeed>& tools;
  std::string workspace;  // absolute
  StateFolder state;
  const std::vector<std::string>& environment;  // "NAME=value"
  MachineFacts machine;
  RepositoryFacts repository;
};

// Some hundred system calls: well below a millisecond.
MachinePrint take_machine_print(const PrintRequest& request);

// One JSON object, below kMostPrintBytes: names of variables, then tools, are left out where it
// would be larger.
inline constexpr std::size_t kMostPrintBytes = 4096;
std::string encode_print(MachinePrint print, const SecretSet& secrets);
// Nothing where it is damaged.
std::optional<MachinePrint> decode_print(std::string_view text);
// The facts that the first event of every run has.
MachinePrint print_of(const RunStarted& start);

// One thing that is not as it was.
struct MachineChange {
  std::string kind;    // "tool", "git", "environment", "limit", "disk", "memory", "cpus", ...
  std::string name;    // of the tool, variable or limit; may be empty
  std::string before;  // empty: was not there, or not known
  std::string after;   // empty: is not there any more
};

// What changed, the likeliest causes of a failure first. `version` tells what is known of a file's
// version, or "".
std::vector<MachineChange> changes_between(
    const MachinePrint& before,
    const MachinePrint& now,
    const std::function<std::string(const ToolFile&)>& version);

}  // namespace headway
