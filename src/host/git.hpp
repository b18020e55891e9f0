// Facts of the git repository around a folder, read from its files without starting git or taking
// its locks.
#pragma once

#include <string>

namespace headway {

// Empty texts where there is no repository, no commit yet, or no branch (detached). Paths absolute.
struct GitFacts {
  std::string root;    // of the work tree
  std::string commit;  // 40 or 64 hex digits
  std::string branch;
  std::string folder;         // git's own: .git, or what the file .git names
  std::string common_folder;  // what worktrees share; else the same
  bool is_shallow = false;    // it lacks old commits
};

// Walks up from `directory`. Understands .git folders and files (worktrees, submodules), loose and
// packed refs.
GitFacts read_git_facts(const std::string& directory);

}  // namespace headway
