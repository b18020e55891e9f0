// Which lines of an explanation stay where its cause is clear.
#include "cli/text/explanation_brief.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway::cli {
namespace {

using testing::ElementsAre;

// Lines 10 to 39 and 50 to 52, the cause at 20.
FailureExplained example() {
  std::string text = "line 10";
  for (int line = 11; line < 40; ++line) {
    text += "\nline " + std::to_string(line);
  }
  return {.category = "network",
          .confidence = 0.9,
          .lines = 60,
          .anchor_line = 20,
          .excerpt = {{.first = 10, .last = 39, .text = text},
                      {.first = 50, .last = 52, .text = "a\nb\nc"}}};
}

std::vector<std::pair<std::int64_t, std::int64_t>> ranges(const BriefExplanation& brief) {
  std::vector<std::pair<std::int64_t, std::int64_t>> all;
  for (const ExplainedLines& block : brief.explained.excerpt) {
    all.emplace_back(block.first, block.last);
  }
  return all;
}

TEST(ExplanationBrief, lines_around_the_cause_stay_with_their_text) {
  const BriefExplanation brief = brief_of(example());
  EXPECT_THAT(ranges(brief), ElementsAre(std::pair(14, 24)));
  EXPECT_EQ(brief.left_out, 33 - 11);
  EXPECT_EQ(brief.explained.excerpt[0].text.substr(0, 16), "line 14\nline 15\n");
  EXPECT_EQ(brief.explained.excerpt[0].text.substr(72), "line 23\nline 24");
}

TEST(ExplanationBrief, first_evidence_of_each_suggestion_stays) {
  FailureExplained explained = example();
  explained.suggestions = {{.id = "a", .evidence_lines = {30, 39}},
                           {.id = "b", .evidence_lines = {51}},
                           {.id = "c", .evidence_lines = {}}};
  EXPECT_THAT(ranges(brief_of(explained)),
              ElementsAre(std::pair(14, 24), std::pair(29, 31), std::pair(50, 52)));
}

TEST(ExplanationBrief, everything_stays_where_the_cause_is_not_clear) {
  FailureExplained explained = example();
  explained.confidence = kBriefFrom - 0.01;
  EXPECT_EQ(brief_of(explained).explained, explained);
  EXPECT_EQ(brief_of(explained).left_out, 0);
  explained = example();
  explained.anchor_line = 0;
  EXPECT_EQ(brief_of(explained).explained, explained);
}

}  // namespace
}  // namespace headway::cli
