// Rotation: gives a full log file an older name, while other processes write to it. Knows nothing
// of what is in it.
#pragma once

#include <cstdint>
#include <string>

namespace headway {

// When to rotate, and how many old files to keep.
struct RotationLimits {
  std::int64_t max_bytes;  // from here on the file is full
  int keep;                // old files, at least 1
};

// Looks at the file open as `fd`, of the name `path`. True: `path` is not that file (any more) and
// must be opened again. Where it is full it becomes <path>.1, <path>.1 becomes <path>.2, and so on;
// of several processes that see it full, one does that (flock(2)). On an error nothing happens: a
// log that is too long is better than a lost one.
bool rotate_log(int fd, const std::string& path, RotationLimits limits);

}  // namespace headway
