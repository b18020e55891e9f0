// Whole runs on a clock moved by hand: which events come, in which order, with which end.
#include "orchestration/orchestrator.hpp"

#include "model/workflow_file.hpp"
#include "orchestration/held_locks.hpp"
#include "support/fake_backend.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace headway {
namespace {

using namespace std::chrono_literals;

// Keeps every event.
class Recorder final : public RunObserver {
 public:
  void on_event(const RunEvent& event) override { events.push_back(event); }

  template <typename Body>
  std::vector<Body> all() const {
    std::vector<Body> out;
    for (const RunEvent& event : events) {
      if (const auto* body = std::get_if<Body>(&event.body)) {
        out.push_back(*body);
      }
    }
    return out;
  }

  std::vector<RunEvent> events;
};

// A workflow text, a fake machine, and what came of running it.
class OrchestratorTest : public testing::Test {
 protected:
  void load(const std::string& yaml, RunRequest request = {}) {
    loaded_ = parse_workflow(yaml, "headway.yaml", directory_.path());
    for (const Problem& problem : loaded_.problems) {
      ADD_FAILURE() << to_string(problem);
    }
    if (request.jobs.count == 0 && !automatic_) {
      request.jobs.count = 2;
    }
    auto plan = make_run_plan(loaded_.workflow, std::move(request));
    ASSERT_TRUE(plan.has_value()) << plan.error().message;
    plan_ = std::move(*plan);
  }

  RunOutcome run(ResourceProbe* probe = nullptr) {
    RunIdentity identity;
    identity.run_id = "0193a1b2-0000-7000-8000-0123456789ab";
    identity.run_folder = directory_.path();
    Orchestrator orchestrator(plan_, identity, {clock_, backend_, {&recorder_}, probe});
    return orchestrator.run();
  }

  // "key:STATUS" in the order in which the stages came to their end.
  std::vector<std::string> ends() const {
    std::vector<std::string> out;
    for (const RunEvent& event : recorder_.events) {
      if (const auto* finished = std::get_if<StageFinished>(&event.body)) {
        out.push_back(plan_.stage(finished->stage).key + ":" +
                      std::string(to_string(finished->status)));
      } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
        out.push_back(plan_.stage(skipped->stage).key + ":" +
                      std::string(to_string(skipped->status)));
      }
    }
    return out;
  }

  bool automatic_ = false;  // -j auto instead of two at once
  TempFolder directory_;
  FakeClock clock_;
  FakeBackend backend_{clock_, [this](Nanos to) { clock_.advance(to - clock_.monotonic()); }};
  Recorder recorder_;
  LoadedWorkflow loaded_;
  RunPlan plan_;
};

constexpr const char* kChain = R"(
version: 1
stages:
  a: {run: [a]}
  b: {run: [b], needs: [a]}
  c: {run: [c], needs: [b]}
)";

TEST_F(OrchestratorTest, a_green_chain_runs_in_order_and_completes) {
  load(kChain);
  const RunOutcome outcome = run();
  EXPECT_EQ(outcome.status, RunStatus::completed);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(ends(), (std::vector<std::string>{"a:COMPLETED", "b:COMPLETED", "c:COMPLETED"}));
  EXPECT_EQ(recorder_.events.back().elapsed, 3s);
}

TEST_F(OrchestratorTest, events_are_numbered_without_a_gap_and_begin_and_end_the_run) {
  load(kChain);
  (void)run();
  for (std::size_t i = 0; i < recorder_.events.size(); ++i) {
    EXPECT_EQ(recorder_.events[i].seq, static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_TRUE(std::holds_alternative<RunStarted>(recorder_.events.front().body));
  EXPECT_TRUE(std::holds_alternative<RunFinished>(recorder_.events.back().body));
}

TEST_F(OrchestratorTest, each_stage_is_ready_then_started_then_finished) {
  load(kChain);
  (void)run();
  EXPECT_EQ(recorder_.all<StageReady>().size(), 3U);
  EXPECT_EQ(recorder_.all<StageStarted>().size(), 3U);
  EXPECT_EQ(recorder_.all<StageFinished>().size(), 3U);
  EXPECT_EQ(recorder_.all<StageStarted>()[1].log, "stages/b.1.log");
  EXPECT_GT(recorder_.all<StageStarted>()[1].pid, 0);
}

TEST_F(OrchestratorTest, what_needed_a_failure_is_skipped_with_the_reason) {
  load(kChain);
  backend_.script("a", {FakeAttempt{.exit_code = 2}});
  const RunOutcome outcome = run();
  EXPECT_EQ(outcome.status, RunStatus::failed);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(ends(), (std::vector<std::string>{"a:FAILED", "b:SKIPPED", "c:SKIPPED"}));
  EXPECT_EQ(recorder_.all<StageSkipped>()[0].reason, "needs 'a', which failed");
  EXPECT_EQ(recorder_.all<StageFinished>()[0].reason, "exit code 2");
}

constexpr const char* kTwoChains = R"(
version: 1
stages:
  bad: {run: [bad]}
  long: {run: [long]}
  after_bad: {run: [x], needs: [bad]}
  after_long: {run: [x], needs: [long]}
)";

TEST_F(OrchestratorTest, fail_fast_lets_running_stages_finish_and_starts_nothing_new) {
  load(kTwoChains);
  backend_.script("bad", {FakeAttempt{.duration = 1s, .exit_code = 1}});
  backend_.script("long", {FakeAttempt{.duration = 5s}});
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(backend_.launches.size(), 2U);
  EXPECT_TRUE(backend_.terminated.empty());
  EXPECT_EQ(recorder_.events.back().elapsed, 5s);
}

TEST_F(OrchestratorTest, fail_fast_kill_ends_what_runs) {
  RunRequest request;
  request.failure_mode = FailureMode::kill;
  load(kTwoChains, request);
  backend_.script("bad", {FakeAttempt{.duration = 1s, .exit_code = 1}});
  backend_.script("long", {FakeAttempt{.duration = 50s}});
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(backend_.terminated, std::vector<int>{1});
  EXPECT_EQ(recorder_.events.back().elapsed, 1s);
}

TEST_F(OrchestratorTest, a_start_that_fails_ends_what_would_have_started_with_it) {
  RunRequest request;
  request.failure_mode = FailureMode::kill;
  load("version: 1\nstages:\n  a: {run: [a]}\n  b: {run: [b]}\n", request);
  backend_.script("a",
                  {FakeAttempt{.start_error = Error{ErrorCode::not_found, "find program 'a'"}}});
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(backend_.launches.size(), 1U);
  EXPECT_EQ(ends(), (std::vector<std::string>{"a:FAILED", "b:CANCELLED"}));
}

TEST_F(OrchestratorTest, keep_going_skips_only_what_depends_on_the_failure) {
  RunRequest request;
  request.failure_mode = FailureMode::keep_going;
  load(kTwoChains, request);
  backend_.script("bad", {FakeAttempt{.duration = 1s, .exit_code = 1}});
  EXPECT_EQ(run().exit_code, 1);
  const auto got = ends();
  EXPECT_EQ(std::count(got.begin(), got.end(), "after_long:COMPLETED"), 1);
  EXPECT_EQ(std::count(got.begin(), got.end(), "after_bad:SKIPPED"), 1);
}

TEST_F(OrchestratorTest, a_failed_attempt_is_tried_again_after_its_delay) {
  load("version: 1\nstages:\n  a: {run: [a], retries: {max: 2, delay: 4s}}\n");
  backend_.script("a", {FakeAttempt{.exit_code = 1}, FakeAttempt{.exit_code = 0}});
  EXPECT_EQ(run().exit_code, 0);
  ASSERT_EQ(recorder_.all<StageRetrying>().size(), 1U);
  EXPECT_EQ(recorder_.all<StageRetrying>()[0].delay, 4s);
  EXPECT_EQ(recorder_.all<StageFinished>().at(0).attempt, 2);
  EXPECT_EQ(recorder_.events.back().elapsed, 6s);
}

TEST_F(OrchestratorTest, a_timeout_terminates_then_kills_after_the_grace) {
  load("version: 1\nstages:\n  a: {run: [a], timeout: 10s, grace: 3s}\n");
  backend_.script("a", {FakeAttempt{.duration = 1h, .ignores_sigterm = true}});
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(backend_.terminated, std::vector<int>{0});
  EXPECT_EQ(backend_.killed, std::vector<int>{0});
  EXPECT_EQ(recorder_.all<StageFinished>()[0].failure, FailureKind::timeout);
  EXPECT_EQ(recorder_.events.back().elapsed, 13s);
}

TEST_F(OrchestratorTest, a_stage_that_may_fail_does_not_fail_the_run) {
  load("version: 1\nstages:\n  a: {run: [a], allow_failure: true}\n  b: {run: [b], needs: [a]}\n");
  backend_.script("a", {FakeAttempt{.exit_code = 1}});
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_EQ(ends(), (std::vector<std::string>{"a:FAILED", "b:COMPLETED"}));
}

constexpr const char* kCleanup = R"(
version: 1
stages:
  a: {run: [a], grace: 2s}
  b: {run: [b], needs: [a]}
  clean: {run: [clean], always: true}
)";

TEST_F(OrchestratorTest, always_stages_run_after_a_failure) {
  load(kCleanup);
  backend_.script("a", {FakeAttempt{.exit_code = 1}});
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(ends(), (std::vector<std::string>{"a:FAILED", "b:SKIPPED", "clean:COMPLETED"}));
}

TEST_F(OrchestratorTest, the_first_interrupt_terminates_runs_always_stages_and_says_130) {
  load(kCleanup);
  backend_.script("a", {FakeAttempt{.duration = 60s}});
  backend_.wake(1s, SIGINT);
  const RunOutcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.status, RunStatus::cancelled);
  EXPECT_EQ(ends(), (std::vector<std::string>{"b:CANCELLED", "a:CANCELLED", "clean:COMPLETED"}));
}

TEST_F(OrchestratorTest, the_second_interrupt_kills_at_once_and_runs_nothing_more) {
  load(kCleanup);
  backend_.script("a", {FakeAttempt{.duration = 60s, .ignores_sigterm = true}});
  backend_.wake(1s, SIGINT);
  backend_.wake(1500ms, SIGINT);
  EXPECT_EQ(run().exit_code, 130);
  EXPECT_EQ(recorder_.events.back().elapsed, 1500ms);
  EXPECT_EQ(backend_.launches.size(), 1U);
  ASSERT_EQ(recorder_.all<RunCancelling>().size(), 2U);
  EXPECT_TRUE(recorder_.all<RunCancelling>()[1].immediate);
}

TEST_F(OrchestratorTest, sigterm_says_143) {
  load(kChain);
  backend_.wake(500ms, SIGTERM);
  EXPECT_EQ(run().exit_code, 143);
}

TEST_F(OrchestratorTest, an_interrupt_while_a_retry_waits_cancels_the_stage) {
  load("version: 1\nstages:\n  a: {run: [a], retries: {max: 1, delay: 60s}}\n");
  backend_.script("a", {FakeAttempt{.exit_code = 1}});
  backend_.wake(5s, SIGINT);
  EXPECT_EQ(run().exit_code, 130);
  EXPECT_EQ(ends(), std::vector<std::string>{"a:CANCELLED"});
  EXPECT_EQ(recorder_.events.back().elapsed, 5s);
}

TEST_F(OrchestratorTest, the_runs_timeout_ends_it_with_124) {
  RunRequest request;
  request.timeout = 5s;
  load(kCleanup, request);
  backend_.script("a", {FakeAttempt{.duration = 60s}});
  EXPECT_EQ(run().exit_code, 124);
  EXPECT_EQ(ends().back(), "clean:COMPLETED");
}

TEST_F(OrchestratorTest, a_program_that_is_not_there_fails_its_stage_with_127) {
  load(kChain);
  backend_.script("a",
                  {FakeAttempt{.start_error = Error{ErrorCode::not_found, "find program 'a'"}}});
  EXPECT_EQ(run().exit_code, 1);
  const auto finished = recorder_.all<StageFinished>();
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].exit_code, 127);
  EXPECT_EQ(finished[0].failure, FailureKind::start_failed);
  EXPECT_EQ(finished[0].reason, "find program 'a'");
}

TEST_F(OrchestratorTest, when_the_watcher_dies_the_run_is_interrupted_and_says_so) {
  load(kChain);
  backend_.script("a", {FakeAttempt{.duration = 60s}});
  backend_.wake(2s, kWatcherDied);
  const RunOutcome outcome = run();
  EXPECT_EQ(outcome.status, RunStatus::interrupted);
  EXPECT_EQ(outcome.exit_code, 70);
  EXPECT_EQ(ends(), std::vector<std::string>{"a:INTERRUPTED"});
}

TEST_F(OrchestratorTest, a_lock_is_held_by_one_stage_at_a_time) {
  load(R"(
version: 1
stages:
  a: {run: [a], resources: {locks: [db]}}
  b: {run: [b], resources: {locks: [db]}}
)");
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_EQ(backend_.running_max, 1U);
}

TEST_F(OrchestratorTest, a_lock_held_by_another_run_is_waited_for) {
  load("version: 1\nstages:\n  a: {run: [a], resources: {locks: [db]}}\n");
  ASSERT_TRUE(plan_.state.create().has_value());
  HeldLocks other(plan_.state, {"db"});
  ASSERT_EQ(other.acquire(0, {0}), std::nullopt);
  bool released = false;
  FakeBackend waiting(clock_, [&](Nanos to) {
    clock_.advance(to - clock_.monotonic());
    if (!released && clock_.monotonic() > 700ms) {
      other.release(0);
      released = true;
    }
  });
  RunIdentity identity;
  identity.run_id = "x";
  Orchestrator orchestrator(plan_, identity, {clock_, waiting, {&recorder_}});
  EXPECT_EQ(orchestrator.run().exit_code, 0);
  EXPECT_TRUE(released);
  EXPECT_EQ(waiting.launches.size(), 1U);
}

TEST_F(OrchestratorTest, progress_is_told_at_most_twice_a_second) {
  load("version: 1\nstages:\n  a: {run: [a]}\n");
  backend_.script("a", {FakeAttempt{.duration = 10s}});
  (void)run();
  const std::size_t told = recorder_.all<EstimateUpdated>().size();
  EXPECT_GE(told, 10U);
  EXPECT_LE(told, 22U);
}

TEST_F(OrchestratorTest, stage_that_gets_the_terminal_is_announced_when_all_before_it_was_told) {
  load("version: 1\nstages:\n  a: {run: [a]}\n  b: {run: [b], needs: [a], interactive: true}\n");
  RunIdentity identity;
  identity.run_id = "x";
  OrchestratorSeams seams{clock_, backend_, {&recorder_}};
  std::vector<std::size_t> ended;
  seams.before_terminal = [&] {
    ended.push_back(recorder_.all<StageFinished>().size());
    EXPECT_EQ(backend_.launches.size(), 1U);
  };
  EXPECT_EQ(Orchestrator(plan_, identity, seams).run().exit_code, 0);
  EXPECT_EQ(ended, std::vector<std::size_t>{1});
}

TEST_F(OrchestratorTest, the_queue_wait_counts_from_ready_to_the_first_start) {
  RunRequest request;
  request.jobs.count = 1;
  load("version: 1\nstages:\n  a: {run: [a]}\n  b: {run: [b]}\n", request);
  (void)run();
  const auto finished = recorder_.all<StageFinished>();
  ASSERT_EQ(finished.size(), 2U);
  EXPECT_EQ(finished[0].queue_wait, 0s);
  EXPECT_EQ(finished[1].queue_wait, 1s);
}

}  // namespace
}  // namespace headway
