// What running stages have told of how far they are.
#include "orchestration/progress_board.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ProgressBoard, newest_word_of_a_stage_counts) {
  ProgressBoard board;
  const int run = 0;
  board.tell({&run, 0}, {7, "build", 0.25, "a"});
  board.tell({&run, 0}, {7, "build", 0.5, "b"});
  const auto all = board.all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fraction, 0.5);
  EXPECT_EQ(all[0].text, "b");
}

TEST(ProgressBoard, all_come_by_stage_id) {
  ProgressBoard board;
  const int run = 0;
  board.tell({&run, 0}, {9, "late", 0, ""});
  board.tell({&run, 1}, {3, "early", 0, ""});
  const auto all = board.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].stage_id, 3);
  EXPECT_EQ(all[1].stage_id, 9);
}

TEST(ProgressBoard, stages_of_two_runs_are_two) {
  ProgressBoard board;
  const int runs[2] = {};
  board.tell({&runs[0], 0}, {1, "a", 0.1, ""});
  board.tell({&runs[1], 0}, {1, "a", 0.9, ""});
  board.drop({&runs[0], 0});
  const auto all = board.all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fraction, 0.9);
}

TEST(ProgressBoard, what_was_never_told_can_be_dropped) {
  ProgressBoard board;
  board.drop({&board, 4});
  EXPECT_TRUE(board.all().empty());
}

}  // namespace
}  // namespace headway
