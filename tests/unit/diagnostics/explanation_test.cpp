// Tests of explain(): what goes before what, and what is never said.
#include "diagnostics/explanation.hpp"

#include "base/json.hpp"
#include "diagnostics/confidence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

namespace headway {
namespace {

Rule rule(std::string id, FailureCategory category, int right, int of) {
  Rule made;
  made.id = std::move(id);
  made.category = category;
  made.text = "Do something about {thing}.";
  made.command = "mend {thing}";
  made.precision = {.right = right, .of = of};
  return made;
}

WeighedHit hit(const Rule& rule, std::int64_t line, double gain) {
  return {.hit = {.rule = &rule, .line = line, .captures = {{"thing", "it's"}}},
          .gain = gain,
          .shown = true};
}

FailureExcerpt excerpt_with(std::vector<WeighedHit> hits) {
  FailureExcerpt excerpt;
  excerpt.blocks = {{.first = 3, .last = 4, .text = "one\ntwo"}};
  excerpt.anchor_line = 4;
  excerpt.anchor_gain = 0.8;
  excerpt.hits = std::move(hits);
  excerpt.lines = 10;
  return excerpt;
}

FailureFacts exited(int code) {
  FailureFacts facts;
  facts.exit_code = code;
  return facts;
}

TEST(Explanation, run_that_passed_is_not_explained) {
  const Rule known = rule("net.dns", FailureCategory::network, 99, 99);
  const Explanation explanation = explain(exited(0), excerpt_with({hit(known, 3, 0.9)}));
  EXPECT_EQ(explanation.category, FailureCategory::unknown);
  EXPECT_EQ(explanation.confidence, 0);
  EXPECT_TRUE(explanation.suggestions.empty());
  EXPECT_TRUE(explanation.excerpt.blocks.empty());
}

// Test runners of three languages write "AssertionError"; each said that an assertion does not
// hold.
TEST(Explanation, what_a_better_rule_tells_of_the_same_lines_is_not_told_again) {
  const Rule best = rule("test.a", FailureCategory::test_failure, 99, 99);
  const Rule again = rule("test.b", FailureCategory::test_failure, 50, 99);
  const Rule elsewhere = rule("test.c", FailureCategory::test_failure, 50, 99);
  const Rule other = rule("net.dns", FailureCategory::network, 50, 99);
  const Explanation explanation = explain(exited(1),
                                          excerpt_with({hit(best, 3, 0.9),
                                                        hit(best, 4, 0.9),
                                                        hit(again, 4, 0.9),
                                                        hit(elsewhere, 5, 0.9),
                                                        hit(other, 3, 0.9)}));
  std::vector<std::string> ids;
  for (const Suggestion& suggestion : explanation.suggestions) {
    ids.push_back(suggestion.id);
  }
  EXPECT_EQ(ids.front(), "test.a");
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "test.b"), 0);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "test.c"), 1);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "net.dns"), 1);
}

TEST(Explanation, sure_fact_goes_before_every_rule) {
  const Rule known = rule("net.dns", FailureCategory::network, 99, 99);
  FailureFacts facts = exited(1);
  facts.timed_out = true;
  const Explanation explanation = explain(facts, excerpt_with({hit(known, 3, 0.9)}));
  EXPECT_EQ(explanation.category, FailureCategory::timeout);
  EXPECT_EQ(explanation.suggestions.front().source, "fact");
}

TEST(Explanation, rule_on_the_likelier_line_names_the_category) {
  const Rule first = rule("net.dns", FailureCategory::network, 20, 20);
  const Rule second = rule("disk.full", FailureCategory::disk_full, 20, 20);
  const Explanation explanation =
      explain(exited(1), excerpt_with({hit(first, 3, 0.9), hit(second, 900, 0.001)}));
  EXPECT_EQ(explanation.category, FailureCategory::network);
  ASSERT_EQ(explanation.suggestions.size(), 2U);
  EXPECT_EQ(explanation.suggestions[0].id, "net.dns");
  EXPECT_EQ(explanation.suggestions[0].evidence_lines, (std::vector<std::int64_t>{3}));
  EXPECT_LT(explanation.suggestions[1].confidence, explanation.suggestions[0].confidence);
}

TEST(Explanation, cause_goes_before_what_it_brought_about) {
  const Rule wrapper = rule("link.failed", FailureCategory::link_error, 20, 20);
  Rule reason = rule("net.dns", FailureCategory::network, 1, 1);
  reason.rank = RuleRank::cause;
  const Explanation explanation =
      explain(exited(1), excerpt_with({hit(wrapper, 4, 0.9), hit(reason, 3, 0.2)}));
  ASSERT_EQ(explanation.suggestions.size(), 2U);
  EXPECT_EQ(explanation.suggestions[0].id, "net.dns");
}

TEST(Explanation, rule_that_names_the_thing_stands_above_a_fact_that_says_the_same) {
  Rule known = rule("shell.missing", FailureCategory::missing_command, 20, 20);
  known.rank = RuleRank::cause;
  const Explanation named = explain(exited(127), excerpt_with({hit(known, 4, 0.9)}));
  EXPECT_EQ(named.suggestions[0].id, "shell.missing");
  EXPECT_EQ(named.suggestions[1].id, "fact.exit_127");
  EXPECT_EQ(named.confidence, named.suggestions[0].confidence);  // both say it: the surer holds

  WeighedHit nameless = hit(known, 4, 0.9);
  nameless.hit.captures.clear();
  known.text = "Something is not there.";
  EXPECT_EQ(explain(exited(127), excerpt_with({nameless})).suggestions[0].id, "fact.exit_127");
}

TEST(Explanation, evidence_beside_the_anchor_that_names_the_thing_comes_first) {
  const Rule known = rule("net.dns", FailureCategory::network, 20, 20);
  WeighedHit nameless = hit(known, 5, 0.9);
  nameless.hit.captures.clear();
  const Explanation explanation =
      explain(exited(1), excerpt_with({hit(known, 90, 0.95), nameless, hit(known, 3, 0.1)}));
  ASSERT_EQ(explanation.suggestions.size(), 1U);
  EXPECT_EQ(explanation.suggestions[0].evidence_lines, (std::vector<std::int64_t>{3, 5, 90}));
  EXPECT_EQ(explanation.suggestions[0].confidence, confidence_of(known));
}

TEST(Explanation, wrapper_alone_is_not_sure_of_the_kind) {
  Rule wrapper = rule("make.failed", FailureCategory::compile_error, 40, 40);
  wrapper.rank = RuleRank::consequence;
  const Explanation explanation = explain(exited(2), excerpt_with({hit(wrapper, 4, 0.9)}));
  EXPECT_LT(explanation.confidence, 0.5);
  EXPECT_GT(explanation.suggestions[0].confidence, 0.5);
}

TEST(Explanation, advice_that_is_wrong_as_often_as_right_is_not_given) {
  const Rule known = rule("net.dns", FailureCategory::network, 10, 100);
  EXPECT_TRUE(explain(exited(1), excerpt_with({hit(known, 4, 0.9)})).suggestions.empty());
}

TEST(Explanation, what_a_log_says_becomes_no_second_command) {
  const Rule known = rule("net.dns", FailureCategory::network, 9, 10);
  const Explanation explanation = explain(exited(1), excerpt_with({hit(known, 3, 0.9)}));
  EXPECT_EQ(explanation.suggestions[0].text, "Do something about it's.");
  EXPECT_EQ(explanation.suggestions[0].command, "mend 'it'\\''s'");
}

TEST(Explanation, unknown_is_an_answer) {
  const Explanation explanation = explain(exited(1), excerpt_with({}));
  EXPECT_EQ(explanation.category, FailureCategory::unknown);
  EXPECT_EQ(explanation.confidence, 0);
  EXPECT_EQ(explanation.excerpt.blocks.size(), 1U);
}

TEST(Explanation, line_that_the_green_log_has_not_is_a_suggestion) {
  FailureExcerpt excerpt = excerpt_with({});
  excerpt.anchor_is_new = true;
  const Explanation explanation = explain(exited(1), std::move(excerpt));
  ASSERT_EQ(explanation.suggestions.size(), 1U);
  EXPECT_EQ(explanation.suggestions[0].source, "diff");
  EXPECT_EQ(explanation.suggestions[0].evidence_lines, (std::vector<std::int64_t>{4}));
}

TEST(Explanation, history_is_told_with_the_rest) {
  const Suggestion past{.id = "history.seen",
                        .text = "seen 4 times",
                        .command = "",
                        .source = "history",
                        .confidence = 0.6,
                        .evidence_lines = {4}};
  const Explanation explanation = explain(exited(1), excerpt_with({}), {past});
  ASSERT_EQ(explanation.suggestions.size(), 1U);
  EXPECT_EQ(explanation.suggestions[0].text, "seen 4 times");
}

TEST(Explanation, document_has_every_field_of_the_contract) {
  const Rule known = rule("net.dns", FailureCategory::network, 9, 10);
  FailureFacts facts = exited(7);
  facts.disk_free_bytes = 12;
  const auto document =
      Json::parse(explanation_document(explain(facts, excerpt_with({hit(known, 3, 0.9)}))));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["format"].as_integer(), 1);
  EXPECT_EQ((*document)["category"].as_string(), "disk_full");
  EXPECT_EQ((*document)["excerpt"].items()[0]["first"].as_integer(), 3);
  EXPECT_EQ((*document)["excerpt"].items()[0]["last"].as_integer(), 4);
  EXPECT_EQ((*document)["excerpt"].items()[0]["text"].as_string(), "one\ntwo");
  EXPECT_EQ((*document)["anchor_line"].as_integer(), 4);
  EXPECT_EQ((*document)["facts"]["exit_code"].as_integer(), 7);
  EXPECT_EQ((*document)["facts"]["disk_free_bytes"].as_integer(), 12);
  EXPECT_FALSE((*document)["facts"].contains("signal"));
  const Json& suggestion = (*document)["suggestions"].items()[1];
  EXPECT_EQ(suggestion["source"].as_string(), "rule");
  for (const char* field : {"id", "text", "command", "confidence", "source", "evidence_lines"}) {
    EXPECT_TRUE(suggestion.contains(field)) << field;
  }
}

}  // namespace
}  // namespace headway
