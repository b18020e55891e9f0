// What the program says of itself, and what it refuses.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

TEST(Usage, version_is_one_line) {
  Program program;
  const ProgramResult result = program.run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "headway 0.1.0\n");
  EXPECT_EQ(program.run({"run", "--version"}).out, "headway 0.1.0\n");
}

TEST(Usage, help_goes_to_stdout_and_needs_no_workflow) {
  Program program;
  const ProgramResult all = program.run({"--help"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_TRUE(has(all.out, "Usage: headway")) << all.out;
  EXPECT_EQ(all.err, "");
  const ProgramResult one = program.run({"logs", "-h"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_TRUE(has(one.out, "--follow")) << one.out;
}

TEST(Usage, unknown_names_are_refused_with_the_nearest) {
  Program program;
  const ProgramResult command = program.run({"statsu"});
  EXPECT_EQ(command.exit_code, 2);
  EXPECT_EQ(command.out, "");
  EXPECT_TRUE(has(command.err, "headway: unknown command 'statsu' (did you mean 'stat"))
      << command.err;
  const ProgramResult flag = program.run({"run", "--keepgoing"});
  EXPECT_EQ(flag.exit_code, 2);
  EXPECT_TRUE(has(flag.err, "unknown flag '--keepgoing' of 'run' (did you mean '--keep-going'?)"))
      << flag.err;
}

TEST(Usage, every_command_that_is_not_built_is_refused_by_name) {
  Program program;
  for (const char* name : {"serve"}) {
    const ProgramResult result = program.run({name, "--json", "word"});
    EXPECT_EQ(result.exit_code, 2) << name;
    EXPECT_TRUE(has(result.err, "headway: '" + std::string(name) + "' is not built yet"))
        << result.err;
    EXPECT_EQ(result.out, "") << name;
  }
}

TEST(Usage, contradictions_are_refused) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  for (const auto& words : {std::vector<std::string>{"run", "-k", "--fail-fast"},
                            std::vector<std::string>{"run", "--no-parallel", "-j2"},
                            std::vector<std::string>{"run", "--output", "events", "--json"},
                            std::vector<std::string>{"status", "--watch", "--json"},
                            std::vector<std::string>{"runs", "-v", "-q"}}) {
    EXPECT_EQ(program.run(words).exit_code, 2) << words[1];
  }
}

TEST(Usage, wrong_values_are_refused_with_what_there_is) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  EXPECT_TRUE(has(program.run({"run", "-j", "0"}).err, "'0' is no value of '--jobs'"));
  EXPECT_TRUE(has(program.run({"run", "--output", "loud"}).err, "one of auto, live, plain"));
  EXPECT_EQ(program.run({"run", "--timeout", "90"}).exit_code, 2);
  EXPECT_EQ(program.run({"runs", "--limit", "-3"}).exit_code, 2);
  EXPECT_EQ(program.run({"logs", "--since", "yesterday"}).exit_code, 2);
  EXPECT_EQ(program.run({"completion", "tcsh"}).exit_code, 2);
  EXPECT_EQ(program.run({"-C", "nowhere"}).exit_code, 2);
  EXPECT_EQ(program.run({"-f", "nowhere.yaml"}).exit_code, 2);
}

TEST(Usage, settings_of_the_environment_are_checked_and_flags_are_stronger) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  program.set("HEADWAY_JOBS", "many");
  EXPECT_TRUE(has(program.run({"run"}).err, "'many' is no value of 'HEADWAY_JOBS'"));
  EXPECT_EQ(program.run({"run", "-j1"}).exit_code, 0);
  program.set("HEADWAY_JOBS", "3");
  EXPECT_EQ(program.run({"run", "--json"}).json()["jobs"].as_integer(), 3);
  program.set("HEADWAY_OUTPUT", "loud");
  EXPECT_TRUE(has(program.run({"run"}).err, "HEADWAY_OUTPUT"));
  program.set("HEADWAY_OUTPUT", "quiet");
  EXPECT_FALSE(has(program.run({"run"}).out, "=="));
  program.set("HEADWAY_COLOR", "blue");
  EXPECT_EQ(program.run({"runs"}).exit_code, 2);
  program.set("HEADWAY_COLOR", "always");
  EXPECT_TRUE(has(program.run({"runs"}).out, "\x1b["));
  EXPECT_FALSE(has(program.run({"runs", "--color", "never"}).out, "\x1b["));
  program.unset("HEADWAY_COLOR");
}

TEST(Usage, full_disk_on_stdout_is_a_fault_of_ours_and_told) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  program.write("full.sh", "#!/bin/sh\nexec \"$@\" >/dev/full\n");
  program.write("outer.yaml",
                "version: 1\nstages: {a: {run: [./full.sh, " HEADWAY_BINARY ", --json]}}\n");
  const ProgramResult result = program.run({"-f", "outer.yaml", "run", "--json"});
  EXPECT_EQ(result.json()["stages"].items().at(0)["exit_code"].as_integer(), 70) << result.out;
}

TEST(Usage, document_of_a_run_that_cannot_be_written_is_told) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  program.write("full.sh", "#!/bin/sh\nexec \"$@\" >/dev/full\n");
  program.write("outer.yaml",
                "version: 1\nstages: {a: {run: [./full.sh, " HEADWAY_BINARY ", run, --json]}}\n");
  const ProgramResult result = program.run({"-f", "outer.yaml", "run", "--json"});
  EXPECT_EQ(result.json()["stages"].items().at(0)["exit_code"].as_integer(), 70) << result.out;
}

// A script whose variable is not set asked for something: that is not to be guessed.
TEST(Usage, empty_value_of_a_flag_is_refused) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  for (const char* flag : {"--lane", "--timeout", "--jobs", "--only"}) {
    const ProgramResult result = program.run({"run", flag, ""});
    EXPECT_EQ(result.exit_code, 2) << flag;
    EXPECT_TRUE(has(result.err, std::string("'") + flag + "' has an empty value")) << result.err;
  }
}

TEST(Usage, files_count_from_the_folder_of_the_c_flag) {
  Program program;
  program.write("sub/headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  program.write("sub/build.log", "make: *** No rule to make target 'x'.  Stop.\n");
  ASSERT_EQ(program.run({"-C", "sub", "run"}).exit_code, 0);
  const ProgramResult explained = program.run({"-C", "sub", "explain", "build.log"});
  EXPECT_EQ(explained.exit_code, 0) << explained.err;
  EXPECT_EQ(program.run({"-C", "sub", "diagnose", "--bundle", "b.tar.gz"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(program.path("sub/b.tar.gz")));
  EXPECT_EQ(program.run({"-C", "sub", "history", "export", "h.json"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(program.path("sub/h.json")));
  EXPECT_EQ(program.run({"-C", "sub", "history", "import", "h.json"}).exit_code, 0);
}

TEST(Completion, scripts_are_accepted_by_their_shell) {
  Program program;
  const ProgramResult script = program.run({"completion", "bash"});
  EXPECT_EQ(script.exit_code, 0);
  program.write("check.sh", script.out + R"(
COMP_WORDS=(headway run --keep); COMP_CWORD=2; _headway; echo "${COMPREPLY[@]}"
COMP_WORDS=(headway sta); COMP_CWORD=1; _headway; echo "${COMPREPLY[@]}"
COMP_WORDS=(headway --color a); COMP_CWORD=2; _headway; echo "${COMPREPLY[@]}"
)");
  program.write("headway.yaml", "version: 1\nstages: {check: {run: [bash, check.sh]}}\n");
  const ProgramResult result = program.run({"run", "--output", "plain"});
  EXPECT_TRUE(has(result.out, "--keep-going\nstatus stats\nauto always\n")) << result.out;
}

// compgen -W expands its words: names of stages of a clone that nobody has read ran as code.
TEST(Completion, bash_takes_names_of_stages_as_text) {
  Program program;
  program.write("check.sh", program.run({"completion", "bash"}).out + R"(
headway() { printf '%s\n' 'unit[os=$(touch pwned)]' 'unit[os=a b]' lint; }
COMP_WORDS=(headway run u); COMP_CWORD=2; _headway; printf '%s\n' "${COMPREPLY[@]}"
COMP_WORDS=(headway logs --stage l); COMP_CWORD=3; _headway; printf '%s\n' "${COMPREPLY[@]}"
)");
  program.write("headway.yaml", "version: 1\nstages: {check: {run: [bash, check.sh]}}\n");
  const ProgramResult result = program.run({"run", "--output", "plain"});
  EXPECT_TRUE(has(result.out, "unit\\[os=\\$\\(touch\\ pwned\\)\\]\nunit\\[os=a\\ b\\]\nlint\n"))
      << result.out;
  EXPECT_FALSE(std::filesystem::exists(program.path("pwned")));
}

}  // namespace
}  // namespace headway
