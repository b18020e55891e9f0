// A record as a line for people.
#include "logging/log_text.hpp"

#include "logging/log_limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

using namespace std::chrono_literals;

LogRecord record_of(std::string_view message) {
  LogRecord record;
  record.time = WallTime(1'795'345'200s);
  record.logger = "workflow";
  record.message = message;
  return record;
}

std::string line_of(const LogRecord& record, const SecretSet* secrets = nullptr) {
  std::string line;
  append_text_line(line, record, secrets);
  return line;
}

TEST(LogText, is_time_level_logger_stage_message_and_fields) {
  LogRecord record = record_of("Starting");
  record.level = LogLevel::warning;
  record.stage_name = "Build";
  record.set(LogAttribute{"n", std::int64_t{1}});
  record.set(LogAttribute{"ok", true});
  record.set(LogAttribute{"share", 0.5});
  record.set(LogAttribute{"wait", Seconds(5.2)});
  record.set(LogAttribute{"path", std::string_view("a b")});
  record.set(LogAttribute{"empty", std::string_view()});
  EXPECT_EQ(line_of(record),
            "2026-11-22T11:00:00.000Z WARNING  workflow [Build] Starting n=1 ok=true share=0.5 "
            "wait_seconds=5.2 path=\"a b\" empty=\"\"\n");
}

TEST(LogText, exceptions_stand_at_the_end) {
  LogRecord record = record_of("failed");
  record.level = LogLevel::error;
  record.exception = {{"Outer", "o"}, {"Inner", "i"}};
  EXPECT_EQ(line_of(record),
            "2026-11-22T11:00:00.000Z ERROR    workflow failed exception: Outer: o, caused by "
            "Inner: i\n");
}

TEST(LogText, is_one_line_that_no_terminal_obeys) {
  LogRecord record = record_of("a\nb\r\tc\x1b[31m\x7f\xC2\x9B\xFF");
  record.set(LogAttribute{"k\ney", std::string_view("v\nw")});
  EXPECT_EQ(line_of(record),
            "2026-11-22T11:00:00.000Z INFO     workflow "
            "a\\nb\\r\\tc\\x1b[31m\\x7f\\x9b\xEF\xBF\xBD k\\ney=v\\nw\n");
}

TEST(LogText, name_of_the_logger_is_escaped_and_masked_like_the_rest) {
  // Bug: the name went into the line as it was, newlines and secrets with it.
  const SecretSet secrets({"hunter2secret"});
  LogRecord record = record_of("x");
  record.logger = "a\nb hunter2secret";
  EXPECT_EQ(line_of(record, &secrets), "2026-11-22T11:00:00.000Z INFO     a\\nb *** x\n");
}

TEST(LogText, each_level_has_its_label_of_one_width) {
  LogRecord record = record_of("x");
  for (const auto& [level, label] : {std::pair{LogLevel::debug, "Z DEBUG    workflow"},
                                     std::pair{LogLevel::info, "Z INFO     workflow"},
                                     std::pair{LogLevel::warning, "Z WARNING  workflow"},
                                     std::pair{LogLevel::error, "Z ERROR    workflow"},
                                     std::pair{LogLevel::critical, "Z CRITICAL workflow"}}) {
    record.level = level;
    EXPECT_NE(line_of(record).find(label), std::string::npos) << line_of(record);
  }
}

TEST(LogText, text_with_an_equals_sign_or_a_quote_is_quoted) {
  LogRecord record = record_of("x");
  record.set(LogAttribute{"a", std::string_view("b=c")});
  record.set(LogAttribute{"d", std::string_view("\"")});
  record.set(LogAttribute{"e", false});
  EXPECT_TRUE(line_of(record).ends_with(" x a=\"b=c\" d=\"\"\" e=false\n")) << line_of(record);
}

TEST(LogText, keeps_letters_above_ascii) {
  EXPECT_NE(line_of(record_of("gr\xC3\xBC\xC3\x9F\xC2\xA0")).find("gr\xC3\xBC\xC3\x9F\xC2\xA0\n"),
            std::string::npos);
}

TEST(LogText, is_bounded_and_masked) {
  const SecretSet secrets({"hunter2secret"});
  const std::string text = std::string(kMaxFieldBytes - 5, '\x01') + "hunter2secret";
  LogRecord record = record_of(text);
  record.stage_name = text;
  const std::string line = line_of(record, &secrets);
  EXPECT_LE(line.size(), kMaxRecordBytes);
  EXPECT_EQ(line.find("hunte"), std::string::npos);
  EXPECT_TRUE(line.ends_with("...\n"));
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

}  // namespace
}  // namespace headway
