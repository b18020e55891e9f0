// What an expression captures.
#include "base/capture_pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

TEST(CapturePattern, anchors_match_at_lines) {
  const auto pattern = CapturePattern::parse(R"(^n=(\d+)$)");
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->first_capture("m=1\nn=22\nn=3\n"), "22");
  EXPECT_FALSE(pattern->first_capture("xn=1"));
}

TEST(CapturePattern, group_that_took_no_part_captures_nothing) {
  EXPECT_FALSE(CapturePattern::parse("a|(b)")->first_capture("a"));
  EXPECT_EQ(CapturePattern::parse("a()")->first_capture("a"), "");
}

TEST(CapturePattern, what_cannot_be_used_is_refused) {
  for (const char* text : {"", "\\d+", "(", "(?:a)", "(a)\\1", "(?=a)(b)", "(a{1,1000}){1,1000}"}) {
    EXPECT_FALSE(CapturePattern::parse(text)) << text;
  }
  EXPECT_FALSE(CapturePattern::parse("(" + std::string(CapturePattern::kMaxBytes, 'a') + ")"));
}

}  // namespace
}  // namespace headway
