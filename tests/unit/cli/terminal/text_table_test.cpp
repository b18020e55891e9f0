// Rows of cells in aligned columns.
#include "cli/terminal/text_table.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

TEST(TextTable, columns_are_aligned_and_lines_have_no_blanks_at_their_end) {
  TextTable table({"KEY", ">TIME", "NOTE"});
  table.add({{"a"}, {"12 s"}, {"x"}});
  table.add({{"longer"}, {"3 s"}, {}});
  EXPECT_EQ(table.render(Paint(false)),
            "KEY     TIME  NOTE\n"
            "a       12 s  x\n"
            "longer   3 s\n");
}

TEST(TextTable, names_that_are_all_empty_give_no_heading) {
  TextTable table({"", ""});
  table.add({{"a"}, {"b"}});
  EXPECT_EQ(table.render(Paint(false), 0, 2), "  a  b\n");
}

TEST(TextTable, flexible_column_gives_way_first) {
  TextTable table({"", "*", ""});
  table.add({{"key"}, {"a long text in the middle"}, {"stays whole"}});
  EXPECT_EQ(table.render(Paint(false), 30), "key  a long te...  stays whole\n");
}

TEST(TextTable, last_column_gives_way_after_the_flexible_one_and_others_never) {
  TextTable table({"", "*", ""});
  table.add({{"a key that stays"}, {"flexible text"}, {"the last column"}});
  EXPECT_EQ(table.render(Paint(false), 38), "a key that stays  flexi...  the las...\n");
  EXPECT_EQ(table.render(Paint(false), 10), "a key that stays  flexi...  the l...\n")
      << "eight columns stay";
}

TEST(TextTable, indent_counts_as_width) {
  TextTable table({"*"});
  table.add({{"0123456789"}});
  EXPECT_EQ(table.render(Paint(false), 12, 2), "  0123456789\n");
  EXPECT_EQ(table.render(Paint(false), 11, 2), "  012345...\n");
}

TEST(TextTable, short_row_is_filled_and_a_table_without_rows_is_its_heading) {
  TextTable table({"A", "B"});
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.render(Paint(false)), "A  B\n");
  table.add({{"x"}});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.render(Paint(false)), "A  B\nx\n");
}

TEST(TextTable, column_may_be_right_and_flexible) {
  TextTable table({">*N"});
  table.add({{"1"}});
  table.add({{"0123456789"}});
  EXPECT_EQ(table.render(Paint(false), 9), "        N\n        1\n012345...\n");
}

TEST(TextTable, control_characters_in_cells_are_escaped) {
  TextTable table({""});
  table.add({{"a\x1b[2Jb"}});
  EXPECT_EQ(table.render(Paint(false)), "a\\x1b[2Jb\n");
}

TEST(TextTable, colors_do_not_disturb_alignment) {
  TextTable table({"", ""});
  table.add({{"ab", Tone::bad}, {"c"}});
  table.add({{"abcd"}, {"e"}});
  EXPECT_EQ(table.render(Paint(true)), "\x1b[1;31mab\x1b[0m    c\nabcd  e\n");
}

}  // namespace
}  // namespace headway::cli
