// StatusTracker: the file after every step, read back.
#include "headway/status.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace headway {
namespace {

using namespace std::chrono_literals;

// A tracker with the stages 0 to `count` - 1 and a clock moved by hand.
class Tracked {
 public:
  explicit Tracked(int count, std::optional<Seconds> target = {}) {
    StatusOptions options{.workflow_id = "change-1", .lane = "docs", .sla_target = target};
    for (int id = 0; id < count; ++id) {
      options.stages.push_back({.stage_id = id, .name = "Stage " + std::to_string(id)});
    }
    auto made = StatusTracker::create(path(), std::move(options), clock);
    EXPECT_TRUE(made);
    tracker.emplace(*std::move(made));
  }

  std::string path() const { return folder / "status.json"; }
  WorkflowStatus file() const { return read_status(path()).value_or({}); }

  TempFolder folder;
  FakeClock clock;
  std::optional<StatusTracker> tracker;
};

TEST(StatusTracker, the_file_stands_from_the_beginning_on) {
  const Tracked run(2);
  const WorkflowStatus status = run.file();
  EXPECT_EQ(status.workflow_id, "change-1");
  EXPECT_EQ(status.lane, "docs");
  EXPECT_EQ(status.status, StageStatus::running);
  ASSERT_EQ(status.stages.size(), 2U);
  EXPECT_EQ(status.stages[1].name, "Stage 1");
  EXPECT_EQ(status.stages[1].status, StageStatus::pending);
  EXPECT_FALSE(status.run_id.empty());
}

TEST(StatusTracker, thirteen_stages_are_followed_to_the_end) {
  Tracked run(13);
  for (int id = 0; id < 13; ++id) {
    ASSERT_TRUE(run.tracker->start_stage(id));
    EXPECT_EQ(run.file().stage_id, id);
    EXPECT_EQ(run.file().stages[static_cast<std::size_t>(id)].status, StageStatus::running);
    run.clock.advance(2s);
    ASSERT_TRUE(run.tracker->complete_stage(id));
  }
  ASSERT_TRUE(run.tracker->finish());
  const WorkflowStatus status = run.file();
  EXPECT_EQ(status.status, StageStatus::completed);
  EXPECT_EQ(status.elapsed, 26s);
  for (const StatusStage& stage : status.stages) {
    EXPECT_EQ(stage.status, StageStatus::completed);
    EXPECT_EQ(stage.duration, 2s);
    EXPECT_EQ(stage.attempts, 1);
  }
}

TEST(StatusTracker, stages_overlap_and_are_repeated) {
  Tracked run(2);
  ASSERT_TRUE(run.tracker->start_stage(0));
  run.clock.advance(1s);
  ASSERT_TRUE(run.tracker->start_stage(1));
  run.clock.advance(3s);
  ASSERT_TRUE(run.tracker->complete_stage(0, StageStatus::failed, 75));
  EXPECT_EQ(run.file().stages[0].exit_code, 75);
  EXPECT_EQ(run.file().stages[0].duration, 4s);
  ASSERT_TRUE(run.tracker->start_stage(0));
  run.clock.advance(1s);
  ASSERT_TRUE(run.tracker->complete_stage(0));
  ASSERT_TRUE(run.tracker->complete_stage(1, StageStatus::failed));
  const WorkflowStatus status = run.file();
  EXPECT_EQ(status.stages[0].attempts, 2);
  EXPECT_EQ(status.stages[0].duration, 1s);
  EXPECT_EQ(status.stages[1].duration, 4s);
  EXPECT_FALSE(status.stages[1].exit_code.has_value());
}

TEST(StatusTracker, steps_that_cannot_follow_are_refused_and_change_nothing) {
  Tracked run(2);
  EXPECT_EQ(run.tracker->start_stage(13).error().code, ErrorCode::not_found);
  EXPECT_EQ(run.tracker->start_stage(-1).error().code, ErrorCode::not_found);
  EXPECT_EQ(run.tracker->complete_stage(0).error().code, ErrorCode::conflict);
  ASSERT_TRUE(run.tracker->start_stage(0));
  EXPECT_EQ(run.tracker->start_stage(0).error().code, ErrorCode::conflict);
  EXPECT_EQ(run.tracker->complete_stage(0, StageStatus::pending).error().code, ErrorCode::conflict);
  ASSERT_TRUE(run.tracker->complete_stage(1, StageStatus::skipped));
  EXPECT_EQ(run.tracker->finish(StageStatus::running).error().code, ErrorCode::conflict);
  ASSERT_TRUE(run.tracker->finish(StageStatus::failed));
  EXPECT_EQ(run.tracker->finish().error().code, ErrorCode::conflict);
  EXPECT_EQ(run.tracker->start_stage(1).error().code, ErrorCode::conflict);
  const WorkflowStatus status = run.file();
  EXPECT_EQ(status.status, StageStatus::failed);
  EXPECT_EQ(status.stages[0].status, StageStatus::cancelled);
  EXPECT_EQ(status.stages[1].status, StageStatus::skipped);
}

TEST(StatusTracker, the_target_has_a_risk_once_it_is_known_what_remains) {
  Tracked run(1, 300s);
  EXPECT_EQ(run.file().sla_target, 300s);
  EXPECT_FALSE(run.file().sla_risk.has_value());
  ASSERT_TRUE(run.tracker->start_stage(0));
  run.clock.advance(100s);
  ASSERT_TRUE(run.tracker->set_remaining({.expected = 200s, .p10 = 100s, .p90 = 300s}));
  EXPECT_NEAR(run.file().sla_risk.value_or(0), 0.5, 0.01);
  EXPECT_EQ(run.file().remaining->p90, 300s);
  EXPECT_FALSE(run.tracker->set_remaining({.expected = 1s, .p10 = 2s, .p90 = 3s}));
  run.clock.advance(201s);
  ASSERT_TRUE(run.tracker->complete_stage(0));
  EXPECT_EQ(run.tracker->status().within_sla, false);
  EXPECT_EQ(run.tracker->status().sla_risk, 1);
}

TEST(StatusTracker, a_run_that_nobody_finished_is_interrupted) {
  Tracked run(1);
  ASSERT_TRUE(run.tracker->start_stage(0));
  run.tracker.reset();
  EXPECT_EQ(run.file().status, StageStatus::interrupted);
  EXPECT_EQ(run.file().stages[0].status, StageStatus::interrupted);
}

TEST(StatusTracker, wrong_stages_and_targets_are_refused) {
  const TempFolder folder;
  const std::string path = folder / "s.json";
  EXPECT_FALSE(StatusTracker::create(path, {.stages = {{.stage_id = 1}, {.stage_id = 1}}}));
  EXPECT_FALSE(StatusTracker::create(path, {.stages = {{.stage_id = -1}}}));
  EXPECT_FALSE(StatusTracker::create(path, {.sla_target = Seconds(-1)}));
  EXPECT_FALSE(read_status(path));
  const auto nowhere = StatusTracker::create(folder / "none" + "/s.json");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
}

TEST(StatusTracker, threads_share_one_tracker) {
  constexpr int kThreads = 4;
  Tracked run(kThreads);
  std::vector<std::thread> threads;
  for (int id = 0; id < kThreads; ++id) {
    threads.emplace_back([&tracker = *run.tracker, id] {
      EXPECT_TRUE(tracker.start_stage(id));
      EXPECT_TRUE(tracker.complete_stage(id));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ASSERT_TRUE(run.tracker->finish());
  for (const StatusStage& stage : run.file().stages) {
    EXPECT_EQ(stage.status, StageStatus::completed);
  }
}

}  // namespace
}  // namespace headway
