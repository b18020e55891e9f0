// TaskGraph: callables with an order among them, built once, frozen, run many times, at some
// nanoseconds a task. For tasks with timeouts, retries or resources there is the executor.
//
//   TaskGraph graph;
//   const TaskId fetch = graph.add([&] { ... });
//   const TaskId parse = graph.add([&] { ... }, {fetch});
//   auto frozen = graph.freeze();          // Error: a cycle, told in full
//   auto run = frozen->run();              // again and again
//
// layer: execution
#pragma once

#include "headway/owned.hpp"
#include "headway/result.hpp"
#include "headway/task_body.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace headway {

// A task of one graph: its number in the order of the adds, from 0.
struct TaskId {
  std::uint32_t index = 0;
  friend bool operator==(TaskId, TaskId) = default;
};

// When a task ran, from the start of its run. Both are -1 ns where it did not run. The start is
// when its worker turned to it, which is when that worker's last task ended. Resolution: some 10 ns
// where the processor has a steady counter, else that of the monotonic clock.
struct TaskTime {
  std::chrono::nanoseconds start{-1};
  std::chrono::nanoseconds end{-1};
  bool has_run() const noexcept { return end.count() >= 0; }
};

// Asks runs to stop, from any thread, at any time: tasks that would begin while it is raised do
// not, nor do those that need them. Keep it raised until the runs have returned.
class StopFlag {
 public:
  void raise() noexcept { __atomic_store_n(&is_raised_, true, __ATOMIC_RELEASE); }
  void lower() noexcept { __atomic_store_n(&is_raised_, false, __ATOMIC_RELEASE); }
  bool is_raised() const noexcept { return __atomic_load_n(&is_raised_, __ATOMIC_ACQUIRE); }

 private:
  bool is_raised_ = false;
};

// How many threads share the tasks of a run.
enum class WorkerUse {
  measured,  // as many as pay: short tasks in a narrow graph stay on the calling thread
  all,       // always spread, without measuring; for tests and for comparing
};

// How one run is done.
struct GraphRunOptions {
  // The most threads that run tasks, the calling one included; 0: one for each CPU this process may
  // use. More than kMaxGraphWorkers count as that many.
  int workers = 0;
  WorkerUse use = WorkerUse::measured;
  const StopFlag* stop = nullptr;  // must outlive the run
};

// The bound of GraphRunOptions::workers.
inline constexpr int kMaxGraphWorkers = 256;

// How a run ended.
enum class GraphRunStatus {
  completed,  // every task ran and none threw
  failed,     // a task threw; told even where the run was also stopped
  cancelled,  // the stop flag was seen before every task had begun
};

// One task that threw, its exception whole.
struct TaskFailure {
  TaskId task;
  std::exception_ptr exception;
};

// What one run did. A task that threw keeps all that need it, directly or not, from running; the
// others still run.
struct GraphRun {
  GraphRunStatus status = GraphRunStatus::completed;
  std::vector<TaskFailure> failures{};  // in the order in which they were seen
  std::vector<TaskId> not_run{};        // because of a failure or the flag; ascending
  int workers = 1;                      // threads that ran tasks or looked for some
  bool succeeded() const noexcept { return status == GraphRunStatus::completed; }
};

// A graph that no longer changes. It owns the callables and the threads that help to run them;
// threads start when the first run can use them, sleep between runs, and are joined by the
// destructor.
//
// Threads: one run at a time, from any thread; see run(). The destructor must not meet a run.
// Moved-from objects may only be destroyed or assigned to. Different graphs share nothing, so a
// task may run another graph: the calling thread is always one of the workers, nothing can wait in
// a circle. Tasks must not wait for each other but through the graph: one worker may run them all.
// A queue of ready tasks for which there is no memory ends the program.
class FrozenTaskGraph {
 public:
  FrozenTaskGraph(FrozenTaskGraph&&) noexcept;
  FrozenTaskGraph& operator=(FrozenTaskGraph&&) noexcept;
  ~FrozenTaskGraph();

  // Runs every task once, each after all it needs, and returns when none runs any more. What a
  // task wrote, those that need it see. Error code conflict: this graph is already running, in
  // another thread or around this very call; invalid_argument: workers < 0.
  Result<GraphRun> run(const GraphRunOptions& options = {});

  // Tasks of the graph.
  int size() const noexcept;
  // The name given to a task, else "task 7". Empty where there is no such task.
  std::string name(TaskId task) const;
  // The same of all, by TaskId::index; made anew at each call.
  std::vector<std::string> names() const;
  // What each task needs directly, ascending, by TaskId::index; made anew at each call.
  std::vector<std::vector<TaskId>> needs() const;
  // Bytes held: tasks, edges, times, callables (those on the heap as one pointer each). Names and
  // threads are not counted.
  std::size_t bytes() const noexcept;
  // When each task ran in the last run, by TaskId::index; made anew at each call (the first call in
  // a process may take up to 1 ms, to measure the processor's counter). Not during a run.
  std::vector<TaskTime> times() const;
  // The same of one task; has_run() is false where there is no such task.
  TaskTime time(TaskId task) const;

 private:
  friend class TaskGraph;
  struct State;
  explicit FrozenTaskGraph(Owned<State> state);
  Owned<State> state_;
};

// Collects tasks and their order. Not synchronised. Callables are called as `body()`, once a run;
// what they return is dropped. They may be movable only. Small ones take no allocation of their own
// (kIsInlineTask). At most 2^31 - 1 tasks and as many edges; freeze() tells where there are more.
class TaskGraph {
 public:
  TaskGraph();
  TaskGraph(TaskGraph&&) noexcept;
  TaskGraph& operator=(TaskGraph&&) noexcept;
  ~TaskGraph();

  // Adds a task that needs nothing so far. Throws what copying or moving the callable throws, and
  // std::bad_alloc; the graph is then as it was.
  template <typename F>
  requires std::is_invocable_v < std::decay_t<F>
  & > TaskId add(F&& body) {
    using Body = std::decay_t<F>;
    if constexpr (kIsInlineTask<Body>) {
      ::new (body_place(kTaskBodyOps<Body>)) Body(std::forward<F>(body));
    } else {
      using Held = HeapTaskBody<Body>;
      ::new (body_place(kTaskBodyOps<Held>)) Held(std::in_place, std::forward<F>(body));
    }
    return commit_body();
  }

  // Adds a task that runs after all of `needs`.
  template <typename F>
  requires std::is_invocable_v < std::decay_t<F>
  & > TaskId add(F&& body, std::initializer_list<TaskId> needs) {
    const TaskId task = add(std::forward<F>(body));
    add_needs(task, needs.begin(), needs.size());
    return task;
  }
  template <typename F>
  requires std::is_invocable_v < std::decay_t<F>
  & > TaskId add(F&& body, const std::vector<TaskId>& needs) {
    const TaskId task = add(std::forward<F>(body));
    add_needs(task, needs.data(), needs.size());
    return task;
  }

  // `then` runs after `first` has ended. Saying it twice is saying it once. A task that is not
  // there is an error of freeze().
  void precede(TaskId first, TaskId then);

  // Names a task, for errors and for who reads times; unnamed ones cost nothing. The last name
  // counts.
  void set_name(TaskId task, std::string name);

  // Tasks added so far.
  int size() const noexcept;

  // The graph, ready to run; this object is empty afterwards. On an Error (code invalid_argument:
  // a cycle, which is told, an unknown task, too many) it is as it was.
  Result<FrozenTaskGraph> freeze();

 private:
  struct State;
  void* body_place(const TaskBodyOps& ops);  // room for the next callable
  TaskId commit_body() noexcept;             // it is there now
  void add_needs(TaskId task, const TaskId* needs, std::size_t count);
  Owned<State> state_;
};

}  // namespace headway
