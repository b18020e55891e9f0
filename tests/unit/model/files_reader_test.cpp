// `inputs` and `outputs` of a stage, and what the two must be together.
#include "model/files_reader.hpp"

#include "model/workflow_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

LoadedWorkflow load(const std::string& keys) {
  return parse_workflow("version: 1\nstages: {a: {run: x, " + keys + "}}\n", "w.yaml", "/");
}

std::string mistake(const std::string& keys) {
  const LoadedWorkflow loaded = load(keys);
  EXPECT_EQ(loaded.problems.size(), 1U) << keys;
  return loaded.problems.empty() ? "" : loaded.problems[0].message;
}

TEST(ReadFiles, globs_are_kept_as_they_stand) {
  const LoadedWorkflow loaded = load("inputs: ['src/**', '!src/gen'], outputs: [app]");
  ASSERT_TRUE(loaded.valid());
  const StageFiles& files = loaded.workflow.stages[0].files;
  EXPECT_THAT(files.inputs, ElementsAre("src/**", "!src/gen"));
  EXPECT_THAT(files.outputs, ElementsAre("app"));
  EXPECT_TRUE(files.declared);
}

TEST(ReadFiles, without_the_keys_nothing_is_declared) {
  EXPECT_FALSE(load("timeout: 1s").workflow.stages[0].files.declared);
}

TEST(ReadFiles, empty_inputs_are_meant_where_there_are_outputs) {
  const LoadedWorkflow loaded = load("inputs: [], outputs: [venv]");
  ASSERT_TRUE(loaded.valid());
  EXPECT_TRUE(loaded.workflow.stages[0].files.declared);
  EXPECT_THAT(mistake("inputs: []"), HasSubstr("it would never run again"));
}

TEST(ReadFiles, outputs_alone_are_refused) {
  EXPECT_THAT(mistake("outputs: [app]"), HasSubstr("has 'outputs' and no 'inputs'"));
  EXPECT_THAT(mistake("inputs: [a], outputs: []"), HasSubstr("is empty"));
}

TEST(ReadFiles, mistakes_in_globs_are_told_at_their_place) {
  const LoadedWorkflow loaded = load("inputs: [ok, 'src/[a'], outputs: ['{x']");
  ASSERT_EQ(loaded.problems.size(), 2U);
  EXPECT_THAT(loaded.problems[0].message,
              HasSubstr("'inputs' of stage 'a': glob 'src/[a' has a '['"));
  EXPECT_EQ(loaded.problems[0].at.line, 2);
  EXPECT_THAT(loaded.problems[1].message, HasSubstr("glob '{x' has a '{'"));
}

TEST(ReadFiles, list_that_only_leaves_out_is_refused) {
  EXPECT_THAT(mistake("inputs: ['!src']"), HasSubstr("only leaves out"));
  EXPECT_THAT(mistake("inputs: src"), HasSubstr("must be a list"));
  EXPECT_THAT(load("inputs: [a]").problems, IsEmpty());
}

TEST(ReadCheckpoint, paths_become_normal) {
  const LoadedWorkflow loaded = load("checkpoint: [./src/, a//b/../c, '[id].tsx', .]");
  ASSERT_TRUE(loaded.valid());
  EXPECT_THAT(loaded.workflow.stages[0].checkpoint, ElementsAre("src", "a/c", "[id].tsx", "."));
}

TEST(ReadCheckpoint, what_cannot_be_saved_is_refused) {
  EXPECT_THAT(mistake("checkpoint: []"), HasSubstr("is empty"));
  EXPECT_THAT(mistake("checkpoint: src"), HasSubstr("must be a list"));
  EXPECT_THAT(mistake("checkpoint: [a/../../b]"), HasSubstr("lies outside"));
  EXPECT_THAT(mistake("checkpoint: [/etc]"), HasSubstr("lies outside"));
  EXPECT_THAT(mistake("checkpoint: ['src/**']"), HasSubstr("is no path"));
  EXPECT_THAT(mistake("checkpoint: [sub/.git/config]"), HasSubstr("never saved"));
  EXPECT_THAT(mistake("checkpoint: [.headway/runs]"), HasSubstr("never saved"));
}

}  // namespace
}  // namespace headway
