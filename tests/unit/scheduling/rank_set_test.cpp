// Tests of RankSet.
#include "scheduling/rank_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace headway {
namespace {

TEST(RankSet, empty_set_has_no_first) {
  EXPECT_EQ(RankSet(100).first(), -1);
  EXPECT_EQ(RankSet(0).first(), -1);
  EXPECT_EQ(RankSet().first(), -1);
}

TEST(RankSet, number_that_is_not_in_the_set_may_be_erased) {
  RankSet set(100);
  set.insert(7);
  set.erase(8);
  EXPECT_EQ(set.first(), 7);
  EXPECT_FALSE(set.contains(8));
}

TEST(RankSet, random_operations_agree_with_an_ordered_set) {
  for (const int capacity : {1, 63, 64, 65, 4096, 4097, 300'000}) {
    std::mt19937 random(static_cast<unsigned>(capacity));
    RankSet set(capacity);
    std::set<int> model;
    for (int i = 0; i < 5000; ++i) {
      const int rank = static_cast<int>(random() % static_cast<unsigned>(capacity));
      if (random() % 2 == 0) {
        set.insert(rank);
        model.insert(rank);
      } else {
        set.erase(rank);
        model.erase(rank);
      }
      ASSERT_EQ(set.contains(rank), model.count(rank) == 1);
      ASSERT_EQ(set.first(), model.empty() ? -1 : *model.begin());
    }
  }
}

}  // namespace
}  // namespace headway
