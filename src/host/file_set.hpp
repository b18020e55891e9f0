// FileSet: the files that globs mean, as they are on disk now, each with the stamps that the file
// system keeps. Opens no file; knows nothing of what they are for.
#pragma once

#include "base/file_fact.hpp"
#include "base/path_patterns.hpp"
#include "headway/result.hpp"

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// What stat(2) says of one file. A change of its content changes the stamp; only in the very tick
// of the file system's clock in which it was taken it may not.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;  // mtime: anybody may set it
  std::int64_t changed_ns = 0;   // ctime: the kernel alone does
  std::uint32_t mode = 0;        // kind and permissions

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

FileStamp stamp_of(const struct stat& status) noexcept;

// What a link is, beside its own stamp.
struct LinkFacts {
  std::string target;        // as it is written in it
  bool has_content = false;  // it leads to a regular file
  FileStamp content;         // of that file
};

// One file that was found.
struct FoundFile {
  std::string path;
  FileKind kind = FileKind::regular;
  FileStamp stamp;                        // of the name itself: a link is not followed
  std::shared_ptr<const LinkFacts> link;  // of a link; else null

  // The stamp of what is read when its content is read.
  const FileStamp& content_stamp() const noexcept {
    return link != nullptr && link->has_content ? link->content : stamp;
  }
};

// Whether nothing has changed between two looks.
bool same_stamps(const FoundFile& a, const FoundFile& b) noexcept;

// The files by path, ascending bytewise, each once.
struct FileSet {
  std::vector<FoundFile> files;
  std::vector<bool> matched;    // by glob: whether it means any of them
  std::vector<Error> problems;  // what could not be looked at, kMaxProblems at most
  static constexpr std::size_t kMaxProblems = 16;
};

// Where to look.
struct FileSetPlace {
  std::string folder;   // absolute; paths are relative to it
  std::string without;  // absolute: a folder that is never entered unless a glob names it; or empty
};

// Looks at the disk. A folder `.git` is entered only where a glob names it, and a link to a folder
// is followed only where it stands before the first wildcard of a glob. What is gone while one
// looks was never there.
FileSet find_files(const FileSetPlace& place, const PathPatterns& patterns);

}  // namespace headway
