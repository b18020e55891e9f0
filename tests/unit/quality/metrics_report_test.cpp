// Numbers at JSON pointers and numbers that expressions capture.
#include "support/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

std::string read(ReportFormat format, const std::string& where, std::string_view text) {
  Gate gate;
  gate.format = format;
  gate.metrics = {{"n", where}};
  return report_line(gate, text);
}

// The reason why the one metric has no value.
std::string reason(ReportFormat format, const std::string& where, std::string_view text) {
  Gate gate;
  gate.format = format;
  gate.metrics = {{"n", where}};
  ReportReader reader(gate);
  TextSource source(text);
  const auto added = reader.add(source);
  return added ? reader.metrics().at(0).reason : added.error().message;
}

TEST(JsonMetrics, pointers_lead_through_objects_and_lists) {
  const std::string text = R"({"a/b": {"~": [10, {"c": -2.5}]}, "t": true, "s": " 87.5% "})";
  EXPECT_EQ(read(ReportFormat::json, "/a~1b/~0/0", text), "n=10");
  EXPECT_EQ(read(ReportFormat::json, "/a~1b/~0/1/c", text), "n=-2.5");
  EXPECT_EQ(read(ReportFormat::json, "/t", text), "n=1");
  EXPECT_EQ(read(ReportFormat::json, "/s", text), "n=87.5");
  EXPECT_EQ(read(ReportFormat::json, "", "42"), "n=42");
}

TEST(JsonMetrics, what_is_not_there_or_no_number_says_so) {
  EXPECT_EQ(reason(ReportFormat::json, "/b", R"({"a": 1})"), "nothing at '/b'");
  EXPECT_EQ(reason(ReportFormat::json, "/a", R"({"a": {"b": 1}})"), "'/a' is no number");
  EXPECT_EQ(reason(ReportFormat::json, "/a", R"({"a": null})"), "'/a' is no number");
  EXPECT_EQ(reason(ReportFormat::json, "/a/01", R"({"a": [1, 2]})"), "nothing at '/a/01'");
  EXPECT_THAT(reason(ReportFormat::json, "/a", R"({"a": 1)"), HasSubstr("no JSON"));
}

TEST(JsonMetrics, of_a_key_that_comes_twice_the_last_counts) {
  EXPECT_EQ(read(ReportFormat::json, "/a", R"({"a": 1, "a": 2})"), "n=2");
}

TEST(RegexMetrics, first_capture_of_the_first_match_counts) {
  EXPECT_EQ(read(ReportFormat::regex, R"(^(\d+))", "12345 app\n"), "n=12345");
  EXPECT_EQ(read(ReportFormat::regex, R"(^total: ([\d,.]+) (\w+)$)", "x\ntotal: 1,234.5 kB\n"),
            "n=1234.5");
  EXPECT_EQ(read(ReportFormat::regex, R"((\d+) warnings)", "3 warnings, 4 warnings"), "n=3");
}

TEST(RegexMetrics, no_match_or_no_number_says_so) {
  EXPECT_EQ(reason(ReportFormat::regex, R"(^(\d+)$)", "none\n"), "nothing matches '^(\\d+)$'");
  EXPECT_EQ(reason(ReportFormat::regex, R"((\w+))", "none"),
            "'(\\w+)' captures 'none', which is no number");
  EXPECT_EQ(reason(ReportFormat::regex, R"((\d+))", ""), "it is empty");
}

TEST(RegexMetrics, an_expression_that_others_take_for_ever_for_is_quick) {
  EXPECT_EQ(reason(ReportFormat::regex, "(a+)+$", std::string(1 << 16, 'a') + "!"),
            "nothing matches '(a+)+$'");
}

}  // namespace
}  // namespace headway
