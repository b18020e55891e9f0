// Executor: stages inside a program, callables and commands in one graph, as fast as their needs
// allow.
//
// AdaptiveParallelExecutor runs a list of ParallelStage and returns what came of each. The same
// scheduler decides as in `headway run`.
//
// layer: orchestration
#pragma once

#include "headway/owned.hpp"
#include "headway/result.hpp"
#include "headway/timing.hpp"
#include "headway/types.hpp"

#include <any>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace headway {

class Clock;
class RunObserver;
class StructuredLogger;

// What came of one stage.
struct StageExecutionResult {
  int stage_id = 0;
  std::string stage_name{};
  StageStatus status = StageStatus::pending;  // completed, failed, skipped or cancelled
  std::any result{};               // what the callable returned (nothing: void); of a command an
                                   // int, its exit code (128 + signal where a signal ended it)
  std::exception_ptr exception{};  // what the callable threw
  // What the callable threw, as spelled in the source ("std::runtime_error"); where it threw
  // nothing: "exit_code", "signal", "start_failed", "timeout". Empty where all is well.
  std::string error_type{};
  // What it says, nested ones after "; caused by "; of a command the end of what it printed.
  std::string error{};
  std::string reason{};             // why it is not completed, in words
  Seconds duration{};               // of the last attempt
  Seconds queue_wait{};             // from ready to the first start
  int attempts = 0;                 // 0: never started
  Seconds started{};                // when its first attempt began, from the begin of the run
  Seconds ended{};                  // when its last attempt ended, from the begin of the run
  std::vector<int> dependencies{};  // as they were given

  double duration_seconds() const { return duration.count(); }
};

// A program and its arguments, started without a shell. Its output goes nowhere but, where it
// fails, into `error`.
struct Command {
  std::vector<std::string> argv;
  std::string dir{};  // where it runs, relative to the working directory; empty: there
};

// What a callable may ask of the run around it, while it runs. A reference to one is valid until
// the callable returns. Safe from any thread, but for logger().
class StageContext {
 public:
  struct State;
  explicit StageContext(State& state) : state_(state) {}
  StageContext(const StageContext&) = delete;
  StageContext& operator=(const StageContext&) = delete;

  int stage_id() const noexcept;
  const std::string& stage_name() const noexcept;
  int attempt() const noexcept;  // from 1

  // The run was cancelled or the timeout has passed: return soon. What runs on is given up after
  // the stage's grace. (As std::stop_token: stop_token(context) of headway/stop_token.hpp.)
  bool stop_requested() const noexcept;
  // Sleeps that long, or until a stop is requested; true: it was.
  bool wait_for_stop(Seconds longest) const;

  // What a direct dependency returned; null where `stage_id` is none, or it holds no T.
  template <class T>
  const T* result(int stage_id) const noexcept {
    return std::any_cast<T>(value_of(stage_id));
  }
  // All that is known of a direct dependency; null where `stage_id` is none.
  const StageExecutionResult* result_of(int stage_id) const noexcept;

  // ExecutorOptions::logger, else one that writes warnings and worse to stderr. What this thread
  // logs through it carries this stage.
  StructuredLogger& logger();
  // How far it is: 0 to 1 (else brought to the nearer end). See get_progress().
  void progress(double fraction, std::string text = {});

 private:
  const std::any* value_of(int stage_id) const noexcept;
  State& state_;
};

// What a Task keeps: shared by its copies.
class TaskBody {
 public:
  TaskBody() = default;
  TaskBody(const TaskBody&) = delete;
  TaskBody& operator=(const TaskBody&) = delete;
  virtual ~TaskBody();
  virtual std::any call(StageContext& context) = 0;
  virtual const Command* command() const noexcept;

 private:
  friend class Task;
  int owners_ = 1;  // atomic: see task.cpp
};

// That f can be called with these arguments, with or without a context before them.
template <class F, class... A>
concept StageCallable = requires(F& f, StageContext& context, const A&... arguments) {
  f(context, arguments...);
}
|| requires(F& f, const A&... arguments) {
  f(arguments...);
};

// What a stage does: a Command, or a callable f(arguments...) or f(StageContext&, arguments...).
// Arguments are kept by value and handed over as const (std::ref for others). What f returns must
// be copyable: it is kept in a std::any. Copies of a Task share the callable; one that changes
// itself when called is copied for each attempt, unless it cannot be.
class Task {
 public:
  template <class F, class... A>
  requires(!std::same_as<F, Task> && !std::same_as<F, Command> && StageCallable<F, A...>)
      // NOLINTNEXTLINE(google-explicit-constructor)
      Task(F f, A... a)
      : body_(make_body(std::move(f), std::move(a)...)) {}
  Task(Command command);  // NOLINT(google-explicit-constructor)
  Task(const Task& other) noexcept;
  Task(Task&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Task& operator=(Task other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~Task();

  // False where it was moved from: such a stage is refused.
  explicit operator bool() const noexcept { return body_ != nullptr; }
  // The command; null where it is a callable.
  const Command* command() const noexcept { return body_ ? body_->command() : nullptr; }
  // Calls it; what it throws comes out. Not for a command.
  std::any call(StageContext& context) const { return body_->call(context); }

 private:
  template <class Call>
  class Body;
  template <class F, class... A>
  static TaskBody* make_body(F f, A... a);
  template <class Call>
  static TaskBody* own(Call call);

  TaskBody* body_;  // null only where it was moved from
};

// A failed attempt is repeated up to `max` times; before retry n (from 1) it waits delay *
// backoff^(n-1), at most an hour.
struct Retries {
  int max = 0;
  Seconds delay{1};
  double backoff = 2;
};

// What a stage takes of the executor's budget while it runs.
struct Resources {
  double cpus = 1;
  std::int64_t memory_bytes = 0;
  std::vector<std::string> locks{};  // names; each is held by one stage of the run at a time
};

// One stage to run.
struct ParallelStage {
  int stage_id;
  std::string stage_name;
  Task task;
  std::vector<int> dependencies{};  // stage ids; all must be completed first
  Seconds timeout{};                // of one attempt; 0: none
  Retries retries{};
  Resources resources{};
  Seconds grace{5};  // from being told to stop to being given up (a callable) or killed (a command)
};

// What came of a run. `auto& [results, all_succeeded] = *outcome` names the first two.
struct ParallelOutcome {
  std::vector<StageExecutionResult> results;  // by stage id, ascending
  bool all_succeeded = false;                 // every stage completed
  int worker_count = 0;                       // stages that could run at once

  template <std::size_t I>
  auto& get() & noexcept {
    return member<I>(*this);
  }
  template <std::size_t I>
  const auto& get() const& noexcept {
    return member<I>(*this);
  }
  template <std::size_t I>
  auto&& get() && noexcept {
    return std::move(member<I>(*this));
  }

 private:
  template <std::size_t I, class Outcome>
  static auto& member(Outcome& outcome) noexcept {
    if constexpr (I == 0) {
      return outcome.results;
    } else {
      return outcome.all_succeeded;
    }
  }
};

// A run in numbers.
struct ExecutionSummary {
  int total_stages = 0, successful = 0, failed = 0, skipped = 0, cancelled = 0, worker_count = 0;
  Seconds makespan{};  // from the begin of the run to the end of its last stage
  Seconds work{};      // durations of all stages together
  // work / (makespan * worker_count), 0 to 1; 0 where nothing took time.
  double parallel_efficiency = 0;
  // Stage ids, first to last: the heaviest chain of dependencies by duration.
  std::vector<int> critical_path{};
  // Up to 5 stages of it, by what the run would save if they took no time, with as many workers.
  std::vector<Bottleneck> bottlenecks{};
};

// How an executor works.
struct ExecutorOptions {
  // Stages at once, of each run; 0 or less: one a usable CPU, but at most one per 256 MiB of free
  // memory.
  int max_workers = 0;
  // After a failure: false, nothing new starts (what runs may finish); true, all that does not
  // depend on the failed stage still runs.
  bool continue_on_failure = false;
  std::int64_t memory_bytes = 0;  // budget for Resources::memory_bytes; 0: what the machine grants
  // Where runs are recorded and durations learned (as TrackerOptions::history); empty: nowhere.
  std::string history{};
  std::string workflow = "default", lane = "standard";  // the history's keys beside stage names
  std::string workflow_id{};                            // of this change; empty: a new run id
  StructuredLogger* logger = nullptr;  // told of every stage; must outlive the executor
};

// What a running stage has told with StageContext::progress().
struct StageProgress {
  int stage_id = 0;
  std::string stage_name{};
  double fraction = 0;
  std::string text{};
};

// Runs lists of stages on threads of its own, which it keeps for the next run. Safe from any
// thread; runs may overlap and nest: a callable may use the executor that runs it, and a nested run
// is cancelled with the stage around it. The destructor waits for callables that were given up and
// are still running; to destroy it during a run is an error of the caller. Moved-from objects may
// only be destroyed.
class AdaptiveParallelExecutor {
 public:
  explicit AdaptiveParallelExecutor(ExecutorOptions options = {});
  // The same with another clock, and with observers that see each run's events (Headway's own
  // programs); all must outlive the executor.
  AdaptiveParallelExecutor(ExecutorOptions options,
                           const Clock& clock,
                           std::vector<RunObserver*> observers = {});
  AdaptiveParallelExecutor(AdaptiveParallelExecutor&&) noexcept;
  ~AdaptiveParallelExecutor();

  // Stages that may run at once, at least 1.
  int get_worker_count() const noexcept;
  // Ends the runs under way: nothing new starts, what runs is told to stop. No effect on later
  // runs. Not for signal handlers.
  void cancel() noexcept;
  // Runs them all; returns when each has ended, was skipped, or was given up. Error (code
  // invalid_argument), before anything runs: a stage id given twice, an unknown dependency, a cycle
  // (the message names it), a number that makes no sense. A failed stage is no Error.
  Result<ParallelOutcome> execute_parallel(const std::vector<ParallelStage>& stages);
  // Of the running stages that told their progress, by stage id, of all runs under way.
  std::vector<StageProgress> get_progress() const;
  static ExecutionSummary get_execution_summary(const ParallelOutcome& outcome);

 private:
  struct State;
  Owned<State> state_;
};

// The same with an executor of its own, for one run. Returns only when all callables have returned.
Result<ParallelOutcome> execute_parallel_stages(const std::vector<ParallelStage>& stages,
                                                ExecutorOptions options = {});

// ---- how a Task calls, and how an outcome comes apart

// One kind of callable, with its arguments.
template <class Call>
class Task::Body final : public TaskBody {
 public:
  explicit Body(Call call) : call_(std::move(call)) {}
  std::any call(StageContext& context) override { return call_(context); }

 private:
  Call call_;
};

// What a call returns, as a std::any; empty for void.
template <class F, class... A>
std::any call_for_any(F& f, const A&... arguments) {
  using Value = std::decay_t<decltype(f(arguments...))>;
  if constexpr (std::is_void_v<Value>) {
    f(arguments...);
    return {};
  } else {
    static_assert(std::is_copy_constructible_v<Value>,
                  "a stage returns what can be copied: for anything else, a std::shared_ptr to it");
    return std::any(f(arguments...));
  }
}

// The same with a context before the arguments, where the callable takes one.
template <class F, class... A>
std::any call_stage(F& f, StageContext& context, const A&... arguments) {
  if constexpr (requires { f(context, arguments...); }) {
    auto with_context = [&f, &context](const A&... given) -> decltype(auto) {
      return f(context, given...);
    };
    return call_for_any(with_context, arguments...);
  } else {
    return call_for_any(f, arguments...);
  }
}

template <class Call>
TaskBody* Task::own(Call call) {
  return new Body<Call>(std::move(call));
}

template <class F, class... A>
TaskBody* Task::make_body(F f, A... a) {
  if constexpr (StageCallable<const F, A...>) {
    return own([f = std::move(f), ... a = std::move(a)](StageContext& context) {
      return call_stage(f, context, a...);
    });
  } else if constexpr (std::is_copy_constructible_v<F>) {
    return own([f = std::move(f), ... a = std::move(a)](StageContext& context) {
      F once(f);
      return call_stage(once, context, a...);
    });
  } else {
    return own([f = std::move(f), ... a = std::move(a)](StageContext& context) mutable {
      return call_stage(f, context, a...);
    });
  }
}

}  // namespace headway

// A ParallelOutcome comes apart in two.
template <>
struct std::tuple_size<headway::ParallelOutcome> : std::integral_constant<std::size_t, 2> {};
// Its first part: the results.
template <>
struct std::tuple_element<0, headway::ParallelOutcome> {
  using type = std::vector<headway::StageExecutionResult>;
};
// Its second part: whether all succeeded.
template <>
struct std::tuple_element<1, headway::ParallelOutcome> {
  using type = bool;
};
