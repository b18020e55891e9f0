// Tests of describe_line: what is remembered of a line without its text.
#include "diagnostics/line_record.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace headway {
namespace {

LineRecord described(std::string_view text) {
  return describe_line({.number = 1, .text = text}, {.offset = 0, .length = text.size()});
}

TEST(LineRecord, numbers_are_alike_but_not_for_the_look) {
  EXPECT_EQ(described("took 12 s").kind, described("took 7 s").kind);
  EXPECT_NE(described("took 12 s").kind, described("made 12 s").kind);
  EXPECT_EQ(described("took 12 s").look, described("took 17 s").look);
  EXPECT_NE(described("exit 0").look, described("exit 1").look);
  EXPECT_NE(described("E12").look, described("E128").look);
  EXPECT_NE(described("http 200").look, described("http 404").look);
}

TEST(LineRecord, shape_is_measured) {
  const LineRecord record = described("\t  at src/a.c:3: 'x'");
  EXPECT_EQ(record.indent, 6);
  EXPECT_EQ(record.start, LineStart::lower);
  EXPECT_TRUE(record.has_path);
  EXPECT_TRUE(record.has_quote);
  EXPECT_TRUE(record.has_colon);
  EXPECT_TRUE(described("  \t ").blank());
}

}  // namespace
}  // namespace headway
