// `hooks` of the file: what is read, and every mistake in its place.
#include "model/hook_reader.hpp"

#include "model/workflow_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

LoadedWorkflow load(const std::string& hooks) {
  return parse_workflow(
      "version: 1\nstages: {a: {run: x}, b: {run: y}}\nhooks: " + hooks + "\n", "w.yaml", "/");
}

// The hooks of stage `a`.
std::vector<Hook> good(const std::string& hooks) {
  auto loaded = load("{a: [" + hooks + "]}");
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem);
  }
  return std::move(loaded.workflow.stages.at(0).hooks);
}

// The only problem.
std::string problem_of_file(const std::string& hooks) {
  const auto problems = load(hooks).problems;
  EXPECT_EQ(problems.size(), 1U) << hooks;
  return problems.empty() ? "" : to_string(problems.front());
}

std::string problem(const std::string& hook) {
  return problem_of_file("{a: [" + hook + "]}");
}

TEST(ReadHooks, every_form_of_the_contract_is_read) {
  const auto hooks = good(R"({tool: git, version: ">= 2.30"}, {disk: 2GiB}, {memory: 512MiB},
      {git: clean, severity: warning, except: ["changes/**"]}, {git: branch, match: "release/*"},
      {git: no-conflicts}, {git: pushed}, {env: TOKEN}, {file: Makefile}, {port: 5432},
      {run: gh auth status, hint: "run: gh auth login", timeout: 3s}, {run: [gh, auth, status]})");
  std::vector<std::string> titles;
  for (const Hook& hook : hooks) {
    titles.push_back(title_of(hook));
  }
  EXPECT_THAT(titles,
              ElementsAre("tool git >= 2.30",
                          "disk 2.0 GiB",
                          "memory 512.0 MiB",
                          "git clean except changes/**",
                          "git branch release/*",
                          "git no-conflicts",
                          "git pushed",
                          "env TOKEN",
                          "file Makefile",
                          "port 5432",
                          "run gh auth status",
                          "run gh auth status"));
  EXPECT_EQ(hooks[3].severity, HookSeverity::warning);
  EXPECT_EQ(hooks[4].severity, HookSeverity::error);
  EXPECT_EQ(hooks[10].hint, "run: gh auth login");
  EXPECT_EQ(hooks[10].timeout, std::chrono::seconds(3));
  EXPECT_EQ(hooks[9].timeout, kHookTimeout);
  EXPECT_TRUE(hooks[10].run.is_script());
  EXPECT_EQ(hooks[11].run.argv.size(), 3U);
}

TEST(ReadHooks, belong_to_the_stage_they_stand_under) {
  const auto loaded = load("{b: [{tool: git}]}");
  EXPECT_TRUE(loaded.workflow.stages[0].hooks.empty());
  EXPECT_EQ(loaded.workflow.stages[1].hooks.size(), 1U);
}

TEST(ReadHooks, name_of_a_matrix_means_all_its_stages_and_a_single_one_only_itself) {
  const auto loaded = parse_workflow(
      "version: 1\nstages: {a: {run: x, matrix: {n: [1, 2]}}}\n"
      "hooks: {a: [{tool: git}], 'a[n=2]': [{tool: make}]}\n",
      "w.yaml",
      "/");
  ASSERT_TRUE(loaded.problems.empty()) << to_string(loaded.problems.front());
  EXPECT_EQ(loaded.workflow.stages.at(0).hooks.size(), 1U);
  EXPECT_EQ(loaded.workflow.stages.at(1).hooks.size(), 2U);
}

TEST(ReadHooks, an_unknown_stage_is_told_with_the_nearest) {
  EXPECT_THAT(problem_of_file("{bb: [{tool: git}]}"),
              HasSubstr("w.yaml:3:9: 'hooks' has unknown stage 'bb' (did you mean 'b'?)"));
}

TEST(ReadHooks, a_hook_checks_exactly_one_thing) {
  EXPECT_THAT(problem("{tool: git, env: HOME}"), HasSubstr("has both 'tool' and 'env'"));
  EXPECT_THAT(problem("{hint: x}"), HasSubstr("has nothing to check: say tool, env, file"));
  EXPECT_THAT(problem("git"), HasSubstr("must be a mapping such as {tool: git}"));
}

TEST(ReadHooks, details_go_with_what_they_belong_to) {
  EXPECT_THAT(problem("{env: HOME, version: '> 1'}"),
              HasSubstr("'version' in 'hooks' of stage 'a'"));
  EXPECT_THAT(problem("{git: clean, match: x}"), HasSubstr("goes with 'git: branch' only"));
  EXPECT_THAT(problem("{git: pushed, except: [x]}"), HasSubstr("'git: clean' and 'git: branch'"));
}

TEST(ReadHooks, values_are_checked_before_anything_runs) {
  EXPECT_THAT(problem("{tool: git, version: 2.30}"), HasSubstr("a range of versions such as"));
  EXPECT_THAT(problem("{disk: much}"), HasSubstr("'hooks.disk' of stage 'a'"));
  EXPECT_THAT(problem("{port: 70000}"), HasSubstr("'hooks.port' of stage 'a'"));
  EXPECT_THAT(problem("{git: cleen}"), HasSubstr("did you mean 'clean'?"));
  EXPECT_THAT(problem("{tool: git, severity: info}"), HasSubstr("must be error or warning"));
  EXPECT_THAT(problem("{tool: git, timeout: 0s}"), HasSubstr("'hooks.timeout' of stage 'a'"));
  EXPECT_THAT(problem("{git: clean, except: ['[']}"), HasSubstr("'hooks.except' of stage 'a'"));
  EXPECT_THAT(problem_of_file("{a: {tool: git}}"), HasSubstr("a list of hooks"));
}

TEST(ReadHooks, more_than_fifty_are_too_many) {
  std::string many = "{tool: git}";
  for (std::size_t i = 0; i < kMaxHooks; ++i) {
    many += ", {tool: git}";
  }
  EXPECT_THAT(problem(many), HasSubstr("more than 50 hooks of stage 'a'"));
}

TEST(TitleOf, a_long_script_is_one_line) {
  Hook hook;
  hook.run.script = "set -e\ntest -f x\n";
  EXPECT_EQ(title_of(hook), "run set -e ...");
}

}  // namespace
}  // namespace headway
