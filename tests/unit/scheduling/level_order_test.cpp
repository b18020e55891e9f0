// Tests of order_by_levels() and of CsrGraph made of flat needs.
#include "scheduling/level_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <vector>

namespace headway {
namespace {

using Numbers = std::vector<std::int32_t>;

std::vector<TaskEdge> all_of(const TaskEdges& edges) {
  std::vector<TaskEdge> all;
  for (const std::vector<TaskEdge>& block : edges.blocks()) {
    all.insert(all.end(), block.begin(), block.end());
  }
  EXPECT_EQ(all.size(), edges.size());
  return all;
}

TEST(LevelOrder, no_tasks_have_no_levels) {
  const LevelOrder order = order_by_levels(0, {});
  EXPECT_EQ(order.graph.size(), 0);
  EXPECT_EQ(order.level_first_of, Numbers{0});
  EXPECT_TRUE(order.cycle.empty());
}

TEST(LevelOrder, tasks_without_edges_are_one_level_in_their_order) {
  const LevelOrder order = order_by_levels(3, {});
  EXPECT_EQ(order.position, (Numbers{0, 1, 2}));
  EXPECT_EQ(order.level_first_of, (Numbers{0, 3}));
}

TEST(LevelOrder, level_is_the_longest_way) {
  // 0 -> 1 -> 2, and 0 -> 2 directly: 2 is on level 2.
  const LevelOrder order = order_by_levels(3, {{0, 2}, {0, 1}, {1, 2}});
  EXPECT_EQ(order.level_first_of, (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(order.position, (Numbers{0, 1, 2}));
}

TEST(LevelOrder, edges_against_the_numbers_move_tasks) {
  // 3 -> 2 -> 0, and 1 alone.
  const LevelOrder order = order_by_levels(4, {{2, 0}, {3, 2}});
  EXPECT_EQ(order.level_first_of, (Numbers{0, 2, 3, 4}));
  EXPECT_EQ(order.position, (Numbers{3, 0, 2, 1}));
  const auto after_three = order.graph.successors(1);
  ASSERT_EQ(after_three.size(), 1U);
  EXPECT_EQ(after_three[0], 2);
}

TEST(LevelOrder, edge_said_twice_counts_once) {
  const LevelOrder order = order_by_levels(2, {{0, 1}, {0, 1}});
  EXPECT_EQ(order.graph.in_degree(1), 1);
  EXPECT_EQ(order.graph.successors(0).size(), 1U);
}

TEST(LevelOrder, many_needs_said_several_times_count_once_each) {
  TaskEdges edges;
  for (std::int32_t i = 0; i < 40; ++i) {
    edges.add({i % 20, 20});
    edges.add({i % 20, 20});
  }
  edges.add({20, 21});
  edges.add({3, 21});
  edges.add({20, 21});
  const LevelOrder order = order_by_levels(22, edges);
  EXPECT_EQ(order.graph.in_degree(20), 20);
  EXPECT_EQ(order.graph.in_degree(21), 2);
  const auto after_three = order.graph.successors(3);
  EXPECT_EQ(Numbers(after_three.begin(), after_three.end()), (Numbers{20, 21}));
}

TEST(LevelOrder, cycle_is_told_and_nothing_else) {
  const LevelOrder order = order_by_levels(4, {{0, 1}, {1, 2}, {2, 3}, {3, 1}});
  EXPECT_EQ(order.cycle, (std::vector<int>{1, 3, 2}));
  EXPECT_EQ(order.graph.size(), 0);
}

TEST(LevelOrder, task_that_needs_itself_is_a_cycle) {
  EXPECT_EQ(order_by_levels(2, {{1, 1}}).cycle, std::vector<int>{1});
}

// Random graphs whose tasks are numbered anyhow: every edge goes from a lower level to a higher
// one, and each task but those of the first level has a need one level below.
TEST(LevelOrder, random_graphs_keep_every_edge_and_no_task_waits_a_level_too_long) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const int tasks = 1 + static_cast<int>(random() % 60);
    Numbers names(static_cast<std::size_t>(tasks));
    for (int i = 0; i < tasks; ++i) {
      names[static_cast<std::size_t>(i)] = i;
    }
    std::shuffle(names.begin(), names.end(), random);
    TaskEdges edges;
    for (auto i = random() % 150; i > 0; --i) {
      const auto a = random() % static_cast<unsigned>(tasks);
      const auto b = random() % static_cast<unsigned>(tasks);
      if (a != b) {
        edges.add({names[std::min(a, b)], names[std::max(a, b)]});
      }
    }
    const LevelOrder order = order_by_levels(tasks, edges);
    ASSERT_TRUE(order.cycle.empty());
    const auto level_of = [&](std::int32_t task) {
      const auto number = order.position[static_cast<std::size_t>(task)];
      return std::upper_bound(order.level_first_of.begin(), order.level_first_of.end(), number) -
             order.level_first_of.begin() - 1;
    };
    Numbers highest(static_cast<std::size_t>(tasks), -1);
    for (const TaskEdge& edge : all_of(edges)) {
      ASSERT_LT(level_of(edge.first), level_of(edge.then)) << "seed " << seed;
      auto& before = highest[static_cast<std::size_t>(edge.then)];
      before = std::max(before, static_cast<std::int32_t>(level_of(edge.first)));
    }
    for (std::int32_t task = 0; task < tasks; ++task) {
      ASSERT_EQ(level_of(task), highest[static_cast<std::size_t>(task)] + 1) << "seed " << seed;
    }
  }
}

TEST(CsrGraph, flat_needs_give_the_same_graph_as_nested_ones) {
  FlatNeeds flat;
  flat.first_of = {0, 0, 1, 3, 3};
  flat.tasks = {0, 1, 0};
  const CsrGraph made(flat);
  const CsrGraph nested(std::vector<std::vector<int>>{{}, {0}, {1, 0, 1}, {}});
  ASSERT_EQ(made.size(), nested.size());
  for (int task = 0; task < made.size(); ++task) {
    const auto left = made.successors(task);
    const auto right = nested.successors(task);
    EXPECT_TRUE(std::equal(left.begin(), left.end(), right.begin(), right.end())) << task;
    EXPECT_EQ(made.in_degree(task), nested.in_degree(task)) << task;
  }
}

}  // namespace
}  // namespace headway
