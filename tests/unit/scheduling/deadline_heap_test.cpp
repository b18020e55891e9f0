// Tests of DeadlineHeap.
#include "scheduling/deadline_heap.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace headway {
namespace {

TEST(DeadlineHeap, nothing_is_due_before_its_time) {
  DeadlineHeap heap(3);
  heap.set(1, Nanos(10));
  EXPECT_EQ(heap.pop_due(Nanos(9)), -1);
  EXPECT_EQ(heap.pop_due(Nanos(10)), 1);
  EXPECT_EQ(heap.earliest(), std::nullopt);
}

TEST(DeadlineHeap, new_deadline_replaces_the_old_one) {
  DeadlineHeap heap(3);
  heap.set(0, Nanos(10));
  heap.set(0, Nanos(20));
  EXPECT_EQ(heap.earliest(), Nanos(20));
  heap.drop(0);
  heap.drop(0);
  EXPECT_EQ(heap.earliest(), std::nullopt);
}

TEST(DeadlineHeap, equal_times_come_by_task) {
  DeadlineHeap heap(3);
  for (const int task : {2, 0, 1}) {
    heap.set(task, Nanos(5));
  }
  EXPECT_EQ(heap.pop_due(Nanos(5)), 0);
  EXPECT_EQ(heap.pop_due(Nanos(5)), 1);
  EXPECT_EQ(heap.pop_due(Nanos(5)), 2);
}

TEST(DeadlineHeap, random_operations_agree_with_a_map) {
  std::mt19937 random(1);
  DeadlineHeap heap(50);
  std::map<int, Nanos> model;
  for (int i = 0; i < 20'000; ++i) {
    const int task = static_cast<int>(random() % 50);
    if (random() % 3 == 0) {
      heap.drop(task);
      model.erase(task);
    } else {
      const Nanos at(random() % 1000);
      heap.set(task, at);
      model[task] = at;
    }
    std::optional<Nanos> earliest;
    for (const auto& [ignored, at] : model) {
      earliest = earliest ? std::min(*earliest, at) : at;
    }
    ASSERT_EQ(heap.earliest(), earliest);
  }
}

}  // namespace
}  // namespace headway
