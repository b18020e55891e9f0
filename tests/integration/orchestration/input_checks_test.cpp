// InputChecks: looks and successes on its thread, and a whole run with a fake backend.
#include "orchestration/input_checks.hpp"

#include "model/workflow_file.hpp"
#include "orchestration/orchestrator.hpp"
#include "support/fake_backend.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <optional>

namespace headway {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Keeps what happened to stages.
class Seen final : public RunObserver {
 public:
  void on_event(const RunEvent& event) override {
    if (const auto* started = std::get_if<StageStarted>(&event.body)) {
      started_.push_back(*started);
    } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
      skipped_.push_back(*skipped);
    }
  }

  std::vector<StageStarted> started_;
  std::vector<StageSkipped> skipped_;
};

// Stages a -> b, both with inputs, and c without.
class InputChecksTest : public testing::Test {
 protected:
  InputChecksTest() {
    auto loaded = parse_workflow(R"(version: 1
stages:
  a: {run: [a], inputs: [in/*], outputs: [out]}
  b: {run: [b], inputs: [out], needs: [a]}
  c: {run: [c]}
)",
                                 "headway.yaml",
                                 folder_.path());
    EXPECT_TRUE(loaded.valid());
    workflow_ = std::move(loaded.workflow);
    std::filesystem::create_directory(folder_ / "in");
    spill(folder_ / "in/x", "one");
    spill(folder_ / "out", "made");
  }

  RunPlan plan(bool force = false) {
    RunRequest request;
    request.jobs.count = jobs_;
    request.force = force;
    auto made = make_run_plan(workflow_, std::move(request));
    EXPECT_TRUE(made);
    EXPECT_TRUE(made->state.create());
    return std::move(*made);
  }

  // One at a time: `deep`, on the critical path, reads so many files that a look takes
  // milliseconds; all of `short` may run before it, 2 s each.
  void load_queue() {
    jobs_ = 1;
    auto loaded = parse_workflow(R"(version: 1
stages:
  deep: {run: [deep], inputs: ["in/**"]}
  deeper: {run: [deep], needs: [deep]}
  deepest: {run: [deep], needs: [deeper]}
  short-1: {run: [short]}
  short-2: {run: [short]}
  short-3: {run: [short]}
)",
                                 "headway.yaml",
                                 folder_.path());
    EXPECT_TRUE(loaded.valid());
    workflow_ = std::move(loaded.workflow);
    for (int i = 0; i < 2000; ++i) {
      spill(folder_ / ("in/" + std::to_string(i)), "x");
    }
  }
  std::vector<std::string> started(const Seen& seen) const {
    std::vector<std::string> keys;
    for (const StageStarted& one : seen.started_) {
      keys.push_back(workflow_.stages[static_cast<std::size_t>(one.stage)].key);
    }
    return keys;
  }

  // A whole run; `b_fails`: its process does.
  RunOutcome run(Seen& seen, bool b_fails = false) {
    const RunPlan made = plan();
    FakeClock clock;
    FakeBackend backend(clock, [&clock](Nanos to) { clock.advance(to - clock.monotonic()); });
    backend.script("b", {FakeAttempt{.exit_code = b_fails ? 1 : 0}});
    backend.script("short", {FakeAttempt{.duration = 2s}});
    if (interrupt_at_) {
      backend.wake(*interrupt_at_, SIGINT);
    }
    InputChecks checks(made);
    RunIdentity identity;
    identity.run_id = "01a20775-436d-7df4-a866-c61fc7abfaf1";
    identity.run_folder = folder_ / "run";
    Orchestrator orchestrator(
        made,
        std::move(identity),
        {.clock = clock, .backend = backend, .observers = {&checks, &seen}, .inputs = &checks});
    const RunOutcome outcome = orchestrator.run();
    lines_ = checks.finish();
    return outcome;
  }

  int jobs_ = 4;
  std::optional<Nanos> interrupt_at_;
  TempFolder folder_;
  Workflow workflow_;
  std::vector<std::string> lines_;
};

TEST_F(InputChecksTest, second_run_starts_only_what_declares_nothing) {
  Seen first, second;
  EXPECT_EQ(run(first).status, RunStatus::completed);
  EXPECT_EQ(first.started_.size(), 3U);
  EXPECT_THAT(lines_, IsEmpty());
  EXPECT_EQ(run(second).status, RunStatus::completed);
  ASSERT_EQ(second.started_.size(), 1U);
  EXPECT_EQ(second.started_[0].stage, 2);
  EXPECT_EQ(second.started_[0].cause, nullptr);
  ASSERT_EQ(second.skipped_.size(), 2U);
  EXPECT_TRUE(second.skipped_[0].up_to_date);
  EXPECT_EQ(second.skipped_[0].saved, 1s);
}

TEST_F(InputChecksTest, start_tells_its_cause) {
  Seen first, second;
  run(first);
  spill(folder_ / "in/x", "two");
  run(second);
  ASSERT_EQ(second.started_.size(), 2U);
  for (const StageStarted& started : second.started_) {
    if (started.stage == 0) {
      EXPECT_EQ(cause_text(*started.cause), "input in/x changed");
    }
  }
}

TEST_F(InputChecksTest, failure_is_not_remembered_and_success_beside_it_is) {
  Seen first, second;
  EXPECT_EQ(run(first, true).status, RunStatus::failed);
  run(second);
  ASSERT_EQ(second.skipped_.size(), 1U);
  EXPECT_EQ(second.skipped_[0].stage, 0);
}

TEST_F(InputChecksTest, run_without_looks_starts_everything) {
  Seen seen;
  run(seen);
  const RunPlan made = plan();
  FakeClock clock;
  FakeBackend backend(clock, [&clock](Nanos to) { clock.advance(to - clock.monotonic()); });
  Orchestrator orchestrator(made, {}, {.clock = clock, .backend = backend, .observers = {&seen}});
  EXPECT_EQ(orchestrator.run().status, RunStatus::completed);
  EXPECT_EQ(seen.started_.size(), 6U);
}

TEST_F(InputChecksTest, stage_that_is_looked_at_once_more_keeps_its_turn) {
  load_queue();
  Seen seen;
  EXPECT_EQ(run(seen).status, RunStatus::completed);
  const auto keys = started(seen);
  ASSERT_EQ(keys.size(), 6U);
  EXPECT_EQ(keys[1], "deep") << "its first look had grown old when its turn came";
}

TEST_F(InputChecksTest, stage_that_is_found_up_to_date_in_its_turn_is_not_started) {
  load_queue();
  Seen first, second;
  run(first);
  EXPECT_EQ(run(second).status, RunStatus::completed);
  EXPECT_THAT(started(second), Not(Contains("deep")));
  ASSERT_EQ(second.skipped_.size(), 1U);
  EXPECT_TRUE(second.skipped_[0].up_to_date);
}

TEST_F(InputChecksTest, stage_that_is_told_to_end_in_its_turn_is_cancelled) {
  load_queue();
  interrupt_at_ = 2s + 500us;
  Seen seen;
  EXPECT_EQ(run(seen).status, RunStatus::cancelled);
  EXPECT_EQ(started(seen).size(), 1U) << "it was looked at when the interrupt came";
}

TEST_F(InputChecksTest, verdict_comes_as_news_once) {
  const RunPlan made = plan();
  InputChecks checks(made);
  EXPECT_TRUE(checks.covers(0));
  EXPECT_FALSE(checks.covers(2));
  RunEvent ready;
  ready.body = StageReady{0};
  checks.on_event(ready);
  EXPECT_TRUE(checks.is_waiting());
  std::vector<int> news;
  while (news.empty()) {
    news = checks.news(100ms);
  }
  EXPECT_THAT(news, ElementsAre(0));
  EXPECT_FALSE(checks.is_waiting());
  EXPECT_EQ(checks.verdict(0).cause.kind, CauseKind::first_run);
  EXPECT_THAT(checks.news(0ms), IsEmpty());
}

TEST_F(InputChecksTest, dropped_work_is_not_done) {
  Seen seen;
  const RunPlan made = plan();
  InputChecks checks(made);
  RunEvent event;
  event.body = StageReady{0};
  checks.on_event(event);
  checks.drop();
  StageFinished finished;
  finished.stage = 0;
  event.body = finished;
  checks.drop();
  static_cast<void>(checks.finish());
  EXPECT_FALSE(read_imprint(imprint_path(made.state, workflow_.name, "a")));
}

TEST_F(InputChecksTest, what_is_not_remembered_is_told) {
  std::filesystem::remove(folder_ / "out");
  Seen seen;
  run(seen);
  EXPECT_THAT(lines_,
              Contains(HasSubstr("stage 'a' will run again, its success is not remembered: it left "
                                 "nothing that its output 'out' means")));
}

}  // namespace
}  // namespace headway
