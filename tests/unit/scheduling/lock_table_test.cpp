// Tests of LockTable.
#include "scheduling/lock_table.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

LockTable table(const std::vector<std::vector<int>>& locks) {
  std::vector<TaskNeeds> needs(locks.size());
  for (std::size_t i = 0; i < locks.size(); ++i) {
    needs[i].locks = locks[i];
  }
  return LockTable(needs);
}

TEST(LockTable, without_locks_it_is_unused_and_answers_all_the_same) {
  LockTable locks = table({{}, {}});
  EXPECT_TRUE(locks.unused());
  EXPECT_EQ(locks.first_busy(1), -1);
  EXPECT_TRUE(locks.wanted_by(0).empty());
  locks.set_elsewhere(3, true);
  EXPECT_EQ(locks.locks(), 0);
}

TEST(LockTable, lock_named_twice_is_wanted_once) {
  LockTable locks = table({{1, 0, 1}});
  EXPECT_EQ(locks.wanted_by(0).size(), 2U);
  locks.take(0);
  locks.give(0);
  EXPECT_EQ(locks.first_busy(0), -1);
}

TEST(LockTable, held_lock_is_busy_for_others) {
  LockTable locks = table({{0}, {1, 0}});
  locks.take(0);
  EXPECT_EQ(locks.first_busy(1), 0);
  locks.give(0);
  EXPECT_EQ(locks.first_busy(1), -1);
}

TEST(LockTable, lock_busy_elsewhere_is_busy_until_told_otherwise) {
  LockTable locks = table({{0}});
  locks.set_elsewhere(0, true);
  EXPECT_EQ(locks.first_busy(0), 0);
  locks.set_elsewhere(0, false);
  EXPECT_EQ(locks.first_busy(0), -1);
}

TEST(LockTable, waiters_come_by_rank) {
  LockTable locks = table({{0}, {0}, {0}, {0}});
  locks.take(0);
  for (const int rank : {3, 1, 2}) {
    locks.add_waiter(0, rank);
  }
  EXPECT_FALSE(locks.is_open(0));
  locks.give(0);
  EXPECT_TRUE(locks.is_open(0));
  EXPECT_EQ(locks.take_waiter(0), 1);
  EXPECT_EQ(locks.take_waiter(0), 2);
  EXPECT_EQ(locks.take_waiter(0), 3);
  EXPECT_EQ(locks.take_waiter(0), -1);
}

TEST(LockTable, copy_is_independent) {
  LockTable first = table({{0}, {0}});
  LockTable second = first;
  second.take(0);
  EXPECT_EQ(first.first_busy(1), -1);
  EXPECT_EQ(second.first_busy(1), 0);
}

}  // namespace
}  // namespace headway
