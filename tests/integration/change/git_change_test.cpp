// What changed, as real repositories say it: each state that a repository may be in.
#include "headway/lanes.hpp"
#include "support/git_repository.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>

namespace headway {
namespace {

Change change_of(const std::string& folder, const ChangeOptions& options = {}) {
  auto change = read_change(folder, options);
  EXPECT_TRUE(change) << (change ? "" : change.error().message);
  return change ? *std::move(change) : Change();
}

const ChangedFile& file(const Change& change, std::string_view path) {
  static const ChangedFile kNone;
  const auto found = std::find_if(change.files.begin(),
                                  change.files.end(),
                                  [path](const ChangedFile& one) { return one.path == path; });
  EXPECT_NE(found, change.files.end()) << path;
  return found == change.files.end() ? kNone : *found;
}

// On branch topic, one commit after main.
class TopicRepository : public GitRepository {
 public:
  TopicRepository() {
    write("a.py", "1\n2\n3\n");
    write("b.md", "one\ntwo\nthree\nfour\nfive\n");
    commit("feat: begin");
    git("checkout -b topic");
    write("a.py", "1\n2\n3\n4\n");
    commit("fix: more");
  }
};

TEST(ReadChange, commits_index_working_tree_and_untracked_files_count) {
  const TopicRepository repository;
  repository.write("staged.py", "1\n2\n");
  repository.git("add staged.py");
  repository.write("b.md", "one\n");
  repository.write("new dir/un\ntracked.sh", "1\n2\n3");
  const Change change = change_of(repository.path());
  EXPECT_EQ(change.files.size(), 4U);
  EXPECT_EQ(file(change, "a.py").lines_added, 1);
  EXPECT_EQ(file(change, "staged.py").lines_added, 2);
  EXPECT_EQ(file(change, "b.md").lines_deleted, 4);
  EXPECT_EQ(file(change, "new dir/un\ntracked.sh").lines_added, 3);
  ASSERT_EQ(change.messages.size(), 1U);
  EXPECT_TRUE(change.messages[0].starts_with("fix: more"));
  EXPECT_EQ(change.base_source, "the merge base with main");
  EXPECT_EQ(change.base.size(), 40U);
  EXPECT_FALSE(change.counts_everything);
}

TEST(ReadChange, a_clean_default_branch_is_no_change) {
  GitRepository repository;
  repository.write("a", "1\n");
  repository.commit("x");
  const Change change = change_of(repository.path());
  EXPECT_TRUE(change.empty());
  EXPECT_EQ(change.base_source, "the last commit, on the default branch");
}

TEST(ReadChange, renames_and_binary_files_are_seen) {
  const TopicRepository repository;
  repository.git("mv b.md c.md");
  repository.write("x.bin", std::string("\0\1\2", 3));
  repository.git("add -A");
  const Change change = change_of(repository.path());
  EXPECT_EQ(file(change, "c.md").old_path, "b.md");
  EXPECT_EQ(file(change, "c.md").lines_added, 0);
  EXPECT_TRUE(file(change, "x.bin").binary);
  repository.write("y.bin", std::string("\0\1\n", 3));
  EXPECT_TRUE(file(change_of(repository.path()), "y.bin").binary);
}

TEST(ReadChange, an_executable_file_without_ending_is_a_script) {
  const TopicRepository repository;
  repository.write("docs/tool", "#!/bin/sh\n");
  ::chmod(repository.path("docs/tool").c_str(), 0755);
  EXPECT_EQ(code_in(change_of(repository.path())).size(), 2U);
  repository.git("add -A");
  EXPECT_EQ(code_in(change_of(repository.path())).size(), 2U);
}

TEST(ReadChange, a_submodule_is_one_file_without_lines) {
  GitRepository inner;
  inner.write("a", "1\n");
  inner.commit("x");
  const TopicRepository repository;
  repository.git("submodule add " + inner.path() + " sub");
  const Change change = change_of(repository.path());
  EXPECT_TRUE(file(change, "sub").submodule);
  EXPECT_EQ(file(change, "sub").lines_added, 0);
  // The repository inside has a change of its own.
  EXPECT_TRUE(change_of(repository.path("sub")).empty());
}

TEST(ReadChange, from_a_subfolder_it_is_the_same) {
  const TopicRepository repository;
  repository.write("sub/x", "1\n");
  const Change change = change_of(repository.path("sub"));
  EXPECT_EQ(change.files.size(), 2U);
  EXPECT_EQ(change.root, repository.path());
}

TEST(ReadChange, without_a_commit_everything_counts_with_its_lines) {
  GitRepository repository;
  repository.write("a.py", "1\n2\n");
  repository.write("b.py", "1\n");
  repository.git("add a.py");
  const Change change = change_of(repository.path());
  EXPECT_TRUE(change.counts_everything);
  EXPECT_EQ(change.base_source, "there is no commit yet");
  EXPECT_EQ(change.lines_added(), 3);
  EXPECT_TRUE(change.base.empty());
}

TEST(ReadChange, without_a_repository_nothing_is_known) {
  const TempFolder folder;
  const Change change = change_of(folder.path());
  EXPECT_TRUE(change.counts_everything);
  EXPECT_FALSE(change.knows_files || change.knows_lines || change.empty());
  EXPECT_EQ(change.base_source, "no git repository");
}

TEST(ReadChange, a_bare_repository_and_a_repository_elsewhere_are_told) {
  const TempFolder bare;
  git_in(bare.path(), "init --bare .");
  EXPECT_EQ(change_of(bare.path()).base_source, "a bare git repository has no files");
  const TempFolder none;
  EXPECT_EQ(change_of(none.path(), {.environment = {"GIT_DIR=/elsewhere"}}).base_source,
            "no git repository (GIT_DIR is not looked at)");
}

TEST(ReadChange, a_damaged_repository_is_told_in_words_of_git) {
  const TopicRepository repository;
  spill(repository.path(".git/index"), "nonsense");
  const Change change = change_of(repository.path());
  EXPECT_FALSE(change.knows_files);
  EXPECT_FALSE(change.base_source.empty());
}

TEST(ReadChange, detached_it_counts_from_the_default_branch) {
  const TopicRepository repository;
  repository.git("checkout --detach");
  EXPECT_EQ(change_of(repository.path()).files.size(), 1U);
}

TEST(ReadChange, a_shallow_clone_in_ci_says_so) {
  const TopicRepository repository;
  const TempFolder other;
  git_in(other.path(), "clone --depth 1 file://" + repository.path() + " c");
  const std::string clone = other / "c";
  const Change change =
      change_of(clone, {.environment = {"CI=true", "GITHUB_ACTIONS=true", "GITHUB_BASE_REF=main"}});
  EXPECT_TRUE(change.counts_everything);
  EXPECT_FALSE(change.knows_lines);
  EXPECT_EQ(change.files.size(), 2U);
  EXPECT_NE(change.base_source.find("shallow clone"), std::string::npos);
}

TEST(ReadChange, a_clone_counts_from_the_default_branch_of_its_remote) {
  const TopicRepository repository;
  repository.git("checkout main");
  const TempFolder other;
  git_in(other.path(), "clone " + repository.path() + " c");
  const std::string clone = other / "c";
  spill(clone + "/a.py", "changed\n");
  git_in(clone, "commit -am 'fix: it'");
  const Change change = change_of(clone);
  EXPECT_EQ(change.base_source, "the merge base with origin/main");
  EXPECT_EQ(change.messages.size(), 1U);
}

TEST(ReadChange, on_the_default_branch_in_ci_the_last_commit_counts) {
  GitRepository repository;
  repository.write("a", "1\n");
  repository.commit("first");
  repository.write("b", "1\n");
  repository.commit("second");
  const Change change = change_of(repository.path(), {.environment = {"CI=true"}});
  EXPECT_EQ(change.files.size(), 1U);
  EXPECT_EQ(change.messages.size(), 1U);
}

TEST(ReadChange, detached_in_ci_at_the_default_branch_the_last_commit_counts) {
  GitRepository repository;
  repository.write("a", "1\n");
  repository.commit("first");
  repository.write("b", "1\n");
  repository.commit("second");
  repository.git("checkout --detach");
  const Change change = change_of(repository.path(), {.environment = {"CI=true"}});
  ASSERT_EQ(change.files.size(), 1U);
  EXPECT_EQ(change.files[0].path, "b");
  EXPECT_EQ(change.base_source, "the commit before, in the default branch in CI");
  EXPECT_TRUE(change_of(repository.path()).empty());
}

TEST(ReadChange, the_first_commit_in_ci_has_none_before_it) {
  GitRepository repository;
  repository.write("a", "1\n");
  repository.commit("first");
  const Change change = change_of(repository.path(), {.environment = {"CI=true"}});
  EXPECT_TRUE(change.counts_everything);
  EXPECT_EQ(change.files.size(), 1U);
  EXPECT_EQ(change.base_source, "there is no commit before this one");
}

TEST(ReadChange, of_large_untracked_files_binary_ones_have_no_lines_and_others_unknown_ones) {
  const TopicRepository repository;
  repository.write("big.bin", std::string(std::size_t{2} << 20, '\0'));
  EXPECT_TRUE(change_of(repository.path()).knows_lines);
  EXPECT_TRUE(file(change_of(repository.path()), "big.bin").binary);
  repository.write("big.txt", std::string(std::size_t{2} << 20, 'x'));
  EXPECT_FALSE(change_of(repository.path()).knows_lines);
}

TEST(ReadChange, the_pushed_range_that_ci_names_counts) {
  GitRepository repository;
  for (const char* name : {"a", "b", "c"}) {
    repository.write(name, "1\n");
    repository.commit(name);
  }
  repository.git("tag old HEAD~2");
  const TempFolder event;
  const Change base = change_of(repository.path(), {.base = "old"});
  spill(event / "event.json", "{\"before\": \"" + base.base + "\"}");
  const Change change =
      change_of(repository.path(),
                {.environment = {"GITHUB_ACTIONS=true",
                                 "GITHUB_REF_NAME=main",
                                 "GITHUB_EVENT_PATH=" + event.path() + "/event.json"}});
  EXPECT_EQ(change.files.size(), 2U);
  EXPECT_EQ(change.base, base.base);
}

TEST(ReadChange, a_base_that_git_does_not_know_is_an_error) {
  const TopicRepository repository;
  for (const char* base : {"nonsense", "-x", "main..topic"}) {
    const auto change = read_change(repository.path(), {.base = base});
    ASSERT_FALSE(change) << base;
    EXPECT_EQ(change.error().code, ErrorCode::invalid_argument) << base;
  }
  const TempFolder folder;
  EXPECT_FALSE(read_change(folder.path(), {.base = "main"}));
}

TEST(ReadChange, nothing_is_written_to_the_repository) {
  const TopicRepository repository;
  repository.write("a.py", "1\n2\n3\n4\n");  // (as it is: only its time differs)
  const auto before = std::filesystem::last_write_time(repository.path(".git/index"));
  const std::string index = slurp(repository.path(".git/index"));
  change_of(repository.path());
  EXPECT_EQ(std::filesystem::last_write_time(repository.path(".git/index")), before);
  EXPECT_EQ(slurp(repository.path(".git/index")), index);
}

TEST(ReadChange, a_lock_of_somebody_else_is_no_hindrance) {
  const TopicRepository repository;
  spill(repository.path(".git/index.lock"), "");
  EXPECT_EQ(change_of(repository.path()).files.size(), 1U);
}

TEST(ReadChange, settings_of_the_user_change_nothing) {
  const TopicRepository repository;
  repository.git("config diff.noprefix true");
  repository.git("config diff.external /bin/false");
  repository.git("config color.ui always");
  repository.git("config diff.renames false");
  repository.git("mv b.md c.md");
  EXPECT_EQ(file(change_of(repository.path()), "c.md").old_path, "b.md");
}

}  // namespace
}  // namespace headway
