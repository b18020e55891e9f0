// See disk_space.hpp.
#include "host/disk_space.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace headway {
namespace {

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

DiskSpace disk_space(const std::string& path) {
  DiskSpace space;
  space.path = path;
  struct stat facts {};
  space.is_there = ::stat(path.c_str(), &facts) == 0;
  while (::stat(space.path.c_str(), &facts) != 0 && space.path != "/" && space.path != ".") {
    space.path = parent_of(space.path);
  }
  space.is_owned = ::geteuid() == 0 || facts.st_uid == ::geteuid();
  space.is_writable = ::faccessat(AT_FDCWD, space.path.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  struct statvfs room {};
  if (::statvfs(space.path.c_str(), &room) == 0) {
    const auto block = static_cast<std::int64_t>(room.f_frsize);
    space.total_bytes = static_cast<std::int64_t>(room.f_blocks) * block;
    space.free_bytes = static_cast<std::int64_t>(room.f_bavail) * block;
    space.total_inodes = static_cast<std::int64_t>(room.f_files);
    space.free_inodes = static_cast<std::int64_t>(room.f_favail);
  }
  return space;
}

}  // namespace headway
