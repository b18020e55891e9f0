// Creates files that are not there yet: all of them or none. Never touches one that exists. Knows
// nothing of what is in them.
#pragma once

#include "headway/result.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// A file to be.
struct NewFile {
  std::string path;  // absolute
  std::string content;
  bool executable = false;  // 0777 less umask, else 0666
};

// Creates all, with the folders they need. Error conflict, naming every path that is there already
// (a dangling link counts), or io; then no file of these was made (folders may have been).
Result<void> create_files(const std::vector<NewFile>& files);

}  // namespace headway::cli
