// Filling of a record from contexts and fields.
#include "logging/log_record.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

TEST(LogRecord, a_context_says_only_what_it_knows) {
  const LogContext below{
      .workflow_id = "change-1", .lane = "standard", .stage_id = 1, .attempt = 2};
  const LogContext above{.workflow_id = "", .lane = "heavy", .stage_name = "Build"};
  LogRecord record;
  record.apply(below);
  record.apply(above);
  EXPECT_EQ(record.workflow_id, "change-1");
  EXPECT_EQ(record.lane, "heavy");
  EXPECT_EQ(record.stage_name, "Build");
  EXPECT_EQ(record.stage_id, 1);
  EXPECT_EQ(record.attempt, 2);
}

TEST(LogRecord, additional_entries_and_the_stage_key_are_attributes) {
  const LogContext context{
      .workflow_id = "", .lane = "", .additional = {{"team", "a"}}, .stage_key = "lint"};
  LogRecord record;
  record.apply(context);
  ASSERT_EQ(record.attributes.size(), 2U);
  EXPECT_EQ(record.attributes[0].key, "stage");
  EXPECT_EQ(std::get<std::string_view>(record.attributes[1].value), "a");
}

TEST(LogRecord, an_attribute_stands_once_with_its_last_value) {
  LogRecord record;
  record.set(LogAttribute{"a", std::int64_t{1}});
  record.set(LogAttribute{"a", true});
  ASSERT_EQ(record.attributes.size(), 1U);
  EXPECT_TRUE(std::get<bool>(record.attributes[0].value));
}

TEST(LogRecord, a_duration_and_its_spelled_out_name_are_one_attribute) {
  LogRecord record;
  record.set(LogAttribute{"wait_seconds", 1.5});
  record.set(LogAttribute{"wait", Seconds(2)});
  EXPECT_EQ(record.attributes.size(), 1U);
  record.set(LogAttribute{"wait", std::int64_t{3}});
  EXPECT_EQ(record.attributes.size(), 2U);
}

TEST(LogRecord, fields_of_every_kind_are_taken) {
  const Fields fields = {{"b", true}, {"i", 7U}, {"d", 0.5}, {"s", "text"}, {"t", 1500ms}};
  LogRecord record;
  for (const Field& field : fields) {
    record.set(field);
  }
  EXPECT_EQ(std::get<bool>(record.attributes[0].value), true);
  EXPECT_EQ(std::get<std::int64_t>(record.attributes[1].value), 7);
  EXPECT_EQ(std::get<double>(record.attributes[2].value), 0.5);
  EXPECT_EQ(std::get<std::string_view>(record.attributes[3].value), "text");
  EXPECT_EQ(std::get<Seconds>(record.attributes[4].value), Seconds(1.5));
}

TEST(AttributeName, tells_the_unit_of_a_duration_once) {
  EXPECT_EQ(attribute_name({"wait", Seconds(1)}), "wait_seconds");
  EXPECT_EQ(attribute_name({"wait_seconds", Seconds(1)}), "wait_seconds");
  EXPECT_EQ(attribute_name({"wait", 1.0}), "wait");
}

TEST(ShortPlace, is_the_last_two_parts_of_the_path) {
  EXPECT_EQ(short_place({"/project/src/base/text.cpp", 7}), "base/text.cpp:7");
  EXPECT_EQ(short_place({"base/text.cpp", 7}), "base/text.cpp:7");
  EXPECT_EQ(short_place({"text.cpp", 7}), "text.cpp:7");
  EXPECT_EQ(short_place({"/text.cpp", 7}), "/text.cpp:7");
}

TEST(LogLevel, is_spelled_in_lower_case) {
  EXPECT_EQ(to_string(LogLevel::debug), "debug");
  EXPECT_EQ(to_string(LogLevel::info), "info");
  EXPECT_EQ(to_string(LogLevel::warning), "warning");
  EXPECT_EQ(to_string(LogLevel::error), "error");
  EXPECT_EQ(to_string(LogLevel::critical), "critical");
}

}  // namespace
}  // namespace headway
