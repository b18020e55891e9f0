// From where on a change counts: revisions to try, best first. Pure; starts no git.
#pragma once

#include "change/ci_facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The branches of a repository, as far as a base is looked for.
struct BranchFacts {
  std::string current;            // empty: detached
  std::vector<std::string> refs;  // in full, such as "refs/remotes/origin/main"
  std::string remote_head;        // that the remote's HEAD points to, in full; or empty
};

// The words for ask_git() that list them, and the reading of what it says.
std::vector<std::string> branch_words(const CiFacts& ci);
BranchFacts parse_branches(std::string_view output, std::string current);

// A revision whose merge base with HEAD may be the base.
struct BaseCandidate {
  std::string revision;
  std::string source;       // in words: "the merge base with origin/main"
  bool may_be_head = true;  // false: passed over where that is HEAD itself
};

// Best first; empty: no base can be known.
std::vector<BaseCandidate> base_candidates(const BranchFacts& branches, const CiFacts& ci);

}  // namespace headway
