// Tests of confidence_of() and line_share(): what counts and what a rank is taken for.
#include "diagnostics/confidence.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

Rule rule(RuleRank rank, int right, int of) {
  Rule made;
  made.rank = rank;
  made.precision = {.right = right, .of = of};
  return made;
}

TEST(Confidence, rule_that_was_never_seen_is_taken_for_one_of_its_rank) {
  const double cause = confidence_of(rule(RuleRank::cause, 0, 0));
  const double failure = confidence_of(rule(RuleRank::failure, 0, 0));
  const double consequence = confidence_of(rule(RuleRank::consequence, 0, 0));
  EXPECT_GT(cause, failure);
  EXPECT_GT(failure, consequence);
  EXPECT_GT(consequence, 0.5);
  EXPECT_LT(cause, 1);
}

TEST(Confidence, what_was_counted_outweighs_the_rank_the_more_was_seen) {
  EXPECT_GT(confidence_of(rule(RuleRank::consequence, 1000, 1000)), 0.98);
  EXPECT_LT(confidence_of(rule(RuleRank::cause, 0, 100)), 0.05);
  EXPECT_LT(confidence_of(rule(RuleRank::cause, 0, 1)), confidence_of(rule(RuleRank::cause, 0, 0)));
  EXPECT_GT(confidence_of(rule(RuleRank::cause, 0, 1)),
            confidence_of(rule(RuleRank::cause, 0, 10)));
}

TEST(Confidence, share_falls_with_the_distance_and_with_what_the_line_is_worth) {
  EXPECT_EQ(place_of(100, 0, 100 - kNearLines, 9000), LinePlace::beside);
  EXPECT_EQ(place_of(100, 0, 100 + kNearLines, 9000), LinePlace::beside);
  EXPECT_EQ(place_of(100, kLikelyGain, 100 + kNearLines + 1, 9000), LinePlace::likely);
  EXPECT_EQ(place_of(100, kLikelyGain / 2, 100 + kNearLines + 1, 9000), LinePlace::faint);
  EXPECT_EQ(place_of(10, 0, 20, kShortLog), LinePlace::likely);
  EXPECT_EQ(place_of(100, 0, 0, 9000), LinePlace::faint);
  EXPECT_EQ(share_of(LinePlace::beside), 1);
  EXPECT_LT(share_of(LinePlace::likely), 1);
  EXPECT_LT(share_of(LinePlace::faint), share_of(LinePlace::likely));
  EXPECT_GT(share_of(LinePlace::faint), 0);
}

}  // namespace
}  // namespace headway
