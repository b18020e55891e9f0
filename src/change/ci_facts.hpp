// What a CI system says of the change in the environment of its jobs. Starts no git; knows nothing
// of the repository.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Empty texts where it does not say.
struct CiFacts {
  bool is_ci = false;
  std::string system;          // "GitHub Actions", ...
  std::string base_branch;     // that a pull or merge request goes to
  std::string base_commit;     // the same as a commit
  std::string before;          // the commit before the pushed range
  std::string default_branch;  // of the project
  std::string branch;          // that was pushed
};

// From "NAME=value" entries. GitHub tells of a push in a file that GITHUB_EVENT_PATH names: it is
// read, up to 8 MiB.
CiFacts read_ci_facts(const std::vector<std::string>& environment);

}  // namespace headway
