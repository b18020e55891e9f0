// Finding the levels and numbering by them. Knows nothing of what a task is.
#include "scheduling/level_order.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace headway {

namespace {

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

// Makes of counts (at index + 1) where each group begins.
void sum_up(std::vector<std::int32_t>& counts) {
  for (std::size_t i = 1; i < counts.size(); ++i) {
    counts[i] += counts[i - 1];
  }
}

FlatNeeds group_by_task(int tasks, const std::vector<TaskEdge>& edges) {
  FlatNeeds needs;
  needs.first_of.assign(at(tasks) + 1, 0);
  bool is_grouped = true;
  std::int32_t last = 0;
  for (const TaskEdge& edge : edges) {
    ++needs.first_of[at(edge.then) + 1];
    is_grouped = is_grouped && edge.then >= last;
    last = edge.then;
  }
  sum_up(needs.first_of);
  needs.tasks.resize(edges.size());
  if (is_grouped) {  // as they come where each task is added with its needs
    std::transform(edges.begin(), edges.end(), needs.tasks.begin(), [](const TaskEdge& edge) {
      return edge.first;
    });
    return needs;
  }
  std::vector<std::int32_t> next(needs.first_of.begin(), needs.first_of.end() - 1);
  for (const TaskEdge& edge : edges) {
    needs.tasks[at(next[at(edge.then)]++)] = edge.first;
  }
  return needs;
}

// Levels where every need comes before who needs it: false where one does not.
bool find_levels_forward(const FlatNeeds& needs, std::vector<std::int32_t>& levels) {
  for (int task = 0; task < needs.size(); ++task) {
    std::int32_t level = 0;
    for (const int need : needs.of(task)) {
      if (need >= task) {
        return false;
      }
      level = std::max(level, levels[at(need)] + 1);
    }
    levels[at(task)] = level;
  }
  return true;
}

// Levels of any graph (Kahn 1962); what is on a cycle, or a cycle if there is one.
std::vector<int> find_levels(const CsrGraph& graph, std::vector<std::int32_t>& levels) {
  std::vector<std::int32_t> missing(at(graph.size()));
  std::vector<int> queue;
  queue.reserve(missing.size());
  for (int task = 0; task < graph.size(); ++task) {
    levels[at(task)] = 0;
    missing[at(task)] = graph.in_degree(task);
    if (missing[at(task)] == 0) {
      queue.push_back(task);
    }
  }
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const std::int32_t next_level = levels[at(queue[i])] + 1;
    for (const int next : graph.successors(queue[i])) {
      levels[at(next)] = std::max(levels[at(next)], next_level);
      if (--missing[at(next)] == 0) {
        queue.push_back(next);
      }
    }
  }
  return queue.size() < missing.size() ? graph.find_cycle() : std::vector<int>{};
}

// Fills position and level_first_of; whether every task keeps its number.
bool number_by_levels(const std::vector<std::int32_t>& levels, LevelOrder& order) {
  const auto deepest = std::max_element(levels.begin(), levels.end());
  const std::size_t count = deepest == levels.end() ? 0 : at(*deepest) + 1;
  order.level_first_of.assign(count + 1, 0);
  for (const std::int32_t level : levels) {
    ++order.level_first_of[at(level) + 1];
  }
  sum_up(order.level_first_of);
  std::vector<std::int32_t> next(order.level_first_of.begin(), order.level_first_of.end() - 1);
  order.position.resize(levels.size());
  bool is_same = true;
  for (std::size_t task = 0; task < levels.size(); ++task) {
    order.position[task] = next[at(levels[task])]++;
    is_same = is_same && at(order.position[task]) == task;
  }
  return is_same;
}

FlatNeeds renumber(const FlatNeeds& needs, const std::vector<std::int32_t>& position) {
  std::vector<std::int32_t> task_at(position.size());
  for (std::size_t task = 0; task < position.size(); ++task) {
    task_at[at(position[task])] = static_cast<std::int32_t>(task);
  }
  FlatNeeds made;
  made.first_of.reserve(needs.first_of.size());
  made.tasks.reserve(needs.tasks.size());
  for (const std::int32_t task : task_at) {
    for (const int need : needs.of(task)) {
      made.tasks.push_back(position[at(need)]);
    }
    made.first_of.push_back(static_cast<std::int32_t>(made.tasks.size()));
  }
  return made;
}

}  // namespace

LevelOrder order_by_levels(int tasks, const std::vector<TaskEdge>& edges) {
  LevelOrder order;
  FlatNeeds needs = group_by_task(tasks, edges);
  std::vector<std::int32_t> levels(at(tasks));
  if (!find_levels_forward(needs, levels)) {
    order.cycle = find_levels(CsrGraph(needs), levels);
    if (!order.cycle.empty()) {
      return order;
    }
  }
  if (!number_by_levels(levels, order)) {
    needs = renumber(needs, order.position);
  }
  order.graph = CsrGraph(needs);
  return order;
}

}  // namespace headway
