// CommitSettings: what `commits` of the workflow file says. Plain values; knows no commit.
#pragma once

#include <string>
#include <vector>

namespace headway {

// The names as they are spelled in the file; empty: not said.
struct CommitSettings {
  std::string profile;               // default, relaxed or strict
  std::vector<std::string> types;    // in lower case
  std::string issue;                 // optional or required
  std::string merge, revert, fixup;  // accept, check or refuse
};

}  // namespace headway
