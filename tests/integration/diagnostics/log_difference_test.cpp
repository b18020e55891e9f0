// Tests of LogDifference over real files: what counts as known from a log that passed.
#include "diagnostics/log_difference.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

LineRecord record_of(std::string_view text) {
  return describe_line({.number = 1, .text = text}, {.offset = 0, .length = text.size()});
}

Result<LogDifference> against(const TempFolder& folder, const std::string& log) {
  spill(folder / "green", log);
  auto source = LogSource::open(folder / "green");
  return source ? LogDifference::against(*source) : source.error();
}

TEST(LogDifference, lines_of_the_green_log_are_known_whatever_their_numbers) {
  const TempFolder folder;
  const auto difference = against(folder, "\x1b[1mbuilt in 12 s\x1b[0m\nall good");
  ASSERT_TRUE(difference);
  EXPECT_TRUE(difference->is_known(record_of("built in 9 s")));
  EXPECT_TRUE(difference->is_known(record_of("all good")));
  EXPECT_TRUE(difference->is_known(record_of("")));
  EXPECT_FALSE(difference->is_known(record_of("built in vain")));
}

TEST(LogDifference, hardly_any_new_line_is_taken_for_known) {
  const TempFolder folder;
  std::string green;
  const auto word = [](int number) {
    std::string text;
    for (; number > 0; number /= 26) {
      text += static_cast<char>('a' + number % 26);
    }
    return text;
  };
  for (int line = 1; line <= 40'000; ++line) {
    green += "made " + word(line) + "\n";
  }
  const auto difference = against(folder, green);
  ASSERT_TRUE(difference);
  int mistaken = 0;
  for (int line = 1; line <= 10'000; ++line) {
    mistaken += difference->is_known(record_of("broke " + word(line))) ? 1 : 0;
  }
  EXPECT_LT(mistaken, 200);  // one in a hundred is expected
}

TEST(LogDifference, empty_green_log_knows_nothing) {
  const TempFolder folder;
  const auto difference = against(folder, "");
  ASSERT_TRUE(difference);
  EXPECT_FALSE(difference->is_known(record_of("anything")));
}

}  // namespace
}  // namespace headway
