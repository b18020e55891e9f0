// Processes as /proc tells: children, trees, what carries a mark in its environment.
// Knows nothing of stages.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Children of a process, over all its threads. Empty where it is gone.
std::vector<pid_t> children_of(pid_t pid);
// All below `pid`, itself not included.
std::vector<pid_t> descendants_of(pid_t pid);
// Resident memory of `pid` and all below it, in bytes.
std::int64_t tree_memory_bytes(pid_t pid);
// Processes (not this one) whose environment has exactly `entry` ("HEADWAY_RUN_ID=..."). Those of
// other users cannot be read and are not in it.
std::vector<pid_t> processes_with_environment(std::string_view entry);
// SIGKILL to every descendant of this process (which must be a subreaper) and reap, until none is
// left or `rounds` are over. How many were killed.
int kill_descendants(int rounds = 1000);
// SIGKILL to every process that carries `entry` in its environment, until none is left. How many
// were killed.
int kill_marked(std::string_view entry);

}  // namespace headway
