// Running a frozen graph and reading what came of it, in the callers' numbers.
#include "execution/task_graph_state.hpp"
#include "headway/task_graph.hpp"

#include <algorithm>
#include <memory>

namespace headway {

namespace {

std::size_t at(std::uint32_t index) {
  return static_cast<std::size_t>(index);
}

// The inverse of `position`.
std::vector<std::uint32_t> tasks_by_number(const std::vector<std::int32_t>& position) {
  std::vector<std::uint32_t> task_at(position.size());
  for (std::uint32_t index = 0; index < position.size(); ++index) {
    task_at[static_cast<std::size_t>(position[at(index)])] = index;
  }
  return task_at;
}

TaskTime time_of(const TaskRunner& tasks, int number, double ticks_per_ns) {
  if (!tasks.has_run(number)) {
    return {};
  }
  // Counters of two processors may differ by some ticks: no time is before the start of its run.
  const auto since_start = [&](Ticks ticks) {
    const auto elapsed = static_cast<std::int64_t>(ticks - tasks.started_at());
    return std::chrono::nanoseconds(
        elapsed > 0 ? static_cast<std::int64_t>(static_cast<double>(elapsed) / ticks_per_ns) : 0);
  };
  const TaskStamp& stamp = tasks.stamp(number);
  TaskTime time{since_start(stamp.start), since_start(stamp.end)};
  time.end = std::max(time.start, time.end);
  return time;
}

}  // namespace

FrozenTaskGraph::FrozenTaskGraph(Owned<State> state) : state_(std::move(state)) {}
FrozenTaskGraph::FrozenTaskGraph(FrozenTaskGraph&&) noexcept = default;
FrozenTaskGraph& FrozenTaskGraph::operator=(FrozenTaskGraph&&) noexcept = default;
FrozenTaskGraph::~FrozenTaskGraph() = default;

Result<GraphRun> FrozenTaskGraph::run(const GraphRunOptions& options) {
  if (options.workers < 0) {
    return Error{ErrorCode::invalid_argument,
                 "run the task graph: workers is " + std::to_string(options.workers),
                 "pass 1 or more, or 0 for one a CPU"};
  }
  if (state_->is_running.exchange(true, std::memory_order_acquire)) {
    return Error{ErrorCode::conflict,
                 "run the task graph: it is already running",
                 "wait for that run, or freeze a second graph"};
  }
  GraphRun run;
  run.workers = state_->engine.run(options);
  state_->collect(run);
  state_->is_running.store(false, std::memory_order_release);
  return run;
}

// Fills in what is not known from the workers, in the callers' numbers.
void FrozenTaskGraph::State::collect(GraphRun& run) {
  TaskRunner& tasks = engine.tasks();
  const std::vector<NumberedFailure> failures = tasks.take_failures();
  if (failures.empty() && tasks.have_all_run()) {
    return;
  }
  run.status = failures.empty() ? GraphRunStatus::cancelled : GraphRunStatus::failed;
  const std::vector<std::uint32_t> task_at =
      failures.empty() ? std::vector<std::uint32_t>{} : tasks_by_number(order.position);
  for (const NumberedFailure& failure : failures) {
    run.failures.push_back({{task_at[static_cast<std::size_t>(failure.task)]}, failure.exception});
  }
  for (std::uint32_t index = 0; index < order.position.size(); ++index) {
    if (!tasks.has_run(order.position[at(index)])) {
      run.not_run.push_back({index});
    }
  }
}

std::size_t FrozenTaskGraph::bytes() const noexcept {
  const LevelOrder& order = state_->order;
  const std::size_t numbers = order.position.capacity() + order.level_first_of.capacity();
  return sizeof(State) + state_->engine.bytes() + order.graph.bytes() +
         numbers * sizeof(std::int32_t);
}

int FrozenTaskGraph::size() const noexcept {
  return state_->order.graph.size();
}

std::string FrozenTaskGraph::name(TaskId task) const {
  return at(task.index) < state_->order.position.size() ? task_name(state_->names, task.index)
                                                        : std::string();
}

std::vector<std::string> FrozenTaskGraph::names() const {
  std::vector<std::string> names(state_->order.position.size());
  for (const auto& [task, name] : state_->names) {
    names[at(task)] = name;  // the last one counts
  }
  for (std::uint32_t index = 0; index < names.size(); ++index) {
    if (names[at(index)].empty()) {
      names[at(index)] = task_name({}, index);
    }
  }
  return names;
}

std::vector<std::vector<TaskId>> FrozenTaskGraph::needs() const {
  const std::vector<std::int32_t>& position = state_->order.position;
  const std::vector<std::uint32_t> task_at = tasks_by_number(position);
  std::vector<std::vector<TaskId>> needs(position.size());
  for (std::uint32_t index = 0; index < position.size(); ++index) {
    for (const std::int32_t next : state_->order.graph.successors(position[at(index)])) {
      needs[at(task_at[static_cast<std::size_t>(next)])].push_back({index});
    }
  }
  return needs;
}

std::vector<TaskTime> FrozenTaskGraph::times() const {
  std::vector<TaskTime> times;
  times.reserve(state_->order.position.size());
  const double rate = ticks_per_nanosecond(true);
  for (const std::int32_t number : state_->order.position) {
    times.push_back(time_of(state_->engine.tasks(), number, rate));
  }
  return times;
}

TaskTime FrozenTaskGraph::time(TaskId task) const {
  if (at(task.index) >= state_->order.position.size()) {
    return {};
  }
  const std::int32_t number = state_->order.position[at(task.index)];
  return time_of(state_->engine.tasks(), number, ticks_per_nanosecond(true));
}

}  // namespace headway
