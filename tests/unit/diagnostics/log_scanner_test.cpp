// Tests of LogScanner: lines as a person saw them, whatever the bytes and their pieces.
#include "diagnostics/log_scanner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

using testing::ElementsAre;

struct Scanned {
  std::vector<std::string> lines;
  std::vector<RawRange> ranges;
};

Scanned scan(std::string_view log, std::size_t piece = std::string_view::npos) {
  Scanned scanned;
  LogScanner scanner;
  const auto take = [&](const LogLine& line, const RawRange& raw) {
    EXPECT_EQ(line.number, static_cast<std::int64_t>(scanned.lines.size()) + 1);
    scanned.lines.emplace_back(line.text);
    scanned.ranges.push_back(raw);
  };
  for (std::size_t at = 0; at < log.size();) {
    const std::string_view bytes = log.substr(at, piece);
    scanner.feed(bytes, take);
    at += bytes.size();
  }
  scanner.finish(take);
  return scanned;
}

std::string cleaned(std::string_view raw) {
  std::string buffer;
  return std::string(clean_line(raw, buffer));
}

TEST(LogScanner, lines_are_cut_whatever_the_pieces) {
  const std::string log = "one\ntwo\n\nfour";
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 100U}) {
    EXPECT_THAT(scan(log, piece).lines, ElementsAre("one", "two", "", "four")) << piece;
  }
}

TEST(LogScanner, line_end_at_the_end_begins_no_further_line) {
  EXPECT_THAT(scan("one\n").lines, ElementsAre("one"));
  EXPECT_THAT(scan("").lines, ElementsAre());
}

TEST(LogScanner, range_says_where_the_bytes_of_a_line_lie) {
  for (const std::size_t piece : {1U, 4U, 100U}) {
    const Scanned scanned = scan("ab\ncdef\ng", piece);
    ASSERT_EQ(scanned.ranges.size(), 3U);
    EXPECT_EQ(scanned.ranges[1].offset, 3);
    EXPECT_EQ(scanned.ranges[1].length, 4U);
    EXPECT_EQ(scanned.ranges[2].offset, 8);
  }
}

TEST(LogScanner, escape_sequences_are_no_text) {
  EXPECT_EQ(cleaned("\x1b[31;1merror\x1b[0m: bad"), "error: bad");
  EXPECT_EQ(cleaned("\x1b]0;title\a"
                    "text"),
            "text");
  EXPECT_EQ(cleaned("\x1b]8;;http://x\x1b\\link"), "link");
  EXPECT_EQ(cleaned("\x1b(Bplain"), "plain");
  EXPECT_EQ(cleaned("cut\x1b["), "cut");
  EXPECT_EQ(cleaned("cut\x1b"), "cut");
}

TEST(LogScanner, last_part_between_carriage_returns_stays) {
  EXPECT_EQ(cleaned("10 %\r50 %\r100 %"), "100 %");
  EXPECT_EQ(cleaned("windows\r"), "windows");
  EXPECT_EQ(cleaned("fold:start\r\x1b[0K"), "fold:start");  // what follows shows nothing
  EXPECT_EQ(cleaned("\r\r"), "");
}

TEST(LogScanner, backspace_takes_a_character_away_and_other_controls_go) {
  EXPECT_EQ(cleaned("abx\bc"), "abc");
  EXPECT_EQ(cleaned("a\xc3\xa4\bb"), "ab");
  EXPECT_EQ(cleaned(std::string_view("a\0b\x07"
                                     "c\td",
                                     7)),
            "abc\td");
}

TEST(LogScanner, line_beyond_the_bound_keeps_its_beginning) {
  const std::string log = "start " + std::string(100'000, 'x') + "\nnext\n";
  for (const std::size_t piece : {777U, 1'000'000U}) {
    const Scanned scanned = scan(log, piece);
    ASSERT_EQ(scanned.lines.size(), 2U);
    EXPECT_TRUE(scanned.lines[0].starts_with("start xxx"));
    EXPECT_EQ(scanned.lines[0].size(), kMaxLineBytes);
    EXPECT_LE(scanned.ranges[0].length, LogScanner::kMaxRawLine);
    EXPECT_EQ(scanned.lines[1], "next");
  }
}

TEST(LogScanner, progress_bar_beyond_the_bound_keeps_its_end) {
  std::string log;
  for (int step = 0; step < 20'000; ++step) {
    log += "step " + std::to_string(step) + "\r";
  }
  log += "error: it broke\nnext\n";
  for (const std::size_t piece : {999U, 10'000'000U}) {
    const Scanned scanned = scan(log, piece);
    ASSERT_EQ(scanned.lines.size(), 2U) << piece;
    EXPECT_EQ(scanned.lines[0], "error: it broke") << piece;
  }
}

}  // namespace
}  // namespace headway
