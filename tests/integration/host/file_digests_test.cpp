// Tests of digest_files and its cache on real files: what is read again and what is not, whatever
// clocks and people do to the stamps.
#include "host/file_digests.hpp"

#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace headway {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;

// A folder whose files are looked at as if `later` had passed since they were written.
class FileDigestsTest : public testing::Test {
 protected:
  FileDigests look(std::int64_t later = kSecond) {
    const auto patterns = PathPatterns::parse({"**"});
    const FileSet set = find_files({folder_.path(), ""}, *patterns);
    return digest_files(
        set, cache_, {.folder = folder_.path(), .now_ns = file_clock_now_ns() + later});
  }
  // As seen by a cache that was saved and read back.
  void reload() {
    const auto back = ContentCache::decode(cache_.encode(1), kSecond);
    ASSERT_TRUE(back);
    cache_ = *back;
  }

  TempFolder folder_;
  ContentCache cache_;
};

// Sets the modification time as a tool would that hides a change.
void set_mtime(const std::string& path, const struct timespec& time) {
  const struct timespec times[2] = {time, time};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

TEST_F(FileDigestsTest, unchanged_content_is_not_read_again) {
  spill(folder_ / "a", "one");
  const FileDigests first = look();
  EXPECT_EQ(first.read, 1);
  EXPECT_EQ(first.facts.at(0).digest, digest_of("one"));
  reload();
  const FileDigests second = look();
  EXPECT_EQ(second.read, 0);
  EXPECT_EQ(second.facts, first.facts);
}

TEST_F(FileDigestsTest, touched_file_is_read_again_and_is_the_same) {
  spill(folder_ / "a", "one");
  const FileDigests first = look();
  set_mtime(folder_ / "a", {1'000'000, 5});
  const FileDigests second = look();
  EXPECT_EQ(second.read, 1);
  EXPECT_EQ(second.facts, first.facts);
}

TEST_F(FileDigestsTest, change_of_equal_size_with_its_time_set_back_is_seen) {
  spill(folder_ / "a", "one");
  look();
  struct stat before {};
  ASSERT_EQ(::stat((folder_ / "a").c_str(), &before), 0);
  spill(folder_ / "a", "two");
  set_mtime(folder_ / "a", before.st_mtim);
  EXPECT_EQ(look().facts.at(0).digest, digest_of("two"));
}

TEST_F(FileDigestsTest, file_of_this_very_tick_is_never_trusted) {
  spill(folder_ / "a", "one");
  EXPECT_EQ(look(0).read, 1);
  EXPECT_EQ(cache_.size(), 0U);
  EXPECT_EQ(look(0).read, 1);
}

TEST_F(FileDigestsTest, file_from_the_future_is_never_trusted) {
  spill(folder_ / "a", "one");
  look(-3600 * kSecond);  // the clock was set back after it was written
  EXPECT_EQ(cache_.size(), 0U);
}

TEST_F(FileDigestsTest, replaced_file_is_read_again_though_all_times_are_its_own) {
  spill(folder_ / "a", "one");
  look();
  spill(folder_ / "b", "two");
  fs::rename(folder_ / "b", folder_ / "a");
  EXPECT_EQ(look().facts.at(0).digest, digest_of("two"));
}

TEST_F(FileDigestsTest, mode_and_link_count_without_being_read) {
  spill(folder_ / "a", "one");
  const FileDigests plain = look();
  fs::permissions(folder_ / "a", fs::perms::owner_exec, fs::perm_options::add);
  EXPECT_NE(look().facts, plain.facts);
  fs::create_symlink("a", folder_ / "link");
  const FileDigests linked = look();
  fs::remove(folder_ / "link");
  fs::create_symlink("./a", folder_ / "link");
  EXPECT_NE(look().facts.at(1), linked.facts.at(1));
}

TEST_F(FileDigestsTest, link_changes_with_the_content_it_leads_to) {
  TempFolder elsewhere;
  spill(elsewhere / "real", "one");
  fs::create_symlink(elsewhere / "real", folder_ / "link");
  const FileDigests before = look();
  spill(elsewhere / "real", "two");
  EXPECT_NE(look().facts, before.facts);
}

TEST_F(FileDigestsTest, many_and_large_files_are_read_by_several_threads_alike) {
  for (int i = 0; i < 500; ++i) {
    spill(folder_ / std::to_string(i), std::string(static_cast<std::size_t>(i) * 997, 'x'));
  }
  const FileSet set = find_files({folder_.path(), ""}, *PathPatterns::parse({"**"}));
  ContentCache one, many;
  const FileDigests alone = digest_files(set, one, {.folder = folder_.path(), .threads = 1});
  const FileDigests together = digest_files(set, many, {.folder = folder_.path(), .threads = 8});
  EXPECT_EQ(alone.facts, together.facts);
  EXPECT_EQ(alone.facts.size(), 500U);
  EXPECT_EQ(alone.facts.back().digest, digest_of(std::string(99 * 997, 'x')));
  EXPECT_EQ(alone.read_bytes, 997LL * 500 * 499 / 2);
}

TEST_F(FileDigestsTest, file_that_changed_since_it_was_found_is_a_problem) {
  spill(folder_ / "a", "one");
  const FileSet set = find_files({folder_.path(), ""}, *PathPatterns::parse({"**"}));
  spill(folder_ / "a", "longer than before");
  const FileDigests digests = digest_files(set, cache_, {.folder = folder_.path(), .threads = 1});
  ASSERT_EQ(digests.problems.size(), 1U);
  EXPECT_THAT(digests.problems[0].message, HasSubstr("read a: it changed meanwhile"));
  EXPECT_TRUE(digests.facts.empty());
}

TEST_F(FileDigestsTest, file_that_cannot_be_read_is_a_problem_with_its_name) {
  const FileSet set = find_files({folder_.path(), ""}, *PathPatterns::parse({"/proc/self/mem"}));
  const FileDigests digests = digest_files(set, cache_, {.folder = folder_.path()});
  ASSERT_EQ(digests.problems.size(), 1U);
  EXPECT_THAT(digests.problems[0].message, HasSubstr("read /proc/self/mem: Input/output error"));
  EXPECT_TRUE(digests.facts.empty());
}

TEST_F(FileDigestsTest, cache_on_disk_is_read_back_and_a_damaged_one_is_told) {
  spill(folder_ / "a", "one");
  look();
  TempFolder state;
  const std::int64_t now = file_clock_now_ns();
  ASSERT_TRUE(cache_.save(state / "files", now));
  EXPECT_EQ(ContentCache::load(state / "files", now).size(), 1U);
  EXPECT_EQ(ContentCache::load(state / "none", now).trouble(), "");
  spill(state / "files", "HWFILES1 and then nothing");
  const ContentCache damaged = ContentCache::load(state / "files", now);
  EXPECT_EQ(damaged.size(), 0U);
  EXPECT_THAT(damaged.trouble(), HasSubstr("damaged"));
}

TEST_F(FileDigestsTest, reading_can_be_stopped) {
  spill(folder_ / "a", "one");
  const std::atomic<bool> stop{true};
  const FileSet set = find_files({folder_.path(), ""}, *PathPatterns::parse({"**"}));
  const FileDigests digests = digest_files(set, cache_, {.folder = folder_.path(), .stop = &stop});
  ASSERT_EQ(digests.problems.size(), 1U);
  EXPECT_THAT(digests.problems[0].message, HasSubstr("read a: stopped"));
}

TEST_F(FileDigestsTest, clock_of_files_is_the_one_that_files_get) {
  const std::int64_t before = file_clock_now_ns();
  spill(folder_ / "a", "one");
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "a").c_str(), &status), 0);
  EXPECT_GT(before, 0);
  EXPECT_GE(stamp_of(status).changed_ns, before);
  EXPECT_LE(stamp_of(status).changed_ns, file_clock_now_ns() + kFileClockTickNs);
}

}  // namespace
}  // namespace headway
