// DiskSpace: how much room there is where a path lies, and whether it may be written. Asks the file
// system itself, which may hang (see deadline.hpp). Judges nothing.
#pragma once

#include <cstdint>
#include <string>

namespace headway {

// Plain value; -1 where the file system does not tell.
struct DiskSpace {
  std::string path;       // the nearest folder that is there
  bool is_there = false;  // the path itself is
  bool is_writable = false;
  bool is_owned = false;  // by the user who runs this, or root runs it
  std::int64_t total_bytes = -1;
  std::int64_t free_bytes = -1;    // for this user
  std::int64_t total_inodes = -1;  // 0: the file system does not count them
  std::int64_t free_inodes = -1;
};

DiskSpace disk_space(const std::string& path);

}  // namespace headway
