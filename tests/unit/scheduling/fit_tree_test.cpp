// Tests of FitTree.
#include "scheduling/fit_tree.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace headway {
namespace {

constexpr Demand kFree{100, 10};

TEST(FitTree, first_that_fits_in_both_is_found) {
  FitTree tree(4, 9);
  tree.insert(0, {101, 1});
  tree.insert(1, {1, 11});
  tree.insert(3, {100, 10});
  EXPECT_EQ(tree.first_fit(kFree), 3);
  tree.erase(3);
  EXPECT_EQ(tree.first_fit(kFree), -1);
}

TEST(FitTree, task_passed_over_often_enough_is_held) {
  FitTree tree(3, 2);
  tree.insert(0, {200, 1});
  tree.insert(1, {1, 1});
  tree.count_pass(2);
  EXPECT_EQ(tree.first_held(0), -1);
  tree.count_pass(1);  // passes over 0 alone
  EXPECT_EQ(tree.first_held(0), 0);
  EXPECT_EQ(tree.first_held(1), -1);
  EXPECT_EQ(tree.held_demand().memory, 200);
  tree.start(0);
  EXPECT_EQ(tree.held_demand().cpu, -1);
}

TEST(FitTree, passes_survive_leaving_the_queue_but_not_a_start) {
  FitTree tree(2, 2);
  tree.insert(0, {1, 1});
  tree.count_pass(1);
  tree.erase(0);
  tree.count_pass(1);  // not in the queue: not passed over
  tree.insert(0, {1, 1});
  EXPECT_EQ(tree.first_held(0), -1);
  tree.count_pass(1);
  EXPECT_EQ(tree.first_held(0), 0);
  tree.start(0);
  tree.insert(0, {1, 1});
  tree.count_pass(1);
  EXPECT_EQ(tree.first_held(0), -1);
}

// What FitTree must agree with, the slow way.
struct SlowQueue {
  struct Entry {
    Demand demand;
    int passes = 0;
  };
  std::map<int, Entry> entries;

  int first_fit(Demand free) const {
    for (const auto& [rank, entry] : entries) {
      if (entry.demand.cpu <= free.cpu && entry.demand.memory <= free.memory) {
        return rank;
      }
    }
    return -1;
  }
  int first_held(int from, int limit) const {
    for (auto it = entries.lower_bound(from); it != entries.end(); ++it) {
      if (it->second.passes >= limit) {
        return it->first;
      }
    }
    return -1;
  }
};

TEST(FitTree, random_operations_agree_with_a_plain_list) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    const int capacity = 1 + static_cast<int>(random() % 40);
    FitTree tree(capacity, 5);
    SlowQueue slow;
    std::map<int, int> kept;
    for (int i = 0; i < 500; ++i) {
      const int rank = static_cast<int>(random() % static_cast<unsigned>(capacity));
      const Demand demand{static_cast<std::int64_t>(random() % 10),
                          static_cast<std::int32_t>(random() % 10)};
      if (slow.entries.count(rank) == 0) {
        tree.insert(rank, demand);
        slow.entries[rank] = {demand, kept[rank]};
      } else if (random() % 2 == 0) {
        tree.erase(rank);
        kept[rank] = std::min(5, slow.entries[rank].passes);
        slow.entries.erase(rank);
      } else {
        tree.start(rank);
        tree.count_pass(rank);
        kept[rank] = 0;
        slow.entries.erase(rank);
        for (auto& [other, entry] : slow.entries) {
          entry.passes += other < rank ? 1 : 0;
        }
      }
      const int from = static_cast<int>(random() % static_cast<unsigned>(capacity));
      ASSERT_EQ(tree.first_fit(demand), slow.first_fit(demand));
      ASSERT_EQ(tree.first_held(from), slow.first_held(from, 5));
    }
  }
}

}  // namespace
}  // namespace headway
