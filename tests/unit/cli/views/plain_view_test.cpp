// Whole outputs at the ends of stages; a lone stage streams.
#include "cli/views/plain_view.hpp"

#include "unit/cli/views/view_harness.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using std::chrono::seconds;

class PlainViewTest : public testing::Test {
 protected:
  ViewHarness run{OutputKind::plain};

  void start(int stage, int attempt = 1) {
    run.script.start(stage, attempt);
    run.pass();
  }
};

TEST_F(PlainViewTest, lone_stage_streams_and_its_end_stands_below) {
  start(0);
  run.print(0, "one\ntw");
  EXPECT_EQ(run.take(), "== a: running\none\ntw");
  run.print(0, "o\n");
  run.script.complete(0, seconds(3));
  EXPECT_EQ(run.take(), "o\n== a: completed in 3.0 s\n");
}

TEST_F(PlainViewTest, stages_that_run_together_are_shown_whole_as_they_end) {
  start(0);
  start(1);
  run.print(0, "a1\n");
  run.print(1, "b1\n");
  run.print(0, "a2\n");
  EXPECT_EQ(run.take(), "");
  run.script.fail(1, seconds(2), 7);
  run.pass();
  const std::string text = run.take();
  EXPECT_TRUE(text.starts_with("== b: FAILED (exit code 7) after 2.0 s\nb1\n")) << text;
}

TEST_F(PlainViewTest, stage_that_is_alone_again_catches_up) {
  start(0);
  start(1);
  run.print(0, "a1\na2\n");
  run.script.complete(1, seconds(2));
  EXPECT_EQ(run.take(), "== b: completed in 2.0 s\n== a: running\na1\na2\n");
  run.print(0, "a3\n");
  EXPECT_EQ(run.take(), "a3\n");
}

TEST_F(PlainViewTest, second_stage_ends_the_streaming_and_the_rest_comes_at_the_end) {
  start(0);
  run.print(0, "a1\nhalf");
  start(1);
  run.print(0, " line\na2");
  run.print(1, "b1\n");
  EXPECT_EQ(run.take(), "== a: running\na1\nhalf\n");
  run.script.complete(0, seconds(2));
  const std::string text = run.take();
  EXPECT_TRUE(text.starts_with("== a: completed in 2.0 s; the rest of its output:\n line\na2\n"))
      << text;
}

TEST_F(PlainViewTest, no_rest_is_announced_where_all_was_shown) {
  start(0);
  run.print(0, "a1\n");
  start(1);
  run.script.complete(0, seconds(2));
  EXPECT_EQ(run.take(), "== a: running\na1\n== a: completed in 2.0 s\n");
}

TEST_F(PlainViewTest, no_byte_is_shown_twice_or_lost_over_all_changes) {
  start(0);
  run.print(0, "1\n");
  start(1);
  run.print(0, "2\n");
  run.script.complete(1, seconds(1));
  run.pass();
  run.print(0, "3\n");
  start(2);
  run.print(0, "4\n");
  run.script.complete(0, seconds(2));
  std::string digits;
  for (const char c : run.take()) {
    digits += c == '1' || c == '2' || c == '3' || c == '4' ? std::string(1, c) : "";
  }
  // "1.0 s" and "2.0 s" of the end lines stand between.
  EXPECT_EQ(digits,
            "1"
            "1"
            "2"
            "3"
            "2"
            "4");
}

TEST_F(PlainViewTest, line_without_end_is_completed) {
  start(0);
  start(1);
  run.print(0, "no newline");
  run.script.complete(0, seconds(1));
  EXPECT_EQ(run.take(), "== a: completed in 1.0 s\nno newline\n");
}

TEST_F(PlainViewTest, attempts_are_shown_one_by_one) {
  start(0);
  run.print(0, "first\n");
  run.script.add(StageRetrying{.stage = 0,
                               .attempt = 1,
                               .failure = FailureKind::exit_code,
                               .exit_code = 75,
                               .delay = seconds(1)});
  EXPECT_EQ(run.take(),
            "== a: running\nfirst\n== a: attempt 1 failed (exit code 75), again in 1.0 s\n");
  start(0, 2);
  run.print(0, "second\n", 2);
  EXPECT_EQ(run.take(), "== a: running\nsecond\n");
}

TEST_F(PlainViewTest, stage_that_stands_still_is_told_and_that_it_goes_on) {
  start(0);
  run.print(0, "half");
  run.take();
  start(1);
  run.script.add(StagePaused{1, "memory runs short"});
  EXPECT_EQ(run.take(), "\n== b: stands still (memory runs short)\n");
  run.at(seconds(30)).script.add(EstimateUpdated{});
  EXPECT_NE(run.take().find("running: a (30 s), b (stands still);"), std::string::npos);
  run.script.add(StageContinued{1});
  EXPECT_EQ(run.take(), "== b: goes on now\n");
}

TEST_F(PlainViewTest, line_between_the_output_of_a_stage_is_followed_by_its_name) {
  start(0);
  start(1);
  run.script.add(StagePaused{1, "memory runs short"});
  run.script.complete(0, seconds(1));
  run.take();
  run.print(1, "one\n");
  EXPECT_EQ(run.take(), "== b: running\none\n");
  run.script.add(StageContinued{1});
  run.pass();
  run.print(1, "two\n");
  EXPECT_EQ(run.take(), "== b: goes on now\n== b: goes on\ntwo\n");
}

TEST_F(PlainViewTest, changes_of_the_number_of_jobs_are_not_told) {
  start(0);
  run.script.add(JobsChanged{3, "CPUs idle"});
  EXPECT_EQ(run.take(), "");
}

TEST_F(PlainViewTest, silence_of_thirty_seconds_is_broken_by_a_line_of_progress) {
  start(0);
  run.take();
  run.at(seconds(29)).script.add(EstimateUpdated{});
  EXPECT_EQ(run.take(), "");
  run.at(seconds(30))
      .script.add(EstimateUpdated{{.expected = seconds(60),
                                   .p10 = seconds(50),
                                   .p90 = seconds(80),
                                   .confidence = 0.7,
                                   .runs = 12}});
  EXPECT_EQ(run.take(),
            "-- 30 s: 0 of 3 done; running: a (30 s); about 1 min 00 s left (50 s to 1 min 20 s, "
            "70 % sure, 12 runs)\n");
  run.at(seconds(59)).script.add(EstimateUpdated{});
  EXPECT_EQ(run.take(), "");
}

TEST_F(PlainViewTest, target_that_will_probably_be_missed_is_told_once) {
  ViewHarness late(OutputKind::plain);
  late.script.start_run({planned("a", 0)}, seconds(60)).start(0);
  late.take();
  EstimateUpdated estimate{{.expected = seconds(80), .confidence = 0.7, .runs = 12}};
  estimate.remaining.sla_miss_probability = 0.6;
  late.at(seconds(5)).script.add(estimate);
  EXPECT_EQ(
      late.take(),
      "== the SLA of 1 min 00 s will probably be missed (60 %): about 1 min 20 s left, 55 s to "
      "the target\n");
  late.at(seconds(6)).script.add(estimate);
  EXPECT_EQ(late.take(), "");
}

TEST_F(PlainViewTest, output_counts_as_a_line) {
  start(0);
  run.at(seconds(25)).print(0, "still here\n");
  run.script.add(EstimateUpdated{});
  run.take();
  run.at(seconds(40)).script.add(EstimateUpdated{});
  EXPECT_EQ(run.take(), "");
}

TEST_F(PlainViewTest, many_running_stages_are_named_in_part) {
  ViewHarness many(OutputKind::plain);
  std::vector<PlannedStage> stages;
  for (int at = 0; at < 9; ++at) {
    stages.push_back(planned("s" + std::to_string(at), at));
  }
  many.script.start_run(stages);
  for (int at = 0; at < 9; ++at) {
    many.script.start(at);
  }
  many.take();
  many.at(seconds(31)).script.add(EstimateUpdated{});
  const std::string text = many.take();
  EXPECT_NE(text.find("s5 (31 s), 3 more; time left not known yet\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("s6"), std::string::npos) << text;
}

TEST_F(PlainViewTest, skips_and_starts_are_told_to_who_asks_for_more) {
  start(0);
  run.script.skip(1, "needs 'x'");
  EXPECT_EQ(run.take(), "");
  std::string text;
  ViewOptions options;
  options.verbose = true;
  options.write = [&text](std::string_view bytes) { text += bytes; };
  PlainView verbose(std::move(options));
  run.script.tell([&verbose](const RunEvent& event) { verbose.on_event(event); });
  EXPECT_NE(text.find("== a: started, attempt 1, pid 1000\n"), std::string::npos) << text;
  EXPECT_NE(text.find("== b: SKIPPED (needs 'x')\n"), std::string::npos) << text;
}

TEST_F(PlainViewTest, end_of_the_run_needs_no_line_of_progress) {
  start(0);
  run.take();
  run.at(seconds(60)).script.finish_run(RunStatus::interrupted, 70);
  EXPECT_EQ(run.take(), "");
}

TEST_F(PlainViewTest, names_cannot_steer_the_terminal) {
  ViewHarness other(OutputKind::plain);
  RunScript script;
  script.start_run({planned("a", 0)});
  StageFinished end;
  end.reason = "\x1b[2J";
  end.status = StageStatus::failed;
  end.failure = FailureKind::start_failed;
  other.script.start(0).finish(0, end);
  EXPECT_EQ(other.take(), "== a: FAILED (\\x1b[2J) after 0 ms\n");
}

TEST_F(PlainViewTest, stage_that_is_up_to_date_has_its_line) {
  run.script.add(StageSkipped{0,
                              StageStatus::skipped,
                              "up to date: 3 inputs unchanged since run 1a2b3c4d",
                              true,
                              seconds(65)});
  EXPECT_EQ(run.take(),
            "== a: up to date: 3 inputs unchanged since run 1a2b3c4d (1 min 05 s saved)\n");
}

}  // namespace
}  // namespace headway::cli
