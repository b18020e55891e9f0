// headway commit, from outside: what it prints, how it ends, and the hook that git runs.
#include "support/git_repository.hpp"
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(CommitCheck, a_valid_message_ends_with_0_and_a_bad_one_with_1) {
  Program program;
  program.write("good", "feat: add it\n# comment\n");
  program.write("bad", "feature: something\n");
  EXPECT_EQ(program.run({"commit", "check", "good"}).exit_code, 0);
  const auto bad = program.run({"commit", "check", "bad"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.out.find("1:1 type 'feature' is not one of feat"), std::string::npos);
  EXPECT_NE(bad.out.find("try: feat: something"), std::string::npos);
}

TEST(CommitCheck, json_has_places_and_a_suggestion) {
  Program program;
  program.write("bad", "feat(x)!:y\nz\n");
  const Json json = program.run({"commit", "check", "bad", "--json"}).json();
  const Json& commit = json["commits"].items().at(0);
  EXPECT_EQ(commit["id"].as_string(), "bad");
  EXPECT_FALSE(commit["valid"].as_bool(true));
  EXPECT_EQ(commit["type"].as_string(), "feat");
  EXPECT_TRUE(commit["breaking"].as_bool());
  EXPECT_EQ(commit["issues"].items().size(), 2U);
  EXPECT_EQ(commit["issues"].items().at(0)["rule"].as_string(), "subject-space");
  EXPECT_EQ(commit["issues"].items().at(0)["at"]["column"].as_integer(), 10);
  EXPECT_EQ(commit["suggestion"].as_string(), "feat(x)!: y");
}

TEST(CommitCheck, rules_come_from_the_workflow_file) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: x}}\n"
                "commits: {profile: strict, types: [task], issue: required}\n");
  program.write("message", "feat: x\n");
  const auto result = program.run({"commit", "check", "message", "--json"});
  std::string rules;
  const Json document = result.json();
  for (const Json& issue : document["commits"].items().at(0)["issues"].items()) {
    rules += issue["rule"].as_string() + " ";
  }
  EXPECT_EQ(rules, "type-unknown subject-case issue-missing ");
}

TEST(CommitCheck, a_broken_workflow_file_is_told_and_does_not_hold_up_a_commit) {
  Program program;
  program.write("headway.yaml", "nonsense: true\n");
  program.write("message", "feat: x\n");
  const auto result = program.run({"commit", "check", "message"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("the default rules hold"), std::string::npos);
}

TEST(CommitCheck, a_mistaken_user_configuration_is_told_and_does_not_hold_up_a_commit) {
  Program program;
  program.write("c.yaml", "jobs: many\n");
  program.set("HEADWAY_CONFIG", "c.yaml");
  program.write("message", "feat: x\n");
  const auto result = program.run({"-q", "commit", "check", "message"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("c.yaml:1:7: 'jobs' must be"), std::string::npos) << result.err;
}

TEST(CommitCheck, a_range_is_checked_commit_by_commit) {
  Program program;
  const std::string folder = program.path();
  git_in(folder, "init -b main .");
  for (const char* message : {"feat: one", "oops", "fixup! feat: one", "Merge branch x"}) {
    git_in(folder, "commit --allow-empty -m '" + std::string(message) + "'");
  }
  const auto result = program.run({"commit", "check", "--range", "HEAD", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  const auto json = result.json();
  const auto& commits = json["commits"].items();
  ASSERT_EQ(commits.size(), 4U);
  EXPECT_EQ(commits[0]["kind"].as_string(), "merge");
  EXPECT_TRUE(commits[0]["valid"].as_bool());
  EXPECT_FALSE(commits[1]["valid"].as_bool(true));  // a fixup that waits to be squashed
  EXPECT_FALSE(commits[2]["valid"].as_bool(true));
  EXPECT_TRUE(commits[3]["valid"].as_bool());
  EXPECT_EQ(program.run({"commit", "check", "--range", "HEAD..HEAD"}).exit_code, 0);
  const auto unknown = program.run({"commit", "check", "--range", "nonsense..HEAD"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("nonsense..HEAD"), std::string::npos);
}

TEST(CommitFix, prints_and_writes_only_when_told_to) {
  Program program;
  program.write("message", "Added new feature\nbecause\n# comment\n");
  const auto shown = program.run({"commit", "fix", "message"});
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_EQ(shown.out, "feat: added new feature\n\nbecause\n");
  EXPECT_EQ(program.read("message"), "Added new feature\nbecause\n# comment\n");
  EXPECT_EQ(program.run({"commit", "fix", "message", "--write"}).exit_code, 0);
  EXPECT_EQ(program.read("message"), "feat: added new feature\n\nbecause\n# comment\n");
}

TEST(CommitFix, what_is_left_is_told) {
  Program program;
  program.write("message", "feat:\n");
  const auto result = program.run({"commit", "fix", "message"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("subject-empty"), std::string::npos);
}

TEST(CommitHook, git_refuses_a_bad_message_and_takes_a_good_one) {
  Program program;
  const std::string folder = program.path();
  git_in(folder, "init -b main .");
  const auto installed = program.run({"commit", "install-hook"});
  ASSERT_EQ(installed.exit_code, 0) << installed.err;
  git_in(folder, "commit --allow-empty -m 'feat: good'");
  const std::string bad = "cd '" + folder +
                          "' && git -c user.name=a -c user.email=a@b commit --allow-empty -m bad "
                          ">/dev/null 2>&1";
  EXPECT_NE(std::system(bad.c_str()), 0);
}

TEST(CommitHook, where_husky_has_the_hooks_its_own_file_is_named) {
  Program program;
  git_in(program.path(), "init -b main .");
  git_in(program.path(), "config core.hooksPath .husky/_");
  program.write(".husky/_/commit-msg", "#!/bin/sh\n");
  const auto refused = program.run({"commit", "install-hook"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("/.husky/commit-msg: "), std::string::npos) << refused.err;
}

TEST(CommitUsage, mistakes_end_with_2) {
  Program program;
  program.write("m", "feat: x\n");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"commit"},
                                                {"commit", "check"},
                                                {"commit", "check", "m", "--range", "a..b"},
                                                {"commit", "check", "absent"},
                                                {"commit", "check", "/"},
                                                {"commit", "fix"},
                                                {"commit", "check", "m", "--write"},
                                                {"commit", "dance"},
                                                {"commit", "fix", "m", "--json"},
                                                {"commit", "install-hook"}}) {
    EXPECT_EQ(program.run(words).exit_code, 2) << (words.size() > 1 ? words[1] : "");
  }
}

}  // namespace
}  // namespace headway
