// From words to commands, over a small table.
#include "cli/argument_parser.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using Kind = ParsedArguments::Kind;

// A table with one of everything, and where its flags go.
struct Parsing {
  std::vector<std::string> stages;
  bool keep_going = false;
  std::string jobs, fail_fast, output;
  std::vector<std::string> passed;
  std::vector<Command> table;

  Parsing() {
    Command root;
    root.takes_json = true;
    root.run = [](const GlobalOptions&) { return 0; };
    Command run = root;
    run.name = "run";
    run.positional = "[STAGE...]";
    run.arguments = &stages;
    run.passed = &passed;
    run.flags = {{.names = "-j,--jobs", .value_name = "N", .help = "", .text = &jobs},
                 {.names = "-k,--keep-going", .value_name = "", .help = "", .on = &keep_going},
                 {.names = "--fail-fast",
                  .value_name = "kill",
                  .help = "",
                  .text = &fail_fast,
                  .optional_value = "wait",
                  .choices = {"kill"}},
                 {.names = "--output",
                  .value_name = "KIND",
                  .help = "",
                  .text = &output,
                  .choices = {"plain", "quiet"}},
                 {.names = "--junit", .value_name = "F", .help = ""},
                 {.names = "--github", .value_name = "", .help = ""}};
    Command shell = root;
    shell.name = "completion";
    shell.takes_json = false;
    shell.takes_verbosity = false;
    Command plan = root;
    plan.name = "plan";
    Command missing;
    missing.name = "stats";
    table = {root, run, plan, shell, missing};
  }

  ParsedArguments operator()(const std::vector<std::string>& words) {
    return parse_arguments(words, table);
  }
  std::string mistake(const std::vector<std::string>& words) {
    const ParsedArguments parsed = (*this)(words);
    return parsed.kind == Kind::usage_error ? parsed.message : "none";
  }
};

TEST(ParseArguments, no_words_mean_the_root) {
  Parsing parse;
  const ParsedArguments parsed = parse({});
  EXPECT_EQ(parsed.kind, Kind::run);
  EXPECT_EQ(parsed.command->name, "");
}

TEST(ParseArguments, global_flags_stand_before_and_after_the_command) {
  for (const auto& words : {std::vector<std::string>{"-C", "d", "--json", "run", "a"},
                            std::vector<std::string>{"run", "a", "--json", "-C", "d"},
                            std::vector<std::string>{"run", "-Cd", "a", "--json"}}) {
    Parsing parse;
    const ParsedArguments parsed = parse(words);
    EXPECT_EQ(parsed.kind, Kind::run) << parsed.message;
    EXPECT_EQ(parsed.command->name, "run");
    EXPECT_EQ(parsed.options.directory, "d");
    EXPECT_TRUE(parsed.options.json);
    EXPECT_EQ(parse.stages, std::vector<std::string>{"a"});
  }
}

TEST(ParseArguments, values_are_taken_apart_joined_or_with_an_equals_sign) {
  for (const auto& words : {std::vector<std::string>{"run", "-j", "4"},
                            std::vector<std::string>{"run", "-j4"},
                            std::vector<std::string>{"run", "--jobs=4"},
                            std::vector<std::string>{"run", "--jobs", "2", "--jobs", "4"}}) {
    Parsing parse;
    EXPECT_EQ(parse(words).kind, Kind::run);
    EXPECT_EQ(parse.jobs, "4");
  }
}

TEST(ParseArguments, stage_named_like_a_command_is_a_stage) {
  Parsing parse;
  const ParsedArguments parsed = parse({"run", "plan", "run"});
  EXPECT_EQ(parsed.command->name, "run");
  EXPECT_EQ(parse.stages, (std::vector<std::string>{"plan", "run"}));
}

TEST(ParseArguments, optional_value_never_stands_apart) {
  Parsing parse;
  EXPECT_EQ(parse({"run", "--fail-fast", "kill"}).kind, Kind::run);
  EXPECT_EQ(parse.fail_fast, "wait");
  EXPECT_EQ(parse.stages, std::vector<std::string>{"kill"});
  Parsing again;
  EXPECT_EQ(again({"run", "--fail-fast=kill"}).kind, Kind::run);
  EXPECT_EQ(again.fail_fast, "kill");
}

TEST(ParseArguments, unknown_names_are_told_with_the_nearest) {
  Parsing parse;
  EXPECT_EQ(parse.mistake({"rnu"}), "unknown command 'rnu' (did you mean 'run'?)");
  EXPECT_EQ(parse.mistake({"xyzzy"}), "unknown command 'xyzzy'");
  EXPECT_EQ(parse.mistake({"run", "--keep-goin"}),
            "unknown flag '--keep-goin' of 'run' (did you mean '--keep-going'?)");
  EXPECT_EQ(parse.mistake({"run", "--job=3"}),
            "unknown flag '--job' of 'run' (did you mean '--jobs'?)");
  EXPECT_EQ(parse.mistake({"plan", "x"}), "unexpected argument 'x' of 'plan'");
}

TEST(ParseArguments, what_is_not_built_yet_is_refused_by_name) {
  Parsing parse;
  EXPECT_EQ(parse.mistake({"run", "--junit", "f.xml"}), "'--junit' is not built yet");
  EXPECT_EQ(parse.mistake({"run", "--junit"}), "'--junit' is not built yet");
  EXPECT_EQ(parse.mistake({"run", "--junit=f"}), "'--junit' is not built yet");
  EXPECT_EQ(parse.mistake({"run", "--github"}), "'--github' is not built yet");
  EXPECT_EQ(parse.mistake({"stats", "--any", "thing"}), "'stats' is not built yet");
  EXPECT_EQ(parse.mistake({"stats", "--help"}), "'stats' is not built yet");
}

TEST(ParseArguments, words_behind_two_dashes_are_passed_on_untouched) {
  Parsing parse;
  EXPECT_EQ(parse({"-C", "run", "run", "a", "--", "-k", "--", "b", "--json"}).kind, Kind::run);
  EXPECT_EQ(parse.stages, (std::vector<std::string>{"a"}));
  EXPECT_EQ(parse.passed, (std::vector<std::string>{"-k", "--", "b", "--json"}));
  EXPECT_FALSE(parse.keep_going);
}

TEST(ParseArguments, two_dashes_only_end_the_flags_of_other_commands) {
  Parsing parse;
  EXPECT_EQ(parse({"plan", "--"}).kind, Kind::run);
  EXPECT_EQ(parse.mistake({"plan", "--", "run"}), "unexpected argument 'run' of 'plan'");
}

TEST(ParseArguments, missing_and_superfluous_values_are_told) {
  Parsing parse;
  EXPECT_EQ(parse.mistake({"run", "--jobs"}), "'--jobs' needs a value");
  EXPECT_EQ(parse.mistake({"run", "--keep-going=yes"}), "'--keep-going' takes no value");
}

TEST(ParseArguments, values_outside_the_choices_are_told) {
  Parsing parse;
  EXPECT_EQ(parse.mistake({"run", "--output", "plan"}),
            "'plan' is no value of '--output': one of plain, quiet (did you mean 'plain'?)");
  EXPECT_EQ(parse.mistake({"run", "--color", "sometimes"}),
            "'sometimes' is no value of '--color': one of auto, always, never");
  EXPECT_EQ(parse.mistake({"run", "--fail-fast=now"}),
            "'now' is no value of '--fail-fast': one of kill");
}

TEST(ParseArguments, flags_without_meaning_for_a_command_are_refused) {
  Parsing parse;
  EXPECT_EQ(parse.mistake({"completion", "--json"}), "'--json' has no meaning for 'completion'");
  EXPECT_EQ(parse.mistake({"completion", "-q"}),
            "'--verbose' and '--quiet' have no meaning for 'completion'");
  EXPECT_EQ(parse.mistake({"run", "-v", "-q"}), "'--verbose' and '--quiet' contradict each other");
}

TEST(ParseArguments, help_is_stronger_than_other_mistakes) {
  Parsing parse;
  EXPECT_EQ(parse({"--help"}).command->name, "");
  const ParsedArguments parsed = parse({"run", "--unknown", "-h"});
  EXPECT_EQ(parsed.kind, Kind::help);
  EXPECT_EQ(parsed.command->name, "run");
  EXPECT_EQ(parse({"run", "--version"}).kind, Kind::version);
}

TEST(ParseArguments, color_says_whether_it_was_given) {
  Parsing parse;
  EXPECT_FALSE(parse({"run"}).color_given);
  const ParsedArguments parsed = parse({"run", "--color", "auto"});
  EXPECT_TRUE(parsed.color_given);
  EXPECT_EQ(parsed.options.color, ColorMode::automatic);
}

}  // namespace
}  // namespace headway::cli
