// Every line with its stage before it.
#include "cli/views/stream_view.hpp"

#include "unit/cli/views/view_harness.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using std::chrono::seconds;

TEST(StreamView, lines_of_stages_alternate_whole) {
  ViewHarness run(OutputKind::stream);
  run.script.start(0).start(1);
  run.pass();
  run.print(0, "one\ntw");
  run.print(1, "x\ny\n");
  run.print(0, "o\n\n");
  EXPECT_EQ(run.take(), "[a] one\n[b] x\n[b] y\n[a] two\n[a] \n");
}

TEST(StreamView, line_without_end_is_completed_when_its_stage_ends) {
  ViewHarness run(OutputKind::stream);
  run.script.start(0);
  run.pass();
  run.print(0, "half");
  EXPECT_EQ(run.take(), "");
  run.script.complete(0, seconds(1));
  EXPECT_EQ(run.take(), "[a] half\n== a: completed in 1.0 s\n");
}

TEST(StreamView, endless_line_is_shown_in_bounded_pieces) {
  ViewHarness run(OutputKind::stream);
  run.script.start(0);
  run.pass();
  run.print(0, std::string(StreamView::kMaxLine + 1, 'x'));
  EXPECT_EQ(run.take().size(), std::string("[a] \n").size() + StreamView::kMaxLine + 1);
}

TEST(StreamView, half_line_of_an_attempt_does_not_reach_the_next_one) {
  ViewHarness run(OutputKind::stream);
  run.script.start(0);
  run.pass();
  run.print(0, "half");
  run.script.add(StageRetrying{.stage = 0, .failure = FailureKind::timeout, .delay = seconds(2)});
  EXPECT_EQ(run.take(), "[a] half\n== a: attempt 1 failed (timeout), again in 2.0 s\n");
}

TEST(StreamView, stage_that_stands_still_and_goes_on_is_told) {
  ViewHarness run(OutputKind::stream);
  run.script.start(0).start(1).add(StagePaused{1, "memory runs short"}).add(StageContinued{1});
  EXPECT_EQ(run.take(), "== b: stands still (memory runs short)\n== b: goes on now\n");
}

}  // namespace
}  // namespace headway::cli
