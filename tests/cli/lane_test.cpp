// headway lane, and the lane that run and plan take, from outside.
#include "support/git_repository.hpp"
#include "support/headway_program.hpp"
#include "support/on_terminal.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kLanes =
    "version: 1\n"
    "stages: {lint: {run: 'true'}, unit: {run: 'true'}}\n"
    "lanes:\n"
    "  docs: {stages: [lint], choose: {only: ['docs/**', '*.md']}, warn_on_code: true}\n"
    "  standard: {default: true}\n"
    "  heavy: {choose: {files: '> 3'}}\n";

// A project with one commit on main, and nothing changed since.
class Repository {
 public:
  explicit Repository(const char* workflow) {
    program.write("headway.yaml", workflow);
    program.write(".gitignore", ".headway\n");
    git_in(program.path(), "init -b main .");
    git_in(program.path(), "add -A");
    git_in(program.path(), "commit -m 'feat: begin'");
  }

  std::string lane_of_run(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"run", "--json"});
    return program.run(words).json()["lane"].as_string();
  }

  Program program;
};

TEST(LaneCommand, says_which_lane_and_every_rule_with_its_fact) {
  Repository repository(kLanes);
  repository.program.write("docs/a.txt", "1\n2\n");
  const Json json = repository.program.run({"lane", "--json"}).json();
  EXPECT_EQ(json["lane"].as_string(), "docs");
  EXPECT_EQ(json["rule"].as_string(), "docs.only");
  EXPECT_EQ(json["facts"]["files"].as_integer(), 1);
  EXPECT_EQ(json["facts"]["lines_added"].as_integer(), 2);
  EXPECT_EQ(json["facts"]["by_kind"]["docs"].as_integer(), 1);
  EXPECT_EQ(json["facts"]["base"].as_string().size(), 40U);
  EXPECT_EQ(json["rules"].items().size(), 2U);
  EXPECT_TRUE(json["warning"].is_null());
  const auto text = repository.program.run({"lane"});
  EXPECT_TRUE(text.out.starts_with(
      "lane docs: 'docs/a.txt' matches, and nothing else changed [docs.only]"));
}

TEST(LaneCommand, works_without_a_workflow_file_and_without_a_repository) {
  Program program;
  const auto result = program.run({"lane", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.json()["lane"].as_string(), "standard");
  EXPECT_TRUE(result.json()["facts"]["files"].is_null());
  EXPECT_EQ(result.json()["facts"]["base_source"].as_string(), "no git repository");
}

TEST(LaneCommand, an_unknown_base_is_a_mistake) {
  Repository repository(kLanes);
  const auto result = repository.program.run({"lane", "--base", "nonsense"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("find the base 'nonsense'"), std::string::npos);
}

TEST(LaneOfARun, follows_the_change) {
  Repository repository(kLanes);
  EXPECT_EQ(repository.lane_of_run(), "standard");
  repository.program.write("docs/a.txt", "1\n");
  EXPECT_EQ(repository.lane_of_run(), "docs");
  EXPECT_EQ(repository.lane_of_run({"--lane", "auto"}), "docs");
  EXPECT_EQ(repository.lane_of_run({"--lane", "heavy"}), "heavy");
  for (const char* name : {"a.py", "b.py", "c.py"}) {
    repository.program.write(name, "1\n");
  }
  EXPECT_EQ(repository.lane_of_run(), "heavy");
}

TEST(LaneOfARun, base_says_from_where_on) {
  Repository repository(kLanes);
  repository.program.write("a.md", "1\n");
  git_in(repository.program.path(), "add -A");
  git_in(repository.program.path(), "commit -m 'docs: more'");
  EXPECT_EQ(repository.lane_of_run(), "standard");
  EXPECT_EQ(repository.lane_of_run({"--base", "HEAD^"}), "docs");
}

TEST(LaneOfARun, an_unknown_lane_is_refused_unless_there_is_a_fallback) {
  Repository repository(kLanes);
  const auto refused = repository.program.run({"run", "--lane", "turbo"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("there is: docs, standard, heavy"), std::string::npos);
  EXPECT_EQ(repository.lane_of_run({"--lane", "turbo", "--lane-fallback", "heavy"}), "heavy");
  EXPECT_EQ(repository.lane_of_run({"--lane", "docs", "--lane-fallback", "heavy"}), "docs");
  EXPECT_EQ(repository.program.run({"run", "--lane", "docs", "--lane-fallback", "x"}).exit_code, 2);
}

TEST(LaneOfARun, what_a_lane_leaves_out_and_why_it_was_taken_are_told) {
  Repository repository(kLanes);
  repository.program.write("docs/a.txt", "1\n");
  const auto result = repository.program.run({"run"});
  EXPECT_NE(result.err.find("lane 'docs': 'docs/a.txt' matches, and nothing else changed; since"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("lane 'docs' leaves out unit"), std::string::npos);
  const auto plan = repository.program.run({"plan"});
  EXPECT_NE(plan.out.find("[docs.only]"), std::string::npos) << plan.out;
  EXPECT_EQ(repository.program.run({"plan", "--json"}).json()["lane_rule"].as_string(),
            "docs.only");
}

TEST(LaneOfARun, code_in_a_docs_change_is_told_by_language_and_nothing_is_asked) {
  Repository repository(kLanes);
  repository.program.write("docs/build.sh", "1\n");
  repository.program.write("docs/conf.py", "1\n");
  const auto result = repository.program.run({"run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("1 Python file, 1 Shell file"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("[y/N]"), std::string::npos);
}

TEST(LaneOfARun, a_named_stage_is_not_refused_by_a_lane_that_nobody_named) {
  Repository repository(kLanes);
  repository.program.write("docs/a.txt", "1\n");
  EXPECT_EQ(repository.program.run({"run", "lint", "--json"}).json()["lane"].as_string(), "docs");
  const auto unit = repository.program.run({"run", "unit", "--json"});
  EXPECT_EQ(unit.exit_code, 0);
  EXPECT_EQ(unit.json()["lane"].as_string(), "standard");
  EXPECT_EQ(repository.program.run({"run", "unit", "--lane", "docs"}).exit_code, 2);
}

TEST(LaneOfARun, so_it_is_with_only_from_and_until) {
  Repository repository(kLanes);
  repository.program.write("docs/a.txt", "1\n");
  for (const char* flag : {"--only", "--from", "--until"}) {
    const auto unit = repository.program.run({"run", flag, "unit", "--json"});
    EXPECT_EQ(unit.exit_code, 0) << flag << unit.err;
    EXPECT_EQ(unit.json()["lane"].as_string(), "standard") << flag;
    EXPECT_EQ(repository.lane_of_run({flag, "lint"}), "docs") << flag;
  }
  EXPECT_EQ(repository.lane_of_run({"--skip", "unit"}), "docs");
}

TEST(LaneOfARun, where_nothing_is_known_the_reason_is_told) {
  Program program;
  program.write("headway.yaml", kLanes);
  const auto ran = program.run({"run"});
  EXPECT_TRUE(
      has(ran.err, "lane 'heavy': which files changed is not known (> 3): no git repository"))
      << ran.err;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  const auto plan = program.run({"plan"});
  EXPECT_TRUE(has(plan.out, "what changed is not known: no git repository [no_change_known]"))
      << plan.out;
}

TEST(LaneOfARun, where_there_is_no_base_the_plan_says_that_everything_counts) {
  Repository repository(kLanes);
  repository.program.set("CI", "true");
  const auto plan = repository.program.run({"plan"});
  EXPECT_TRUE(has(plan.out, "everything counts as changed: there is no commit before this one"))
      << plan.out;
}

TEST(LaneOfARun, a_workflow_file_behind_a_link_is_where_the_link_leads) {
  Repository repository("version: 1\nstages: {a: {run: 'true'}}\n");
  repository.program.write("deep/folder/headway.yaml", kLanes);
  git_in(repository.program.path(), "add -A");
  git_in(repository.program.path(), "commit -m 'feat: more'");
  repository.program.write("deep/folder/new.md", "1\n");
  const std::string link = repository.program.path("../link");
  std::filesystem::create_symlink(repository.program.path("deep/folder"), link);
  EXPECT_EQ(repository.lane_of_run({"-f", link + "/headway.yaml"}), "docs");
}

// The question of a lane that warns of code, asked of a person at a terminal.
class OfferOfALane : public testing::Test {
 protected:
  OfferOfALane() { repository_.program.write("docs/conf.py", "1\n"); }

  void SetUp() override {
    if (!has_terminals()) {
      GTEST_SKIP() << "no pseudo-terminal can be had here";
    }
  }

  std::string answered(const char* typed, const char* variable = "TERM=xterm") {
    return on_terminal(repository_.program, {"run", "--output", "plain"}, {variable}, typed);
  }

  Repository repository_{kLanes};
};

constexpr const char* kQuestion = "Take lane 'standard' instead? [y/N]";

TEST_F(OfferOfALane, yes_takes_the_default_lane) {
  for (const char* yes : {"y\n", "YES\n"}) {
    const std::string text = answered(yes);
    EXPECT_TRUE(has(text, kQuestion)) << text;
    EXPECT_TRUE(has(text, "lane standard, 2 stages")) << text;
  }
}

TEST_F(OfferOfALane, anything_else_keeps_the_lane) {
  for (const char* no : {"\n", "n\n", "yesterday\n", "\x04"}) {
    const std::string text = answered(no);
    EXPECT_TRUE(has(text, kQuestion)) << text;
    EXPECT_TRUE(has(text, "lane docs, 1 stage")) << text;
  }
}

TEST_F(OfferOfALane, is_not_made_in_ci_nor_when_a_run_is_resumed) {
  EXPECT_FALSE(has(answered("", "CI=true"), kQuestion));
  repository_.program.write("headway.yaml",
                            "version: 1\nstages: {a: {run: 'false'}}\n"
                            "lanes: {docs: {warn_on_code: true}, standard: {default: true}}\n");
  EXPECT_EQ(repository_.program.run({"run", "--lane", "docs"}).exit_code, 1);
  const std::string text = on_terminal(repository_.program, {"resume"}, {"TERM=xterm"});
  EXPECT_TRUE(has(text, "docs")) << text;
  EXPECT_FALSE(has(text, kQuestion)) << text;
}

TEST_F(OfferOfALane, is_not_made_to_a_job_in_the_background) {
  const std::string script = "cd '" + repository_.program.path() +
                             "' && set -m && (" HEADWAY_BINARY
                             " run --output plain; : >../done) & at=0\n"
                             "while [ ! -e '" +
                             repository_.program.path() +
                             "/../done' ] && [ $at -lt 200 ]; do "
                             "sleep 0.1; at=$((at + 1)); done; kill -9 -- -$! 2>/dev/null";
  const std::string text = command_on_terminal({"sh", "-c", script}, {"TERM=xterm"});
  EXPECT_FALSE(has(text, kQuestion)) << text;
  EXPECT_TRUE(has(text, "lane docs, 1 stage")) << text;
}

TEST(LaneOfARun, the_change_is_in_the_record) {
  Repository repository(kLanes);
  repository.program.write("docs/a.txt", "1\n");
  const auto run = repository.program.run({"run", "--json"}).json();
  const std::string events = slurp(run["paths"]["events"].as_string());
  EXPECT_NE(events.find("\"event\":\"change_facts\""), std::string::npos);
  EXPECT_NE(events.find("\"rule\":\"docs.only\""), std::string::npos);
}

TEST(LaneOfARun, lanes_without_choose_ask_no_git) {
  Repository repository(
      "version: 1\nstages: {a: {run: 'true'}}\nlanes: {one: {}, two: {default: true}}\n");
  repository.program.write("bin/git", "#!/bin/sh\ntouch asked\nexit 1\n");
  repository.program.set("PATH", repository.program.path("bin") + ":/usr/bin:/bin");
  EXPECT_EQ(repository.lane_of_run(), "two");
  EXPECT_EQ(repository.program.read("asked"), "");
  EXPECT_FALSE(std::filesystem::exists(repository.program.path("asked")));
}

TEST(LaneOfARun, a_git_that_fails_is_told_in_the_plan) {
  Repository repository("version: 1\nstages: {a: {run: 'true'}}\n");
  repository.program.write("bin/git", "#!/bin/sh\necho fatal: dubious >&2\nexit 128\n");
  repository.program.set("PATH", repository.program.path("bin") + ":/usr/bin:/bin");
  const auto plan = repository.program.run({"plan"});
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_NE(plan.out.find("dubious"), std::string::npos) << plan.out;
}

}  // namespace
}  // namespace headway
