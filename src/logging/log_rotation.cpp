// Renaming and removing of full log files. Knows nothing of what is in them.
#include "logging/log_rotation.hpp"

#include "base/files.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace headway {
namespace {

// Whether the name leads to the open file still.
bool is_still_named(int fd, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return fstat(fd, &open_file) == 0 && stat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

bool is_due(int fd, const RotationLimits& limits) {
  struct statx status {};
  if (statx(fd, "", AT_EMPTY_PATH, STATX_SIZE | STATX_TYPE | STATX_BTIME, &status) != 0 ||
      !S_ISREG(status.stx_mode) || status.stx_size == 0) {
    return false;
  }
  const bool is_full =
      limits.max_bytes > 0 && status.stx_size >= static_cast<std::uint64_t>(limits.max_bytes);
  const bool has_age = limits.max_age_seconds > 0 && (status.stx_mask & STATX_BTIME) != 0;
  return is_full || (has_age && time(nullptr) - status.stx_btime.tv_sec >= limits.max_age_seconds);
}

std::string old_name(const std::string& path, int number) {
  return fmt::format("{}.{}", path, number);
}

// How many old files there are: numbers have no gaps.
int count_old(const std::string& path) {
  int count = 0;
  while (path_exists(old_name(path, count + 1))) {
    ++count;
  }
  return count;
}

// Whether `path` was given the name <path>.1.
bool shift_names(const std::string& path, int keep) {
  for (int number = std::min(count_old(path), std::max(keep, 1) - 1); number >= 1; --number) {
    rename(old_name(path, number).c_str(), old_name(path, number + 1).c_str());
  }
  return rename(path.c_str(), old_name(path, 1).c_str()) == 0;
}

// The newest old file stays, whatever its size and age.
void remove_beyond(const std::string& path, const RotationLimits& limits) {
  const int count = count_old(path);
  std::int64_t bytes = 0;
  int kept = 0;
  while (kept < count) {
    struct stat status {};
    if (stat(old_name(path, kept + 1).c_str(), &status) != 0) {
      break;
    }
    bytes += status.st_size;
    const bool is_beyond = (limits.keep_bytes > 0 && bytes > limits.keep_bytes) ||
                           (limits.keep_age_seconds > 0 &&
                            time(nullptr) - status.st_mtim.tv_sec > limits.keep_age_seconds);
    if (kept > 0 && (is_beyond || kept >= limits.keep)) {
      break;
    }
    ++kept;
  }
  for (int number = count; number > kept; --number) {
    unlink(old_name(path, number).c_str());
  }
}

std::string text_behind(const std::string& path, std::int64_t offset) {
  auto content = read_file(path);
  if (!content || content->size() <= static_cast<std::size_t>(offset)) {
    return {};
  }
  return content->substr(static_cast<std::size_t>(offset));
}

}  // namespace

bool rotate_log(int fd, const std::string& path, const RotationLimits& limits) {
  if (!is_still_named(fd, path)) {
    return true;  // somebody else renamed or removed it
  }
  if (!is_due(fd, limits) || flock(fd, LOCK_EX) != 0) {
    return false;
  }
  // The lock belongs to the file, not to its name: who waited for it finds the name gone.
  const bool was_moved = !is_still_named(fd, path);
  const bool moved = was_moved || shift_names(path, limits.keep);
  if (moved && !was_moved) {
    remove_beyond(path, limits);
  }
  flock(fd, LOCK_UN);
  return moved;
}

std::string log_text_since(const std::string& path, const LogPlace& place) {
  std::string text;
  for (int number = 0;; ++number) {
    const std::string name = number == 0 ? path : old_name(path, number);
    struct stat status {};
    if (place.inode == 0 || (stat(name.c_str(), &status) != 0 && number > 0)) {
      return {};  // (between two names of a rotation there may be no newest file)
    }
    const bool is_it = status.st_dev == place.device && status.st_ino == place.inode;
    text.insert(0, text_behind(name, is_it ? place.offset : 0));
    if (is_it) {
      return text;
    }
  }
}

}  // namespace headway
