// BoundedLog with real files: the bound, a disk that is full and has room again.
#include "execution/bounded_log.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace headway {
namespace {

constexpr std::int64_t kNoBound = std::int64_t{1} << 40;

// While it lives, no file of this process grows beyond `bytes`: to a writer it looks like a full
// disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : old_handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit{bytes, old_limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit old_limit_{};
  sighandler_t old_handler_;
};

class BoundedLogTest : public testing::Test {
 protected:
  std::string content() const { return slurp(path); }

  TempFolder folder;
  std::string path = folder / "log";
};

TEST_F(BoundedLogTest, file_is_made_at_the_first_byte_and_written_at_once) {
  BoundedLog log(path, kNoBound);
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  log.append("a");
  EXPECT_EQ(content(), "a");
  log.append("bc\n");
  EXPECT_EQ(content(), "abc\n");
  log.finish();
  EXPECT_EQ(log.lost_bytes(), 0);
}

TEST_F(BoundedLogTest, old_log_of_that_name_is_replaced) {
  spill(path, "something long from before");
  BoundedLog log(path, kNoBound);
  log.append("new");
  EXPECT_EQ(content(), "new");
}

TEST_F(BoundedLogTest, bytes_wait_for_room_and_are_all_there_then) {
  BoundedLog log(path, kNoBound);
  {
    const FullDisk disk(10);
    log.append("12345678");
    log.append("9abcdef");
    log.append("ghi");
    EXPECT_EQ(log.lost_bytes(), 10);
  }
  log.append("jkl");
  EXPECT_EQ(content(), "123456789abcdefghijkl");
  EXPECT_EQ(log.lost_bytes(), 0);
}

TEST_F(BoundedLogTest, what_was_given_up_is_told_in_the_log) {
  BoundedLog log(path, kNoBound);
  {
    const FullDisk disk(0);
    log.append(std::string(100000, 'x'));
    log.append(std::string(100000, 'y'));
  }
  log.append("z");
  const std::int64_t lost = 200000 - kLogTailBytes;
  EXPECT_EQ(content(),
            "\n[headway: " + std::to_string(lost) +
                " bytes of output lost here: File too large]\n" + std::string(kLogTailBytes, 'y') +
                "z");
  EXPECT_EQ(log.lost_bytes(), lost);
}

TEST_F(BoundedLogTest, disk_that_stays_full_costs_what_waits) {
  BoundedLog log(path, kNoBound);
  const FullDisk disk(4);
  log.append("1234");
  log.append("56");
  log.finish();
  EXPECT_EQ(content(), "1234");
  EXPECT_EQ(log.lost_bytes(), 2);
}

TEST_F(BoundedLogTest, folder_that_comes_later_gets_everything) {
  BoundedLog log(folder / "sub/log", kNoBound);
  log.append("early ");
  ASSERT_EQ(mkdir((folder / "sub").c_str(), 0777), 0);
  log.append("late");
  EXPECT_EQ(slurp(folder / "sub/log"), "early late");
}

TEST_F(BoundedLogTest, beyond_the_bound_the_end_is_kept_and_the_gap_is_told) {
  BoundedLog log(path, 1000);
  std::string all;
  for (int i = 0; i < 300; ++i) {
    const std::string piece =
        std::to_string(i) + std::string(1500, static_cast<char>('a' + i % 26));
    log.append(piece);
    all += piece;
  }
  log.finish();
  const std::string text = content();
  EXPECT_EQ(text.substr(0, 1000), all.substr(0, 1000));
  const std::size_t note_end = text.find("]\n", 1000) + 2;
  const std::string tail = text.substr(note_end);
  EXPECT_GE(static_cast<std::int64_t>(tail.size()), kLogTailBytes);
  EXPECT_LE(static_cast<std::int64_t>(tail.size()), 2 * kLogTailBytes);
  EXPECT_TRUE(all.ends_with(tail));
  const std::int64_t left_out = static_cast<std::int64_t>(all.size() - 1000 - tail.size());
  EXPECT_EQ(log.lost_bytes(), left_out);
  EXPECT_EQ(text.substr(1000, note_end - 1000),
            "\n[headway: " + std::to_string(left_out) +
                " bytes left out here: the log has reached its bound]\n");
}

TEST_F(BoundedLogTest, little_beyond_the_bound_is_kept_whole) {
  BoundedLog log(path, 10);
  const std::string text(50000, 'x');
  log.append(text);
  log.finish();
  EXPECT_EQ(content(), text);
  EXPECT_EQ(log.lost_bytes(), 0);
}

TEST_F(BoundedLogTest, full_disk_beyond_the_bound_loses_only_while_it_lasts) {
  BoundedLog log(path, 10);
  log.append(std::string(10, 'h'));
  {
    const FullDisk disk(10);
    log.append(std::string(200000, 'x'));
    EXPECT_EQ(log.lost_bytes(), 200000) << "lines of ours are no loss";
  }
  log.append("end");
  log.finish();
  EXPECT_TRUE(content().ends_with("xxxend"));
  EXPECT_EQ(log.lost_bytes(), 200003 - kLogTailBytes - 3);
}

// Bug: what the head lost for want of room was told nowhere once the tail had begun.
TEST_F(BoundedLogTest, gap_between_head_and_tail_is_told) {
  for (const int more : {10, 200'000}) {
    BoundedLog log(path, 20);
    {
      const FullDisk disk(4);
      log.append("head");
      log.append("lost in the ");
    }
    // (the last try of the head comes before there is room for it)
    {
      const FullDisk disk(4);
      log.append(std::string(4 + static_cast<std::size_t>(more), 't'));
    }
    log.append("end");
    log.finish();
    const std::string text = content();
    EXPECT_TRUE(text.starts_with("head\n[headway: 16 bytes of output lost here: File too large]\n"))
        << text.substr(0, 200);
    EXPECT_TRUE(text.ends_with("tend"));
    EXPECT_EQ(text.find("lost here", 60), std::string::npos);
    EXPECT_EQ(log.lost_bytes(), more == 10 ? 16 : 16 + more - kLogTailBytes);
  }
}

TEST_F(BoundedLogTest, on_a_disk_that_stays_full_lines_of_ours_are_no_loss) {
  BoundedLog log(path, 4);
  log.append("head");
  const FullDisk disk(4);
  log.append(std::string(200'000, 'x'));
  log.finish();
  EXPECT_EQ(log.lost_bytes(), 200'000);
}

}  // namespace
}  // namespace headway
