// Text made harmless, measured, cut.
#include "cli/terminal/text_layout.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

TEST(Printable, control_characters_are_escaped) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");
}

TEST(Printable, marks_that_turn_text_round_are_escaped) {
  EXPECT_EQ(printable("abc\xe2\x80\xae"
                      "def"),
            "abc\\u202edef");
}

TEST(Printable, good_utf8_stays_and_bad_becomes_a_replacement) {
  EXPECT_EQ(printable("Prüfung ✓"), "Prüfung ✓");
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");
}

TEST(OutputLine, escape_sequences_are_dropped) {
  EXPECT_EQ(output_line("\x1b[1;31merror:\x1b[0m no"), "error: no");
  EXPECT_EQ(output_line("\x1b]0;title\a text"), " text");
  EXPECT_EQ(output_line("\x1b]8;;http://x\x1b\\link"), "link");
  EXPECT_EQ(output_line("cut \x1b["), "cut ");
  EXPECT_EQ(output_line("cut \x1b"), "cut ");
}

TEST(OutputLine, sequences_with_bytes_between_are_dropped_whole) {
  // Bug: of "ESC ( B", which `tput sgr0` prints on an xterm, the B stayed in the text.
  EXPECT_EQ(output_line("\x1b(B\x1b[mred"), "red");
  EXPECT_EQ(output_line("\x1b%Gutf8"), "utf8");
  EXPECT_EQ(output_line("\x1b#8x"), "x");
  EXPECT_EQ(output_line("\x1b"
                        "7saved\x1b"
                        "8"),
            "saved");
  EXPECT_EQ(output_line("cut \x1b("), "cut ");
}

TEST(OutputLine, what_a_carriage_return_overwrote_is_dropped) {
  EXPECT_EQ(output_line("10 %\r50 %\rdone\r\n"), "done");
}

TEST(OutputLine, tabs_reach_the_next_stop) {
  EXPECT_EQ(output_line("ab\tc"), "ab      c");
  EXPECT_EQ(output_line("12345678\tc"), "12345678        c");
}

TEST(OutputLine, tabs_count_columns_not_bytes) {
  // Bug: a stop came too early behind letters of more than one byte.
  EXPECT_EQ(output_line("äö\tc"), "äö      c");
  EXPECT_EQ(output_line("日本\tc"), "日本    c");
  EXPECT_EQ(output_line("\xff\tc"), "\xef\xbf\xbd       c");
  EXPECT_EQ(output_line("\x1b[31mab\x1b[0m\tc"), "ab      c");
}

TEST(Printable, every_character_below_a_space_is_escaped) {
  for (char c = 1; c < 0x20; ++c) {
    const std::string shown = printable(std::string(1, c));
    EXPECT_TRUE(shown.starts_with("\\")) << static_cast<int>(c);
    EXPECT_TRUE(shown == "\\n" || shown == "\\t" || shown == "\\r" || shown.size() == 4) << shown;
  }
  EXPECT_EQ(printable(" ~"), " ~");
}

TEST(Printable, marks_around_text_of_the_other_direction_are_escaped_to_both_ends) {
  EXPECT_EQ(printable("\u202a\u202e\u2066\u2069\u2028\u2029"),
            "\\u202a\\u202e\\u2066\\u2069\\u2028\\u2029");
  EXPECT_EQ(printable("\u2027\u202f\u2065\u206a"), "\u2027\u202f\u2065\u206a");
}

TEST(DisplayWidth, wide_marks_and_colors_are_measured_as_a_terminal_does) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("ü"), 1);
  EXPECT_EQ(display_width("日本"), 4);
  EXPECT_EQ(display_width("e\xcc\x81"), 1);  // e and a combining acute
  EXPECT_EQ(display_width("\x1b[31mab\x1b[0m"), 2);
}

TEST(CutToWidth, text_that_fits_stays) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
}

TEST(CutToWidth, longer_text_ends_in_dots_where_there_is_room) {
  EXPECT_EQ(cut_to_width("abcdefgh", 7), "abcd...");
  EXPECT_EQ(cut_to_width("abcdefgh", 3), "abc");
  EXPECT_EQ(cut_to_width("日本語", 5), "日本");
}

TEST(CutToWidth, dots_come_with_six_columns) {
  EXPECT_EQ(cut_to_width("abcdefgh", 6), "abc...");
  EXPECT_EQ(cut_to_width("abcdefgh", 5), "abcde");
  EXPECT_EQ(cut_to_width("abcdefgh", 0), "");
  EXPECT_EQ(cut_to_width("e\xcc\x81x", 1), "e\xcc\x81") << "a mark stays with its letter";
}

TEST(CutToWidth, color_is_closed_where_it_is_cut) {
  EXPECT_EQ(cut_to_width("\x1b[31mabcdefgh\x1b[0m", 7), "\x1b[31mabcd...\x1b[0m");
}

TEST(Pad, columns_are_filled_by_width_not_by_bytes) {
  EXPECT_EQ(pad_right("ü", 3), "ü  ");
  EXPECT_EQ(pad_left("日", 3), " 日");
  EXPECT_EQ(pad_left("long", 2), "long");
}

TEST(CountOf, one_is_singular) {
  EXPECT_EQ(count_of(1, "run"), "1 run");
  EXPECT_EQ(count_of(0, "run"), "0 runs");
}

}  // namespace
}  // namespace headway::cli
