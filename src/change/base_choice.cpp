// See base_choice.hpp.
#include "change/base_choice.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr std::string_view kRemotes = "refs/remotes/";
constexpr std::string_view kHeads = "refs/heads/";

// "origin/main" of "refs/remotes/origin/main", "main" of "refs/heads/main".
std::string short_name(std::string_view ref) {
  for (const std::string_view prefix : {kRemotes, kHeads}) {
    if (ref.starts_with(prefix)) {
      return std::string(ref.substr(prefix.size()));
    }
  }
  return std::string(ref);
}

// "main" of either.
std::string branch_of(std::string_view ref) {
  const std::string name = short_name(ref);
  return ref.starts_with(kRemotes) ? name.substr(name.find('/') + 1) : name;
}

bool has(const BranchFacts& branches, const std::string& ref) {
  return std::find(branches.refs.begin(), branches.refs.end(), ref) != branches.refs.end();
}

// The ref of a branch: as the remote has it, else the local one; "" where there is neither.
std::string ref_of(const BranchFacts& branches, const std::string& branch) {
  if (branch.empty()) {
    return "";
  }
  for (const std::string& ref : {"refs/remotes/origin/" + branch, "refs/heads/" + branch}) {
    if (has(branches, ref)) {
      return ref;
    }
  }
  return "";
}

std::string default_ref(const BranchFacts& branches, const CiFacts& ci) {
  if (const std::string told = ref_of(branches, ci.default_branch); !told.empty()) {
    return told;
  }
  if (!branches.remote_head.empty()) {
    return branches.remote_head;
  }
  for (const char* usual : {"main", "master"}) {
    if (const std::string ref = ref_of(branches, usual); !ref.empty()) {
      return ref;
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> branch_words(const CiFacts& ci) {
  std::vector<std::string> words{"for-each-ref",
                                 "--format=%(refname) %(symref)",
                                 "refs/remotes/origin/HEAD",
                                 "refs/remotes/upstream/HEAD"};
  std::vector<std::string> branches{"main", "master", ci.base_branch, ci.default_branch};
  std::sort(branches.begin(), branches.end());
  branches.erase(std::unique(branches.begin(), branches.end()), branches.end());
  for (const std::string& branch : branches) {
    if (!branch.empty()) {
      words.push_back("refs/remotes/origin/" + branch);
      words.push_back("refs/heads/" + branch);
    }
  }
  return words;
}

BranchFacts parse_branches(std::string_view output, std::string current) {
  BranchFacts facts;
  facts.current = std::move(current);
  for (const std::string_view line : split(output, '\n')) {
    const std::size_t space = line.find(' ');
    const std::string_view target =
        space == std::string_view::npos ? std::string_view() : trim(line.substr(space + 1));
    if (!trim(line).empty()) {
      facts.refs.emplace_back(line.substr(0, space));
    }
    // (origin comes before upstream)
    if (!target.empty() && facts.remote_head.empty()) {
      facts.remote_head = target;
    }
  }
  return facts;
}

std::vector<BaseCandidate> base_candidates(const BranchFacts& branches, const CiFacts& ci) {
  std::vector<BaseCandidate> all;
  const auto add_merge_base = [&all](const std::string& ref, std::string_view why) {
    all.push_back({ref, fmt::format("the merge base with {}{}", short_name(ref), why)});
  };
  const bool is_request = !ci.base_branch.empty() || !ci.base_commit.empty();
  if (const std::string ref = ref_of(branches, ci.base_branch); !ref.empty()) {
    add_merge_base(ref, fmt::format(", as {} says", ci.system));
  }
  if (!ci.base_commit.empty()) {
    all.push_back({ci.base_commit, fmt::format("where the request begins, as {} says", ci.system)});
  }
  std::string main = default_ref(branches, ci);
  if (is_request && branch_of(main) == branches.current) {
    main.clear();  // (a clone of that branch alone: the remote's HEAD is the request itself)
  }
  const std::string pushed = !ci.branch.empty() ? ci.branch : branches.current;
  const bool is_on_default =
      !pushed.empty() && pushed == (main.empty() ? ci.default_branch : branch_of(main));
  if (ci.is_ci && is_on_default && !is_request) {
    if (!ci.before.empty()) {
      all.push_back(
          {ci.before, fmt::format("where the push begins, as {} says", ci.system), false});
    }
    all.push_back({"HEAD^", "the commit before, on the default branch in CI"});
    return all;
  }
  if (ci.is_ci && pushed.empty() && !is_request && !main.empty()) {
    // A job may not know its branch: detached, or at a tag. Where HEAD is in the default branch,
    // that is meant.
    add_merge_base(main, "");
    all.back().may_be_head = false;
    all.push_back({"HEAD^", "the commit before, in the default branch in CI"});
    return all;
  }
  if (!main.empty()) {
    const std::string local = "refs/heads/" + branches.current;
    main == local ? all.push_back({"HEAD", "the last commit, on the default branch"})
                  : add_merge_base(main, "");
  } else if (!branches.current.empty() && !ci.is_ci) {
    all.push_back({"HEAD", "the last commit: no default branch is known"});
  }
  return all;
}

}  // namespace headway
