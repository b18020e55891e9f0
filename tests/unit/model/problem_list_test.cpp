// Problems as text, collected and sorted.
#include "model/problem_list.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(Problem, line_has_file_place_message_and_suggestion) {
  EXPECT_EQ(to_string(Problem{
                "headway.yaml", {14, 9}, "stage 'lint' needs unknown stage 'buld'", "build"}),
            "headway.yaml:14:9: stage 'lint' needs unknown stage 'buld' (did you mean 'build'?)");
}

TEST(Problem, place_is_left_out_where_there_is_none) {
  EXPECT_EQ(to_string(Problem{"headway.yaml", {}, "it is too large"}),
            "headway.yaml: it is too large");
}

TEST(ProblemList, is_sorted_by_place_and_tells_each_once) {
  ProblemList list("f");
  list.add({2, 1}, "c");
  list.add({1, 5}, "b");
  list.add({1, 2}, "a");
  list.add({2, 1}, "c");
  std::string order;
  for (const Problem& problem : list.take()) {
    order += problem.message;
  }
  EXPECT_EQ(order, "abc");
  EXPECT_TRUE(list.empty());
}

TEST(ProblemList, suggestions_end_after_their_bound) {
  ProblemList list("f");
  for (int i = 0; i < ProblemList::kMaxSuggestions; ++i) {
    EXPECT_EQ(list.suggest("buld", {"build"}), "build");
  }
  EXPECT_EQ(list.suggest("buld", {"build"}), "");
}

TEST(Shown, control_characters_are_escaped) {
  EXPECT_EQ(shown("a\x1b[31m\nb\x7f"), "a\\x1b[31m\\nb\\x7f");
}

TEST(Shown, long_text_is_cut_between_characters) {
  EXPECT_EQ(shown(std::string(81, 'x')), std::string(80, 'x') + "...");
  EXPECT_EQ(shown(std::string(79, 'x') + "\xC3\xA4"), std::string(79, 'x') + "...");
  EXPECT_EQ(shown(std::string(80, 'x')), std::string(80, 'x'));
}

}  // namespace
}  // namespace headway
