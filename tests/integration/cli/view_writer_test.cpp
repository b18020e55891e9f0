// ViewWriter with real pipes: readers that are slow, stop, or leave.
#include "cli/views/view_writer.hpp"

#include "base/unique_fd.hpp"
#include "support/processes.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <utility>

namespace headway::cli {
namespace {

class ViewWriterTest : public testing::Test {
 protected:
  ViewWriterTest() {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("pipe2");
    }
    reader.reset(ends[0]);
    end.reset(ends[1]);
  }

  ViewWriterOptions options() const { return {.fd = end.get(), .spill_folder = folder.path()}; }

  // Everything up to now that is `bytes` long.
  std::string read(std::size_t bytes) const {
    std::string text(bytes, '\0');
    std::size_t have = 0;
    while (have < bytes) {
      const ssize_t got = ::read(reader.get(), text.data() + have, bytes - have);
      if (got <= 0) {
        break;
      }
      have += static_cast<std::size_t>(got);
    }
    text.resize(have);
    return text;
  }

  TempFolder folder;
  UniqueFd reader, end;
};

// Lines that differ, so that a lost, doubled or moved piece is seen.
std::string lines(std::size_t bytes) {
  std::string text;
  for (int number = 0; text.size() < bytes; ++number) {
    text += "line " + std::to_string(number) + "\n";
  }
  return text;
}

void write_in_pieces(ViewWriter& writer, const std::string& text, std::size_t piece) {
  for (std::size_t at = 0; at < text.size(); at += piece) {
    writer.write(std::string_view(text).substr(at, piece));
  }
}

TEST_F(ViewWriterTest, reader_that_does_not_read_holds_nobody_up_and_gets_everything_later) {
  const std::string text = lines(5U << 20U);  // beyond the pipe and the memory
  ViewWriter writer(options());
  write_in_pieces(writer, text, 1000);  // would wait for ever
  EXPECT_FALSE(writer.idle());
  EXPECT_EQ(read(text.size()), text);
  EXPECT_TRUE(writer.flush());
  EXPECT_TRUE(writer.idle());
  EXPECT_EQ(writer.dropped_bytes(), 0);
}

TEST_F(ViewWriterTest, text_stays_in_order_from_memory_to_file_and_back) {
  ViewWriterOptions small = options();
  small.memory_bytes = 10;
  ViewWriter writer(small);
  std::string all;
  for (int round = 0; round < 3; ++round) {
    const std::string text = lines(200'000);
    write_in_pieces(writer, text, 7);
    EXPECT_EQ(read(text.size()), text) << round;
    ASSERT_TRUE(writer.flush());
  }
}

TEST_F(ViewWriterTest, text_that_is_written_while_the_rest_is_read_comes_after_it) {
  ViewWriterOptions small = options();
  small.memory_bytes = 10;
  ViewWriter writer(small);
  const std::string text = lines(1U << 20U);
  std::string got;
  for (std::size_t at = 0; at < text.size(); at += 10'000) {
    const std::string_view piece = std::string_view(text).substr(at, 10'000);
    writer.write(piece);
    got += read(piece.size() / 2);
  }
  got += read(text.size() - got.size());
  EXPECT_EQ(got, text);
}

TEST_F(ViewWriterTest, what_waits_on_disk_has_no_name) {
  ViewWriterOptions small = options();
  small.memory_bytes = 10;
  ViewWriter writer(small);
  writer.write(lines(1U << 20U));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  reader.reset();
}

TEST_F(ViewWriterTest, what_finds_no_room_is_dropped_whole_and_counted) {
  ViewWriterOptions small = options();
  small.memory_bytes = 100;
  small.spill_bytes = 250'000;
  ViewWriter writer(small);
  const std::string first = lines(200'000);
  writer.write(first);  // beyond the pipe's 64 KiB: waits
  writer.write(std::string(200'000, 'x'));
  EXPECT_EQ(writer.dropped_bytes(), 200'000);
  writer.write("end\n");
  EXPECT_EQ(read(first.size() + 4), first + "end\n");
}

TEST_F(ViewWriterTest, room_is_counted_by_what_waits_not_by_all_there_ever_was) {
  ViewWriterOptions small = options();
  small.memory_bytes = 0;
  small.spill_bytes = 250'000;
  ViewWriter writer(small);
  const std::string text = lines(100'000);
  writer.write(text);  // some of it always waits
  for (int round = 0; round < 10; ++round) {
    writer.write(text);
    EXPECT_EQ(read(text.size()), text);
  }
  EXPECT_EQ(writer.dropped_bytes(), 0);
  EXPECT_EQ(read(text.size()), text);
}

TEST_F(ViewWriterTest, folder_that_takes_no_file_costs_only_what_memory_does_not_hold) {
  ViewWriterOptions nowhere = options();
  nowhere.spill_folder = folder / "not/there";
  nowhere.memory_bytes = 200'000;
  ViewWriter writer(nowhere);
  const std::string kept = lines(150'000);
  writer.write(kept);
  // The thread may have taken the first text; then this fills the memory, and the next is too much.
  writer.write(std::string(190'000, 'x'));
  writer.write(std::string(190'000, 'y'));
  EXPECT_GE(writer.dropped_bytes(), 190'000);
  EXPECT_EQ(read(kept.size()), kept);
  reader.reset();
}

TEST_F(ViewWriterTest, reader_that_leaves_ends_the_waiting) {
  ViewWriter writer(options());
  write_in_pieces(writer, lines(3U << 20U), 4096);
  reader.reset();
  EXPECT_TRUE(writer.flush());
  writer.write("nobody reads this");
  EXPECT_TRUE(writer.flush());
  EXPECT_EQ(writer.dropped_bytes(), 0);
}

TEST_F(ViewWriterTest, flush_gives_up_when_it_is_told_to) {
  ViewWriter writer(options());
  writer.write(lines(200'000));
  int asked = 0;
  EXPECT_FALSE(writer.flush([&asked] { return ++asked == 3; }));
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(writer.flush()) << "and does not wait again, nor does the destructor";
  reader.reset();  // lets the thread go
  end.release();   // which may be in write(2) with it still
}

TEST_F(ViewWriterTest, flush_of_what_is_read_does_not_ask) {
  ViewWriter writer(options());
  writer.write("short\n");
  EXPECT_TRUE(eventually([&] { return writer.idle(); }));
  EXPECT_TRUE(writer.flush([] { return true; }));
  EXPECT_EQ(read(6), "short\n");
}

TEST_F(ViewWriterTest, destructor_writes_what_is_left) {
  { ViewWriter(options()).write("last words\n"); }
  end.reset();
  EXPECT_EQ(read(100), "last words\n");
}

TEST_F(ViewWriterTest, without_a_write_there_is_nothing_to_wait_for) {
  ViewWriter writer(options());
  EXPECT_TRUE(writer.idle());
  EXPECT_TRUE(writer.flush([] { return true; }));
  writer.write("");
  EXPECT_TRUE(writer.idle());
}

TEST_F(ViewWriterTest, descriptor_that_does_not_block_gets_everything_too) {
  ::fcntl(end.get(), F_SETFL, O_NONBLOCK);
  const std::string text = lines(1U << 20U);
  ViewWriter writer(options());
  writer.write(text);
  EXPECT_EQ(read(text.size()), text);
}

}  // namespace
}  // namespace headway::cli
