// Commits of a git range with their messages, and the rules for them. Judges nothing.
#pragma once

#include "headway/commits.hpp"
#include "headway/result.hpp"
#include "model/commit_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One commit; views into CommitLog::text.
struct LoggedCommit {
  std::string_view id;    // in full
  bool is_merge = false;  // it has more than one parent
  std::string_view message;
};

// Commits, newest first. Movable; the views stay good.
struct CommitLog {
  std::vector<char> text;
  std::vector<LoggedCommit> commits;
};

// The words for ask_git() that list the commits of `range`, and the reading of what it says.
std::vector<std::string> commit_log_words(const std::string& range);
CommitLog parse_commit_log(std::string_view output);

// `git log RANGE` in `directory`. Error not_found where git does not know the range, with its
// words; unsupported where there is no git.
Result<CommitLog> read_commit_log(const std::string& directory, const std::string& range);

// Where a message is looked at.
enum class CommitPlace {
  file,   // about to be committed: what waits to be squashed is fine
  range,  // about to be shared: it is not
};

// The rules of a workflow file (default where it says nothing).
CommitRules commit_rules(const CommitSettings& settings, CommitPlace place);

}  // namespace headway
