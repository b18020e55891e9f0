// Tests of the history as JSON.
#include "timing/history_json.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

WorkflowTimingProfile full_profile() {
  WorkflowTimingProfile profile;
  profile.workflow_id = "change \"1\"";
  profile.workflow = "ci";
  profile.lane = "standard";
  profile.start_time = WallTime(std::chrono::seconds(1'767'225'600));
  profile.end_time = profile.start_time + std::chrono::seconds(9);
  profile.total_duration = Seconds(9.25);
  profile.metadata = {{"commit", "abc"}, {"jobs", "4"}};
  StageTimingData stage;
  stage.stage_id = 3;
  stage.stage_name = "Unit tests";
  stage.stage_key = "unit";
  stage.start_time = profile.start_time;
  stage.end_time = profile.end_time;
  stage.duration = Seconds(1.5);
  stage.queue_wait = Seconds(0.25);
  stage.status = StageStatus::failed;
  stage.attempt = 2;
  stage.cpu_time = Seconds(3.5);
  stage.peak_memory_bytes = 1 << 20;
  profile.stages = {stage, StageTimingData{}};
  return profile;
}

void expect_same(const WorkflowTimingProfile& a, const WorkflowTimingProfile& b) {
  EXPECT_EQ(a.workflow_id, b.workflow_id);
  EXPECT_EQ(a.workflow, b.workflow);
  EXPECT_EQ(a.lane, b.lane);
  EXPECT_EQ(a.start_time, b.start_time);
  EXPECT_EQ(a.end_time, b.end_time);
  EXPECT_DOUBLE_EQ(a.total_duration.count(), b.total_duration.count());
  EXPECT_EQ(a.metadata, b.metadata);
  ASSERT_EQ(a.stages.size(), b.stages.size());
  for (std::size_t i = 0; i < a.stages.size(); ++i) {
    EXPECT_EQ(a.stages[i].stage_id, b.stages[i].stage_id);
    EXPECT_EQ(a.stages[i].stage_name, b.stages[i].stage_name);
    EXPECT_EQ(a.stages[i].stage_key, b.stages[i].stage_key);
    EXPECT_EQ(a.stages[i].end_time, b.stages[i].end_time);
    EXPECT_DOUBLE_EQ(a.stages[i].duration.count(), b.stages[i].duration.count());
    EXPECT_DOUBLE_EQ(a.stages[i].queue_wait.count(), b.stages[i].queue_wait.count());
    EXPECT_EQ(a.stages[i].status, b.stages[i].status);
    EXPECT_EQ(a.stages[i].attempt, b.stages[i].attempt);
    EXPECT_DOUBLE_EQ(a.stages[i].cpu_time.count(), b.stages[i].cpu_time.count());
    EXPECT_EQ(a.stages[i].peak_memory_bytes, b.stages[i].peak_memory_bytes);
  }
}

TEST(HistoryJson, profile_survives_the_way_there_and_back) {
  const WorkflowTimingProfile profile = full_profile();
  const auto read = WorkflowTimingProfile::from_json(profile.to_json());
  ASSERT_TRUE(read.has_value());
  expect_same(*read, profile);
}

TEST(HistoryJson, history_keeps_the_order_of_its_profiles) {
  WorkflowTimingProfile second = full_profile();
  second.workflow_id = "2";
  const auto read = parse_history_json(to_history_json({full_profile(), second}));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[1].workflow_id, "2");
}

TEST(HistoryJson, data_of_the_original_is_read) {
  const auto read = parse_history_json(
      R"({"profiles": [{"workflow_id": "w", "lane": "docs",
          "start_time": "2025-01-02T03:04:05.123456", "end_time": null,
          "total_duration_seconds": 1.5, "stages": [{"stage_id": 0, "stage_name": "Setup",
          "start_time": 1735787045.5, "end_time": 1735787046, "duration_seconds": -3,
          "status": "completed"}], "metadata": {"n": 3}}]})");
  ASSERT_TRUE(read.has_value());
  const WorkflowTimingProfile& profile = read->front();
  EXPECT_EQ(profile.workflow, "default");
  EXPECT_FALSE(profile.end_time);
  EXPECT_EQ(profile.stages[0].status, StageStatus::completed);
  EXPECT_EQ(profile.stages[0].duration.count(), 0);  // a clock step of the original
  EXPECT_EQ(profile.metadata[0].second, "3");
}

TEST(HistoryJson, empty_histories_are_histories) {
  for (const char* text : {"{}", "[]", R"({"profiles": []})"}) {
    const auto read = parse_history_json(text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_TRUE(read->empty());
  }
}

TEST(HistoryJson, mistake_is_told_with_its_place) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"profiles": 5})", "profiles"},
      {R"({"profiles": [5]})", "profiles[0]: expected an object"},
      {R"({"profiles": [{"lane": 5}]})", "profiles[0].lane"},
      {R"({"profiles": [{"stages": [{}, {"status": "COMPLETED", "duration_seconds": "x"}]}]})",
       "profiles[0].stages[0].status"},
      {R"({"profiles": [{"stages": [{"status": "COMPLETED", "duration_seconds": "x"}]}]})",
       "profiles[0].stages[0].duration_seconds: expected a number"},
      {R"({"profiles": [{"start_time": "yesterday"}]})", "profiles[0].start_time"},
      {R"({"profiles": [)", "line"},
      {R"("text")", "profiles"},
  };
  for (const auto& [text, place] : cases) {
    const auto read = parse_history_json(text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::parse);
    EXPECT_NE(read.error().message.find(place), std::string::npos) << read.error().message;
  }
}

TEST(HistoryJson, bad_text_of_a_single_profile_is_an_error) {
  EXPECT_FALSE(WorkflowTimingProfile::from_json("").has_value());
  EXPECT_FALSE(WorkflowTimingProfile::from_json("[]").has_value());
}

TEST(HistoryJson, numbers_that_are_none_are_written_as_nothing) {
  WorkflowTimingProfile profile;
  profile.total_duration = Seconds(std::numeric_limits<double>::quiet_NaN());
  const auto read = WorkflowTimingProfile::from_json(profile.to_json());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->total_duration.count(), 0);
}

}  // namespace
}  // namespace headway
