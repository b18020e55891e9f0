// The program git, asked for facts: several questions at the same time, with a deadline. It only
// reads and takes no lock. Knows nothing of what is asked.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Words after "git", such as {"merge-base", "HEAD", "main"}.
using GitWords = std::vector<std::string>;

// Whether an entry "NAME=value" of the environment tells git which repository is meant, or how to
// show things: a git hook has such ones. Whoever asks of the repository at a folder leaves them
// out.
bool is_order_to_git(std::string_view entry) noexcept;

// How one question was answered. Plain value.
struct GitAnswer {
  bool is_missing = false;  // there is no git to start
  bool is_late = false;     // ended at the deadline
  bool is_large = false;    // ended as it said more than kMostOutput bytes
  int exit_code = -1;       // -1: ended by a signal, or not started
  std::string output;       // standard output, bytes
  std::string errors;       // standard error, the first kMostErrors bytes
  static constexpr std::size_t kMostOutput = std::size_t{256} << 20;
  static constexpr std::size_t kMostErrors = std::size_t{16} << 10;

  bool is_good() const noexcept { return exit_code == 0 && !is_late && !is_large; }
  // Why not, in one line: git's own words without "fatal: ", or what happened to it.
  std::string trouble() const;
};

// Starts all of them in `directory` and waits until they have ended, at most `patience` from now;
// what runs then is killed, and left behind where even that does not end it. Answers are in the
// order of the questions. The environment is this process's without what git reads of where the
// repository is (hooks set it) and of how to show things. Safe from any thread.
std::vector<GitAnswer> ask_git(const std::string& directory,
                               const std::vector<GitWords>& questions,
                               Nanos patience = std::chrono::seconds(30));

}  // namespace headway
