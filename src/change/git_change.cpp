// read_change: asks git, few times, and all that can be asked at once at once. Decides nothing
// about lanes.
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "change/base_choice.hpp"
#include "change/commit_log.hpp"
#include "change/diff_reader.hpp"
#include "headway/lanes.hpp"
#include "host/git.hpp"
#include "host/git_questions.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

namespace headway {
namespace {

constexpr std::int64_t kMostCountedFile = std::int64_t{1} << 20;
constexpr std::int64_t kMostCountedBytes = std::int64_t{64} << 20;
constexpr std::size_t kBinaryLook = 8000;  // as git itself looks

// Why a folder has no change to read.
std::string no_repository(const std::string& directory, const ChangeOptions& options) {
  const auto has = [&directory](const char* name) { return path_exists(directory + "/" + name); };
  if (has("HEAD") && has("objects") && has("refs")) {
    return "a bare git repository has no files";
  }
  const bool is_set = std::any_of(
      options.environment.begin(), options.environment.end(), [](const std::string& entry) {
        return entry.starts_with("GIT_DIR=");
      });
  return is_set ? "no git repository (GIT_DIR is not looked at)" : "no git repository";
}

// Reads one repository's change.
class ChangeReader {
 public:
  ChangeReader(const std::string& directory, const ChangeOptions& options)
      : directory_(directory),
        options_(options),
        facts_(read_git_facts(directory)),
        ci_(read_ci_facts(options.environment)) {}

  Result<Change> read() {
    change_.root = facts_.root;
    if (facts_.root.empty()) {
      std::string why = no_repository(directory_, options_);
      return options_.base.empty() ? nothing_known(std::move(why)) : Result<Change>(bad_base(why));
    }
    if (auto trouble = look_around()) {
      return options_.base.empty() ? nothing_known(std::move(*trouble))
                                   : Result<Change>(bad_base(*trouble));
    }
    if (auto failed = find_base()) {
      return std::move(*failed);
    }
    if (auto trouble = read_files()) {
      return nothing_known(std::move(*trouble));
    }
    count_untracked();
    return std::move(change_);
  }

 private:
  Change nothing_known(std::string why) {
    change_.files.clear();
    change_.messages.clear();
    change_.base.clear();
    change_.base_source = std::move(why);
    change_.counts_everything = true;
    change_.knows_files = false;
    change_.knows_lines = false;
    return std::move(change_);
  }

  Error bad_base(std::string_view why) const {
    return {ErrorCode::invalid_argument,
            fmt::format("find the base '{}': {}", options_.base, why),
            "give a revision that this repository has"};
  }

  // Branches and untracked files; trouble in words.
  std::optional<std::string> look_around() {
    const auto answers = ask_git(facts_.root,
                                 {branch_words(ci_),
                                  {"ls-files", "--others", "--exclude-standard", "-z"},
                                  {"rev-parse", "-q", "--verify", "HEAD^{commit}"}});
    for (std::size_t at = 0; at < 2; ++at) {
      if (!answers[at].is_good()) {
        return answers[at].trouble();
      }
    }
    branches_ = parse_branches(answers[0].output, facts_.branch);
    untracked_ = parse_paths(answers[1].output);
    head_ = trim(answers[2].output);
    has_commit_ = answers[2].is_good();
    return std::nullopt;
  }

  // Nothing, or what the whole reading ends with.
  std::optional<Result<Change>> find_base() {
    std::vector<BaseCandidate> candidates;
    if (!options_.base.empty()) {
      if (options_.base.starts_with('-')) {
        return bad_base("it is no revision");
      }
      candidates.push_back({options_.base, fmt::format("the merge base with '{}'", options_.base)});
    } else if (!has_commit_) {
      change_.base_source = "there is no commit yet";
      change_.counts_everything = true;
      return std::nullopt;
    } else {
      candidates = base_candidates(branches_, ci_);
    }
    std::vector<GitWords> questions;
    for (const BaseCandidate& candidate : candidates) {
      questions.push_back({"merge-base", "HEAD", candidate.revision});
    }
    const auto answers = ask_git(facts_.root, questions);
    for (std::size_t at = 0; at < answers.size(); ++at) {
      const std::string id = answers[at].output.substr(0, answers[at].output.find('\n'));
      if (answers[at].is_good() && !id.empty() && (candidates[at].may_be_head || id != head_)) {
        change_.base = id;
        change_.base_source = candidates[at].source;
        return std::nullopt;
      }
    }
    if (!options_.base.empty()) {
      return bad_base(answers.front().exit_code == 1
                          ? "it has no commit in common with HEAD (a shallow clone?)"
                          : answers.front().trouble());
    }
    change_.base_source = facts_.is_shallow    ? "a shallow clone has no base (fetch more of it)"
                          : candidates.empty() ? "no default branch is known"
                          : candidates.back().revision == "HEAD^"
                              ? "there is no commit before this one"
                              : "nothing is in common with the default branch";
    change_.counts_everything = true;
    return std::nullopt;
  }

  std::optional<std::string> read_files() {
    if (change_.counts_everything && has_commit_) {
      const GitAnswer all = std::move(ask_git(facts_.root, {{"ls-files", "-z"}}).front());
      if (!all.is_good()) {
        return all.trouble();
      }
      change_.files = parse_paths(all.output);
      change_.knows_lines = false;
      return std::nullopt;
    }
    std::vector<GitWords> questions{diff_words(change_.base)};
    if (options_.with_messages && has_commit_) {
      questions.push_back(commit_log_words(change_.base + "..HEAD"));
    }
    auto answers = ask_git(facts_.root, questions);
    for (const GitAnswer& answer : answers) {
      if (!answer.is_good()) {
        return answer.trouble();
      }
    }
    change_.files = parse_diff(answers[0].output);
    if (answers.size() > 1) {
      for (const LoggedCommit& commit : parse_commit_log(answers[1].output).commits) {
        change_.messages.emplace_back(commit.message);
      }
    }
    return std::nullopt;
  }

  // Lines of files that git does not know yet: all of them are added.
  void count_untracked() {
    std::int64_t left = kMostCountedBytes;
    for (ChangedFile& file : untracked_) {
      const std::string path = facts_.root + "/" + file.path;
      struct stat status {};
      if (file.submodule || ::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        continue;
      }
      file.executable = (status.st_mode & S_IXUSR) != 0;
      if (status.st_size > kMostCountedFile || status.st_size > left) {
        file.binary = looks_binary(path);
        change_.knows_lines = change_.knows_lines && file.binary;
        continue;
      }
      left -= status.st_size;
      count_lines(path, file);
    }
    change_.files = merged(std::move(change_.files), std::move(untracked_));
  }

  // By its beginning alone.
  static bool looks_binary(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    std::array<char, kBinaryLook> piece{};
    const ssize_t count = fd ? ::read(fd.get(), piece.data(), piece.size()) : 0;
    return std::find(piece.begin(), piece.begin() + std::max<ssize_t>(count, 0), '\0') !=
           piece.begin() + std::max<ssize_t>(count, 0);
  }

  static void count_lines(const std::string& path, ChangedFile& file) {
    const auto text = read_file(path, kMostCountedFile);
    if (!text || text->empty()) {
      return;
    }
    file.binary = text->find('\0') < kBinaryLook;
    if (!file.binary) {
      file.lines_added = std::count(text->begin(), text->end(), '\n') + (text->back() != '\n');
    }
  }

  const std::string& directory_;
  const ChangeOptions& options_;
  GitFacts facts_;
  CiFacts ci_;
  BranchFacts branches_;
  std::vector<ChangedFile> untracked_;
  bool has_commit_ = false;
  std::string head_;  // its commit
  Change change_;
};

}  // namespace

Result<Change> read_change(const std::string& directory, const ChangeOptions& options) {
  return ChangeReader(directory, options).read();
}

}  // namespace headway
