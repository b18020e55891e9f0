// `choose` of a workflow's own lanes.
#include "change/lane_rules.hpp"

#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

Workflow with_lanes(const std::string& lanes, const std::string& directory = "/repo") {
  auto loaded =
      parse_workflow("version: 1\nstages: {a: {run: x}}\n" + lanes, "headway.yaml", directory);
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem);
  }
  return std::move(loaded.workflow);
}

const char* const kLanes =
    "lanes:\n"
    "  docs: {choose: {only: ['**/*.md', 'docs/**']}}\n"
    "  standard: {default: true}\n"
    "  heavy: {choose: {files: '> 2', lines: '> 50', any: ['src/auth/**']}}\n";

Change with(std::initializer_list<const char*> paths, long long lines = 1) {
  Change change;
  change.root = "/repo";
  for (const char* path : paths) {
    change.files.push_back({.path = path, .lines_added = lines});
  }
  return change;
}

std::string chosen(const Workflow& workflow, const Change& change) {
  const LaneDecision decision = choose_lane(workflow, change);
  return decision.lane + " " + decision.rule;
}

TEST(ChooseLane, only_needs_every_file_to_match) {
  const Workflow workflow = with_lanes(kLanes);
  EXPECT_EQ(chosen(workflow, with({"README.md", "docs/x.png"})), "docs docs.only");
  EXPECT_EQ(chosen(workflow, with({"README.md", "x.py"})), "standard default");
}

TEST(ChooseLane, keys_are_alternatives) {
  const Workflow workflow = with_lanes(kLanes);
  EXPECT_EQ(chosen(workflow, with({"a.py", "b.py", "c.py"})), "heavy heavy.files");
  EXPECT_EQ(chosen(workflow, with({"a.py"}, 51)), "heavy heavy.lines");
  EXPECT_EQ(chosen(workflow, with({"a.py", "src/auth/x.py"})), "heavy heavy.any");
}

TEST(ChooseLane, of_lanes_that_match_the_one_listed_last_wins) {
  EXPECT_EQ(chosen(with_lanes(kLanes), with({"a.md", "b.md", "c.md"})), "heavy heavy.files");
}

TEST(ChooseLane, an_empty_change_takes_the_default_lane) {
  EXPECT_EQ(chosen(with_lanes(kLanes), with({})), "standard nothing_changed");
  const Workflow few = with_lanes("lanes: {a: {}, b: {choose: {files: '< 5'}}}\n");
  EXPECT_EQ(chosen(few, with({})), "a nothing_changed");
}

TEST(ChooseLane, where_nothing_is_known_everything_counts_as_changed) {
  Change unknown;
  unknown.knows_files = false;
  unknown.knows_lines = false;
  EXPECT_EQ(chosen(with_lanes(kLanes), unknown), "heavy heavy.files");
  const Workflow docs =
      with_lanes("lanes: {s: {}, docs: {choose: {only: ['*.md'], files: '< 3'}}}\n");
  EXPECT_EQ(chosen(docs, unknown), "s default");
}

TEST(ChooseLane, both_names_of_a_renamed_file_count) {
  const Workflow workflow = with_lanes(kLanes);
  Change change = with({"docs/x.txt"});
  change.files[0].old_path = "src/auth/x.py";
  EXPECT_EQ(chosen(workflow, change), "heavy heavy.any");
  change.files[0].old_path = "src/x.py";
  EXPECT_EQ(chosen(workflow, change), "standard default");
}

TEST(ChooseLane, globs_are_relative_to_the_workflow_file) {
  const Workflow workflow = with_lanes(
      "lanes: {s: {}, own: {choose: {only: ['src/**']}}, other: {choose: {any: ['../lib/**']}}}\n",
      "/repo/apps/one");
  EXPECT_EQ(chosen(workflow, with({"apps/one/src/a.py"})), "own own.only");
  EXPECT_EQ(chosen(workflow, with({"src/a.py"})), "s default");
  EXPECT_EQ(chosen(workflow, with({"apps/lib/a.py"})), "other other.any");
}

TEST(ChooseLane, what_a_lane_excepts_does_not_count_for_it) {
  const Workflow workflow = with_lanes(
      "lanes:\n"
      "  s: {default: true}\n"
      "  heavy: {choose: {files: '> 1', any: ['auth/**'], except: [notes, VERSION]}}\n"
      "  docs: {choose: {only: ['*.md'], except: [VERSION]}}\n");
  EXPECT_EQ(chosen(workflow, with({"a.py", "notes/1", "notes/2", "VERSION"})), "s default");
  EXPECT_EQ(chosen(workflow, with({"a.py", "b.py", "notes/1"})), "heavy heavy.files");
  EXPECT_EQ(chosen(workflow, with({"a.md", "VERSION"})), "docs docs.only");
  EXPECT_EQ(chosen(workflow, with({"VERSION"})), "s default") << "nothing is left to look at";
  Change moved = with({"notes/x"});
  moved.files[0].old_path = "auth/x";
  EXPECT_EQ(chosen(workflow, moved), "heavy heavy.any") << "it counts where one name does";
  const LaneDecision decision = choose_lane(workflow, with({"a.py", "notes/1", "VERSION"}));
  EXPECT_EQ(decision.rules.at(0).fact, "1 file changed (> 1); 2 more do not count");
  EXPECT_EQ(decision.rules.at(2).fact, "'a.py' does not match; 1 more does not count");
}

TEST(ChooseLane, without_lanes_the_built_in_rules_hold) {
  EXPECT_EQ(chosen(with_lanes(""), with({"README.md"})), "docs only_documents");
}

TEST(NeedsChange, only_where_a_rule_looks_at_it) {
  EXPECT_TRUE(needs_change(with_lanes("")));
  EXPECT_TRUE(needs_change(with_lanes(kLanes)));
  EXPECT_FALSE(needs_change(with_lanes("lanes: {a: {}, b: {warn_on_code: true}}\n")));
  EXPECT_TRUE(needs_messages(with_lanes("")));
  EXPECT_FALSE(needs_messages(with_lanes(kLanes)));
}

TEST(PathFrom, a_subfolder_sees_the_rest_above_it) {
  EXPECT_EQ(path_from("", "a/b"), "a/b");
  EXPECT_EQ(path_from("a", "a/b"), "b");
  EXPECT_EQ(path_from("a/b", "a/c"), "../c");
  EXPECT_EQ(path_from("a/b", "ab/c"), "../../ab/c");
  EXPECT_EQ(path_from("a/b", "c/b/x"), "../../c/b/x");
}

}  // namespace
}  // namespace headway
