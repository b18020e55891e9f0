// Workflow files on a real disk: found, opened, read.
#include "model/workflow_file.hpp"

#include "base/files.hpp"
#include "model/yaml_parser.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace headway {
namespace {

constexpr std::string_view kGood = "version: 1\nstages: {a: {run: x}}\n";

void write(const std::string& path, std::string_view text) {
  ASSERT_TRUE(write_file_atomically(path, text, Durability::process).has_value());
}

TEST(FindWorkflowFile, nearest_file_above_is_found) {
  const TempFolder folder;
  ASSERT_TRUE(make_directories(folder / "a/b/c").has_value());
  write(folder / "headway.yaml", kGood);
  write(folder / "a/headway.yaml", kGood);
  EXPECT_EQ(*find_workflow_file(folder / "a/b/c"), folder / "a/headway.yaml");
  EXPECT_EQ(*find_workflow_file(folder / "a"), folder / "a/headway.yaml");
  EXPECT_EQ(*find_workflow_file(folder.path()), folder / "headway.yaml");
}

TEST(FindWorkflowFile, error_names_the_start_and_the_next_step) {
  const TempFolder folder;
  const auto found = find_workflow_file(folder.path());
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::not_found);
  EXPECT_NE(found.error().message.find(folder.path()), std::string::npos);
  EXPECT_NE(found.error().next_step.find("-f FILE"), std::string::npos);
}

TEST(LoadWorkflow, directory_is_the_folder_of_the_file) {
  const TempFolder folder;
  write(folder / "headway.yaml", kGood);
  const auto loaded = load_workflow(folder / "headway.yaml");
  ASSERT_TRUE(loaded.has_value());
  EXPECT_TRUE(loaded->valid());
  EXPECT_EQ(loaded->workflow.directory, folder.path());
  EXPECT_EQ(loaded->workflow.file, folder / "headway.yaml");
}

TEST(LoadWorkflow, relative_path_is_taken_from_the_working_directory) {
  const TempFolder folder;
  write(folder / "headway.yaml", kGood);
  const std::string before = current_directory();
  ASSERT_EQ(chdir(folder.path().c_str()), 0);
  const std::string here = current_directory();
  const auto loaded = load_workflow("headway.yaml");
  ASSERT_EQ(chdir(before.c_str()), 0);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->workflow.directory, here);
  EXPECT_EQ(loaded->workflow.file, "headway.yaml");
}

TEST(LoadWorkflow, mistakes_are_problems_and_no_error) {
  const TempFolder folder;
  write(folder / "headway.yaml", "version: 1\n");
  const auto loaded = load_workflow(folder / "headway.yaml");
  ASSERT_TRUE(loaded.has_value());
  EXPECT_FALSE(loaded->valid());
}

TEST(LoadWorkflow, local_file_beside_it_overrides_single_keys) {
  const TempFolder dir;
  write(dir / "headway.yaml", "version: 1\nenv: {A: a}\nstages: {a: {run: x, timeout: 5s}}\n");
  write(dir / "headway-local.yaml", "env: {B: b}\nstages: {a: {timeout: 1m}}\n");
  const auto loaded = load_workflow(dir / "headway.yaml");
  ASSERT_TRUE(loaded.has_value());
  ASSERT_TRUE(loaded->valid());
  EXPECT_EQ(loaded->workflow.env, (EnvironmentList{{"A", "a"}, {"B", "b"}}));
  EXPECT_EQ(loaded->workflow.stages[0].timeout, std::chrono::minutes(1));
  EXPECT_EQ(loaded->workflow.stages[0].run.script, "x");
}

TEST(LoadWorkflow, mistakes_name_the_file_they_are_in) {
  const TempFolder dir;
  write(dir / "headway.yaml", "version: 1\nstages: {a: {run: x, needs: [b]}}\n");
  write(dir / "headway-local.yaml", "stages:\n  a: {timeout: soon}\n");
  const auto loaded = load_workflow(dir / "headway.yaml");
  ASSERT_TRUE(loaded.has_value());
  ASSERT_EQ(loaded->problems.size(), 2U);
  EXPECT_EQ(loaded->problems[0].file, dir / "headway.yaml");
  EXPECT_EQ(loaded->problems[1].file, dir / "headway-local.yaml");
  EXPECT_EQ(loaded->problems[1].at.line, 2);
}

TEST(LoadWorkflow, local_file_that_cannot_be_understood_is_told) {
  const TempFolder dir;
  write(dir / "headway.yaml", kGood);
  write(dir / "headway-local.yaml", "stages: [\n");
  EXPECT_EQ(load_workflow(dir / "headway.yaml")->problems.at(0).file, dir / "headway-local.yaml");
  write(dir / "headway-local.yaml", "- a\n");
  EXPECT_EQ(load_workflow(dir / "headway.yaml")->problems.size(), 1U);
  write(dir / "headway-local.yaml", "# nothing yet\n");
  EXPECT_TRUE(load_workflow(dir / "headway.yaml")->valid());
}

TEST(LoadWorkflow, file_that_is_not_there_is_an_error) {
  const TempFolder folder;
  const auto loaded = load_workflow(folder / "headway.yaml");
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::not_found);
}

TEST(LoadWorkflow, file_beyond_the_bound_is_an_error) {
  const TempFolder folder;
  write(folder / "headway.yaml", std::string(kMaxYamlBytes + 1, '#'));
  const auto loaded = load_workflow(folder / "headway.yaml");
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace headway
