// Workspace: a folder whose names are looked at, opened and changed without ever following a link,
// so that nothing outside of it can be met. Knows nothing of checkpoints.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"
#include "host/file_set.hpp"

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// A name as it is on disk now.
struct FoundName {
  std::string path;
  std::uint32_t mode = 0;  // kind and permissions, as in st_mode
  FileStamp stamp;
};

// Something below the paths that is neither saved nor touched.
struct KeptName {
  enum class Why : std::uint8_t { git, state, special };
  std::string path;
  Why why = Why::git;

  friend bool operator==(const KeptName&, const KeptName&) = default;
};

// "git's own", "Headway's own state", "no file, folder or link".
std::string_view to_text(KeptName::Why why) noexcept;

// What lies at and below some paths.
struct FoundNames {
  std::vector<FoundName> names;              // folders, files and links; sorted by path
  std::vector<KeptName> kept;                // sorted by path
  std::vector<std::string> absent;           // of the paths asked for
  std::vector<std::string> missing_parents;  // of those: folders above them, sorted
};

// One folder of the workspace, open, and the last name of a path in it.
struct OpenParent {
  UniqueFd folder;
  std::string name;
};

// Paths are relative, with '/', without "." and ".." parts; "." alone is the workspace. Not
// synchronised.
class Workspace {
 public:
  // `own`: folders that are never entered (the state folder, git's); absolute, empty: none. Error
  // where the folder cannot be opened.
  static Result<Workspace> open(const std::string& folder, const std::vector<KeptName>& own);

  // The relative path of `path`, which is relative to `base` (absolute). Errors invalid_argument:
  // it lies outside, or is git's or Headway's own.
  Result<std::string> relative(std::string_view base, std::string_view path) const;

  // Walks down. Errors: a folder above a path is a link or no folder, or something cannot be read.
  // What is gone while one looks was never there.
  Result<FoundNames> find(const std::vector<std::string>& paths) const;

  // The folder that holds `path`. Error not_found where there is none; invalid_argument where a
  // part of the way is a link or a file.
  Result<OpenParent> parent_of(std::string_view path) const;
  // That folder itself, to be read.
  Result<UniqueFd> folder(std::string_view path) const;
  // A regular file, to be read; nothing is followed and nothing waited for.
  Result<UniqueFd> file(std::string_view path) const;
  // Where a link points to.
  Result<std::string> link_target(std::string_view path) const;

  const std::string& path() const noexcept { return path_; }
  // "make folder src: Permission denied".
  static Error trouble(std::string_view verb, std::string_view path, int error_number);

 private:
  class Walk;

  std::string path_;
  UniqueFd root_;
  std::vector<KeptName> own_;  // absolute paths; they may come to be later
};

}  // namespace headway
