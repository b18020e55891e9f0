// Files on a real disk.
#include "base/files.hpp"

#include "base/unique_fd.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace headway {
namespace {

std::size_t entries_in(const std::string& folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(ReadFile, gives_what_was_written) {
  const TempFolder dir;
  std::string content(100'000, 'x');
  content[5] = '\0';
  ASSERT_TRUE(write_file_atomically(dir / "a", content, Durability::process));
  EXPECT_EQ(*read_file(dir / "a"), content);
}

TEST(ReadFile, empty_file_and_file_of_proc) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "", Durability::process));
  EXPECT_EQ(*read_file(dir / "a"), "");
  EXPECT_GT(read_file("/proc/self/stat")->size(), 10U);
}

TEST(ReadFile, missing_file_is_not_found_and_named) {
  const TempFolder dir;
  const auto result = read_file(dir / "none");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(result.error().message, "read " + (dir / "none") + ": No such file or directory");
}

TEST(ReadFile, folder_is_an_error) {
  const TempFolder dir;
  EXPECT_EQ(read_file(dir.path()).error().code, ErrorCode::io);
}

TEST(ReadFile, larger_than_the_bound_is_refused) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "12345", Durability::process));
  EXPECT_TRUE(read_file(dir / "a", 5));
  EXPECT_EQ(read_file(dir / "a", 4).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(read_file("/proc/self/stat", 4));
}

// As root a report to /dev/null replaced the device by a file.
TEST(WriteFileAtomically, pipe_is_written_into_and_stays_one) {
  const TempFolder dir;
  const std::string pipe = dir / "pipe", link = dir / "link";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  ASSERT_EQ(::symlink(pipe.c_str(), link.c_str()), 0);
  const UniqueFd reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(write_file_atomically(pipe, "one", Durability::process));
  ASSERT_TRUE(write_file_atomically(link, "two", Durability::power));
  char text[16] = {};
  EXPECT_EQ(::read(reader.get(), text, sizeof text), 6);
  EXPECT_STREQ(text, "onetwo");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
}

TEST(WriteFileAtomically, access_rights_are_there_from_the_start) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "x", Durability::process, 0600));
  struct stat status {};
  ASSERT_EQ(::stat((dir / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(WriteFileAtomically, replaces_and_leaves_no_other_file) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "old", Durability::process));
  ASSERT_TRUE(write_file_atomically(dir / "a", "new", Durability::power));
  EXPECT_EQ(*read_file(dir / "a"), "new");
  EXPECT_EQ(entries_in(dir.path()), 1U);
}

TEST(WriteFileAtomically, a_name_as_long_as_names_can_be_works) {
  const TempFolder dir;
  EXPECT_TRUE(write_file_atomically(dir / std::string(255, 'n'), "x", Durability::process));
}

TEST(WriteFileAtomically, replaces_a_link_and_not_its_target) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "target", "keep", Durability::process));
  ASSERT_EQ(symlink((dir / "target").c_str(), (dir / "link").c_str()), 0);
  ASSERT_TRUE(write_file_atomically(dir / "link", "new", Durability::process));
  EXPECT_EQ(*read_file(dir / "target"), "keep");
  EXPECT_EQ(*read_file(dir / "link"), "new");
}

TEST(WriteFileAtomically, mode_is_0666_less_umask) {
  const TempFolder dir;
  const mode_t before = umask(027);
  ASSERT_TRUE(write_file_atomically(dir / "a", "x", Durability::process));
  umask(before);
  struct stat status {};
  ASSERT_EQ(stat((dir / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST(WriteFileAtomically, an_error_leaves_the_old_content_and_nothing_else) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "old", Durability::process));
  const pid_t child = fork();
  if (child == 0) {  // a full disk, played by a limit on the size of files
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10, 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto result =
        write_file_atomically(dir / "a", std::string(100, 'x'), Durability::process);
    _exit(!result && result.error().message.find(dir / "a") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(*read_file(dir / "a"), "old");
  EXPECT_EQ(entries_in(dir.path()), 1U);
}

TEST(WriteFileAtomically, missing_folder_is_an_error) {
  const TempFolder dir;
  EXPECT_EQ(write_file_atomically(dir / "no/a", "x", Durability::process).error().code,
            ErrorCode::not_found);
}

TEST(WriteFileAtomically, a_folder_in_the_way_is_an_error_and_no_temporary_stays) {
  const TempFolder dir;
  ASSERT_TRUE(make_directories(dir / "a"));
  EXPECT_FALSE(write_file_atomically(dir / "a", "x", Durability::process));
  EXPECT_EQ(entries_in(dir.path()), 1U);
}

TEST(MakeDirectories, makes_parents_and_may_be_repeated) {
  const TempFolder dir;
  EXPECT_TRUE(make_directories(dir / "a/b//c/"));
  EXPECT_TRUE(make_directories(dir / "a/b/c"));
  EXPECT_TRUE(path_exists(dir / "a/b/c"));
  EXPECT_TRUE(make_directories("/"));
}

TEST(MakeDirectories, a_file_in_the_way_is_an_error) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "x", Durability::process));
  EXPECT_FALSE(make_directories(dir / "a"));
  EXPECT_FALSE(make_directories(dir / "a/b"));
  EXPECT_FALSE(make_directories(""));
}

TEST(OpenForAppend, two_descriptors_do_not_overwrite_each_other) {
  const TempFolder dir;
  const auto first = open_for_append(dir / "a");
  const auto second = open_for_append(dir / "a");
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(write_all(first->get(), "one "));
  ASSERT_TRUE(write_all(second->get(), "two "));
  ASSERT_TRUE(write_all(first->get(), "three"));
  EXPECT_EQ(*read_file(dir / "a"), "one two three");
  EXPECT_EQ(fcntl(first->get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(WriteAll, says_what_the_system_said) {
  EXPECT_EQ(write_all(-1, "x").error().message, "Bad file descriptor");
}

TEST(AbsolutePath, is_normal_and_has_no_slash_at_its_end) {
  EXPECT_EQ(absolute_path("/a/b", "c/../d"), "/a/b/d");
  EXPECT_EQ(absolute_path("/a/b", "/x/./y/"), "/x/y");
  EXPECT_EQ(absolute_path("/a/b", ".."), "/a");
  EXPECT_EQ(absolute_path("/a", ""), "/a");
  EXPECT_EQ(absolute_path("/", "."), "/");
}

TEST(CurrentDirectory, is_absolute) {
  EXPECT_EQ(current_directory().front(), '/');
}

}  // namespace
}  // namespace headway
