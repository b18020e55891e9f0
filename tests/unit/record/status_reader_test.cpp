// Status files as they are read: of this program, of the original, and damaged ones.
#include "headway/status.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

std::string message_of(std::string_view text) {
  const auto status = parse_status(text);
  return status ? "" : status.error().message;
}

TEST(ReadStatus, the_documented_example_is_read_whole) {
  const auto status = parse_status(R"({"format": 1, "workflow_id": "change-123", "run_id": "0193",
    "workflow": "change", "lane": "heavy", "status": "RUNNING", "stage": 3,
    "started_at": "2026-11-22T11:00:00.000Z", "updated_at": "2026-11-22T11:02:05.100Z",
    "stages": [{"stage_id": 0, "key": "todos", "name": "Create TODOs", "status": "COMPLETED",
      "started_at": "2026-11-22T11:00:00.000Z", "completed_at": "2026-11-22T11:00:05.012Z",
      "duration_seconds": 5.012, "attempts": 2, "exit_code": 0, "metrics": {}}],
    "timing": {"total_elapsed_seconds": 125.1, "estimated_remaining_seconds": 300.2,
      "estimated_remaining_p10_seconds": 240.0, "estimated_remaining_p90_seconds": 390.0,
      "sla_target_seconds": 900, "within_sla": true, "sla_risk": 0.04},
    "metrics": {"files_modified": 5}})");
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->workflow_id, "change-123");
  EXPECT_EQ(status->lane, "heavy");
  EXPECT_EQ(status->status, StageStatus::running);
  EXPECT_EQ(status->stage_id, 3);
  EXPECT_DOUBLE_EQ(status->elapsed.count(), 125.1);
  EXPECT_DOUBLE_EQ(status->remaining->p90.count(), 390);
  EXPECT_EQ(status->sla_target, Seconds(900));
  EXPECT_EQ(status->within_sla, true);
  EXPECT_DOUBLE_EQ(*status->sla_risk, 0.04);
  ASSERT_EQ(status->stages.size(), 1U);
  EXPECT_EQ(status->stages[0].key, "todos");
  EXPECT_EQ(status->stages[0].status, StageStatus::completed);
  EXPECT_DOUBLE_EQ(status->stages[0].duration->count(), 5.012);
  EXPECT_EQ(status->stages[0].attempts, 2);
  EXPECT_EQ(status->stages[0].exit_code, 0);
}

TEST(ReadStatus, a_file_of_the_original_has_no_format_and_times_without_a_zone) {
  const auto status = parse_status(R"({"workflow_id": "c", "lane": "docs", "status": "completed",
    "stages": [{"stage_id": 4, "stage_name": "Task Breakdown", "status": "completed",
      "start_time": "2025-01-02T03:04:05.123456", "end_time": null, "duration_seconds": 1}]})");
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->status, StageStatus::completed);
  ASSERT_EQ(status->stages.size(), 1U);
  EXPECT_EQ(status->stages[0].name, "Task Breakdown");
  EXPECT_EQ(status->stages[0].key, "Task Breakdown");
  EXPECT_TRUE(status->stages[0].started_at.has_value());
  EXPECT_FALSE(status->stages[0].completed_at.has_value());
  EXPECT_EQ(status->stages[0].attempts, 1);
  EXPECT_FALSE(status->remaining.has_value());
}

TEST(ReadStatus, what_is_damaged_is_told_with_its_place) {
  EXPECT_EQ(message_of("[]"), "read a status: it is no object");
  EXPECT_EQ(message_of(R"({"status": "DONE"})"),
            "read a status: status: expected a status as in COMPLETED");
  EXPECT_EQ(message_of(R"({"stages": [{"stage_id": 0}, {"stage_id": -1}]})"),
            "read a status: stages[1].stage_id: expected a number from 0");
  EXPECT_EQ(message_of(R"({"stages": [3]})"), "read a status: stages[0]: expected an object");
  EXPECT_EQ(message_of(R"({"stages": 3})"), "read a status: stages: expected an array");
  EXPECT_EQ(message_of(R"({"started_at": "yesterday"})"),
            "read a status: started_at: expected a time as in 2026-11-22T11:00:00Z");
  EXPECT_EQ(message_of(R"({"timing": {"total_elapsed_seconds": "5"}})"),
            "read a status: total_elapsed_seconds: expected a number of seconds");
  EXPECT_FALSE(message_of("{\"a\": ").empty());
}

TEST(ReadStatus, a_newer_format_is_refused) {
  const auto status = parse_status(R"({"format": 2})");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::parse);
  EXPECT_NE(status.error().next_step.find("newer"), std::string::npos);
}

}  // namespace
}  // namespace headway
