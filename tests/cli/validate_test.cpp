// `headway validate`: all mistakes at once, each with its place; and what `run` does with them.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kMistakes = R"(version: 1
stages:
  build: {run: make, tmeout: 10m}
  lint: {needs: [buld], run: ruff check}
  both: {run: a, timeout: soon}
  empty: {needs: [build]}
  gated: {run: 'true', gates: [tests]}
  x: {needs: [y], run: 'true'}
  y: {needs: [x], run: 'true'}
)";

TEST(Validate, good_file_has_exit_code_zero) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  const ProgramResult result = program.run({"validate"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.out, "1 stage, ")) << result.out;
  const ProgramResult json = program.run({"validate", "--json"});
  EXPECT_EQ(json.out, "{\"format\":1,\"valid\":true,\"problems\":[],\"warnings\":[]}\n");
}

TEST(Validate, every_mistake_is_told_with_its_place_on_stdout) {
  Program program;
  program.write("headway.yaml", kMistakes);
  const ProgramResult result = program.run({"validate"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(has(result.out, "headway.yaml:3:")) << result.out;
  EXPECT_TRUE(has(result.out, "(did you mean 'timeout'?)")) << result.out;
  EXPECT_TRUE(has(result.out, "headway.yaml:4:")) << result.out;
  EXPECT_TRUE(has(result.out, "(did you mean 'build'?)")) << result.out;
  EXPECT_TRUE(has(result.out, "headway.yaml:5:")) << result.out;
  EXPECT_TRUE(has(result.out, "headway.yaml:6:")) << result.out;
  EXPECT_TRUE(has(result.out, "headway.yaml:7:")) << result.out;
  EXPECT_TRUE(has(result.out, "stage 'gated' has unknown gate 'tests'")) << result.out;
  EXPECT_EQ(result.err, "");
}

TEST(Validate, json_has_the_same_mistakes_as_fields) {
  Program program;
  program.write("headway.yaml", kMistakes);
  const ProgramResult result = program.run({"validate", "--json"});
  EXPECT_EQ(result.exit_code, 2);
  const Json document = result.json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_FALSE(document["valid"].as_bool(true));
  ASSERT_GE(document["problems"].items().size(), 5U);
  for (const Json& problem : document["problems"].items()) {
    EXPECT_EQ(problem["file"].as_string(), "headway.yaml");
    EXPECT_GE(problem["line"].as_integer(), 1);
    EXPECT_GE(problem["column"].as_integer(), 1);
    EXPECT_NE(problem["message"].as_string(), "");
    EXPECT_TRUE(problem.contains("suggestion"));
  }
}

TEST(Validate, commands_that_need_the_workflow_tell_the_same_and_end_with_two) {
  Program program;
  program.write("headway.yaml", kMistakes);
  for (const auto& words : {std::vector<std::string>{},
                            std::vector<std::string>{"plan"},
                            std::vector<std::string>{"run"},
                            std::vector<std::string>{"run", "-n"}}) {
    const ProgramResult result = program.run(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(has(result.err, "(did you mean 'build'?)")) << result.err;
    EXPECT_EQ(result.out, "");
  }
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

TEST(Validate, missing_file_is_a_mistake_too) {
  Program program;
  const ProgramResult result = program.run({"validate", "--json"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_FALSE(result.json()["valid"].as_bool(true));
  EXPECT_EQ(result.json()["problems"].items().size(), 1U);
}

TEST(Validate, file_is_found_above_and_through_the_flags) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  program.write("sub/dir/other.yaml", "version: 1\nstages: {b: {run: x, tmeout: 1s}}\n");
  EXPECT_EQ(program.run({"validate", "-C", "sub/dir"}).exit_code, 0);
  const ProgramResult other = program.run({"validate", "-f", "sub/dir/other.yaml"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_TRUE(has(other.out, "sub/dir/other.yaml:2:")) << other.out;
}

TEST(Validate, reading_what_nothing_puts_in_order_is_warned_of_and_no_mistake) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages:\n"
                "  build: {run: x, inputs: [], outputs: [app]}\n"
                "  test: {run: x, inputs: [app]}\n");
  const ProgramResult result = program.run({"validate", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("warning: headway.yaml:4:3: stage 'test' reads 'app'"),
            std::string::npos)
      << result.err;
  EXPECT_TRUE(result.json()["valid"].as_bool());
  EXPECT_EQ(result.json()["problems"].items().size(), 0U);
  EXPECT_EQ(result.json()["warnings"].items().at(0)["line"].as_integer(), 4);
}

}  // namespace
}  // namespace headway
