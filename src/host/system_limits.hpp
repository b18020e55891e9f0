// SystemLimits: what the kernel lets a process and the whole machine have: resource limits,
// overcommit, files, processes, watches. Read from a sysroot. Judges nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway {

// What the kernel does not tell is empty; an unlimited resource is empty as well, with its `is_...`
// unset. Bytes, or counts.
struct SystemLimits {
  bool is_known = false;                                    // /proc/self/limits could be read
  std::optional<std::int64_t> open_files, open_files_hard;  // RLIMIT_NOFILE
  std::optional<std::int64_t> processes;                    // RLIMIT_NPROC, of the user
  std::optional<std::int64_t> file_size_bytes;              // RLIMIT_FSIZE
  std::optional<std::int64_t> address_space_bytes;          // RLIMIT_AS
  std::optional<std::int64_t> stack_bytes;                  // RLIMIT_STACK
  std::optional<std::int64_t> cpu_seconds;                  // RLIMIT_CPU

  std::optional<std::int64_t> overcommit_mode;  // vm.overcommit_memory
  std::int64_t commit_limit_bytes = 0, committed_bytes = 0;
  std::int64_t swap_total_bytes = 0, swap_free_bytes = 0;
  std::optional<std::int64_t> machine_files, machine_files_limit;  // fs.file-nr
  std::optional<std::int64_t> machine_threads_limit, machine_pid_limit;
  std::optional<std::int64_t> inotify_watches, inotify_instances;  // of the user
};

SystemLimits read_system_limits(const std::string& sysroot = "");

// The soft and hard limit of a line of /proc/self/limits, such as "Max open files"; nothing where
// it is "unlimited" or absent.
struct LimitPair {
  std::optional<std::int64_t> soft, hard;
};
LimitPair limit_named(std::string_view limits, std::string_view name);

}  // namespace headway
