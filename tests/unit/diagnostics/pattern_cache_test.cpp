// Tests of PatternCache: what it compiles, keeps and lets go.
#include "diagnostics/pattern_cache.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <string>

namespace headway {
namespace {

TEST(PatternCache, pattern_is_compiled_when_asked_for_and_then_kept) {
  PatternCache cache;
  EXPECT_EQ(cache.size(), 0U);
  const auto first = cache.get(7, "ab+");
  EXPECT_TRUE(RE2::PartialMatch("xabb", *first));
  EXPECT_EQ(cache.get(7, "ab+"), first);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(PatternCache, pattern_not_asked_for_the_longest_goes_and_lives_on_where_it_is_used) {
  PatternCache cache;
  const auto first = cache.get(0, "first");
  const auto second = cache.get(1, "second");
  for (int number = 2; number < static_cast<int>(PatternCache::kMost); ++number) {
    cache.get(number, "p" + std::to_string(number));
  }
  EXPECT_EQ(cache.get(0, "first"), first);  // so that the second is the oldest now
  cache.get(1000, "more");
  EXPECT_EQ(cache.size(), PatternCache::kMost);
  EXPECT_EQ(cache.get(0, "first"), first);
  EXPECT_NE(cache.get(1, "second"), second);
  EXPECT_TRUE(RE2::PartialMatch("the second", *second));
}

TEST(PatternCache, bad_pattern_comes_back_as_bad) {
  PatternCache cache;
  EXPECT_FALSE(cache.get(0, "(")->ok());
  EXPECT_FALSE(PatternCache::problem_of("(").empty());
  EXPECT_FALSE(PatternCache::problem_of("(((x{1000}){1000}){1000})").empty());
  EXPECT_EQ(PatternCache::problem_of("(a)"), "");
}

}  // namespace
}  // namespace headway
