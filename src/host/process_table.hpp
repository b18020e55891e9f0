// Processes as /proc tells: children, trees, what carries a mark in its environment.
// Knows nothing of stages.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What /proc/PID/stat says of a process.
struct ProcessStat {
  char state = '?';  // 'R', 'S', 'Z', ... as in proc_pid_stat(5)
  pid_t parent = 0;
  pid_t group = 0;
};

// The facts in the text of a stat file, whatever the program's name is; nothing where it is none.
std::optional<ProcessStat> parse_process_stat(std::string_view text);
// The same of a living process or zombie; nothing where it is gone.
std::optional<ProcessStat> process_stat(pid_t pid);

// It was started from the same file as this process.
bool runs_this_program(pid_t pid);
// Children of a process, over all its threads. Empty where it is gone.
std::vector<pid_t> children_of(pid_t pid);
// All below `pid`, itself not included.
std::vector<pid_t> descendants_of(pid_t pid);
// The same from the parents of all processes: for kernels without /proc/PID/task/TID/children
// (CONFIG_PROC_CHILDREN), where descendants_of() does it so.
std::vector<pid_t> descendants_by_scan(pid_t pid);
// Resident memory of `pid` and all below it, in bytes; pages that they share count in each.
std::int64_t tree_memory_bytes(pid_t pid);
// Processes (not this one) whose environment has exactly `entry` ("HEADWAY_RUN_ID=..."). Those of
// other users cannot be read and are not in it.
std::vector<pid_t> processes_with_environment(std::string_view entry);
// In the environment of what may outlive its run; it is spared by the two below.
inline constexpr std::string_view kKeepBackground = "HEADWAY_KEEP_BACKGROUND=1";
// SIGKILL to every descendant of this process (which must be a subreaper) and reap, until none is
// left or `rounds` are over. How many were killed.
int kill_descendants(int rounds = 1000);
// SIGKILL to every process that carries `entry` in its environment, until none is left. How many
// were killed.
int kill_marked(std::string_view entry);

}  // namespace headway
