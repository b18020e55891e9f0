// Matrices: the stages they make, who may name them, and their mistakes.
#include "model/matrix_reader.hpp"

#include "model/selection.hpp"
#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

LoadedWorkflow load(const std::string& stages) {
  return parse_workflow("version: 1\nstages:\n" + stages, "w.yaml", "/");
}

std::vector<std::string> keys_of(const Workflow& workflow) {
  std::vector<std::string> keys;
  for (const Stage& stage : workflow.stages) {
    keys.push_back(stage.key);
  }
  return keys;
}

std::string mistake_in(const std::string& stages) {
  const auto problems = load(stages).problems;
  return problems.size() == 1 ? problems[0].message : std::to_string(problems.size()) + " problems";
}

constexpr const char* kTwoByTwo = R"(
  a: {run: x}
  m: {run: x, needs: [a], matrix: {os: [deb, alp], n: [1, 2]}, env: {E: f}}
  z: {run: x, needs: [m]}
)";

TEST(Matrix, makes_a_stage_for_every_combination) {
  const LoadedWorkflow loaded = load(kTwoByTwo);
  ASSERT_TRUE(loaded.valid());
  const Workflow& workflow = loaded.workflow;
  EXPECT_EQ(keys_of(workflow),
            (std::vector<std::string>{
                "a", "m[os=deb,n=1]", "m[os=deb,n=2]", "m[os=alp,n=1]", "m[os=alp,n=2]", "z"}));
  for (std::size_t i = 0; i < workflow.stages.size(); ++i) {
    EXPECT_EQ(workflow.stages[i].stage_id, static_cast<int>(i));
  }
  const Stage& third = workflow.stages[3];
  EXPECT_EQ(third.base, "m");
  EXPECT_EQ(third.name, third.key);
  EXPECT_EQ(third.matrix, (EnvironmentList{{"os", "alp"}, {"n", "1"}}));
  EXPECT_EQ(third.needs, (std::vector<int>{0}));
  EXPECT_EQ(workflow.stages[5].needs, (std::vector<int>{1, 2, 3, 4}));
}

TEST(Matrix, one_stage_of_it_may_be_needed) {
  const auto loaded =
      load("  z: {run: x, needs: ['m[n=2]']}\n  m: {run: x, name: Many, matrix: {n: [1, 2]}}\n");
  ASSERT_TRUE(loaded.valid());
  EXPECT_EQ(loaded.workflow.stages[0].needs, (std::vector<int>{2}));
  EXPECT_EQ(loaded.workflow.stages[2].name, "Many[n=2]");
}

TEST(Matrix, lanes_take_all_of_it_or_one) {
  const auto loaded = parse_workflow(
      "version: 1\nstages:\n  a: {run: x}\n  m: {run: x, matrix: {n: [1, 2]}}\n"
      "lanes:\n  all: {stages: [m]}\n  one: {stages: ['m[n=2]']}\n  rest: {stages: {except: "
      "[m]}}\n",
      "w.yaml",
      "/");
  ASSERT_TRUE(loaded.valid());
  EXPECT_EQ(loaded.workflow.lanes[0].stages, (std::vector<int>{1, 2}));
  EXPECT_EQ(loaded.workflow.lanes[1].stages, (std::vector<int>{2}));
  EXPECT_EQ(loaded.workflow.lanes[2].stages, (std::vector<int>{0}));
}

TEST(Matrix, its_name_means_all_of_it_where_stages_are_named) {
  const LoadedWorkflow loaded = load(kTwoByTwo);
  EXPECT_EQ(*stages_named(loaded.workflow, "m"), (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(*stages_named(loaded.workflow, "m[os=alp,n=1]"), (std::vector<int>{3}));
  EXPECT_FALSE(stages_named(loaded.workflow, "m[os=alp]"));
  EXPECT_FALSE(stages_named(loaded.workflow, ""));
}

TEST(Matrix, variables_are_in_upper_case) {
  EXPECT_EQ(matrix_variable("os_Name2"), "HEADWAY_MATRIX_OS_NAME2");
}

TEST(Matrix, mistakes_are_told_once) {
  EXPECT_EQ(mistake_in("  m: {run: x, matrix: {}}\n"), "'matrix' of stage 'm' is empty");
  EXPECT_EQ(mistake_in("  m: {run: x, matrix: [a]}\n"),
            "'matrix' of stage 'm' must be a mapping of axes to lists of values, not a list");
  EXPECT_EQ(mistake_in("  m: {run: x, matrix: {n: []}}\n"), "'matrix.n' of stage 'm' is empty");
  EXPECT_EQ(mistake_in("  m: {run: x, matrix: {n: [1, 1]}}\n"),
            "'matrix.n' of stage 'm' has '1' twice");
  EXPECT_NE(mistake_in("  m: {run: x, matrix: {n: ['a,b']}}\n").find("has a value 'a,b'"),
            std::string::npos);
  EXPECT_NE(mistake_in("  m: {run: x, matrix: {n-1: [1]}}\n").find("has an axis 'n-1'"),
            std::string::npos);
  EXPECT_NE(mistake_in("  m: {run: x, matrix: {n: [1], N: [1]}}\n").find("HEADWAY_MATRIX_N"),
            std::string::npos);
  EXPECT_EQ(mistake_in("  m: {run: x, needs: [m], matrix: {n: [1, 2]}}\n"),
            "stage 'm' needs itself");
  EXPECT_EQ(mistake_in("  m: {run: x, needs: [b], matrix: {n: [1, 2]}}\n"),
            "stage 'm' needs unknown stage 'b'");
  EXPECT_NE(
      mistake_in("  m: {run: x, needs: [b], matrix: {n: [1, 2]}}\n  b: {run: x, needs: [m]}\n")
          .find("stages need each other"),
      std::string::npos);
}

TEST(Matrix, size_is_bounded) {
  std::string values;
  for (int i = 0; i < 17; ++i) {
    values += (i == 0 ? "" : ", ") + std::to_string(i);
  }
  EXPECT_EQ(mistake_in("  m: {run: x, matrix: {a: [" + values + "], b: [" + values + "]}}\n"),
            "'matrix' of stage 'm' makes more than 256 stages");
  EXPECT_NE(mistake_in("  m: {run: x, matrix: {a: [" + std::string(80, 'v') + "]}}\n")
                .find("has a name of more than 80 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace headway
