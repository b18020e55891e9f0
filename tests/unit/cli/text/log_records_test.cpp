// Records of log.jsonl: chosen, and in words.
#include "cli/text/log_records.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace headway::cli {
namespace {

Json record(std::string_view text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed);
  return parsed ? *parsed : Json();
}

const char* const kRetry =
    R"({"ts":"2026-11-22T11:00:00.250Z","sev":13,"lvl":"WARNING","msg":"stage is tried\u001b again",)"
    R"("stage_name":"Unit tests","pid":7,"src":"a.cpp:3","attr":{"stage":"unit","attempt":2}})";

TEST(IsWanted, severity_time_and_stage_choose) {
  const Json retry = record(kRetry);
  EXPECT_TRUE(is_wanted(retry, {}));
  EXPECT_TRUE(is_wanted(retry, {.min_severity = 13}));
  EXPECT_FALSE(is_wanted(retry, {.min_severity = 17}));
  EXPECT_TRUE(is_wanted(retry, {.stage = "unit"}));
  EXPECT_TRUE(is_wanted(retry, {.stage = "Unit tests"}));
  EXPECT_FALSE(is_wanted(retry, {.stage = "lint"}));
}

TEST(IsWanted, records_of_the_very_moment_are_wanted_older_ones_not) {
  const Json retry = record(kRetry);
  const auto at = parse_since("2026-11-22T11:00:00.250Z", {});
  const auto later = parse_since("2026-11-22T12:00:00.251+01:00", {});
  ASSERT_TRUE(at && later);
  EXPECT_TRUE(is_wanted(retry, {.since = *at}));
  EXPECT_FALSE(is_wanted(retry, {.since = *later}));
}

TEST(ParseSince, durations_count_back_from_now) {
  const WallTime now = WallTime{} + std::chrono::hours(2);
  const auto since = parse_since("90m", now);
  ASSERT_TRUE(since);
  EXPECT_EQ(*since, WallTime{} + std::chrono::minutes(30));
}

TEST(ParseSince, other_texts_are_refused_with_an_example) {
  const auto since = parse_since("yesterday", {});
  ASSERT_FALSE(since);
  EXPECT_EQ(since.error().message, "'yesterday' is no value of '--since'");
  EXPECT_NE(since.error().next_step, "");
}

TEST(SeverityOf, spellings_have_the_numbers_of_opentelemetry) {
  EXPECT_EQ(severity_of("debug"), 5);
  EXPECT_EQ(severity_of("critical"), 21);
  EXPECT_FALSE(severity_of("loud"));
}

TEST(RecordLine, record_is_one_harmless_line) {
  ::setenv("TZ", "UTC", 1);
  EXPECT_EQ(record_line(record(kRetry), Paint(false), false),
            "11:00:00.250 WARNING  stage is tried\\x1b again  stage=unit attempt=2\n");
  EXPECT_EQ(record_line(record(kRetry), Paint(false), true),
            "11:00:00.250 WARNING  stage is tried\\x1b again  stage=unit attempt=2 pid=7 "
            "src=a.cpp:3\n");
}

}  // namespace
}  // namespace headway::cli
