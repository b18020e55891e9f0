// Finding the levels and numbering by them. Knows nothing of what a task is.
#include "scheduling/level_order.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

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

template <typename Action>
void for_each_edge(const TaskEdges& edges, Action action) {
  for (const std::vector<TaskEdge>& block : edges.blocks()) {
    for (const TaskEdge& edge : block) {
      action(edge);
    }
  }
}

// Needs as they come where each task is added with its own; false where they come otherwise.
bool group_in_order(int tasks, const TaskEdges& edges, FlatNeeds& needs) {
  needs.first_of.resize(at(tasks) + 1);
  needs.tasks.resize(edges.size());
  std::int32_t task = 0;
  std::int32_t i = 0;
  for (const std::vector<TaskEdge>& block : edges.blocks()) {
    for (const TaskEdge& edge : block) {
      if (edge.then < task) {
        return false;
      }
      while (task < edge.then) {
        needs.first_of[at(++task)] = i;
      }
      needs.tasks[at(i++)] = edge.first;
    }
  }
  while (task < tasks) {
    needs.first_of[at(++task)] = i;
  }
  return true;
}

FlatNeeds group_by_task(int tasks, const TaskEdges& edges) {
  FlatNeeds needs;
  if (group_in_order(tasks, edges, needs)) {
    return needs;
  }
  needs.first_of.assign(at(tasks) + 1, 0);
  for_each_edge(edges, [&](const TaskEdge& edge) { ++needs.first_of[at(edge.then) + 1]; });
  sum_up(needs.first_of);
  std::vector<std::int32_t> next(needs.first_of.begin(), needs.first_of.end() - 1);
  for_each_edge(edges,
                [&](const TaskEdge& edge) { needs.tasks[at(next[at(edge.then)]++)] = edge.first; });
  return needs;
}

bool has_twice(std::span<const std::int32_t> few) {
  for (std::size_t i = 1; i < few.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (few[k] == few[i]) {
        return true;
      }
    }
  }
  return false;
}

// Leaves each need of a task once. Costs nothing but a look where none is there twice and tasks
// need few others.
void drop_repeated(FlatNeeds& needs) {
  constexpr std::size_t kFew = 8;
  int task = 0;
  while (task < needs.size() && needs.of(task).size() <= kFew && !has_twice(needs.of(task))) {
    ++task;
  }
  std::int32_t kept = needs.first_of[at(task)];
  for (; task < needs.size(); ++task) {
    const auto first = needs.tasks.begin() + needs.first_of[at(task)];
    const auto last = needs.tasks.begin() + needs.first_of[at(task) + 1];
    std::sort(first, last);
    const auto end = std::unique(first, last);
    std::copy(first, end, needs.tasks.begin() + kept);
    needs.first_of[at(task)] = kept;
    kept += static_cast<std::int32_t>(end - first);
  }
  needs.first_of.back() = kept;
  needs.tasks.resize(at(kept));
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
  const auto count = static_cast<std::int32_t>(levels.size());
  order.position.resize(levels.size());
  if (std::is_sorted(levels.begin(),
                     levels.end())) {  // as where each layer is added after the last
    order.level_first_of.clear();
    for (std::int32_t task = 0; task < count; ++task) {
      order.position[at(task)] = task;
      if (at(levels[at(task)]) == order.level_first_of.size()) {
        order.level_first_of.push_back(task);
      }
    }
    order.level_first_of.push_back(count);
    return true;
  }
  const std::int32_t deepest = *std::max_element(levels.begin(), levels.end());
  order.level_first_of.assign(at(deepest) + 2, 0);
  for (const std::int32_t level : levels) {
    ++order.level_first_of[at(level) + 1];
  }
  sum_up(order.level_first_of);
  std::vector<std::int32_t> next(order.level_first_of.begin(), order.level_first_of.end() - 1);
  for (std::size_t task = 0; task < levels.size(); ++task) {
    order.position[task] = next[at(levels[task])]++;
  }
  return false;
}

CsrGraph renumber(const FlatNeeds& needs, const std::vector<std::int32_t>& position) {
  std::vector<std::int32_t> task_at(position.size());
  for (std::size_t task = 0; task < position.size(); ++task) {
    task_at[at(position[task])] = static_cast<std::int32_t>(task);
  }
  return {needs, position, task_at};
}

}  // namespace

TaskEdges::TaskEdges(std::initializer_list<TaskEdge> edges) {
  for (const TaskEdge& edge : edges) {
    add(edge);
  }
}

std::size_t TaskEdges::size() const noexcept {
  std::size_t size = 0;
  for (const std::vector<TaskEdge>& block : blocks_) {
    size += block.size();
  }
  return size;
}

void TaskEdges::add_block() {
  constexpr std::size_t kFirst = 64;
  constexpr std::size_t kMost = std::size_t{1} << 13;
  const std::size_t edges = blocks_.empty() ? kFirst : blocks_.back().capacity() * 4;
  blocks_.emplace_back().reserve(std::min(edges, kMost));
}

LevelOrder order_by_levels(int tasks, const TaskEdges& edges) {
  LevelOrder order;
  FlatNeeds needs = group_by_task(tasks, edges);
  drop_repeated(needs);
  std::vector<std::int32_t> levels(at(tasks));
  if (!find_levels_forward(needs, levels)) {
    order.cycle = find_levels(CsrGraph(needs), levels);
    if (!order.cycle.empty()) {
      return order;
    }
  }
  const bool is_same = number_by_levels(levels, order);
  order.graph = is_same ? CsrGraph(needs) : renumber(needs, order.position);
  return order;
}

}  // namespace headway
