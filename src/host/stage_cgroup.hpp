// StageCgroup: the control group of one attempt: what its whole tree takes, and what reaches all of
// it. Knows no stage, starts nothing.
#pragma once

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "host/cgroup_place.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What the kernel counted of a group; empty: not told there.
struct CgroupUsage {
  // The most at once, without the file cache. The kernel's own peak has that in it, which nobody
  // must reserve memory for; what is cached at the end is taken off, so that this is a lower bound.
  std::optional<std::int64_t> peak_bytes;
  std::optional<std::int64_t> oom_kills;  // processes killed in it for want of memory
  std::optional<Nanos> cpu;               // of all that ever ran in it
};

// A group in one hierarchy or two (hybrid: v1 for memory, v2 for what reaches all), made and empty.
// A process that is in it hands it on to its children, whatever session or group they make. What
// cannot be read or written is told as not known or not done. Not synchronised.
class StageCgroup {
 public:
  // Of folders that are there, as cgroup_places() describes them; `limit_bytes` of memory, 0: none.
  StageCgroup(std::vector<CgroupPlace> folders, std::int64_t limit_bytes);
  // Removes it where nobody is left in it.
  ~StageCgroup();
  StageCgroup(const StageCgroup&) = delete;
  StageCgroup& operator=(const StageCgroup&) = delete;

  // A child that is to be in it writes "0" to each of these before it starts its program; -1: none.
  std::array<int, 2> entries() const noexcept { return {entries_[0].get(), entries_[1].get()}; }
  // The child is started: they are closed.
  void close_entries();

  bool has_memory() const noexcept { return memory_ != nullptr; }
  // What it takes now, without the file cache; nothing where it is not told.
  std::optional<std::int64_t> memory_bytes() const;
  CgroupUsage usage() const;
  // SIGKILL to all of it. False: not possible here, and nothing was done.
  bool kill() const;
  // Everything in it stands still, or goes on. False as above.
  bool freeze(bool on) const;

 private:
  bool write_v2(std::string_view name, std::string_view text) const;

  std::vector<CgroupPlace> folders_;
  const CgroupPlace* memory_ = nullptr;  // where memory is told
  std::array<UniqueFd, 2> entries_;
};

// Writes a kernel file with one write(2); false where that failed.
bool write_cgroup_file(const std::string& path, std::string_view text);

}  // namespace headway
