// LevelOrder: tasks numbered anew by levels, so that running them by number keeps every need, and
// those of one level need none of each other. Knows nothing of what a task is.
#pragma once

#include "scheduling/task_graph_csr.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace headway {

// `then` needs `first`.
struct TaskEdge {
  std::int32_t first = 0;
  std::int32_t then = 0;
};

// Edges in the order in which they were added, in blocks: growing copies none. Not synchronised.
class TaskEdges {
 public:
  TaskEdges() = default;
  TaskEdges(std::initializer_list<TaskEdge> edges);

  void add(TaskEdge edge) {
    if (blocks_.empty() || blocks_.back().size() == blocks_.back().capacity()) {
      add_block();
    }
    blocks_.back().push_back(edge);
  }
  std::size_t size() const noexcept;
  const std::vector<std::vector<TaskEdge>>& blocks() const noexcept { return blocks_; }

 private:
  void add_block();

  std::vector<std::vector<TaskEdge>> blocks_;
};

// A graph in its new numbers. The level of a task is the number of edges on the longest way to it;
// inside a level the old order is kept. Where there is a cycle the rest is empty.
struct LevelOrder {
  CsrGraph graph{};                      // over the new numbers
  std::vector<std::int32_t> position{};  // the new number of each task
  std::vector<std::int32_t>
      level_first_of{};      // first number of each level, then the count of tasks
  std::vector<int> cycle{};  // old numbers; each needs the next, the last the first
};

// Orders tasks 0..tasks-1. The ends of the edges must be tasks. Linear in tasks and edges.
LevelOrder order_by_levels(int tasks, const TaskEdges& edges);

}  // namespace headway
