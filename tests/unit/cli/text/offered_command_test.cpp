// What the last screen offers to type.
#include "cli/text/offered_command.hpp"

#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

// The state after the events that were written.
RunState state_of(const RunScript& script) {
  RunState state;
  script.tell([&](const RunEvent& event) { state.apply(event); });
  return state;
}

PlannedStage once(std::string key, int stage_id) {
  PlannedStage stage = planned(std::move(key), stage_id);
  stage.once = true;
  return stage;
}

TEST(TypedWord, is_one_word_on_one_line_whatever_is_in_it) {
  EXPECT_EQ(typed_word("plain-1.2"), "plain-1.2");
  EXPECT_EQ(typed_word("it's"), "'it'\\''s'");
  EXPECT_EQ(typed_word("naïve $x"), "'naïve $x'");
  EXPECT_EQ(typed_word("a\nb'\\\x1b"), "$'a\\012b\\'\\\\\\033'");
  EXPECT_EQ(typed_word("\xff"), "$'\\377'");
  EXPECT_EQ(typed_word(""), "''");
}

TEST(HowFlags, repeat_what_was_given_and_nothing_else) {
  EXPECT_EQ(how_flags({}), "");
  RequestFlags flags;
  flags.jobs = "50%";
  flags.memory = "4GiB";
  flags.timeout = "10m";
  flags.keep_going = flags.force_hooks = flags.enforce_sla = true;
  EXPECT_EQ(how_flags(flags), " -j 50% --memory 4GiB --timeout 10m -k --force-hooks --enforce-sla");
  RequestFlags others;
  others.no_parallel = true;
  others.fail_fast = "kill";
  EXPECT_EQ(how_flags(others), " --no-parallel --fail-fast=kill");
  RequestFlags usual;
  usual.fail_fast = "wait";
  EXPECT_EQ(how_flags(usual), "") << "the default";
}

TEST(FactFlags, are_those_of_the_record) {
  RunStarted start;
  start.stages = {planned("a", 0)};
  start.change_id = "CH 1";
  start.title = "it's\nnew";
  start.owner = "me";
  start.asked.skip = {"m[v=1]"};
  RunScript script;
  script.add(start);
  EXPECT_EQ(fact_flags(state_of(script)),
            " --skip 'm[v=1]' --change-id 'CH 1' --title $'it\\'s\\012new' --owner me");
}

TEST(ArgumentWords, belong_to_the_one_stage_that_was_named) {
  RunStarted start;
  start.stages = {planned("a", 0), planned("b", 1)};
  start.asked.stages = {"b"};
  start.arguments = {"x y", "-n", ""};
  RunScript script;
  script.add(start);
  const RunState state = state_of(script);
  EXPECT_EQ(argument_words(state, "b"), " -- 'x y' -n ''");
  EXPECT_EQ(argument_words(state, "a"), "");
}

TEST(ResumeWords, leave_out_stages_whose_side_effects_are_in_doubt) {
  RunScript script("019aabcd-0000-7000-8000-00001234abcd");
  script.start_run({once("done", 0), once("cut", 1), once("later", 2), planned("c", 3)});
  script.start(0).complete(0, std::chrono::seconds(1));
  script.start(1).fail(1, std::chrono::seconds(1), 1);
  script.start(3).fail(3, std::chrono::seconds(1), 1);
  std::string doubts;
  EXPECT_EQ(resume_words(state_of(script), doubts), "1234abcd --skip cut");
  EXPECT_EQ(doubts, "cut");
}

TEST(ResumeWords, know_of_a_doubt_that_an_earlier_run_left) {
  RunStarted start;
  start.stages = {once("cut", 0), once("good", 1), once("gone", 2)};
  start.side_effects = {{"cut", false}, {"good", true}, {"elsewhere", false}};
  RunScript script("019aabcd-0000-7000-8000-00001234abcd");
  script.add(start);
  std::string doubts;
  EXPECT_EQ(resume_words(state_of(script), doubts), "1234abcd --skip cut");
}

}  // namespace
}  // namespace headway::cli
