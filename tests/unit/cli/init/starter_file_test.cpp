// The starter file: every text it can make is a workflow file without a mistake.
#include "cli/init/starter_file.hpp"

#include "model/workflow_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

StarterPart part(std::string word, std::string folder = "") {
  return {.kind = word,
          .word = word,
          .evidence = "x",
          .folder = std::move(folder),
          .stages = {{.id = "build", .run = "make", .needs = {}},
                     {.id = "test", .run = "make test", .needs = {"build"}}}};
}

Workflow read(const std::string& text) {
  LoadedWorkflow loaded = parse_workflow(text, "headway.yaml", "/r");
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem) << "\n" << text;
  }
  return std::move(loaded.workflow);
}

std::vector<std::string> keys(const Workflow& workflow) {
  std::vector<std::string> all;
  for (const Stage& stage : workflow.stages) {
    all.push_back(stage.key);
  }
  return all;
}

TEST(StarterFile, one_part_has_plain_ids) {
  const Workflow workflow = read(starter_file("shop", {part("make")}));
  EXPECT_EQ(workflow.name, "shop");
  EXPECT_THAT(keys(workflow), ElementsAre("build", "test"));
}

TEST(StarterFile, several_parts_tell_whose_a_stage_is) {
  const Workflow workflow =
      read(starter_file("x", {part("go"), part("npm", "web app"), part("python", "web app")}));
  EXPECT_THAT(keys(workflow),
              ElementsAre("go_build",
                          "go_test",
                          "web_app_build",
                          "web_app_test",
                          "web_app_python_build",
                          "web_app_python_test"));
  EXPECT_EQ(workflow.stages[2].dir, "web app");
}

TEST(StarterFile, a_part_without_stages_names_no_other) {
  StarterPart empty{.kind = "npm", .word = "npm", .evidence = "package.json"};
  empty.notes = {"nothing\nto run"};
  const std::string text = starter_file("x", {empty, part("make")});
  EXPECT_THAT(keys(read(text)), ElementsAre("build", "test"));
  EXPECT_THAT(text, HasSubstr("# nothing\\nto run\n"));
}

TEST(StarterFile, nothing_known_gives_a_file_to_fill_in) {
  const std::string text = starter_file("x", {});
  EXPECT_THAT(keys(read(text)), ElementsAre("hello"));
  EXPECT_THAT(text, HasSubstr("# test:"));
}

TEST(StarterFile, every_key_of_a_stage_is_written) {
  StarterPart all = part("npm", "a: b");
  all.stages[0].inputs = {"package.json"};
  all.stages[0].outputs = {"out"};
  all.stages[0].lock = "target";
  all.stages[0].env = {{"PYTHONPATH", "src"}};
  all.stages[0].run = "first\nsecond 'x'";
  const Workflow workflow = read(starter_file("x", {all}));
  const Stage& stage = workflow.stages.at(0);
  EXPECT_EQ(stage.run.script, "first\nsecond 'x'\n");
  EXPECT_EQ(stage.dir, "a: b");
  EXPECT_EQ(stage.env.at(0).second, "src");
  EXPECT_THAT(stage.resources.locks, ElementsAre("target"));
}

TEST(StarterFile, names_of_folders_stay_what_they_are) {
  for (const char* name : {"true",
                           "0",
                           "1.5",
                           "null",
                           "a b",
                           "a: b",
                           "#x",
                           "-",
                           "ü",
                           "a\"b\\c",
                           "no",
                           "x # y",
                           "[x]",
                           "*",
                           "tab\tx",
                           "...",
                           "a:",
                           ".inf",
                           "~"}) {
    EXPECT_EQ(read(starter_file(name, {})).name, name);
  }
}

}  // namespace
}  // namespace headway::cli
