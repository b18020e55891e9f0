// An explanation as people read it.
#include "cli/text/explanation_text.hpp"

#include "base/json.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway::cli {
namespace {

FailureExplained example() {
  return {.category = "test_failure",
          .confidence = 0.75,
          .lines = 120,
          .anchor_line = 41,
          .excerpt = {{.first = 40, .last = 41, .text = "--- FAIL: TestA\n  got 3"},
                      {.first = 7, .last = 7, .text = "$ go test"}},
          .suggestions = {{.id = "go.test",
                           .text = "Test TestA failed.",
                           .command = "go test -run TestA",
                           .source = "rule",
                           .confidence = 0.92,
                           .evidence_lines = {40, 41}},
                          {.id = "history.seen",
                           .text = "seen once: 1 went away on retry",
                           .source = "history",
                           .confidence = 0.3}}};
}

TEST(ExplanationText, lines_stand_in_the_order_of_the_log_with_numbers_and_a_mark) {
  const std::string text = explained_text(example(), {});
  EXPECT_TRUE(has(text, "cause: test failure (likely, 75 %)\n")) << text;
  EXPECT_TRUE(has(text,
                  "    7 | $ go test\n"
                  "  ...\n"
                  "   40 | --- FAIL: TestA\n"
                  ">  41 |   got 3\n"))
      << text;
}

TEST(ExplanationText, every_suggestion_says_source_evidence_and_how_sure_it_is) {
  const std::string text = explained_text(example(), {});
  EXPECT_TRUE(has(text,
                  "what to try:\n"
                  "- Test TestA failed.\n"
                  "    go test -run TestA\n"
                  "  almost certain (92 %), rule go.test, line 40, 41\n"
                  "- seen once: 1 went away on retry\n"
                  "  a guess (30 %), earlier failures here\n"))
      << text;
}

TEST(AdviceText, of_a_model_has_no_measured_number_and_a_warning_at_its_command) {
  ExplainedAdvice advice{.id = "model.small:7b",
                         .text = "Foo is missing.",
                         .command = "apt install foo",
                         .source = "model",
                         .confidence = 0.3,
                         .evidence_lines = {4}};
  EXPECT_EQ(advice_text(advice, {}),
            "- Foo is missing.\n"
            "    apt install foo\n"
            "  a guess, not measured, language model small:7b, line 4; read the command before you "
            "use it\n");
  advice.command.clear();
  EXPECT_FALSE(has(advice_text(advice, {}), "read the command"));
}

TEST(ExplanationText, long_lines_are_cut_to_the_width) {
  FailureExplained explanation = example();
  explanation.excerpt = {{.first = 1, .last = 1, .text = std::string(500, 'x')}};
  const std::string text = explained_text(explanation, {.width = 40});
  EXPECT_TRUE(has(text, "xxx"));
  EXPECT_FALSE(has(text, std::string(40, 'x')));
}

TEST(ExplanationText, control_characters_of_rules_and_lines_do_not_reach_the_terminal) {
  FailureExplained explanation = example();
  explanation.excerpt = {{.first = 1, .last = 1, .text = "a\x1b[2Jb"}};
  explanation.suggestions.front().command = "rm \x1b]0;title\a";
  const std::string text = explained_text(explanation, {});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\a'), std::string::npos);
}

TEST(ExplanationText, unknown_and_nothing_printed_are_said) {
  EXPECT_EQ(explained_text({}, {}), "  It printed nothing.\n\ncause: unknown\n");
}

TEST(ExplanationText, document_of_a_rule_has_its_patterns) {
  Rule rule;
  rule.id = "go.test";
  rule.patterns = {"^--- FAIL"};
  rule.precision = {.right = 9, .of = 10};
  const auto document = Json::parse(rule_document(rule));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["id"].as_string(), "go.test");
  EXPECT_EQ((*document)["patterns"].items().size(), 1U);
  EXPECT_GT((*document)["confidence"].as_number(), 0.5);
}

}  // namespace
}  // namespace headway::cli
