// What is started for an attempt of a stage.
#include "orchestration/stage_launch.hpp"

#include "model/workflow_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using testing::Contains;
using testing::ElementsAre;

class StageLaunchTest : public testing::Test {
 protected:
  Launch launch(const std::string& stage, int attempt) {
    loaded_ = parse_workflow("version: 1\nstages:\n  a: " + stage + "\n", "headway.yaml", "/repo");
    EXPECT_TRUE(loaded_.problems.empty());
    auto plan = make_run_plan(loaded_.workflow, {});
    EXPECT_TRUE(plan);
    plan_ = *std::move(plan);
    launches_.emplace(plan_, LaunchPlace{"r-1", "/repo/.headway/runs/r-1", environment_}, nullptr);
    return launches_->of(0, attempt);
  }

  const std::vector<std::string> environment_{"HOME=/h"};
  LoadedWorkflow loaded_;
  RunPlan plan_;
  std::optional<StageLaunches> launches_;
};

TEST_F(StageLaunchTest, program_runs_in_the_folder_of_the_workflow) {
  const Launch made = launch("{run: [make, -k]}", 2);
  EXPECT_EQ(made.task, 0);
  EXPECT_EQ(made.attempt, 2);
  EXPECT_THAT(made.argv, ElementsAre("make", "-k"));
  EXPECT_EQ(made.directory, "/repo");
  EXPECT_THAT(*made.environment, Contains("HOME=/h"));
  EXPECT_THAT(*made.environment, Contains("HEADWAY_RUN_ID=r-1"));
}

TEST_F(StageLaunchTest, its_own_folder_is_below_that_and_a_script_has_a_shell) {
  const Launch made = launch("{run: 'exit 3', dir: sub}", 1);
  EXPECT_EQ(made.directory, "/repo/sub");
  EXPECT_EQ(made.argv.back(), "exit 3");
  EXPECT_GT(made.argv.size(), 1U);
}

TEST_F(StageLaunchTest, log_is_named_after_stage_and_attempt) {
  const Launch made = launch("{run: [x]}", 3);
  const std::string log = launches_->log_of(made);
  EXPECT_EQ(log, RunFolder::stage_log_name("a", 3));
  EXPECT_EQ(made.log_path, "/repo/.headway/runs/r-1/" + log);
}

TEST_F(StageLaunchTest, arguments_of_the_run_follow_the_list_or_are_those_of_the_script) {
  loaded_ = parse_workflow(
      "version: 1\nstages: {a: {run: [x, -v]}, b: {run: 'y \"$@\"'}}\n", "headway.yaml", "/repo");
  loaded_.workflow.stages[0].run.arguments = {"1", "two words"};
  loaded_.workflow.stages[1].run.arguments = {"3"};
  plan_ = *make_run_plan(loaded_.workflow, {});
  launches_.emplace(plan_, LaunchPlace{"r-1", "/r", environment_}, nullptr);
  EXPECT_THAT(launches_->of(0, 1).argv, ElementsAre("x", "-v", "1", "two words"));
  EXPECT_THAT(launches_->of(1, 1).argv,
              ElementsAre("/bin/sh", "-e", "-c", "y \"$@\"", "/bin/sh", "3"));
}

TEST_F(StageLaunchTest, interactive_stage_has_no_log) {
  const Launch made = launch("{run: [x], interactive: true}", 1);
  EXPECT_TRUE(made.interactive);
  EXPECT_EQ(made.log_path, "");
  EXPECT_EQ(launches_->log_of(made), "");
  EXPECT_FALSE(launch("{run: [x]}", 1).interactive);
}

}  // namespace
}  // namespace headway
