// The last screen of a run that failed.
#include "cli/text/failure_screen.hpp"

#include "support/run_script.hpp"
#include "support/temp_folder.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway::cli {
namespace {

using std::chrono::seconds;

class FailureScreenTest : public testing::Test {
 protected:
  FailureScreenTest() { std::filesystem::create_directories(folder / "stages"); }

  std::string screen(int tail_lines = 20) {
    RunState state;
    script.tell([&](const RunEvent& event) { state.apply(event); });
    return failure_screen(state, {.run_folder = folder.path(), .tail_lines = tail_lines});
  }

  TempFolder folder;
  RunScript script;
};

TEST_F(FailureScreenTest, run_without_a_failed_stage_has_none) {
  script.start_run({planned("a", 0)}).start(0).complete(0, seconds(1));
  EXPECT_EQ(screen(), "");
}

TEST_F(FailureScreenTest, says_what_broke_with_its_last_lines_numbered) {
  spill(folder / "stages/unit.1.log", "one\ntwo\nthree\n");
  script.start_run({planned("unit", 0)}).start(0).fail(0, seconds(3), 2);
  const std::string text = screen(2);
  EXPECT_TRUE(text.starts_with("FAILED unit (The unit): exit code 2 after 3.0 s\n")) << text;
  EXPECT_TRUE(has(text, "  Last 2 of 3 lines:\n  2 | two\n  3 | three\n")) << text;
  EXPECT_TRUE(has(text, "Run it again:  headway run --only unit --change-id change-123\n")) << text;
  EXPECT_TRUE(has(text, "stages/unit.1.log\n")) << text;
}

TEST_F(FailureScreenTest, failure_that_is_allowed_is_told_beside_the_one_that_is_not) {
  auto lint = planned("lint", 0);
  lint.allow_failure = true;
  script.start_run({lint, planned("unit", 1)}).start(0).fail(0, seconds(1), 3);
  EXPECT_EQ(screen(), "");
  script.start(1).fail(1, seconds(3), 2);
  const std::string text = screen();
  EXPECT_TRUE(text.starts_with("FAILED unit ")) << text;
  EXPECT_TRUE(has(text, "Failed, as allowed (1): lint (exit code 3)\n")) << text;
  EXPECT_FALSE(has(text, "Failed later")) << text;
}

TEST_F(FailureScreenTest, what_was_saved_before_it_is_named_with_the_command) {
  script.start_run({planned("a", 0)}).start(0).fail(0, seconds(1), 1);
  EXPECT_FALSE(has(screen(), "Undo it"));
  RunState state;
  script.tell([&](const RunEvent& event) { state.apply(event); });
  const std::string text = failure_screen(
      state, {.run_folder = folder.path(), .program = "hw -f x", .checkpoint = "9f3c21ab"});
  EXPECT_TRUE(has(text, "Undo it:       hw -f x checkpoint restore 9f3c21ab ")) << text;
}

TEST_F(FailureScreenTest, explanation_takes_the_place_of_the_last_lines) {
  spill(folder / "stages/unit.1.log", "one\ntwo\nthree\n");
  script.start_run({planned("unit", 0)}).start(0).fail(0, seconds(3), 2);
  script.add(FailureExplained{.stage = 0,
                              .category = "test_failure",
                              .confidence = 0.8,
                              .lines = 3,
                              .anchor_line = 2,
                              .excerpt = {{.first = 2, .last = 2, .text = "two"}},
                              .suggestions = {{.id = "x.y",
                                               .text = "Do that.",
                                               .source = "rule",
                                               .confidence = 0.7,
                                               .evidence_lines = {2}}}});
  const std::string text = screen();
  EXPECT_TRUE(has(text, "> 2 | two\n")) << text;
  EXPECT_FALSE(has(text, "three")) << text;
  EXPECT_TRUE(has(text, "cause: test failure (likely, 80 %)\n")) << text;
  EXPECT_TRUE(has(text, "- Do that.\n  likely (70 %), rule x.y, line 2\n")) << text;
  EXPECT_TRUE(has(text, "Run it again:  headway run --only unit --change-id change-123\n")) << text;
}

TEST_F(FailureScreenTest, first_failure_is_shown_and_later_ones_are_named) {
  script.start_run({planned("a", 0), planned("b", 1)}).start(0).start(1);
  script.fail(1, seconds(1), 1).fail(0, seconds(2), 3);
  const std::string text = screen();
  EXPECT_TRUE(has(text, "FAILED b ")) << text;
  EXPECT_TRUE(has(text, "Failed later (1): a (exit code 3)\n")) << text;
}

TEST_F(FailureScreenTest, what_was_not_run_is_grouped_by_its_reason_and_bounded) {
  std::vector<PlannedStage> stages{planned("a", 0)};
  for (int i = 1; i <= 12; ++i) {
    stages.push_back(planned("s" + std::to_string(i), i));
  }
  script.start_run(stages).start(0).fail(0, seconds(1), 1);
  for (int i = 1; i <= 10; ++i) {
    script.skip(i, "needs 'a', which failed");
  }
  script.skip(11, "nothing new starts after a failure");
  const std::string text = screen();
  EXPECT_TRUE(has(text,
                  "Not run (10): needs 'a', which failed\n"
                  "  s1, s2, s3, s4, s5, s6, s7, s8 and 2 more\n"))
      << text;
  EXPECT_TRUE(has(text, "Not run (1): nothing new starts after a failure\n  s11\n")) << text;
}

TEST_F(FailureScreenTest, silent_stage_is_told_as_such) {
  script.start_run({planned("a", 0)}).start(0).fail(0, seconds(1), 1);
  EXPECT_TRUE(has(screen(), "  It printed nothing.\n"));
}

TEST_F(FailureScreenTest, log_that_was_never_made_is_not_named) {
  // Bug: the screen of a silent stage sent its reader to a file that was not there.
  script.start_run({planned("a", 0)}).start(0).fail(0, seconds(1), 1);
  EXPECT_FALSE(has(screen(), "Whole log:")) << screen();
}

TEST_F(FailureScreenTest, output_that_could_not_be_kept_is_not_taken_for_silence) {
  // Bug: on a disk that took nothing, the screen said that the stage had printed nothing.
  StageFinished end;
  end.status = StageStatus::failed;
  end.failure = FailureKind::exit_code;
  end.exit_code = 1;
  end.lost_bytes = 2048;
  script.start_run({planned("a", 0)}).start(0).finish(0, end);
  EXPECT_TRUE(has(screen(), "  None of what it printed could be kept (2.0 KiB).\n")) << screen();
  RunScript explained = script;
  explained.add(FailureExplained{.stage = 0, .category = "unknown"});
  std::swap(explained, script);
  EXPECT_TRUE(has(screen(), "  None of what it printed could be kept (2.0 KiB).\n")) << screen();
  std::swap(explained, script);
  spill(folder / "stages/a.1.log", "the beginning\n");
  EXPECT_TRUE(has(screen(), "  1 | the beginning\n  (2.0 KiB of output could not be kept)\n"))
      << screen();
}

TEST_F(FailureScreenTest, long_lines_are_cut_to_the_terminal_and_empty_ones_have_no_space) {
  spill(folder / "stages/a.1.log", std::string(50, 'x') + "\n\nend\n");
  script.start_run({planned("a", 0)}).start(0).fail(0, seconds(1), 1);
  RunState state;
  script.tell([&](const RunEvent& event) { state.apply(event); });
  const std::string text = failure_screen(state, {.run_folder = folder.path(), .width = 20});
  EXPECT_TRUE(has(text, "  1 | xxxxxxxxxxx...\n  2 |\n  3 | end\n")) << text;
}

TEST_F(FailureScreenTest, many_reasons_are_bounded) {
  std::vector<PlannedStage> stages{planned("a", 0)};
  for (int i = 1; i <= 7; ++i) {
    stages.push_back(planned("s" + std::to_string(i), i));
  }
  script.start_run(stages).start(0).fail(0, seconds(1), 1);
  for (int i = 1; i <= 7; ++i) {
    script.skip(i, "reason " + std::to_string(i));
  }
  const std::string text = screen();
  EXPECT_TRUE(has(text, "Not run (1): reason 5\n")) << text;
  EXPECT_FALSE(has(text, "reason 6")) << text;
  EXPECT_TRUE(has(text, "Not run for 2 other reasons as well.\n")) << text;
}

TEST_F(FailureScreenTest, later_attempt_is_counted_and_its_own_log_shown) {
  spill(folder / "stages/a.1.log", "first\n");
  spill(folder / "stages/a.2.log", "second\n");
  script.start_run({planned("a", 0)}).start(0).start(0, 2).fail(0, seconds(1), 1);
  const std::string text = screen();
  EXPECT_TRUE(has(text, "exit code 1 after 1.0 s, attempt 2\n")) << text;
  EXPECT_TRUE(has(text, "  1 | second\n")) << text;
}

TEST_F(FailureScreenTest, signal_and_timeout_are_named) {
  StageFinished end;
  end.status = StageStatus::failed;
  end.failure = FailureKind::signal;
  end.signal = 11;
  script.start_run({planned("a", 0)}).start(0).finish(0, end);
  EXPECT_TRUE(has(screen(), ": SIGSEGV after")) << screen();
}

TEST_F(FailureScreenTest, output_cannot_steer_the_terminal) {
  spill(folder / "stages/a.1.log", "\x1b[2J\x1b[31mred\x1b[0m\a\n");
  script.start_run({planned("a", 0)}).start(0).fail(0, seconds(1), 1);
  EXPECT_TRUE(has(screen(), "  1 | red\\x07\n")) << screen();
}

TEST_F(FailureScreenTest, command_to_repeat_has_the_flags_that_find_the_same_stage) {
  script.start_run({planned("a", 0)}).start(0).fail(0, seconds(1), 1);
  RunState state;
  script.tell([&](const RunEvent& event) { state.apply(event); });
  const std::string text = failure_screen(state,
                                          {.run_folder = folder.path(),
                                           .program = "headway -f 'my file.yaml'",
                                           .run_flags = " --lane heavy"});
  EXPECT_TRUE(
      has(text, "headway -f 'my file.yaml' run --only a --lane heavy --change-id change-123\n"))
      << text;
}

TEST_F(FailureScreenTest, going_on_leaves_out_what_is_in_doubt_and_says_so) {
  PlannedStage publish = planned("publish", 0);
  publish.once = true;
  script.start_run({publish}).start(0).fail(0, seconds(1), 1);
  RunState state;
  script.tell([&](const RunEvent& event) { state.apply(event); });
  const std::string text =
      failure_screen(state, {.run_folder = folder.path(), .resume_flags = " -k"});
  EXPECT_TRUE(has(text, "Go on from it: headway resume 0000abcd --skip publish -k\n")) << text;
  EXPECT_TRUE(has(text, "(without publish, which is not repeated: look at what it did;")) << text;
}

TEST_F(FailureScreenTest, stage_that_had_the_terminal_is_not_said_to_have_been_silent) {
  PlannedStage ask = planned("ask", 0);
  ask.interactive = true;
  script.start_run({ask}).start(0).fail(0, seconds(1), 1);
  EXPECT_TRUE(has(screen(), "It had the terminal: what it printed is not recorded.")) << screen();
  script.add(FailureExplained{.stage = 0, .category = "unknown"});
  EXPECT_TRUE(has(screen(), "It had the terminal: what it printed is not recorded.")) << screen();
  EXPECT_FALSE(has(screen(), "It printed nothing")) << screen();
}

}  // namespace
}  // namespace headway::cli
