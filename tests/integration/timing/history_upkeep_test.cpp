// Tests of History::add_missing() and prune() with real SQLite files.
#include "support/temp_folder.hpp"
#include "timing/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

// A run that began `hour` hours after midnight, with one stage that took as many seconds.
WorkflowTimingProfile run_at(int hour, const std::string& run_id, bool succeeded = true) {
  WorkflowTimingProfile profile;
  profile.workflow_id = "change";
  profile.workflow = "ci";
  profile.lane = "standard";
  profile.start_time = WallTime(std::chrono::hours(490'000 + hour));
  profile.end_time = profile.start_time + std::chrono::seconds(hour);
  StageTimingData stage;
  stage.stage_key = "build";
  stage.stage_name = "Build";
  stage.start_time = profile.start_time;
  stage.duration = Seconds(hour);
  stage.status = succeeded ? StageStatus::completed : StageStatus::failed;
  profile.stages = {stage};
  profile.metadata = {{"note", "of hour " + std::to_string(hour)}};
  if (!run_id.empty()) {
    profile.metadata.emplace_back("run_id", run_id);
  }
  return profile;
}

class HistoryUpkeep : public testing::Test {
 protected:
  // The hours of the runs that are there, newest first, as the samples of the stage tell.
  std::vector<int> hours() const {
    const auto samples = history.samples("ci", "standard", 100);
    std::vector<int> found;
    if (samples && !samples->empty()) {
      for (const StageSample& sample : (*samples)[0].second) {
        found.push_back(static_cast<int>(sample.duration.count()));
      }
    }
    return found;
  }

  TempFolder folder;
  History history = *History::open(folder / "history.db");
};

TEST_F(HistoryUpkeep, runs_that_are_there_are_not_added_again) {
  const std::vector<WorkflowTimingProfile> runs{run_at(1, "a"), run_at(2, ""), run_at(3, "")};
  EXPECT_EQ(history.add_missing(runs).value_or(-1), 3);
  EXPECT_EQ(history.add_missing(runs).value_or(-1), 0);
  EXPECT_EQ(history.count_runs("", "").value_or(-1), 3);
}

TEST_F(HistoryUpkeep, older_runs_go_where_they_belong_with_all_that_is_theirs) {
  ASSERT_TRUE(history.save(run_at(5, "e")));
  ASSERT_TRUE(history.save(run_at(3, "c")));  // (a clock that was set back)
  EXPECT_EQ(history.add_missing({run_at(4, ""), run_at(1, "a")}).value_or(-1), 2);
  EXPECT_EQ(hours(), (std::vector<int>{5, 4, 3, 1}));
  const auto profiles = history.profiles(10);
  ASSERT_TRUE(profiles);
  ASSERT_EQ(profiles->size(), 4U);
  for (const WorkflowTimingProfile& profile : *profiles) {
    ASSERT_EQ(profile.stages.size(), 1U);
    const auto hour = static_cast<int>(profile.stages[0].duration.count());
    const std::pair<std::string, std::string> note{"note", "of hour " + std::to_string(hour)};
    EXPECT_EQ(std::count(profile.metadata.begin(), profile.metadata.end(), note), 1) << hour;
  }
  ASSERT_TRUE(history.save(run_at(6, "f")));  // new ones come behind
  EXPECT_EQ(hours().front(), 6);
}

TEST_F(HistoryUpkeep, prune_by_number_keeps_the_newest_complete_run) {
  ASSERT_TRUE(history.save(run_at(1, "a")));
  ASSERT_TRUE(history.save(run_at(2, "b")));
  ASSERT_TRUE(history.save(run_at(3, "c", false)));
  ASSERT_TRUE(history.save(run_at(4, "d", false)));
  EXPECT_EQ(history.prune({.most_runs = 1}, true).value_or(-1), 2);
  EXPECT_EQ(hours(), (std::vector<int>{4, 3, 2, 1}));  // only counted
  EXPECT_EQ(history.prune({.most_runs = 1}, false).value_or(-1), 2);
  EXPECT_EQ(hours(), (std::vector<int>{4, 2}));
  EXPECT_EQ(history.prune({.most_runs = 1}, false).value_or(-1), 0);
}

TEST_F(HistoryUpkeep, prune_by_age_leaves_what_is_younger) {
  for (int hour = 1; hour <= 5; ++hour) {
    ASSERT_TRUE(history.save(run_at(hour, "")));
  }
  const HistoryBounds bounds{.started_before = run_at(3, "").start_time};
  EXPECT_EQ(history.prune(bounds, false).value_or(-1), 2);
  EXPECT_EQ(hours(), (std::vector<int>{5, 4, 3}));
  EXPECT_EQ(history.count_runs("", "").value_or(-1), 3);
}

}  // namespace
}  // namespace headway
