// Questions to a real git: together, with a deadline, without its settings from outside.
#include "host/git_questions.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

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

// A process that holds another, as the kernel holds one that waits for a dead disk: killed, it
// cannot be waited for. It lets go after a while by itself.
pid_t start_holder(const std::string& pid_file, const std::string& is_held) {
  const pid_t holder = ::fork();
  if (holder == 0) {
    ::alarm(20);
    while (slurp(pid_file).find('\n') == std::string::npos) {
      ::usleep(1000);
    }
    const pid_t held = std::stoi(slurp(pid_file));
    if (::ptrace(PTRACE_SEIZE, held, nullptr, nullptr) == 0) {
      spill(is_held, "yes");
    }
    for (;;) {
      ::pause();
    }
  }
  return holder;
}

// Bug: after the deadline it was waited for without end.
TEST(AskGit, one_that_even_a_kill_does_not_end_is_left_behind) {
  const TempFolder folder;
  const pid_t holder = start_holder(folder / "pid", folder / "is_held");
  const auto answer = ask_git(folder.path(),
                              {{"-c", "alias.wait=!echo $PPID > pid; sleep 600", "wait"}},
                              std::chrono::seconds(1))
                          .front();
  const bool is_held = !slurp(folder / "is_held").empty();
  EXPECT_TRUE(answer.is_late);
  EXPECT_EQ(::waitpid(holder, nullptr, WNOHANG), 0) << "it was waited for";
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  ::waitpid(std::stoi("0" + slurp(folder / "pid")), nullptr, 0);
  if (!is_held) {
    GTEST_SKIP() << "no process may be held here";
  }
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
