// Choosing stages on the command line, and arguments for one of them.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

const char* const kFile = R"(version: 1
stages:
  a: {run: 'true'}
  b: {needs: [a], run: 'true'}
  c: {needs: [a], run: 'true'}
  d: {needs: [b, c], run: 'true'}
  end: {run: 'true', always: true}
)";

std::string keys_of(const Json& document) {
  std::string keys;
  for (const Json& stage : document["stages"].items()) {
    keys += (keys.empty() ? "" : " ") + stage["key"].as_string();
  }
  return keys;
}

TEST(Selection, flags_choose_what_runs) {
  Program program;
  program.write("headway.yaml", kFile);
  const auto runs = [&program](std::vector<std::string> words) {
    words.insert(words.begin(), {"run", "--json"});
    const ProgramResult result = program.run(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return keys_of(result.json());
  };
  EXPECT_EQ(runs({"--from", "b"}), "b d end");
  EXPECT_EQ(runs({"--until", "b"}), "a b end");
  EXPECT_EQ(runs({"--from", "a", "--until", "c"}), "a c end");
  EXPECT_EQ(runs({"--only", "d"}), "d");
  EXPECT_EQ(runs({"--only", "d", "--only", "a"}), "a d");
  EXPECT_EQ(runs({"--skip", "b", "--skip=end"}), "a c d");
}

TEST(Selection, plan_and_why_tell_what_is_left_out) {
  Program program;
  program.write("headway.yaml", kFile);
  const ProgramResult plan = program.run({"plan", "--from", "b"});
  EXPECT_TRUE(has(plan.out, "a  --from leaves it out")) << plan.out;
  ASSERT_EQ(program.run({"run", "-q", "--skip", "c"}).exit_code, 0);
  const ProgramResult why = program.run({"why", "c"});
  EXPECT_TRUE(has(why.out, "--skip leaves it out")) << why.out;
}

TEST(Selection, choices_that_make_no_sense_are_refused) {
  Program program;
  program.write("headway.yaml", kFile);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"run", "--from", "x"},
                                             {"run", "--only", "a", "--from", "b"},
                                             {"run", "a", "--only", "b"},
                                             {"run", "--only", "a", "--skip", "a"},
                                             {"run", "--from"}}) {
    EXPECT_EQ(program.run(words).exit_code, 2) << words.back();
  }
}

TEST(Selection, arguments_reach_the_one_named_stage) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  first: {run: 'echo "first $#" >> seen'}
  script:
    needs: [first]
    run: |
      printf '%s|' "$0" "$#" "$@" >> seen
  list: {run: [sh, -c, 'printf "%s|" "$0" "$@" >> seen', zero]}
)");
  ASSERT_EQ(program.run({"run", "-q", "script", "--", "-k", "a b", "--json"}).exit_code, 0);
  EXPECT_EQ(program.read("seen"), "first 0\n/bin/sh|3|-k|a b|--json|");
  program.write("seen", "");
  ASSERT_EQ(program.run({"run", "-q", "--only", "list", "--", "x", "--", "y"}).exit_code, 0);
  EXPECT_EQ(program.read("seen"), "zero|x|--|y|");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"run", "--", "x"}, {"run", "script", "list", "--", "x"}}) {
    const ProgramResult result = program.run(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(has(result.err, "headway run STAGE -- ARGS")) << result.err;
  }
}

TEST(Selection, other_arguments_are_another_definition) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: 'echo \"$@\" >> seen', inputs: [in]}}\n");
  program.write("in", "");
  for (const char* argument : {"x", "x", "y"}) {
    ASSERT_EQ(program.run({"run", "-q", "a", "--", argument}).exit_code, 0);
  }
  EXPECT_EQ(program.read("seen"), "x\ny\n");
  EXPECT_TRUE(has(program.run({"why", "a"}).out, "its run changed"))
      << program.run({"why", "a"}).out;
}

}  // namespace
}  // namespace headway
