// What a workflow asks of its machine.
#include "diagnostics/workflow_needs.hpp"

#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

WorkflowNeeds needs(const std::string& stages,
                    const std::map<std::string, std::int64_t>& peaks = {}) {
  const LoadedWorkflow loaded = parse_workflow("version: 1\n" + stages, "headway.yaml", "/repo");
  EXPECT_TRUE(loaded.valid());
  return needs_of(loaded.workflow, loaded.workflow.default_lane(), peaks);
}

const ToolNeed* tool(const WorkflowNeeds& needs, const std::string& name) {
  for (const ToolNeed& one : needs.tools) {
    if (one.name == name) {
      return &one;
    }
  }
  return nullptr;
}

TEST(WorkflowNeeds, tools_are_told_once_with_their_stages) {
  const WorkflowNeeds found =
      needs("stages: {a: {run: make}, b: {run: [make, x]}, c: {run: git status}}\n");
  ASSERT_NE(tool(found, "make"), nullptr);
  EXPECT_EQ(tool(found, "make")->stages, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(tool(found, "make")->is_certain);
  EXPECT_EQ(found.tools.size(), 2U);
}

TEST(WorkflowNeeds, what_may_fail_or_lies_outside_the_lane_is_not_certain) {
  const WorkflowNeeds found = needs(
      "stages: {a: {run: mk, allow_failure: true}, b: {run: gh}, c: {run: x}}\n"
      "lanes: {one: {default: true, stages: [a, c]}}\n");
  EXPECT_FALSE(tool(found, "mk")->is_certain);
  EXPECT_FALSE(tool(found, "gh")->is_certain);
  EXPECT_TRUE(tool(found, "x")->is_certain);
}

TEST(WorkflowNeeds, path_of_the_file_or_stage_counts) {
  const WorkflowNeeds found =
      needs("env: {PATH: /a}\nstages: {a: {run: x}, b: {run: y, env: {PATH: /b}, dir: sub}}\n");
  EXPECT_EQ(tool(found, "x")->path, "/a");
  EXPECT_EQ(tool(found, "y")->path, "/b");
  EXPECT_EQ(tool(found, "y")->directory, "/repo/sub");
}

TEST(WorkflowNeeds, scripts_are_found_from_the_stage_folder) {
  const WorkflowNeeds found = needs(
      "stages: {a: {run: ./x.sh, dir: sub}, b: {run: 'bash tools/y.sh -v', needs: [a]}, "
      "c: {run: 'cd z; ./unknown.sh'}, d: {run: 'bash -c ls'}}\n");
  ASSERT_EQ(found.scripts.size(), 2U);
  EXPECT_EQ(found.scripts[0].file, "/repo/sub/x.sh");
  EXPECT_EQ(found.scripts[0].interpreter, "");
  EXPECT_FALSE(found.scripts[0].may_be_made);
  EXPECT_EQ(found.scripts[1].file, "/repo/tools/y.sh");
  EXPECT_EQ(found.scripts[1].interpreter, "bash");
  EXPECT_TRUE(found.scripts[1].may_be_made);
}

TEST(WorkflowNeeds, the_neediest_stage_is_named) {
  const WorkflowNeeds found = needs(
      "stages: {a: {run: x, resources: {cpus: 4, memory: 1GiB}}, b: {run: x, resources: {memory: "
      "2GiB}}}\n",
      {{"a", 5}, {"b", 3}, {"gone", 9}});
  EXPECT_EQ(found.cpus.stage, "a");
  EXPECT_EQ(found.declared_memory.stage, "b");
  EXPECT_EQ(found.peak_memory.stage, "a");
  EXPECT_EQ(found.peak_memory.amount, 5);
}

TEST(WorkflowNeeds, a_lane_without_parallel_stages_has_one_job) {
  EXPECT_EQ(needs("stages: {a: {run: x}}\nlanes: {l: {default: true, parallel: false}}\n").jobs, 1);
  EXPECT_EQ(needs("stages: {a: {run: x}}\n").jobs, 0);
}

}  // namespace
}  // namespace headway
