// ReportMarks: what lies where a gate's report will be, before the stage that writes it; and which
// of the files that are there afterwards are still the same. Knows nothing of what is in them.
#pragma once

#include "base/content_digest.hpp"
#include "headway/result.hpp"
#include "host/write_watch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// The files that `report` (a path or a glob, relative to `directory`) means now, by path as it was
// given. Error not_found, in words, where there is none.
Result<std::vector<std::string>> report_files(const std::string& directory,
                                              const std::string& report);

// Of one gate and one attempt. Not synchronised.
class ReportMarks {
 public:
  // Looks at what is there now, and reads it; nothing there is fine. `watch` must outlive this.
  ReportMarks(WriteWatch& watch, const std::string& directory, const std::string& report);

  // The file is the one that was there: by device and inode, with the same content, and nobody has
  // written to it. Times do not count: anybody may set them, and clocks differ.
  bool is_unchanged(const std::string& path);

 private:
  // One file as it was.
  struct Mark {
    std::uint64_t device = 0, inode = 0;
    ContentDigest content;
    int watch = -1;
  };
  // Nothing where it is no file that can be read.
  static bool look_at(const std::string& path, Mark& mark);

  std::string directory_;
  std::map<std::string, Mark> marks_;  // by path
  WriteWatch& watch_;
};

}  // namespace headway
