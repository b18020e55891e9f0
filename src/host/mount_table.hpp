// MountTable: what is mounted where, from a text of mountinfo, and what is known of kinds of file
// systems. Pure; asks no file system.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One mount, by proc_pid_mountinfo(5).
struct Mount {
  std::string root;     // the folder of the file system that is mounted
  std::string point;    // where
  std::string kind;     // "ext4", "nfs4", "9p", "overlay"
  std::string source;   // "/dev/sda1", "server:/export"
  std::string options;  // of the mount and of the file system, between commas

  bool has_option(std::string_view option) const;
};

// The mounts in the order of the text; lines that are none are left out.
std::vector<Mount> read_mounts(std::string_view mountinfo);
// The mount that `path` (absolute, normalised) lies on: the longest point, of equal ones the last.
std::optional<Mount> mount_of(const std::vector<Mount>& mounts, std::string_view path);

// Files lie on another machine or outside this one's kernel, where locks, mmap and notifications
// may not work as here: NFS, SMB, 9p, sshfs, shared folders of virtual machines.
bool is_remote_kind(std::string_view kind);
// Files lie in memory and are gone at the next boot.
bool is_memory_kind(std::string_view kind);

}  // namespace headway
