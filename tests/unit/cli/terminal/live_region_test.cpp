// The picture at the bottom of a terminal, as bytes.
#include "cli/terminal/live_region.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

// A terminal that keeps what was written since it was last asked.
struct FakeTerminal {
  std::string text;
  TerminalSize size{.columns = 10, .rows = 5};

  LiveRegion::Write write() {
    return [this](std::string_view bytes) { text += bytes; };
  }
  LiveRegion::Size measure() {
    return [this] { return size; };
  }
  std::string take() { return std::exchange(text, {}); }
};

TEST(LiveRegion, first_picture_hides_the_cursor_and_stands_on_lines_of_its_own) {
  FakeTerminal terminal;
  LiveRegion region(terminal.write(), terminal.measure());
  region.draw({"one", "two"});
  EXPECT_EQ(terminal.take(), "\x1b[?25lone\x1b[K\ntwo\x1b[K\n\x1b[J");
}

// Who may be ended by a signal at any time could not show it again.
TEST(LiveRegion, cursor_that_is_kept_is_neither_hidden_nor_shown) {
  FakeTerminal terminal;
  LiveRegion region(terminal.write(), terminal.measure());
  region.keep_cursor();
  region.draw({"one"});
  EXPECT_EQ(terminal.take(), "one\x1b[K\n\x1b[J");
  region.clear();
  EXPECT_EQ(terminal.take(), "\r\x1b[1A\x1b[J");
}

TEST(LiveRegion, next_picture_starts_where_the_last_one_did) {
  FakeTerminal terminal;
  LiveRegion region(terminal.write(), terminal.measure());
  region.draw({"one", "two"});
  terminal.take();
  region.draw({"ONE"});
  EXPECT_EQ(terminal.take(), "\r\x1b[2AONE\x1b[K\n\x1b[J");
}

TEST(LiveRegion, finished_lines_scroll_above_the_picture) {
  FakeTerminal terminal;
  LiveRegion region(terminal.write(), terminal.measure());
  region.draw({"one"});
  terminal.take();
  region.draw({"two"}, "done\n");
  EXPECT_EQ(terminal.take(), "\r\x1b[1A\x1b[Jdone\ntwo\x1b[K\n\x1b[J");
}

TEST(LiveRegion, lines_are_cut_to_the_columns_and_rows_there_are) {
  FakeTerminal terminal;
  LiveRegion region(terminal.write(), terminal.measure());
  region.draw({"0123456789abc", "2", "3", "4", "5", "6"});
  EXPECT_EQ(terminal.take(), "\x1b[?25l012345...\x1b[K\n2\x1b[K\n3\x1b[K\n4\x1b[K\n\x1b[J");
}

TEST(LiveRegion, lines_that_a_narrower_terminal_wrapped_are_gone_over_as_well) {
  FakeTerminal terminal;
  LiveRegion region(terminal.write(), terminal.measure());
  region.draw({"12345678", "x"});
  terminal.take();
  terminal.size.columns = 4;
  region.draw({"y"});
  EXPECT_EQ(terminal.take(), "\r\x1b[3Ay\x1b[K\n\x1b[J");
}

TEST(LiveRegion, destructor_takes_the_picture_away_and_shows_the_cursor) {
  FakeTerminal terminal;
  {
    LiveRegion region(terminal.write(), terminal.measure());
    region.draw({"one"});
    terminal.take();
  }
  EXPECT_EQ(terminal.take(), "\r\x1b[1A\x1b[J\x1b[?25h");
}

TEST(LiveRegion, region_that_never_drew_writes_nothing) {
  FakeTerminal terminal;
  { LiveRegion region(terminal.write(), terminal.measure()); }
  EXPECT_EQ(terminal.take(), "");
}

}  // namespace
}  // namespace headway::cli
