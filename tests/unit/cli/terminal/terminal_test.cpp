// Decisions about colour and views, over injected facts.
#include "cli/terminal/terminal.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

TerminalFacts terminal() {
  return {.out_is_terminal = true, .error_is_terminal = true, .term = "xterm"};
}

TEST(WantsColor, terminal_gets_color_and_pipe_does_not) {
  TerminalFacts facts = terminal();
  facts.out_is_terminal = false;
  EXPECT_FALSE(wants_color(ColorMode::automatic, facts, Stream::out));
  EXPECT_TRUE(wants_color(ColorMode::automatic, facts, Stream::error));
}

TEST(WantsColor, mode_is_stronger_than_everything) {
  TerminalFacts facts = terminal();
  facts.no_color = "1";
  EXPECT_TRUE(wants_color(ColorMode::always, facts, Stream::out));
  facts.no_color.reset();
  facts.clicolor_force = "1";
  EXPECT_FALSE(wants_color(ColorMode::never, facts, Stream::out));
}

TEST(WantsColor, no_color_is_stronger_than_clicolor_force) {
  TerminalFacts facts = terminal();
  facts.no_color = "1";
  facts.clicolor_force = "1";
  EXPECT_FALSE(wants_color(ColorMode::automatic, facts, Stream::out));
}

TEST(WantsColor, empty_no_color_counts_as_absent) {
  TerminalFacts facts = terminal();
  facts.no_color = "";
  EXPECT_TRUE(wants_color(ColorMode::automatic, facts, Stream::out));
}

TEST(WantsColor, clicolor_force_colors_a_pipe_unless_it_is_zero) {
  TerminalFacts facts;
  facts.clicolor_force = "1";
  EXPECT_TRUE(wants_color(ColorMode::automatic, facts, Stream::out));
  facts.clicolor_force = "0";
  EXPECT_FALSE(wants_color(ColorMode::automatic, facts, Stream::out));
}

TEST(WantsColor, dumb_or_unknown_terminal_gets_none) {
  TerminalFacts facts = terminal();
  facts.term = "dumb";
  EXPECT_FALSE(wants_color(ColorMode::automatic, facts, Stream::out));
  facts.term.reset();
  EXPECT_FALSE(wants_color(ColorMode::automatic, facts, Stream::out));
}

TEST(ChooseOutput, auto_is_live_on_a_terminal_and_plain_elsewhere) {
  EXPECT_EQ(choose_output("auto", terminal(), Stream::out), OutputKind::live);
  EXPECT_EQ(choose_output("auto", {}, Stream::out), OutputKind::plain);
}

TEST(ChooseOutput, auto_is_plain_in_ci_but_live_may_be_asked_for) {
  TerminalFacts facts = terminal();
  facts.ci = "true";
  EXPECT_EQ(choose_output("auto", facts, Stream::out), OutputKind::plain);
  EXPECT_EQ(choose_output("live", facts, Stream::out), OutputKind::live);
  facts.ci = "false";
  EXPECT_EQ(choose_output("auto", facts, Stream::out), OutputKind::live);
}

TEST(ChooseOutput, live_falls_back_to_plain_where_nothing_can_be_redrawn) {
  TerminalFacts facts = terminal();
  facts.term = "dumb";
  EXPECT_EQ(choose_output("live", facts, Stream::out), OutputKind::plain);
  EXPECT_EQ(choose_output("live", {}, Stream::out), OutputKind::plain);
}

TEST(ChooseOutput, every_spelling_is_understood_and_no_other) {
  for (const std::string& spelling : output_spellings()) {
    EXPECT_TRUE(choose_output(spelling, {}, Stream::out)) << spelling;
  }
  EXPECT_FALSE(choose_output("fancy", {}, Stream::out));
  EXPECT_FALSE(choose_output("", {}, Stream::out));
}

}  // namespace
}  // namespace headway::cli
