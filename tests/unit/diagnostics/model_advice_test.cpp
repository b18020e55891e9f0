// What a model is told of an explanation, and what its answer becomes.
#include "diagnostics/model_advice.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

Explanation explained() {
  Explanation explanation;
  explanation.category = FailureCategory::test_failure;
  explanation.facts.exit_code = 2;
  explanation.excerpt.blocks = {{.first = 40, .last = 41, .text = "--- FAIL: TestA\n  got 3"},
                                {.first = 7, .last = 7, .text = "$ go test"}};
  return explanation;
}

TEST(QuestionAbout, has_the_lines_in_the_order_of_the_excerpt_and_how_it_ended) {
  const ModelQuestion question = question_about(explained());
  EXPECT_EQ(question.lines, (std::vector<std::string>{"--- FAIL: TestA", "  got 3", "$ go test"}));
  EXPECT_EQ(question.outcome, "exit code 2");
  EXPECT_EQ(question.category, "test_failure");
}

TEST(QuestionAbout, the_fact_that_says_most_is_the_outcome) {
  Explanation explanation = explained();
  const auto outcome = [&] { return question_about(explanation).outcome; };
  explanation.facts.signal = 11;
  EXPECT_EQ(outcome(), "ended by SIGSEGV");
  explanation.facts.out_of_memory = true;
  EXPECT_EQ(outcome(), "killed for want of memory");
  explanation.facts.timed_out = true;
  EXPECT_EQ(outcome(), "its time was up");
  explanation.facts.gate = "coverage 71 % is not >= 80 %";
  EXPECT_EQ(outcome(), "coverage 71 % is not >= 80 %");
  explanation.facts = {};
  EXPECT_EQ(outcome(), "it failed");
}

TEST(QuestionAbout, log_without_lines_leaves_none) {
  EXPECT_TRUE(question_about({}).lines.empty());
}

TEST(AdviceOfModel, names_the_model_and_the_lines_of_the_log_that_it_quotes) {
  const Suggestion advice =
      advice_of({.text = "It is x.", .command = "mend", .quoted = {2, 1}}, "small:7b", explained());
  EXPECT_EQ(advice.id, "model.small:7b");
  EXPECT_EQ(advice.source, "model");
  EXPECT_EQ(advice.text, "It is x.");
  EXPECT_EQ(advice.command, "mend");
  EXPECT_EQ(advice.evidence_lines, (std::vector<std::int64_t>{7, 41}));
}

TEST(AdviceOfModel, is_a_guess_however_sure_it_sounds) {
  const Suggestion advice = advice_of(
      {.text = "I am 100 % certain.", .command = "", .quoted = {0}}, "small", explained());
  EXPECT_EQ(advice.confidence, kModelConfidence);
  EXPECT_LT(advice.confidence, 0.4);
}

}  // namespace
}  // namespace headway
