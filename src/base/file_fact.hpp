// FileFact: what counts of a file when two states of a folder are compared. Plain values; knows
// nothing of how they were found.
#pragma once

#include "base/content_digest.hpp"

#include <cstdint>
#include <string>

namespace headway {

// What a name stands for. A folder is none: only what is in it counts.
enum class FileKind : std::uint8_t {
  regular,
  link,   // symbolic
  other,  // a socket, pipe or device: never opened
};

// One file. The digest of a link is that of where it points to and, where that is a regular file,
// of its content too; that of `other` is zero.
struct FileFact {
  std::string path;  // relative to the folder that was looked at, or as its glob spells it
  FileKind kind = FileKind::regular;
  bool is_executable = false;  // by its owner
  ContentDigest digest;

  friend bool operator==(const FileFact&, const FileFact&) = default;
};

}  // namespace headway
