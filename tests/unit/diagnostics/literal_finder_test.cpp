// Tests of LiteralFinder: which literals are in a text.
#include "diagnostics/literal_finder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int> found(const LiteralFinder& finder, std::string_view text) {
  std::vector<int> indices = {99};
  finder.find(text, indices);
  return indices;
}

TEST(LiteralFinder, literals_that_overlap_or_share_their_beginning_are_all_found_once) {
  const LiteralFinder finder({"error", "err", "rror:", "error: x", "errand"});
  EXPECT_THAT(found(finder, "an error: y, an error"), ElementsAre(0, 1, 2));
}

TEST(LiteralFinder, case_of_ascii_letters_does_not_count) {
  EXPECT_THAT(found(LiteralFinder({"no space"}), "xNO Space"), ElementsAre(0));
}

TEST(LiteralFinder, literal_that_the_text_cuts_off_is_not_found) {
  const LiteralFinder finder({"needle"});
  EXPECT_THAT(found(finder, "needl"), IsEmpty());
  EXPECT_THAT(found(finder, "ne"), IsEmpty());
  EXPECT_THAT(found(finder, ""), IsEmpty());
}

TEST(LiteralFinder, bytes_of_any_value_are_compared_as_they_are) {
  EXPECT_THAT(found(LiteralFinder({"\xe2\x9c\x93", std::string("\0\0\0", 3)}), "a \xe2\x9c\x93"),
              ElementsAre(0));
  EXPECT_THAT(found(LiteralFinder({"[ab]"}), "{ab}"), IsEmpty());
}

TEST(LiteralFinder, literals_of_fewer_than_three_bytes_are_never_found) {
  EXPECT_THAT(found(LiteralFinder({"ab", "", "abc"}), "abc"), ElementsAre(2));
}

}  // namespace
}  // namespace headway
