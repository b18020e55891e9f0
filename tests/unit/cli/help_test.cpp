// Help and completion are made of the command table: they tell what is built, and nothing else.
#include "cli/help.hpp"

#include "cli/commands/commands.hpp"
#include "cli/completion_script.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace headway::cli {
namespace {

// With a flag that is known and can do nothing.
Command run_with_more() {
  Command command = run_command();
  command.flags.push_back({.names = "--not-yet", .value_name = "", .help = ""});
  return command;
}

std::vector<Command> whole_table() {
  std::vector<Command> table{list_command(), plan_command(), run_with_more(), show_command()};
  const std::vector<Command> missing = missing_commands();
  table.insert(table.end(), missing.begin(), missing.end());
  return table;
}

TEST(ProgramHelp, commands_that_are_not_built_have_a_heading_of_their_own) {
  const std::string text = program_help(whole_table());
  EXPECT_TRUE(has(text, "run [STAGE...]"));
  EXPECT_LT(text.find("Known, but not built yet"), text.find("backtest"));
}

TEST(CommandHelp, flags_that_are_not_built_are_listed_by_name_alone) {
  const std::string text = command_help(run_with_more());
  EXPECT_LT(text.find("--keep-going"), text.find("Known, but not built yet"));
  EXPECT_LT(text.find("Known, but not built yet"), text.find("--not-yet"));
}

TEST(Help, lines_fit_eighty_columns) {
  for (const std::string& text : {program_help(whole_table()), command_help(run_command())}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 80U) << line;
    }
  }
}

TEST(Completion, every_shell_is_offered_what_is_built_and_nothing_else) {
  const std::vector<Command> table = whole_table();
  for (const std::string& text :
       {bash_completion(table), zsh_completion(table), fish_completion(table)}) {
    EXPECT_TRUE(has(text, "keep-going"));
    EXPECT_TRUE(has(text, "rebuild"));
    EXPECT_TRUE(has(text, "headway runs -q"));
    EXPECT_FALSE(has(text, "not-yet"));
    EXPECT_FALSE(has(text, "simulate"));
  }
}

}  // namespace
}  // namespace headway::cli
