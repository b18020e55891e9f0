// Only what failed.
#include "cli/views/quiet_view.hpp"

#include "unit/cli/views/view_harness.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using std::chrono::seconds;

TEST(QuietView, success_skips_and_output_are_no_news) {
  ViewHarness run(OutputKind::quiet);
  run.script.start(0);
  run.pass();
  run.print(0, "output\n");
  run.script.complete(0, seconds(1)).skip(1, "why").add(RunCancelling{"Ctrl-C", 2, false});
  EXPECT_EQ(run.take(), "");
}

TEST(QuietView, each_failed_stage_is_one_line) {
  ViewHarness run(OutputKind::quiet);
  run.script.start(0).start(1).fail(1, seconds(2), 3).fail(0, seconds(4), 1);
  EXPECT_EQ(run.take(),
            "== b: FAILED (exit code 3) after 2.0 s\n== a: FAILED (exit code 1) after 4.0 s\n");
}

}  // namespace
}  // namespace headway::cli
