// Running stages redrawn in place, at most ten times a second.
#include "cli/views/live_view.hpp"

#include "support/text_search.hpp"
#include "unit/cli/views/view_harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(LiveView, running_stages_are_shown_with_time_and_expectation) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0).start(1);
  run.pass();
  run.at(seconds(3)).print(1, "compiling\nlinking\n");
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "0 of 3  3.0 s  time left not known yet")) << text;
  EXPECT_TRUE(has(text, "  a  2.0 s of about 10 s")) << text;
  EXPECT_TRUE(has(text, "  b  2.0 s")) << text;
  EXPECT_TRUE(has(text, "linking")) << text;
  EXPECT_FALSE(has(text, "compiling")) << text;
}

TEST(LiveView, pictures_are_at_least_a_frame_apart) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  EXPECT_NE(run.take(), "");
  for (int i = 0; i < 100; ++i) {
    run.print(0, "line\n");
  }
  run.at(milliseconds(1099)).print(0, "line\n");
  EXPECT_EQ(run.take(), "");
  run.at(milliseconds(1100)).print(0, "line\n");
  EXPECT_NE(run.take(), "");
}

TEST(LiveView, stage_that_gets_the_terminal_has_it_alone) {
  ViewHarness run(OutputKind::live);
  PlannedStage ask = planned("ask", 0);
  ask.interactive = true;
  run.script.start_run({planned("a", 1), ask, planned("c", 2)});
  run.at(seconds(1)).script.start(0).add(StageReady{1});
  EXPECT_TRUE(has(run.take(), "0 of 3")) << "another one still runs";
  run.at(seconds(2)).script.complete(0, seconds(1));
  EXPECT_TRUE(has(run.take(), "== a: completed")) << "the picture is taken away before the stage";
  run.at(seconds(3)).script.start(1).add(EstimateUpdated{});
  EXPECT_EQ(run.take(), "");
  run.at(seconds(4)).script.complete(1, seconds(1));
  EXPECT_TRUE(has(run.take(), "== ask: completed"));
}

TEST(LiveView, ended_stages_scroll_above) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  run.take();
  run.at(seconds(2)).script.complete(0, seconds(1));
  const std::string text = run.take();
  EXPECT_LT(text.find("== a: completed in 1.0 s\n"), text.find("1 of 3")) << text;
}

TEST(LiveView, paused_terminal_gets_no_picture_and_every_line_later) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0).start(1);
  run.take();
  run.reader_reads = false;
  run.at(seconds(2)).script.complete(0, seconds(1));
  run.pass();
  run.at(seconds(3)).print(1, "line\n");
  run.at(seconds(4)).script.fail(1, seconds(3), 1);
  EXPECT_EQ(run.take(), "");
  run.reader_reads = true;
  run.at(seconds(5)).script.start(2);
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "== a: completed in 1.0 s\n== b: FAILED (exit code 1) after 3.0 s\n"))
      << text;
  EXPECT_TRUE(has(text, "2 of 3")) << text;
}

TEST(LiveView, end_of_the_run_is_told_to_a_paused_terminal_too) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  run.take();
  run.reader_reads = false;
  run.at(seconds(2)).script.complete(0, seconds(1)).finish_run(RunStatus::completed, 0);
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "== a: completed in 1.0 s\n")) << text;
  EXPECT_TRUE(text.ends_with("\x1b[?25h")) << text;
}

TEST(LiveView, more_running_stages_than_rows_are_counted) {
  ViewHarness run(OutputKind::live);  // 12 rows
  std::vector<PlannedStage> stages;
  for (int at = 0; at < 12; ++at) {
    stages.push_back(planned("s" + std::to_string(at), at));
  }
  run.at(seconds(1)).script.start_run(stages);
  for (int at = 0; at < 12; ++at) {
    run.script.start(at);
  }
  run.pass();
  run.take();
  run.at(seconds(2)).print(0, "x\n");
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "  s7  ")) << text;
  EXPECT_FALSE(has(text, "  s8  ")) << text;
  EXPECT_TRUE(has(text, "  and 4 more running")) << text;
}

TEST(LiveView, stage_between_two_attempts_says_that_it_waits) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  run.pass();
  run.at(seconds(2))
      .script.add(StageRetrying{.stage = 0, .failure = FailureKind::timeout, .delay = seconds(5)});
  run.pass();
  run.take();
  run.at(seconds(3)).script.start(1);
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "  a  waits for its next attempt")) << text;
}

TEST(LiveView, stage_without_memory_stands_still_and_that_time_does_not_count) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0).start(1);
  run.take();
  run.at(seconds(3)).script.add(StagePaused{1, "memory runs short"});
  std::string text = run.take();
  EXPECT_TRUE(has(text, "== b: stands still (memory runs short)\n")) << text;
  EXPECT_TRUE(has(text, "  b  stands still ")) << text;
  run.at(seconds(10)).script.add(StageContinued{1});
  run.take();
  run.at(seconds(11)).script.add(EstimateUpdated{});
  text = run.take();
  EXPECT_TRUE(has(text, "  b  3.0 s")) << text;
}

TEST(LiveView, output_of_an_earlier_attempt_is_not_shown_for_the_next) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  run.pass();
  run.at(seconds(2)).print(0, "old news\n");
  run.script.add(StageRetrying{.stage = 0, .failure = FailureKind::timeout});
  run.pass();
  run.take();
  run.at(seconds(3)).script.start(0, 2);
  EXPECT_FALSE(has(run.take(), "old news"));
}

TEST(LiveView, end_of_the_run_gives_the_terminal_back_and_loses_no_line) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0).complete(0, milliseconds(1));
  run.script.finish_run(RunStatus::completed, 0);
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "== a: completed in 1 ms\n")) << text;
  EXPECT_TRUE(text.ends_with("\x1b[?25h")) << text;
  run.view->note("later");
  EXPECT_EQ(run.take(), "later\n");
}

TEST(LiveView, lines_never_reach_the_last_column) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  run.pass();
  run.at(seconds(2)).print(0, std::string(500, 'x') + "\n");
  const std::string text = run.take();
  const std::size_t start = text.find("  a  ");
  ASSERT_NE(start, std::string::npos);
  EXPECT_LT(text.find("\x1b[K", start) - start, 60U) << text;
}

TEST(LiveView, output_cannot_steer_the_terminal) {
  ViewHarness run(OutputKind::live);
  run.at(seconds(1)).script.start(0);
  run.pass();
  run.at(seconds(2)).print(0, "\x1b[2Jboom\n");
  const std::string text = run.take();
  EXPECT_TRUE(has(text, "boom"));
  EXPECT_FALSE(has(text, "\x1b[2J"));
}

}  // namespace
}  // namespace headway::cli
