// What a finished run of a TaskGraph tells, as a profile and as events. Graphs run on the calling
// thread; times are the run's own, so only their order is looked at.
#include "headway/task_graph_record.hpp"

#include "model/run_event.hpp"
#include "support/temp_folder.hpp"
#include "timing/timing_observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>

namespace headway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Keeps the events, and their story in words.
class Story final : public RunObserver {
 public:
  void on_event(const RunEvent& event) override {
    events.push_back(event);
    std::visit([this](const auto& body) { tell(body); }, event.body);
  }

  std::vector<RunEvent> events;
  std::vector<std::string> told;
  PlannedStages plan;
  std::map<int, StageFinished> finished;
  std::map<int, std::string> skipped;
  std::multiset<int> slots_ever;
  RunFinished end;

 private:
  void add(const char* what, int stage) {
    told.push_back(what + (" " + plan[static_cast<std::size_t>(stage)].name));
  }
  void tell(const RunStarted& body) { plan = body.stages; }
  void tell(const StageReady& body) { add("ready", body.stage); }
  void tell(const StageStarted& body) {
    add("start", body.stage);
    slots_ever.insert(body.slot);
  }
  void tell(const StageFinished& body) {
    add("end", body.stage);
    finished[body.stage] = body;
  }
  void tell(const StageSkipped& body) {
    add(body.status == StageStatus::skipped ? "skip" : "cancel", body.stage);
    skipped[body.stage] = body.reason;
  }
  void tell(const RunFinished& body) { end = body; }
  template <typename Other>
  void tell(const Other& /*body*/) {
    ADD_FAILURE() << "an event that no graph tells";
  }
};

// The rate of the processor's counter is known better with each call that asks for times.
void expect_near(Seconds told, Seconds measured) {
  EXPECT_NEAR(told.count(), measured.count(), 0.01 * measured.count() + 1e-7);
}

class TaskGraphRecordTest : public testing::Test {
 protected:
  TaskId add(const std::string& name, std::vector<TaskId> needs = {}, bool throws = false) {
    const TaskId task = graph_.add(
        [throws] {
          if (throws) {
            throw std::runtime_error("no such table");
          }
        },
        needs);
    graph_.set_name(task, name);
    return task;
  }
  void run(GraphRunOptions options = {.workers = 1}) {
    auto frozen = graph_.freeze();
    ASSERT_TRUE(frozen);
    frozen_.emplace(*std::move(frozen));
    auto run = frozen_->run(options);
    ASSERT_TRUE(run);
    run_ = *std::move(run);
  }
  Story story(const GraphRunFacts& facts = {}) const {
    Story story;
    tell_events(*frozen_, run_, facts, story);
    return story;
  }

  TaskGraph graph_;
  std::optional<FrozenTaskGraph> frozen_;
  GraphRun run_;
};

TEST_F(TaskGraphRecordTest, chain_is_told_in_its_order) {
  add("b", {add("a")});
  run();
  EXPECT_THAT(story().told,
              ElementsAre("ready a", "start a", "end a", "ready b", "start b", "end b"));
}

TEST_F(TaskGraphRecordTest, needs_added_backwards_are_kept) {
  const TaskId last = add("last");
  const TaskId first = add("first");
  graph_.precede(first, last);
  run();
  const Story told = story();
  EXPECT_THAT(
      told.told,
      ElementsAre(
          "ready first", "start first", "end first", "ready last", "start last", "end last"));
  EXPECT_THAT(told.plan[0].needs, ElementsAre(1));
  EXPECT_THAT(told.plan[1].needs, IsEmpty());
}

TEST_F(TaskGraphRecordTest, plan_and_ends_say_what_ran_on_how_many_workers) {
  add("b", {add("a")});
  run();
  const Story told = story(
      {.started = WallTime(100s), .workflow = "nightly", .lane = "full", .workflow_id = "CH-1"});
  const auto& started = std::get<RunStarted>(told.events.front().body);
  EXPECT_EQ(started.workflow, "nightly");
  EXPECT_EQ(started.lane, "full");
  EXPECT_EQ(started.change_id, "CH-1");
  EXPECT_EQ(started.jobs, 1);
  EXPECT_EQ(started.stages[1].key, "b");
  EXPECT_EQ(started.stages[1].stage_id, 1);
  EXPECT_EQ(told.events.front().time, WallTime(100s));
  EXPECT_EQ(told.end.status, RunStatus::completed);
  EXPECT_EQ(told.end.exit_code, 0);
}

TEST_F(TaskGraphRecordTest, events_are_numbered_and_never_go_back_in_time) {
  for (int i = 0; i < 50; ++i) {
    add("t" + std::to_string(i));
  }
  run();
  const Story told = story();
  for (std::size_t i = 0; i < told.events.size(); ++i) {
    EXPECT_EQ(told.events[i].seq, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(told.events[i].run_id, told.events[0].run_id);
    EXPECT_TRUE(i == 0 || told.events[i].elapsed >= told.events[i - 1].elapsed);
  }
  EXPECT_FALSE(told.events[0].run_id.empty());
}

TEST_F(TaskGraphRecordTest, one_worker_has_one_slot) {
  for (int i = 0; i < 50; ++i) {
    add("t" + std::to_string(i));
  }
  run();
  EXPECT_EQ(story().slots_ever.count(0), 50U);
}

TEST_F(TaskGraphRecordTest, task_that_threw_failed_and_what_needs_it_was_skipped) {
  const TaskId bad = add("load", {}, true);
  add("index", {add("parse", {bad})});
  add("other");
  run();
  const Story told = story();
  const StageFinished& load = told.finished.at(0);
  EXPECT_EQ(load.status, StageStatus::failed);
  EXPECT_EQ(load.failure, FailureKind::exception);
  EXPECT_EQ(load.exit_code, 1);
  EXPECT_EQ(load.reason, "threw std::runtime_error: no such table");
  EXPECT_EQ(told.finished.at(3).status, StageStatus::completed);
  EXPECT_EQ(told.finished.at(3).failure, FailureKind::none);
  EXPECT_EQ(told.skipped.at(1), "needs 'load', which failed");
  EXPECT_EQ(told.skipped.at(2), "needs 'load', which failed");
  EXPECT_EQ(told.told.back(), "skip index");
  EXPECT_EQ(told.end.status, RunStatus::failed);
  EXPECT_EQ(told.end.exit_code, 1);
}

TEST_F(TaskGraphRecordTest, what_a_flag_kept_from_running_was_cancelled) {
  add("b", {add("a")});
  StopFlag stop;
  stop.raise();
  run({.workers = 1, .stop = &stop});
  const Story told = story();
  EXPECT_THAT(told.told, ElementsAre("cancel a", "cancel b"));
  EXPECT_EQ(told.skipped.at(0), "the run was cancelled before it started");
  EXPECT_EQ(told.end.status, RunStatus::cancelled);
  EXPECT_EQ(told.end.exit_code, 143);
}

TEST_F(TaskGraphRecordTest, profile_has_the_tasks_that_ran_with_their_times) {
  const TaskId bad = add("load", {}, true);
  add("parse", {bad});
  const TaskId other = add("other");
  add("last", {other});
  run();
  const WorkflowTimingProfile profile =
      profile_of(*frozen_, run_, {.started = WallTime(100s), .workflow_id = "CH-1"});
  EXPECT_EQ(profile.workflow_id, "CH-1");
  EXPECT_EQ(profile.start_time, WallTime(100s));
  std::map<std::string, StageTimingData> stages;
  for (const StageTimingData& stage : profile.stages) {
    stages[stage.stage_name] = stage;
  }
  EXPECT_EQ(stages.size(), 3U);
  EXPECT_EQ(stages["load"].status, StageStatus::failed);
  EXPECT_EQ(stages["load"].failure, FailureKind::exception);
  EXPECT_EQ(stages["other"].failure, FailureKind::none);
  EXPECT_EQ(stages["other"].status, StageStatus::completed);
  EXPECT_EQ(stages["other"].stage_id, 2);
  const TaskTime time = frozen_->time(other);
  expect_near(stages["other"].duration, time.end - time.start);
  expect_near(stages["other"].start_time - WallTime(100s), time.start);
  expect_near(*stages["other"].end_time - WallTime(100s), time.end);
  expect_near(stages["last"].queue_wait, frozen_->time({3}).start - time.end);
  EXPECT_GE(profile.end_time, stages["last"].end_time);
  EXPECT_GT(profile.total_duration, Seconds(0));
}

TEST_F(TaskGraphRecordTest, stages_of_a_profile_are_in_the_order_of_the_starts) {
  for (int i = 0; i < 20; ++i) {
    add("t" + std::to_string(i));
  }
  run();
  const WorkflowTimingProfile profile = profile_of(*frozen_, run_);
  EXPECT_FALSE(profile.workflow_id.empty());
  ASSERT_EQ(profile.stages.size(), 20U);
  for (std::size_t i = 1; i < profile.stages.size(); ++i) {
    EXPECT_GE(profile.stages[i].start_time, profile.stages[i - 1].start_time);
  }
}

TEST_F(TaskGraphRecordTest, empty_graph_has_an_empty_story) {
  run();
  EXPECT_THAT(story().told, IsEmpty());
  EXPECT_THAT(profile_of(*frozen_, run_).stages, IsEmpty());
}

TEST_F(TaskGraphRecordTest, unnamed_tasks_have_their_number_and_the_last_name_counts) {
  const TaskId named = add("first name");
  graph_.set_name(named, "name");
  graph_.add([] {});
  run();
  EXPECT_THAT(frozen_->names(), ElementsAre("name", "task 1"));
}

TEST_F(TaskGraphRecordTest, tracker_and_observer_of_the_history_take_it) {
  const TempFolder folder;
  add("b", {add("a")});
  run();
  {
    TimingTracker tracker("one", "standard", {.history = folder.path() + "/a.db"});
    for (const StageTimingData& stage : profile_of(*frozen_, run_).stages) {
      tracker.record_stage(stage);
    }
    ASSERT_TRUE(tracker.complete_workflow());
  }
  TimingObserver observer(folder.path() + "/b.db");
  tell_events(*frozen_, run_, {}, observer);
  EXPECT_EQ(observer.trouble(), "");
  for (const char* history : {"/a.db", "/b.db"}) {
    const auto estimator = PerformanceEstimator::open(folder.path() + history);
    ASSERT_TRUE(estimator);
    EXPECT_TRUE(estimator->get_average_stage_time(1, "standard").has_value()) << history;
  }
}

}  // namespace
}  // namespace headway
