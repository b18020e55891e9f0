// RunCgroup: control groups for the stages of one run, below the group that this process is in.
// Knows no stage, starts nothing; decides only whether groups can be had without harm to anybody.
#pragma once

#include "host/stage_cgroup.hpp"

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Whose groups they are.
struct RunCgroupOptions {
  std::string sysroot;
  std::string run_id;            // in their name
  pid_t pid = 0;                 // this process
  pid_t watcher = 0;             // its parent where that is Headway's too; 0: none
  std::int64_t limit_bytes = 0;  // of memory, for all the stages in them together; 0: none
};

// "headway-RUN.PID" in each hierarchy of cgroup_places(), one group a stage in it. In v2 a group
// that hands out the memory controller may hold no process: where nobody but this process and its
// watcher is in ours, both move to a group "headway-RUN.PID/supervisor"; where somebody else is, no
// one is moved, and there is no memory controller. Not synchronised.
class RunCgroup {
 public:
  // Also kills and removes what dead runs left there. Null: no group can be made here.
  static std::unique_ptr<RunCgroup> create(const RunCgroupOptions& options);
  // Kills what is left in the stages' groups, removes them all and goes back to where it was. One
  // with a process that hangs in the kernel stays for the next run.
  ~RunCgroup();
  RunCgroup(const RunCgroup&) = delete;
  RunCgroup& operator=(const RunCgroup&) = delete;

  // An empty group for one attempt; `name` is used once. Null: none can be made (any more).
  std::unique_ptr<StageCgroup> open(std::string_view name, std::int64_t limit_bytes) const;
  // What stages take is counted, and limits hold.
  bool has_memory() const noexcept;

 private:
  RunCgroup() = default;

  std::vector<CgroupPlace> folders_;  // of the run
};

// Kills and removes what is left of the groups that a process of that number made: for its watcher,
// once it is dead.
void remove_run_cgroups(const std::string& sysroot, pid_t owner);

}  // namespace headway
