// Whole files: read, replaced atomically, created. Knows nothing of what is in them.
#include "base/files.hpp"

#include "base/pending_file.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace headway {
namespace {

constexpr mode_t kFileMode = 0666;
constexpr mode_t kFolderMode = 0777;

Error system_error(std::string_view verb, std::string_view path, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return {missing ? ErrorCode::not_found : ErrorCode::io,
          fmt::format("{} {}", verb, system_message(path, error_number))};
}

Error too_large(const std::string& path, std::int64_t max_bytes) {
  return {ErrorCode::invalid_argument,
          fmt::format("read {}: larger than {} bytes", path, max_bytes)};
}

// "dir/" of "dir/name", "" of "name".
std::string_view folder_prefix(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::int64_t max_bytes) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0) {
    return system_error("read", path, errno);
  }
  if (status.st_size > max_bytes) {
    return too_large(path, max_bytes);
  }
  // One byte more than it claims: its end is seen without a second buffer. Files of /proc claim 0.
  constexpr std::size_t kMinBuffer = 4096;
  std::string content(std::max(static_cast<std::size_t>(status.st_size) + 1, kMinBuffer), '\0');
  std::size_t size = 0;
  for (;;) {
    const ssize_t got = read(fd.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return system_error("read", path, errno);
    }
    size += static_cast<std::size_t>(got);
    if (static_cast<std::int64_t>(size) > max_bytes) {
      return too_large(path, max_bytes);
    }
    if (got == 0) {
      content.resize(size);
      return content;
    }
    if (size == content.size()) {
      content.resize(content.size() * 2);
    }
  }
}

namespace {

// "/dev/null" must not become a file because root wrote a report there.
bool is_no_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

Result<void> write_into(const std::string& path, std::string_view content) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) {
    return Error{ErrorCode::io, "write " + system_message(path, errno)};
  }
  if (auto written = write_all(fd.get(), content); !written) {
    return Error{ErrorCode::io, fmt::format("write {}: {}", path, written.error().message)};
  }
  return {};
}

}  // namespace

Result<void> write_file_atomically(const std::string& path,
                                   std::string_view content,
                                   Durability durability,
                                   mode_t mode) {
  if (is_no_file(path)) {
    return write_into(path, content);
  }
  PendingFile file(path, mode);
  file.append(content);
  return file.commit(durability);
}

Result<void> make_directories(const std::string& path) {
  if (mkdir(path.c_str(), kFolderMode) == 0) {
    return {};
  }
  int reason = errno;
  if (reason == ENOENT) {
    std::string_view parent = path;
    while (parent.size() > 1 && parent.back() == '/') {
      parent.remove_suffix(1);
    }
    parent = folder_prefix(parent);
    if (parent.empty() || parent == path) {
      return system_error("create folder", path, reason);
    }
    while (parent.size() > 1 && parent.back() == '/') {
      parent.remove_suffix(1);
    }
    if (auto made = make_directories(std::string(parent)); !made) {
      return made;
    }
    if (mkdir(path.c_str(), kFolderMode) == 0) {
      return {};
    }
    reason = errno;
  }
  struct stat status {};
  if (reason == EEXIST && stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return {};
  }
  return system_error("create folder", path, reason);
}

Result<UniqueFd> open_for_append(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kFileMode));
  if (!fd) {
    return system_error("append to", path, errno);
  }
  return fd;
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return Error{ErrorCode::io, std::generic_category().message(errno)};
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

bool path_exists(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0;
}

std::string absolute_path(std::string_view base, std::string_view path) {
  // operator/ lets an absolute right side win.
  std::string normal =
      (std::filesystem::path(base) / std::filesystem::path(path)).lexically_normal().string();
  if (normal.size() > 1 && normal.back() == '/') {
    normal.pop_back();
  }
  return normal;
}

std::string current_directory() {
  std::error_code failed;
  std::string path = std::filesystem::current_path(failed).string();
  return failed ? "/" : path;
}

std::string system_message(std::string_view path, int error_number) {
  return fmt::format("{}: {}", path, std::generic_category().message(error_number));
}

}  // namespace headway
