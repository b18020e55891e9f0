// Tests of changes of level in words and as JSON.
#include "cli/text/regressions_text.hpp"

#include "base/json.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

LevelChange build_is_slower() {
  LevelChange change;
  change.key = "build";
  change.at_run = "019aabcd-0000-7000-8000-00001a2b3c4d";
  change.at_commit = "0123456789abcdef";
  change.before_seconds = 12;
  change.after_seconds = 17;
  change.change_percent = 41.7;
  change.p_value = 0.0005;
  change.runs_since = 8;
  change.evidence = "its CPU time: +40 %";
  return change;
}

TEST(RegressionsText, line_tells_since_when_how_much_and_why) {
  EXPECT_EQ(change_line(build_is_slower()),
            "build: slower since run 1a2b3c4d (commit 0123456789, 7 runs ago): 12 s -> 17 s, "
            "+42 %, own time");
}

TEST(RegressionsText, machine_is_all_stages) {
  LevelChange change = build_is_slower();
  change.key = "*";
  change.stages = {"a", "b", "c"};
  change.cause = ChangeCause::slower_machine;
  change.at_commit.clear();
  EXPECT_EQ(change_line(change),
            "all stages (3): slower since run 1a2b3c4d (7 runs ago): 12 s -> 17 s, +42 %, slower "
            "machine");
}

TEST(RegressionsText, nothing_found_is_no_text_and_empty_arrays) {
  EXPECT_EQ(regressions_text({}, Paint()), "");
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_regressions(json, {});
  json.end_object();
  EXPECT_EQ(text, R"({"regressions":[],"improvements":[]})");
}

TEST(RegressionsText, document_has_every_field_and_null_for_what_is_not_known) {
  Regressions found;
  found.regressions = {build_is_slower()};
  found.regressions[0].before_commit.clear();
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_regressions(json, found);
  json.end_object();
  const auto parsed = Json::parse(text);
  ASSERT_TRUE(parsed);
  const Json& change = (*parsed)["regressions"].items().at(0);
  EXPECT_EQ(change["key"].as_string(), "build");
  EXPECT_EQ(change["cause"].as_string(), "own_time");
  EXPECT_TRUE(change["before_commit"].is_null());
  EXPECT_EQ(change["runs_since"].as_integer(), 8);
  EXPECT_NEAR(change["change_percent"].as_number(), 41.7, 1e-9);
}

}  // namespace
}  // namespace headway::cli
