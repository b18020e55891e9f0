// Needs read from a real history file.
#include "timing/learned_needs.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(LearnedNeeds, what_a_run_has_saved_is_learned) {
  const TempFolder folder;
  auto history = History::open(folder / "history.db");
  ASSERT_TRUE(history);
  WorkflowTimingProfile profile;
  profile.workflow = "w";
  profile.lane = "l";
  profile.stages.resize(1);
  StageTimingData& stage = profile.stages[0];
  stage.stage_name = "build";
  stage.status = StageStatus::completed;
  stage.duration = Seconds(2);
  stage.cpu_time = Seconds(3);
  stage.peak_memory_bytes = 1000;
  ASSERT_TRUE(history->save(profile));
  const auto samples = history->samples("w", "l", 5);
  ASSERT_TRUE(samples);
  ASSERT_EQ(samples->size(), 1U);
  const auto needs = LearnedNeeds::read(*history, "w", "l");
  ASSERT_TRUE(needs);
  const StageNeeds& learned = needs->of(samples->front().first);
  EXPECT_EQ(learned.memory_bytes, 1250);
  EXPECT_DOUBLE_EQ(learned.cpus.value(), 1.5);
  const auto elsewhere = LearnedNeeds::read(*history, "w", "other");
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(elsewhere->of(samples->front().first).samples, 0);
}

}  // namespace
}  // namespace headway
