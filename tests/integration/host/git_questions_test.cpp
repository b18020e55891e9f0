// Questions to a real git: together, with a deadline, without its settings from outside.
#include "host/git_questions.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace headway {
namespace {

TEST(AskGit, answers_come_in_the_order_of_the_questions) {
  const auto answers = ask_git("/", {{"version"}, {"no-such-command"}, {"--exec-path"}});
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_TRUE(answers[0].is_good());
  EXPECT_TRUE(answers[0].output.starts_with("git version "));
  EXPECT_FALSE(answers[1].is_good());
  EXPECT_NE(answers[1].trouble().find("no-such-command"), std::string::npos);
  EXPECT_TRUE(answers[2].is_good());
  EXPECT_TRUE(ask_git("/", {}).empty());
}

TEST(AskGit, trouble_is_one_line_of_git) {
  const TempFolder folder;
  const auto answer = ask_git(folder.path(), {{"rev-parse", "HEAD"}}).front();
  EXPECT_EQ(answer.trouble().find("fatal"), std::string::npos);
  EXPECT_NE(answer.trouble().find("not a git repository"), std::string::npos);
}

TEST(AskGit, what_runs_at_the_deadline_is_killed) {
  // (an alias of ours that waits)
  const auto answer =
      ask_git("/", {{"-c", "alias.wait=!sleep 600", "wait"}}, std::chrono::milliseconds(100))
          .front();
  EXPECT_TRUE(answer.is_late);
  EXPECT_FALSE(answer.is_good());
  EXPECT_EQ(answer.trouble(), "git took too long");
}

TEST(AskGit, a_git_that_a_signal_ends_is_told) {
  const auto answer = ask_git("/", {{"-c", "alias.die=!kill -9 $PPID", "die"}}).front();
  EXPECT_FALSE(answer.is_good());
  EXPECT_EQ(answer.trouble(), "git was ended by a signal");
}

TEST(AskGit, a_missing_git_is_told) {
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto answer = ask_git("/", {{"version"}}).front();
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_TRUE(answer.is_missing);
  EXPECT_EQ(answer.trouble(), "git is not installed");
}

TEST(AskGit, the_repository_of_a_hook_around_us_does_not_count) {
  const TempFolder folder;
  ::setenv("GIT_DIR", "/nowhere", 1);
  const auto answers = ask_git(folder.path(), {{"init", "."}, {"version"}});
  ::unsetenv("GIT_DIR");
  EXPECT_TRUE(answers[0].is_good()) << answers[0].errors;
}

// Bug: git of a worktree's hook was asked with that worktree's objects and common folder.
TEST(AskGit, of_gits_variables_only_settings_count) {
  const TempFolder folder;
  const std::vector<std::pair<std::string, std::string>> set{
      {"GIT_COMMON_DIR", "/nowhere"},
      {"GIT_OBJECT_DIRECTORY", "/nowhere"},
      {"GIT_CEILING_DIRECTORIES", folder / "a"},
      {"GIT_CONFIG_COUNT", "1"},
      {"GIT_CONFIG_KEY_0", "headway.test"},
      {"GIT_CONFIG_VALUE_0", "kept"}};
  ASSERT_TRUE(ask_git(folder.path(), {{"init", "."}}).front().is_good());
  std::filesystem::create_directories(folder / "a/b");
  for (const auto& [name, value] : set) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  const auto answers =
      ask_git(folder / "a/b",
              {{"rev-parse", "--git-path", "objects"}, {"config", "--get", "headway.test"}});
  for (const auto& each : set) {
    ::unsetenv(each.first.c_str());
  }
  EXPECT_EQ(answers[0].output, "../../.git/objects\n") << answers[0].errors;
  EXPECT_EQ(answers[1].output, "kept\n");
}

TEST(AskGit, long_answers_come_whole) {
  const auto answer = ask_git("/", {{"-c", "alias.big=!head -c 3000000 /dev/zero", "big"}}).front();
  EXPECT_TRUE(answer.is_good());
  EXPECT_EQ(answer.output.size(), 3'000'000U);
}

}  // namespace
}  // namespace headway
