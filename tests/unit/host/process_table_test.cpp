// parse_process_stat over texts of /proc/PID/stat.
#include "host/process_table.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(ProcessStat, state_parent_and_group_are_read) {
  const auto facts = parse_process_stat("12 (sleep) S 7 11 11 0 -1 4194304 97 0\n");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->state, 'S');
  EXPECT_EQ(facts->parent, 7);
  EXPECT_EQ(facts->group, 11);
}

TEST(ProcessStat, name_with_parentheses_blanks_and_newlines_does_not_confuse) {
  for (const char* text : {"12 (a) R 1 (b) Z 4194304 4194303 11 34817\n",
                           "12 (() ) Z 4194304 4194303 1\n",
                           "12 (x\ny) S 5 5) Z 4194304 4194303 1\n"}) {
    const auto facts = parse_process_stat(text);
    ASSERT_TRUE(facts) << text;
    EXPECT_EQ(facts->state, 'Z') << text;
    EXPECT_EQ(facts->parent, 4194304) << text;
    EXPECT_EQ(facts->group, 4194303) << text;
  }
}

TEST(ProcessStat, what_is_no_stat_gives_nothing) {
  for (const char* text :
       {"", "12", "12 (sleep)", "12 (sleep) ", "12 (sleep) S", "12 (sleep) S 7"}) {
    EXPECT_FALSE(parse_process_stat(text)) << text;
  }
}

}  // namespace
}  // namespace headway
