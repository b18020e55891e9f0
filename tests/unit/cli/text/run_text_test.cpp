// A run in words.
#include "cli/text/run_text.hpp"

#include "support/run_script.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace headway::cli {
namespace {

using std::chrono::seconds;

RunState fold(const RunScript& script) {
  RunState state;
  script.tell([&](const RunEvent& event) { state.apply(event); });
  return state;
}

TEST(RestsOnText, says_how_the_last_intervals_did_where_that_was_looked_at) {
  RemainingEstimate estimate;
  estimate.runs = 14;
  EXPECT_EQ(rests_on_text(estimate), "14 runs");
  estimate.judged_runs = 20;
  estimate.inside_runs = 17;
  EXPECT_EQ(rests_on_text(estimate), "14 runs; 17 of the last 20 ended inside the interval");
}

TEST(RemainingText, estimate_says_how_sure_it_is) {
  EXPECT_EQ(remaining_text({.expected = seconds(80),
                            .p10 = seconds(50),
                            .p90 = seconds(120),
                            .confidence = 0.7,
                            .runs = 12}),
            "about 1 min 20 s left (50 s to 2 min 00 s, 70 % sure, 12 runs)");
}

TEST(RemainingText, nothing_known_gives_no_number) {
  EXPECT_EQ(remaining_text({}), "time left not known yet");
}

TEST(ProgressBar, share_is_rounded_down_so_that_full_means_done) {
  EXPECT_EQ(progress_bar(0, 3, 6), "[------]");
  EXPECT_EQ(progress_bar(2, 3, 6), "[####--]");
  EXPECT_EQ(progress_bar(999, 1000, 6), "[#####-]");
  EXPECT_EQ(progress_bar(3, 3, 6), "[######]");
  EXPECT_EQ(progress_bar(0, 0, 6), "");
}

TEST(ProgressLine, bar_gives_way_before_the_estimate_does) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)}).start(0);
  script.at(seconds(65)).complete(0, seconds(65));
  script.add(EstimateUpdated{{.expected = seconds(80),
                              .p10 = seconds(50),
                              .p90 = seconds(120),
                              .confidence = 0.75,
                              .runs = 12}});
  const RunState state = fold(script);
  const std::string text = "1 of 2  1 min 05 s  1 min 20 s left (50 s - 2 min 00 s, 75 % sure)";
  EXPECT_EQ(progress_line(state, seconds(65), 0), "[############------------] " + text);
  EXPECT_EQ(progress_line(state, seconds(65), 80), "[#####-----] " + text);
  EXPECT_EQ(progress_line(state, seconds(65), 70), text);
}

TEST(FinalLine, completed_run_is_counted) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)}).start(0).start(1);
  script.at(seconds(4)).complete(0, seconds(4)).complete(1, seconds(3));
  script.finish_run(RunStatus::completed, 0);
  EXPECT_EQ(final_line(fold(script), Paint(false)),
            "completed in 4.0 s (7.0 s of work): 2 completed  [run 0000abcd]\n");
}

TEST(FinalLine, cancelled_run_says_why) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)}).start(0);
  StageFinished end;
  end.status = StageStatus::cancelled;
  script.at(seconds(2)).finish(0, end);
  script.add(StageSkipped{1, StageStatus::cancelled, "x"});
  script.add(RunFinished{RunStatus::cancelled, 130, "interrupted"});
  EXPECT_EQ(final_line(fold(script), Paint(false)),
            "cancelled in 2.0 s: 2 cancelled (interrupted)  [run 0000abcd]\n");
}

TEST(FinalLine, missed_sla_is_told) {
  RunScript script;
  script.start_run({planned("a", 0)}, seconds(1)).start(0);
  script.at(seconds(2)).complete(0, seconds(2)).finish_run(RunStatus::completed, 0);
  EXPECT_NE(final_line(fold(script), Paint(false)).find("SLA of 1.0 s missed"), std::string::npos);
}

TEST(StageTable, stages_have_status_time_and_note) {
  RunScript script;
  script.start_run({planned("setup", 0), planned("unit", 1), planned("ship", 2)});
  script.start(0).at(seconds(2)).complete(0, seconds(2)).start(1).at(seconds(3));
  script.fail(1, seconds(1), 3).skip(2, "needs 'unit', which failed");
  EXPECT_EQ(stage_table(fold(script), Paint(false), {}),
            "  COMPLETED  setup  2.0 s\n"
            "  FAILED     unit   1.0 s  exit code 3\n"
            "  SKIPPED    ship          needs 'unit', which failed\n");
}

TEST(StageTable, further_attempts_and_allowed_failures_are_told) {
  RunScript script;
  auto allowed = planned("a", 0);
  allowed.allow_failure = true;
  script.start_run({allowed}).start(0).start(0, 2);
  StageFinished end;
  end.status = StageStatus::failed;
  end.failure = FailureKind::exit_code;
  end.exit_code = 4;
  end.duration = seconds(1);
  end.attempt = 2;
  script.finish(0, end);
  EXPECT_EQ(stage_table(fold(script), Paint(false), {}),
            "  FAILED  a  1.0 s  exit code 4, allowed, attempt 2\n");
}

TEST(StageTable, verbose_has_a_heading_and_what_each_stage_used) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)}).start(0);
  StageFinished end;
  end.duration = seconds(2);
  end.queue_wait = std::chrono::milliseconds(5);
  end.usage = {.cpu = seconds(1), .peak_memory_bytes = 3 << 20, .peak_memory_source = "wait4"};
  script.at(seconds(2)).finish(0, end);
  EXPECT_EQ(stage_table(fold(script), Paint(false), {.verbose = true}),
            "  STATUS     STAGE   TOOK  WAITED    CPU   MEMORY  NOTE\n"
            "  COMPLETED  a      2.0 s    5 ms  1.0 s  3.0 MiB\n"
            "  PENDING    b\n");
}

TEST(FailureText, every_kind_is_named) {
  StageState stage;
  EXPECT_EQ(failure_text(stage), "");
  const auto text = [&stage](FailureKind kind) {
    stage.failure = kind;
    return failure_text(stage);
  };
  stage.exit_code = 3;
  EXPECT_EQ(text(FailureKind::exit_code), "exit code 3");
  stage.signal = 11;
  EXPECT_EQ(text(FailureKind::signal), "SIGSEGV");
  stage.signal = 77;
  EXPECT_EQ(text(FailureKind::signal), "signal 77") << "no such name";
  EXPECT_EQ(text(FailureKind::timeout), "timeout");
  EXPECT_EQ(text(FailureKind::oom), "out of memory");
  EXPECT_EQ(text(FailureKind::start_failed), "could not be started");
  EXPECT_EQ(text(FailureKind::cancelled), "cancelled");
  EXPECT_EQ(text(FailureKind::exception), "threw an exception");
  stage.reason = "because";
  EXPECT_EQ(text(FailureKind::start_failed), "because");
  EXPECT_EQ(text(FailureKind::cancelled), "because");
  EXPECT_EQ(text(FailureKind::exception), "because");
}

TEST(FinalLine, every_status_is_counted_and_what_never_ran) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1), planned("c", 2), planned("d", 3)}).start(0);
  script.at(seconds(1)).fail(0, seconds(1), 1).skip(1, "x");
  StageFinished end;
  end.status = StageStatus::interrupted;
  script.start(2).finish(2, end).add(RunFinished{RunStatus::failed, 1, "a stage failed"});
  EXPECT_EQ(final_line(fold(script), Paint(false)),
            "failed in 1.0 s: 1 failed, 1 interrupted, 1 skipped, 1 not run  [run 0000abcd]\n")
      << "the reason stands on the failure screen";
}

TEST(FinalLine, sla_that_was_just_held_is_no_news) {
  RunScript script;
  script.start_run({planned("a", 0)}, seconds(2)).start(0);
  script.at(seconds(2)).complete(0, seconds(2)).finish_run(RunStatus::completed, 0);
  EXPECT_EQ(final_line(fold(script), Paint(false)).find("SLA"), std::string::npos);
}

TEST(ProgressBar, numbers_out_of_range_are_brought_into_it) {
  EXPECT_EQ(progress_bar(5, 3, 6), "[######]");
  EXPECT_EQ(progress_bar(-1, 3, 6), "[------]");
  EXPECT_EQ(progress_bar(1, 3, 2), "");
}

TEST(StatusText, ended_run_tells_its_reason_instead_of_progress) {
  ::setenv("TZ", "UTC", 1);
  RunScript script;
  script.start_run({planned("a", 0)}).start(0);
  script.at(seconds(2)).fail(0, seconds(2), 1);
  script.add(RunFinished{RunStatus::failed, 1, "a stage\x1b failed"});
  EXPECT_EQ(status_text(fold(script), Paint(false), {}),
            "run 0000abcd  FAILED in 2.0 s  demo, lane standard, 2026-11-22 11:00:00\n"
            "a stage\\x1b failed\n"
            "\n"
            "  FAILED  a  2.0 s  exit code 1\n");
}

TEST(StatusText, running_run_tells_progress_and_time_left) {
  ::setenv("TZ", "UTC", 1);
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)}).start(0);
  script.at(seconds(2)).complete(0, seconds(2)).start(1).at(seconds(5)).add(EstimateUpdated{});
  EXPECT_EQ(status_text(fold(script), Paint(false), {}),
            "run 0000abcd  RUNNING for 5.0 s  demo, lane standard, 2026-11-22 11:00:00\n"
            "[############------------] 1 of 2  5.0 s  time left not known yet\n"
            "\n"
            "  COMPLETED  a  2.0 s\n"
            "  RUNNING    b  3.0 s\n");
}

TEST(FinalLine, stages_that_are_up_to_date_are_counted_apart_with_the_time_saved) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1), planned("c", 2)});
  script.add(StageSkipped{0, StageStatus::skipped, "up to date", true, seconds(65)});
  script.add(StageSkipped{1, StageStatus::skipped, "needs 'x', which failed"});
  const std::string line = final_line(fold(script), Paint(false));
  EXPECT_NE(line.find("1 skipped, 1 up to date, 1 not run, 1 min 05 s of work saved"),
            std::string::npos)
      << line;
}

}  // namespace
}  // namespace headway::cli
