// Renaming of full log files. Knows nothing of what is in them.
#include "logging/log_rotation.hpp"

#include <fmt/format.h>

#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>

namespace headway {
namespace {

// Whether the name leads to the open file still.
bool is_still_named(int fd, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return fstat(fd, &open_file) == 0 && stat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

bool is_full(int fd, std::int64_t max_bytes) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= max_bytes;
}

// Whether `path` was given the name <path>.1.
bool shift_names(const std::string& path, int keep) {
  for (int number = std::max(keep, 1) - 1; number >= 1; --number) {
    // What is not there yet is no error.
    rename(fmt::format("{}.{}", path, number).c_str(),
           fmt::format("{}.{}", path, number + 1).c_str());
  }
  return rename(path.c_str(), fmt::format("{}.1", path).c_str()) == 0;
}

}  // namespace

bool rotate_log(int fd, const std::string& path, RotationLimits limits) {
  if (!is_still_named(fd, path)) {
    return true;  // somebody else renamed or removed it
  }
  if (!is_full(fd, limits.max_bytes) || flock(fd, LOCK_EX) != 0) {
    return false;
  }
  // The lock belongs to the file, not to its name: who waited for it finds the name gone.
  const bool moved = !is_still_named(fd, path) || shift_names(path, limits.keep);
  flock(fd, LOCK_UN);
  return moved;
}

}  // namespace headway
