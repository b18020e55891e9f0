// Rotation: gives a full or old log file an older name, while other processes write to it, and
// lets go of what is beyond its bounds. Knows nothing of what is in it.
#pragma once

#include <cstdint>
#include <string>

namespace headway {

// When to rotate, and which old files to keep. 0: no bound.
struct RotationLimits {
  std::int64_t max_bytes = 0;         // from here on the file is full
  std::int64_t max_age_seconds = 0;   // since it was made
  int keep = 5;                       // old files, at least 1
  std::int64_t keep_bytes = 0;        // of all old files together
  std::int64_t keep_age_seconds = 0;  // since the last record in an old file

  bool is_wanted() const noexcept { return max_bytes > 0 || max_age_seconds > 0; }
};

// Looks at the file open as `fd`, of the name `path`. True: `path` is not that file (any more) and
// must be opened again. Where it is full or old it becomes <path>.1, <path>.1 becomes <path>.2, and
// so on; of several processes that see it, one does that (flock(2)), and removes what is beyond the
// bounds. On an error nothing happens: a log that is too long is better than a lost one. Age is
// told where the file system knows when a file was made.
bool rotate_log(int fd, const std::string& path, const RotationLimits& limits);

// A place in a file that may have been rotated since.
struct LogPlace {
  std::uint64_t device, inode;
  std::int64_t offset;
};

// What stands behind that place, in its file and the newer ones of `path`; empty where that file
// is gone.
std::string log_text_since(const std::string& path, const LogPlace& place);

}  // namespace headway
