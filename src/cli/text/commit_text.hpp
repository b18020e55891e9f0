// Checked commit messages for people and as JSON. Judges nothing.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "headway/commits.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// One message that was checked.
struct CheckedCommit {
  std::string id;          // a commit in full, or the file as it was named
  std::string first_line;  // of the message
  CommitReport report;
  std::string suggestion;  // first line; empty where there is none
};

// The issues of one commit, each with its place; with the suggestion. Empty for a valid one.
std::string issues_text(const CheckedCommit& commit, const Paint& paint);

// The document of `commit check --json`.
std::string commits_document(const std::vector<CheckedCommit>& commits, const SecretSet& secrets);

}  // namespace headway::cli
