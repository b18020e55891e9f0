// Building and walking the flat graph: order, cycles, heaviest chains. Knows nothing of what a task
// is.
#include "scheduling/task_graph_csr.hpp"

#include "scheduling/rank_set.hpp"

#include <algorithm>
#include <cstddef>

namespace headway {

namespace {

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

}  // namespace

CsrGraph::CsrGraph(const std::vector<std::vector<int>>& needs)
    : offsets_(needs.size() + 1, 0), in_degree_(needs.size(), 0) {
  // The newest task seen to need this one: a need named twice counts once.
  std::vector<std::int32_t> newest(needs.size(), -1);
  const auto count = static_cast<int>(needs.size());
  for (int task = 0; task < count; ++task) {
    for (const int need : needs[at(task)]) {
      if (newest[at(need)] != task) {
        newest[at(need)] = task;
        ++offsets_[at(need) + 1];
        ++in_degree_[at(task)];
      }
    }
  }
  for (std::size_t i = 1; i < offsets_.size(); ++i) {
    offsets_[i] += offsets_[i - 1];
  }
  targets_.resize(at(offsets_.back()));
  std::vector<std::int32_t> next(offsets_.begin(), offsets_.end() - 1);
  std::fill(newest.begin(), newest.end(), -1);
  for (int task = 0; task < count; ++task) {
    for (const int need : needs[at(task)]) {
      if (newest[at(need)] != task) {
        newest[at(need)] = task;
        targets_[at(next[at(need)]++)] = task;
      }
    }
  }
}

CsrGraph::CsrGraph(const FlatNeeds& needs) {
  const auto same = [](int task) { return task; };
  build(needs, same, same);
}

CsrGraph::CsrGraph(const FlatNeeds& needs,
                   std::span<const std::int32_t> position,
                   std::span<const std::int32_t> task_at) {
  build(
      needs,
      [position](int task) { return position[at(task)]; },
      [task_at](int number) { return task_at[at(number)]; });
}

// Each row begins, while it is filled, where the row before it will end: filling moves the
// beginnings to where they belong.
template <typename NumberOf, typename TaskAt>
void CsrGraph::build(const FlatNeeds& needs, NumberOf number_of, TaskAt task_at) {
  const int count = needs.size();
  offsets_.assign(at(count) + 2, 0);
  for (const int need : needs.tasks) {
    ++offsets_[at(number_of(need)) + 2];
  }
  for (std::size_t i = 2; i < offsets_.size(); ++i) {
    offsets_[i] += offsets_[i - 1];
  }
  targets_.resize(needs.tasks.size());
  in_degree_.resize(at(count));
  for (int number = 0; number < count; ++number) {
    const auto own = needs.of(task_at(number));
    in_degree_[at(number)] = static_cast<std::int32_t>(own.size());
    for (const int need : own) {
      targets_[at(offsets_[at(number_of(need)) + 1]++)] = number;
    }
  }
  offsets_.pop_back();
}

std::vector<int> CsrGraph::topological_order() const {
  std::vector<int> order;
  order.reserve(in_degree_.size());
  std::vector<std::int32_t> missing = in_degree_;
  RankSet ready(size());
  for (int task = 0; task < size(); ++task) {
    if (missing[at(task)] == 0) {
      ready.insert(task);
    }
  }
  for (int task = ready.first(); task >= 0; task = ready.first()) {
    ready.erase(task);
    order.push_back(task);
    for (const int next : successors(task)) {
      if (--missing[at(next)] == 0) {
        ready.insert(next);
      }
    }
  }
  return order;
}

std::vector<int> CsrGraph::find_cycle() const {
  // What the topological order leaves over is on a cycle or behind one: walking from any such task
  // to a need of its that is also left over must come back to a task seen before.
  std::vector<bool> left(at(size()), true);
  for (const int task : topological_order()) {
    left[at(task)] = false;
  }
  std::vector<std::int32_t> need(at(size()), -1);  // the smallest need that is left over
  int start = -1;
  for (int task = size() - 1; task >= 0; --task) {
    if (left[at(task)]) {
      start = task;
      for (const int next : successors(task)) {
        need[at(next)] = task;
      }
    }
  }
  if (start < 0) {
    return {};
  }
  std::vector<std::int32_t> seen_at(at(size()), -1);
  std::vector<int> walk;
  for (int task = start; seen_at[at(task)] < 0; task = need[at(task)]) {
    seen_at[at(task)] = static_cast<std::int32_t>(walk.size());
    walk.push_back(task);
  }
  const int again = need[at(walk.back())];
  walk.erase(walk.begin(), walk.begin() + seen_at[at(again)]);
  std::rotate(walk.begin(), std::min_element(walk.begin(), walk.end()), walk.end());
  return walk;
}

std::vector<double> critical_path_lengths(const CsrGraph& graph, std::span<const double> weights) {
  std::vector<double> lengths(at(graph.size()), 0);
  const std::vector<int> order = graph.topological_order();
  for (auto task = order.rbegin(); task != order.rend(); ++task) {
    double rest = 0;
    for (const int next : graph.successors(*task)) {
      rest = std::max(rest, lengths[at(next)]);
    }
    lengths[at(*task)] = weights[at(*task)] + rest;
  }
  return lengths;
}

std::vector<int> critical_path(const CsrGraph& graph, std::span<const double> weights) {
  const std::vector<double> lengths = critical_path_lengths(graph, weights);
  const auto longer = [&lengths](int best, int task) {
    return best < 0 || lengths[at(task)] > lengths[at(best)];
  };
  int best = -1;
  for (int task = 0; task < graph.size(); ++task) {
    if (graph.in_degree(task) == 0 && longer(best, task)) {
      best = task;
    }
  }
  std::vector<int> path;
  while (best >= 0 && path.size() < lengths.size()) {  // (a cycle must not hang us)
    path.push_back(best);
    int heaviest = -1;
    for (const int next : graph.successors(best)) {
      if (longer(heaviest, next)) {
        heaviest = next;
      }
    }
    best = heaviest;
  }
  return path;
}

}  // namespace headway
