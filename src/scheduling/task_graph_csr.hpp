// CsrGraph: tasks and their dependencies as two flat arrays. Knows nothing of what a task is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace headway {

// Edges by the task that needs: what task t waits for stands in tasks[first_of[t]] up to, without
// it, tasks[first_of[t + 1]]. An n-task graph has n + 1 entries in first_of, never falling.
struct FlatNeeds {
  std::vector<std::int32_t> first_of{0};
  std::vector<std::int32_t> tasks{};

  int size() const noexcept { return static_cast<int>(first_of.size()) - 1; }
  std::span<const std::int32_t> of(int task) const noexcept {
    const auto index = static_cast<std::size_t>(task);
    return {tasks.data() + first_of[index], tasks.data() + first_of[index + 1]};
  }
};

// A directed graph over tasks 0..n-1 in compressed sparse rows, successors of each task side by
// side, ascending, no duplicates. Immutable; safe from any thread.
class CsrGraph {
 public:
  CsrGraph() = default;
  // needs[t]: what t waits for. Indices must be valid (checked before: model, executor).
  explicit CsrGraph(const std::vector<std::vector<int>>& needs);
  // The same of flat needs.
  explicit CsrGraph(const FlatNeeds& needs);
  // The same with task t called position[t], and task_at the other way round.
  CsrGraph(const FlatNeeds& needs,
           std::span<const std::int32_t> position,
           std::span<const std::int32_t> task_at);

  int size() const noexcept { return static_cast<int>(in_degree_.size()); }
  std::span<const std::int32_t> successors(int task) const noexcept {
    const auto index = static_cast<std::size_t>(task);
    return {targets_.data() + offsets_[index], targets_.data() + offsets_[index + 1]};
  }
  int in_degree(int task) const noexcept { return in_degree_[static_cast<std::size_t>(task)]; }

  // Bytes held, for who counts them.
  std::size_t bytes() const noexcept {
    return (offsets_.capacity() + targets_.capacity() + in_degree_.capacity()) *
           sizeof(std::int32_t);
  }

  // Every task after all it needs; ties by index. Shorter than size() where there is a cycle.
  std::vector<int> topological_order() const;
  // The tasks of one cycle in order (a needs b needs ... needs a: first == what the last needs),
  // empty without one.
  std::vector<int> find_cycle() const;

 private:
  template <typename NumberOf, typename TaskAt>
  void build(const FlatNeeds& needs, NumberOf number_of, TaskAt task_at);

  std::vector<std::int32_t> offsets_{0};
  std::vector<std::int32_t> targets_;
  std::vector<std::int32_t> in_degree_;
};

// Weight of the heaviest chain from each task to an end, its own included: the priority of list
// scheduling (Hu 1961; Graham 1969).
std::vector<double> critical_path_lengths(const CsrGraph& graph, std::span<const double> weights);

// The heaviest chain itself, first to last; ties go to the smaller index. Empty for an empty graph.
std::vector<int> critical_path(const CsrGraph& graph, std::span<const double> weights);

}  // namespace headway
