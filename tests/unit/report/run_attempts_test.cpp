// Attempts and samples, folded from events.
#include "report/run_attempts.hpp"

#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunAttempts folded(const RunScript& script) {
  RunAttempts run;
  script.tell([&run](const RunEvent& event) { run.apply(event); });
  return run;
}

TEST(RunAttempts, attempt_that_was_repeated_has_its_own_end_and_failure) {
  RunScript script;
  script.start_run({planned("a", 0)}).at(1s).start(0);
  script.at(3s).add(StageRetrying{0, 1, FailureKind::signal, 0, 9, 1s});
  script.at(4s).start(0, 2).at(6s).complete(0, 2s);
  const RunAttempts run = folded(script);
  ASSERT_EQ(run.attempts().size(), 2U);
  const RunAttempt& first = run.attempts()[0];
  EXPECT_EQ(first.started, 1s);
  EXPECT_EQ(run.end_of(first), 3s);
  EXPECT_EQ(first.status, StageStatus::failed);
  EXPECT_EQ(first.failure, FailureKind::signal);
  EXPECT_EQ(first.signal, 9);
  EXPECT_EQ(run.attempts()[1].attempt, 2);
  EXPECT_EQ(run.attempts()[1].status, StageStatus::completed);
  EXPECT_EQ(run.end_of(run.attempts()[1]), 6s);
}

TEST(RunAttempts, attempt_under_way_lasts_up_to_the_newest_event) {
  RunScript script;
  script.start_run({planned("a", 0)}).at(1s).start(0).at(5s).add(ResourcesSampled{1.5, 100, 1});
  const RunAttempts run = folded(script);
  ASSERT_EQ(run.attempts().size(), 1U);
  EXPECT_TRUE(run.attempts()[0].is_under_way);
  EXPECT_EQ(run.end_of(run.attempts()[0]), 5s);
  ASSERT_EQ(run.samples().size(), 1U);
  EXPECT_DOUBLE_EQ(run.samples()[0].cpu_busy, 1.5);
}

TEST(RunAttempts, events_of_stages_that_are_not_in_the_plan_are_passed_over) {
  RunScript script;
  script.start_run({planned("a", 0)}).start(7).complete(7, 1s).complete(0, 1s);
  script.add(StageRetrying{-1, 1, FailureKind::exit_code, 1, 0, 1s});
  EXPECT_TRUE(folded(script).attempts().empty());
}

}  // namespace
}  // namespace headway
