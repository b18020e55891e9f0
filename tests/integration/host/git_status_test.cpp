// What `git status` says, as a program in git's place prints it.
#include "host/git_status.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace headway {
namespace {

class AskGitStatusTest : public testing::Test {
 protected:
  GitStatus ask(const std::string& script) const {
    const std::string git = folder / "git";
    spill(git, "#!/bin/sh\n" + script + "\n");
    ::chmod(git.c_str(), 0755);
    GitQuestion question;
    question.git = git;
    question.directory = folder.path();
    question.environment = {"PATH=/usr/bin:/bin"};
    question.patience = std::chrono::seconds(60);
    return ask_git_status(question);
  }

  TempFolder folder;
};

// Bug: what came after 256 KiB was dropped silently; conflicts are told last.
TEST_F(AskGitStatusTest, a_conflict_after_thousands_of_changes_is_seen) {
  const GitStatus status =
      ask("i=0; while [ $i -lt 4000 ]; do i=$((i + 1)); "
          "printf '1 M. N... 100644 100644 100644 1111111111111111111111111111111111111111 "
          "2222222222222222222222222222222222222222 src/changed_by_the_other_side_%s.cpp\\0' $i; "
          "done; printf 'u UU N... 100644 100644 100644 100644 a b c torn.cpp\\0'");
  EXPECT_TRUE(status.is_answered) << status.trouble;
  EXPECT_EQ(status.changed.size(), 4000U);
  EXPECT_EQ(status.unmerged, std::vector<std::string>{"torn.cpp"});
}

TEST_F(AskGitStatusTest, more_than_is_read_is_no_answer) {
  const GitStatus status = ask("head -c 70000000 /dev/zero");
  EXPECT_FALSE(status.is_answered);
  EXPECT_NE(status.trouble.find("more than 64 MiB"), std::string::npos) << status.trouble;
}

}  // namespace
}  // namespace headway
