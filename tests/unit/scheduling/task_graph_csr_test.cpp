// Tests of CsrGraph and its walks.
#include "scheduling/task_graph_csr.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace headway {
namespace {

using Needs = std::vector<std::vector<int>>;

std::vector<int> list(std::span<const std::int32_t> span) {
  return {span.begin(), span.end()};
}

TEST(CsrGraph, successors_are_ascending_and_named_once) {
  const CsrGraph graph(Needs{{}, {0, 0}, {0, 1, 0}, {}});
  EXPECT_EQ(graph.size(), 4);
  EXPECT_EQ(list(graph.successors(0)), (std::vector<int>{1, 2}));
  EXPECT_EQ(list(graph.successors(1)), (std::vector<int>{2}));
  EXPECT_TRUE(graph.successors(3).empty());
  EXPECT_EQ(graph.in_degree(2), 2);
  EXPECT_EQ(graph.in_degree(1), 1);
}

TEST(CsrGraph, empty_graph_has_empty_answers) {
  const CsrGraph graph;
  EXPECT_EQ(graph.size(), 0);
  EXPECT_TRUE(graph.topological_order().empty());
  EXPECT_TRUE(graph.find_cycle().empty());
  EXPECT_TRUE(critical_path(graph, {}).empty());
}

TEST(CsrGraph, topological_order_takes_the_smallest_index_that_may_come) {
  const CsrGraph graph(Needs{{3}, {}, {1}, {}});
  EXPECT_EQ(graph.topological_order(), (std::vector<int>{1, 2, 3, 0}));
}

TEST(CsrGraph, cycle_is_told_in_the_order_of_needs) {
  // 1 needs 3 needs 2 needs 1; 0 is before it and 4 behind it.
  const CsrGraph graph(Needs{{}, {0, 3}, {1}, {2}, {3}});
  EXPECT_EQ(graph.find_cycle(), (std::vector<int>{1, 3, 2}));
  EXPECT_EQ(graph.topological_order(), std::vector<int>{0});
}

TEST(CsrGraph, task_that_needs_itself_is_a_cycle) {
  EXPECT_EQ(CsrGraph(Needs{{}, {1}}).find_cycle(), std::vector<int>{1});
}

TEST(CsrGraph, acyclic_graph_has_no_cycle) {
  EXPECT_TRUE(CsrGraph(Needs{{1, 2}, {2}, {}}).find_cycle().empty());
}

TEST(CsrGraph, chain_of_200000_is_walked_without_recursion) {
  Needs needs(200'000);
  for (int i = 1; i < 200'000; ++i) {
    needs[static_cast<std::size_t>(i)] = {i - 1};
  }
  const CsrGraph graph(needs);
  const std::vector<double> weights(needs.size(), 1);
  EXPECT_EQ(critical_path(graph, weights).size(), needs.size());
}

TEST(CriticalPath, lengths_count_the_task_itself_and_its_heaviest_successors) {
  const CsrGraph graph(Needs{{}, {0}, {0}, {1, 2}});
  const std::vector<double> weights{1, 5, 2, 3};
  EXPECT_EQ(critical_path_lengths(graph, weights), (std::vector<double>{9, 8, 5, 3}));
  EXPECT_EQ(critical_path(graph, weights), (std::vector<int>{0, 1, 3}));
}

TEST(CriticalPath, ties_go_to_the_smaller_index) {
  const CsrGraph graph(Needs{{}, {}, {0}, {0}});
  const std::vector<double> weights{1, 2, 1, 1};
  EXPECT_EQ(critical_path(graph, weights), (std::vector<int>{0, 2}));
}

TEST(CriticalPath, tasks_without_weight_are_on_it_too) {
  const CsrGraph graph(Needs{{1}, {}, {0}});
  EXPECT_EQ(critical_path(graph, std::vector<double>{3, 0, 0}), (std::vector<int>{1, 0, 2}));
}

}  // namespace
}  // namespace headway
