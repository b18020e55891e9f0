// See git.hpp. Formats: gitrepository-layout(5), git-worktree(1), git-pack-refs(1).
#include "host/git.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <string_view>

namespace headway {
namespace {

constexpr std::int64_t kMaxPackedRefs = std::int64_t{256} << 20;
constexpr std::int64_t kMaxSmallFile = std::int64_t{64} << 10;
constexpr int kMaxSymbolicRefs = 5;  // as git itself follows
constexpr std::string_view kSymbolic = "ref:";
constexpr std::string_view kBranches = "refs/heads/";

// The first line of a small file without blanks around it; "" where it cannot be read.
std::string first_line(const std::string& path) {
  const std::string text = read_file(path, kMaxSmallFile).value_or("");
  return std::string(trim(std::string_view(text).substr(0, text.find('\n'))));
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool is_object_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// The git folder that a work tree at `root` has: root/.git, or what the file root/.git names; ""
// where there is none.
std::string git_folder_of(const std::string& root) {
  constexpr std::string_view kKey = "gitdir:";
  const std::string entry = (root == "/" ? "" : root) + "/.git";
  if (path_exists(entry + "/HEAD")) {
    return entry;
  }
  const std::string line = first_line(entry);
  if (!line.starts_with(kKey)) {
    return "";
  }
  std::string folder = absolute_path(root, trim(std::string_view(line).substr(kKey.size())));
  return path_exists(folder + "/HEAD") ? folder : "";
}

// What worktrees share: branches and packed refs.
std::string common_folder_of(const std::string& git_folder) {
  const std::string line = first_line(git_folder + "/commondir");
  return line.empty() ? git_folder : absolute_path(git_folder, line);
}

// "<id> <name>" lines; peeled tags ("^<id>") and the header ("# ...") do not match. There may be a
// million: only the one is looked for.
std::string packed_ref(const std::string& common, const std::string& name) {
  const std::string text = read_file(common + "/packed-refs", kMaxPackedRefs).value_or("");
  const std::size_t space = text.find(" " + name + "\n");
  if (space == std::string::npos) {
    return "";
  }
  const std::size_t before = text.rfind('\n', space);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  return text.substr(start, space - start);
}

// The commit that a ref stands for, through symbolic refs; "" where it has none yet.
std::string commit_of(const GitFacts& facts, std::string name) {
  for (int depth = 0; depth < kMaxSymbolicRefs; ++depth) {
    std::string value = first_line(facts.folder + "/" + name);
    if (value.empty()) {
      value = first_line(facts.common_folder + "/" + name);
    }
    if (value.empty()) {
      value = packed_ref(facts.common_folder, name);
    }
    if (!value.starts_with(kSymbolic)) {
      return is_object_id(value) ? value : "";
    }
    name = trim(std::string_view(value).substr(kSymbolic.size()));
  }
  return "";
}

}  // namespace

GitFacts read_git_facts(const std::string& directory) {
  std::string root = absolute_path(current_directory(), directory);
  std::string git_folder = git_folder_of(root);
  while (git_folder.empty() && root != "/") {
    root = parent_of(root);
    git_folder = git_folder_of(root);
  }
  if (git_folder.empty()) {
    return {};
  }
  GitFacts facts;
  facts.root = root;
  facts.folder = git_folder;
  facts.common_folder = common_folder_of(git_folder);
  const std::string head = first_line(git_folder + "/HEAD");
  if (head.starts_with(kSymbolic)) {
    const std::string_view target = trim(std::string_view(head).substr(kSymbolic.size()));
    // "refs/heads/.invalid": the refs are in a reftable, which git alone can read.
    if (target.starts_with(kBranches) && target != "refs/heads/.invalid") {
      facts.branch = target.substr(kBranches.size());
    }
  }
  facts.commit = commit_of(facts, "HEAD");
  facts.is_shallow = path_exists(facts.common_folder + "/shallow");
  return facts;
}

}  // namespace headway
