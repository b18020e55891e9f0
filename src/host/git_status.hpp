// GitStatus: what `git status` says of a work tree. Git is only read, without its locks. Judges
// nothing.
#pragma once

#include "host/quick_command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Paths are relative to the root of the work tree.
struct GitStatus {
  bool is_answered = false;   // git told
  bool is_late = false;       // it did not answer in time
  std::string trouble;        // what it said instead, one line
  std::string branch;         // empty: detached
  std::string upstream;       // "origin/main"; empty: none
  int ahead = 0, behind = 0;  // commits that one has and the other has not
  std::vector<std::string> changed, untracked, unmerged;
};

// How git is asked.
struct GitQuestion {
  std::string git;                       // the program's file
  std::string directory;                 // in the work tree
  std::vector<std::string> environment;  // "NAME=value"
  Nanos patience{};
  bool each_untracked = false;  // every file; else a folder that is untracked as a whole is one
  const std::atomic<bool>* stop = nullptr;
};

// Answered only where all that git said was read: part of it could hide a conflict.
GitStatus ask_git_status(const GitQuestion& question);
// Reads what `git status --porcelain=v2 --branch -z` printed (git-status(1)).
GitStatus parse_git_status(std::string_view text);

}  // namespace headway
