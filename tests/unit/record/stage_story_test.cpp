// Why a stage ran, waited or did not, out of the events of a run.
#include "record/stage_story.hpp"

#include "support/run_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

StageStory story_of(const std::string& key, const RunScript& script) {
  StageStory story(key);
  script.tell([&story](const RunEvent& event) { story.apply(event); });
  return story;
}

TEST(StageStory, wait_for_needs_ends_with_the_one_that_came_last) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1), planned("c", 2, {0, 1})});
  script.start(0).start(1).at(1s).complete(1, 1s).at(3s).complete(0, 3s);
  script.add(StageReady{2}).start(2).at(4s).complete(2, 1s);
  const auto waits = story_of("c", script).waits(nullptr);
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].kind, WaitKind::needs);
  EXPECT_EQ(waits[0].span, 3s);
  EXPECT_THAT(waits[0].stages, ElementsAre("a"));
}

TEST(StageStory, stage_that_waits_still_names_what_is_not_done) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1), planned("c", 2, {0, 1})});
  script.start(0).start(1).at(1s).complete(1, 1s).at(5s).add(StageOutputAt{0, 9});
  const auto waits = story_of("c", script).waits(nullptr);
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].span, 5s);
  EXPECT_THAT(waits[0].stages, ElementsAre("a"));
}

TEST(StageStory, full_slots_and_other_room_are_told_apart) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)});
  script.add(JobsChanged{1, "test"}).add(StageReady{0}).add(StageReady{1}).start(0);
  script.at(2s).complete(0, 2s).at(2500ms).start(1).at(3s).complete(1, 500ms);
  const auto waits = story_of("b", script).waits(nullptr);
  ASSERT_EQ(waits.size(), 2U);
  EXPECT_EQ(waits[0].kind, WaitKind::slot);
  EXPECT_EQ(waits[0].span, 2s);
  EXPECT_EQ(waits[1].kind, WaitKind::room);
  EXPECT_EQ(waits[1].span, 500ms);
}

TEST(StageStory, lock_that_another_stage_held_is_named_where_the_workflow_is_known) {
  Workflow workflow;
  for (const char* key : {"a", "b"}) {
    Stage stage;
    stage.key = key;
    stage.resources.locks = {"database"};
    workflow.stages.push_back(stage);
  }
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)});
  script.start(0).add(StageReady{1}).at(2s).complete(0, 2s).start(1).at(3s).complete(1, 1s);
  const auto waits = story_of("b", script).waits(&workflow);
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].kind, WaitKind::lock);
  EXPECT_EQ(waits[0].span, 2s);
  EXPECT_THAT(waits[0].stages, ElementsAre("a"));
  EXPECT_EQ(story_of("b", script).waits(nullptr).at(0).kind, WaitKind::room);
}

TEST(StageStory, cause_saved_time_and_retries_are_kept) {
  StageCause cause;
  cause.kind = CauseKind::inputs_changed;
  cause.add({ChangedThing::input, ChangeKind::content, "a.c"});
  StageStarted started;
  started.cause = std::make_shared<const StageCause>(cause);
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)});
  script.add(started).add(StageRetrying{0, 1, FailureKind::exit_code, 75, 0, 1s}).start(0, 2);
  script.add(StageSkipped{1, StageStatus::skipped, "up to date", true, 7s});
  const StageStory a = story_of("a", script);
  EXPECT_EQ(a.stage()->cause->changes.at(0).name, "a.c");
  EXPECT_EQ(a.retries().at(0).exit_code, 75);
  const StageStory b = story_of("b", script);
  EXPECT_TRUE(b.stage()->up_to_date);
  EXPECT_EQ(b.stage()->saved, 7s);
  EXPECT_EQ(b.state().saved, 7s);
}

TEST(StageStory, stage_that_is_not_in_the_plan_is_known_by_its_reason) {
  RunStarted body;
  body.stages = {planned("a", 0)};
  body.left_out = {{"b", "lane 'docs' does not have it"}};
  RunScript script;
  script.add(body);
  EXPECT_EQ(story_of("b", script).stage(), nullptr);
  EXPECT_EQ(story_of("b", script).left_out(), "lane 'docs' does not have it");
  EXPECT_EQ(story_of("c", script).left_out(), std::nullopt);
  EXPECT_TRUE(story_of("c", script).waits(nullptr).empty());
}

TEST(StageStory, run_that_died_is_interrupted) {
  RunScript script;
  script.start_run({planned("a", 0)}).start(0).at(2s).add(StageOutputAt{0, 1});
  StageStory story = story_of("a", script);
  story.mark_interrupted();
  EXPECT_EQ(story.stage()->status, StageStatus::interrupted);
}

}  // namespace
}  // namespace headway
