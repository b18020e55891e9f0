// What the two public classes of task_graph.hpp hide. Knows nothing of workers.
#pragma once

#include "execution/graph_engine.hpp"
#include "execution/task_bodies.hpp"
#include "headway/task_graph.hpp"
#include "scheduling/level_order.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// Names of some tasks, in the order in which they were given.
using TaskNames = std::vector<std::pair<std::uint32_t, std::string>>;

// The name of a task: the last one given, else "task 7".
std::string task_name(const TaskNames& names, std::uint32_t task);

// A graph that grows: the order is kept as it was told, checked by freeze() alone.
struct TaskGraph::State {
  TaskBodies bodies{};
  TaskEdges edges{};
  std::uint32_t greatest = 0;  // the greatest index that an edge names
  TaskNames names{};
};

// A graph at work. Never moves: the engine holds on to the order.
struct FrozenTaskGraph::State {
  State(LevelOrder made_order, TaskBodies bodies, TaskNames made_names)
      : order(std::move(made_order)),
        names(std::move(made_names)),
        engine(order, bodies.arrange(order.position)) {}

  // Fills in what the workers left, in the callers' numbers.
  void collect(GraphRun& run);

  LevelOrder order;
  TaskNames names;
  std::atomic<bool> is_running{false};
  GraphEngine engine;
};

}  // namespace headway
