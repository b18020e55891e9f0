// Building and freezing a TaskGraph. Knows nothing of how one is run.
#include "headway/task_graph.hpp"

#include "execution/task_graph_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace headway {

namespace {

constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kShownOfCycle = 20;

// "a -> b -> a", each before the next; a long one loses its middle.
std::string describe_cycle(const std::vector<int>& cycle, const TaskNames& names) {
  std::string text;
  const auto add = [&](int task) {
    text += text.empty() ? "'" : " -> '";
    text += task_name(names, static_cast<std::uint32_t>(task)) + "'";
  };
  // A task of the cycle needs the next one in the list: the order of running is the reverse.
  const std::size_t shown = std::min(cycle.size(), kShownOfCycle);
  add(cycle.front());
  for (std::size_t i = 1; i < shown; ++i) {
    add(cycle[cycle.size() - i]);
  }
  if (shown < cycle.size()) {
    text += fmt::format(" -> ... ({} more)", cycle.size() - shown);
  }
  add(cycle.front());
  return text;
}

Error invalid(std::string message, std::string next_step) {
  return {ErrorCode::invalid_argument,
          "freeze the task graph: " + std::move(message),
          std::move(next_step)};
}

}  // namespace

std::string task_name(const TaskNames& names, std::uint32_t task) {
  const auto named = std::find_if(
      names.rbegin(), names.rend(), [task](const auto& entry) { return entry.first == task; });
  return named != names.rend() ? named->second : fmt::format("task {}", task);
}

TaskGraph::TaskGraph() : state_(std::make_unique<State>()) {}
TaskGraph::TaskGraph(TaskGraph&&) noexcept = default;
TaskGraph& TaskGraph::operator=(TaskGraph&&) noexcept = default;
TaskGraph::~TaskGraph() = default;

void* TaskGraph::body_place(const TaskBodyOps& ops) {
  return state_->bodies.place(ops);
}

TaskId TaskGraph::commit_body() noexcept {
  const auto index = static_cast<std::uint32_t>(state_->bodies.size());
  state_->bodies.commit();
  return {index};
}

void TaskGraph::precede(TaskId first, TaskId then) {
  add_needs(then, &first, 1);
}

void TaskGraph::add_needs(TaskId task, const TaskId* needs, std::size_t count) {
  State& state = *state_;
  for (std::size_t i = 0; i < count; ++i) {
    state.greatest = std::max({state.greatest, needs[i].index, task.index});
    state.edges.add(
        {static_cast<std::int32_t>(needs[i].index), static_cast<std::int32_t>(task.index)});
  }
}

void TaskGraph::set_name(TaskId task, std::string name) {
  state_->names.emplace_back(task.index, std::move(name));
}

int TaskGraph::size() const noexcept {
  return static_cast<int>(state_->bodies.size());
}

Result<FrozenTaskGraph> TaskGraph::freeze() {
  const std::size_t tasks = state_->bodies.size();
  if (tasks > kMost || state_->edges.size() > kMost) {
    return invalid(
        fmt::format("{} tasks and {} edges are more than 2^31 - 1", tasks, state_->edges.size()),
        "let one task do the work of several");
  }
  if (state_->edges.size() > 0 && state_->greatest >= tasks) {
    return invalid(
        fmt::format("an edge names task {}, and there are {} tasks", state_->greatest, tasks),
        "pass only ids that add() of this graph returned");
  }
  LevelOrder order = order_by_levels(static_cast<int>(tasks), state_->edges);
  if (!order.cycle.empty()) {
    return invalid("cycle " + describe_cycle(order.cycle, state_->names),
                   "drop one of these edges");
  }
  auto frozen = std::make_unique<FrozenTaskGraph::State>(
      std::move(order), std::move(state_->bodies), std::move(state_->names));
  *state_ = State{};
  return FrozenTaskGraph(std::move(frozen));
}

}  // namespace headway
