// Lines out of pieces that are cut anywhere.
#include "quality/line_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace headway {
namespace {

// Gives a text in pieces of that size.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {}
  Result<std::size_t> read(char* to, std::size_t room) override {
    const std::size_t taken = text_.copy(to, std::min(room, size_), at_);
    at_ += taken;
    return taken;
  }

 private:
  std::string text_;
  std::size_t size_, at_ = 0;
};

std::vector<std::string> lines_of(const std::string& text, std::size_t size) {
  Pieces source(text, size);
  std::vector<std::string> lines;
  EXPECT_TRUE(walk_lines(source, [&](std::string_view line) { lines.emplace_back(line); }));
  return lines;
}

TEST(WalkLines, lines_are_whole_wherever_pieces_are_cut) {
  const std::vector<std::string> expected{"one", "", "two", "three"};
  for (const std::size_t size : {1U, 2U, 3U, 5U, 100U}) {
    EXPECT_EQ(lines_of("one\r\n\ntwo\nthree", size), expected) << size;
  }
}

TEST(WalkLines, last_newline_begins_no_line) {
  EXPECT_EQ(lines_of("a\n", 100), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(lines_of("", 100).empty());
}

TEST(WalkLines, of_a_long_line_only_the_beginning_is_told) {
  const auto lines = lines_of(std::string(3 * kMaxLineBytes, 'x') + "\nnext", 1000);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].size(), kMaxLineBytes);
  EXPECT_EQ(lines[1], "next");
}

}  // namespace
}  // namespace headway
