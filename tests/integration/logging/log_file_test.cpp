// Appending to files on a real disk: shared, full, half written.
#include "logging/log_file.hpp"

#include "base/files.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace headway {
namespace {

std::string note(std::int64_t lost, std::string_view /*reason*/) {
  return "lost " + std::to_string(lost) + "\n";
}

LogFileOptions options_for(std::string path) {
  return {.path = std::move(path), .loss_note = note};
}

// Runs `action` in a child process; its exit code.
int in_child(const std::function<int()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(action());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A full disk, played by a limit on the size of files; lifted by the same call.
void limit_file_size(rlim_t bytes) {
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &limit);
}

TEST(LogFile, makes_the_folder_and_appends) {
  const TempFolder dir;
  const auto file = LogFile::shared(options_for(dir / "logs/deep/a.log"));
  EXPECT_TRUE(file->append("one\n"));
  EXPECT_TRUE(file->append("two\n"));
  EXPECT_EQ(*read_file(dir / "logs/deep/a.log"), "one\ntwo\n");
}

TEST(LogFile, one_path_is_one_file_while_it_is_in_use) {
  const TempFolder dir;
  auto first = LogFile::shared(options_for(dir / "a"));
  const auto second = LogFile::shared(options_for(dir / "a"));
  EXPECT_EQ(first, second);
  EXPECT_EQ(first->take_seqs(1), 1);
  EXPECT_EQ(second->take_seqs(1), 2);
  EXPECT_NE(first, LogFile::shared(options_for(dir / "b")));
}

TEST(LogFile, a_half_line_of_a_killed_process_is_ended_first) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "whole\nhal", Durability::process));
  EXPECT_TRUE(LogFile::shared(options_for(dir / "a"))->append("next\n"));
  EXPECT_EQ(*read_file(dir / "a"), "whole\nhal\nnext\n");
}

TEST(LogFile, a_full_disk_loses_lines_and_tells_when_space_returns) {
  const TempFolder dir;
  const int code = in_child([&] {
    LogFile file(options_for(dir / "a"));
    limit_file_size(10);
    const bool first = file.append("12345\n");
    const bool second = file.append("abcdefgh\n");  // only "abcd" fits
    const bool third = file.append("third\n");
    limit_file_size(1000);
    const bool fourth = file.append("fourth\n");
    const bool fifth = file.append("fifth\n");
    return first && !second && !third && fourth && fifth ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(*read_file(dir / "a"), "12345\nabcd\nlost 2\nfourth\nfifth\n");
}

TEST(LogFile, what_cannot_be_opened_is_lost_until_it_can) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "logs", "a file in the way", Durability::process));
  LogFile file(options_for(dir / "logs/a"));
  EXPECT_FALSE(file.append("one\n"));
  ASSERT_EQ(unlink((dir / "logs").c_str()), 0);
  EXPECT_TRUE(file.append("two\n"));
  EXPECT_EQ(*read_file(dir / "logs/a"), "lost 1\ntwo\n");
}

TEST(LogFile, the_first_loss_is_told_on_stderr_once) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "logs", "a file in the way", Durability::process));
  LogFile file(options_for(dir / "logs/a"));
  testing::internal::CaptureStderr();
  EXPECT_FALSE(file.append("one\n"));
  EXPECT_FALSE(file.append("two\n"));
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(told.find("headway: log records are being lost: "), 0U) << told;
  EXPECT_EQ(told.find('\n'), told.size() - 1);
}

TEST(LogFile, rotates_at_its_size_and_keeps_the_newest) {
  const TempFolder dir;
  LogFileOptions options = options_for(dir / "a");
  options.rotation = {.max_bytes = 8, .keep = 2};
  LogFile file(options);
  for (const char* line :
       {"one--\n", "two--\n", "three\n", "four-\n", "five-\n", "six--\n", "seven\n"}) {
    EXPECT_TRUE(file.append(line));
  }
  EXPECT_EQ(*read_file(dir / "a"), "seven\n");
  EXPECT_EQ(*read_file(dir / "a.1"), "five-\nsix--\n");
  EXPECT_EQ(*read_file(dir / "a.2"), "three\nfour-\n");
  EXPECT_FALSE(path_exists(dir / "a.3"));
}

TEST(LogFile, follows_a_name_that_somebody_else_moved) {
  const TempFolder dir;
  LogFileOptions options = options_for(dir / "a");
  options.rotation.max_bytes = 1'000'000;
  LogFile file(options);
  EXPECT_TRUE(file.append("one\n"));
  ASSERT_EQ(rename((dir / "a").c_str(), (dir / "moved").c_str()), 0);
  EXPECT_TRUE(file.append("two\n"));
  EXPECT_EQ(*read_file(dir / "a"), "two\n");
}

}  // namespace
}  // namespace headway
