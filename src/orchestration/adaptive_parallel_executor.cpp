// AdaptiveParallelExecutor: what its runs share: threads, limits, history, logger. A run itself is
// a ParallelRun. (Declared in headway/executor.hpp.)
#include "base/mutex.hpp"
#include "base/secret_values.hpp"
#include "base/secrets.hpp"
#include "base/uuid.hpp"
#include "headway/executor.hpp"
#include "headway/logging.hpp"
#include "host/machine.hpp"
#include "orchestration/parallel_plan.hpp"
#include "orchestration/parallel_run.hpp"
#include "orchestration/progress_board.hpp"
#include "orchestration/stage_log_observer.hpp"
#include "scheduling/worker_policy.hpp"
#include "timing/duration_model.hpp"
#include "timing/profile_store.hpp"
#include "timing/timing_observer.hpp"

#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace headway {
namespace {

constexpr double kSmallestWeight = 1e-6;

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

// What the policy of `headway run` begins with on this machine.
int automatic_workers(double cpus) {
  MachineLoad load;
  load.usable_cpus = cpus;
  load.memory_room_bytes = available_memory_bytes();
  return WorkerPolicy().start(Nanos{0}, load).slots;
}

SchedulerLimits limits_of(const ExecutorOptions& options) {
  const MachineShare machine = machine_share();
  const double cpus = std::max(1.0, machine.cpus);
  SchedulerLimits limits;
  limits.slots = options.max_workers > 0 ? options.max_workers : automatic_workers(cpus);
  limits.cpus = std::max<double>(limits.slots, std::round(cpus));
  limits.memory_bytes = options.memory_bytes > 0 ? options.memory_bytes : machine.memory_bytes;
  limits.failure_mode =
      options.continue_on_failure ? FailureMode::keep_going : FailureMode::fail_fast;
  return limits;
}

// Those of this program's environment, which commands inherit; none where there are no commands.
SecretSet secrets_of(const ParallelPlan& plan) {
  const auto is_command = [](const Task& task) { return task.command() != nullptr; };
  if (std::none_of(plan.tasks.begin(), plan.tasks.end(), is_command)) {
    return {};
  }
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return SecretSet(secret_values(variables, {}));
}

StructuredLogger stderr_logger() {
  LoggerOptions options;
  options.console = LogLevel::warning;
  return {"headway", std::move(options)};
}

RunStarted begin_event(const ParallelPlan& plan, const ExecutorOptions& options, int jobs) {
  std::vector<PlannedStage> stages;
  stages.reserve(plan.results.size());
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    const StageExecutionResult& stage = plan.results[i];
    stages.push_back(
        {stage.stage_name, stage.stage_id, stage.stage_name, plan.needs[i], false, false});
  }
  const MachineShare machine = machine_share();
  RunStarted body;
  body.workflow = options.workflow;
  body.lane = options.lane;
  body.change_id = options.workflow_id;
  body.version = HEADWAY_VERSION;
  body.user = user_name();
  body.stages = std::move(stages);
  body.jobs = jobs;
  body.machine = {host_name(), kernel_release(), machine.cpus, machine.memory_bytes};
  body.pid = static_cast<int>(::getpid());
  return body;
}

RunFinished end_event(const ParallelRun& run) {
  constexpr int kFailed = 1;
  constexpr int kTerminated = 143;
  if (run.was_cancelled()) {
    return {RunStatus::cancelled, kTerminated, "cancelled by the program"};
  }
  return run.all_succeeded() ? RunFinished{RunStatus::completed, 0, ""}
                             : RunFinished{RunStatus::failed, kFailed, "a stage failed"};
}

}  // namespace

// What an executor keeps between runs. The threads go first: callables that were given up use the
// rest.
struct AdaptiveParallelExecutor::State {
  State(ExecutorOptions its_options,
        const Clock& its_clock,
        std::vector<RunObserver*> its_observers)
      : options(std::move(its_options)),
        clock(its_clock),
        observers(std::move(its_observers)),
        limits(limits_of(options)) {
    if (options.logger == nullptr) {
      own_logger.emplace(stderr_logger());
    }
  }

  StructuredLogger& logger() { return options.logger != nullptr ? *options.logger : *own_logger; }
  void learn(ParallelPlan& plan);
  void tell_trouble(const std::string& trouble);
  ParallelOutcome execute(ParallelPlan plan);
  void drive(ParallelRun& run);

  const ExecutorOptions options;
  const Clock& clock;
  const std::vector<RunObserver*> observers;
  const SchedulerLimits limits;
  std::optional<StructuredLogger> own_logger;
  ProgressBoard progress;
  Mutex mutex;
  std::vector<ParallelRun*> runs HEADWAY_GUARDED_BY(mutex);  // under way
  WorkerThreads threads;
};

// Expected durations, where the history knows some, become the weights of the critical path.
void AdaptiveParallelExecutor::State::learn(ParallelPlan& plan) {
  if (options.history.empty()) {
    return;
  }
  const auto known = load_lane(options.history, options.workflow, options.lane);
  if (!known) {
    tell_trouble(known.error().message);
    return;
  }
  const DurationModel model(known->samples);
  if (model.empty()) {
    return;
  }
  for (std::size_t i = 0; i < plan.task_needs.size(); ++i) {
    plan.task_needs[i].weight =
        std::max(model.of(plan.results[i].stage_name).median, kSmallestWeight);
  }
}

// A history never fails a run, and never fails silently.
void AdaptiveParallelExecutor::State::tell_trouble(const std::string& trouble) {
  logger().warning("history: " + trouble);
}

ParallelOutcome AdaptiveParallelExecutor::State::execute(ParallelPlan plan) {
  const std::string run_id = new_uuid_v7(clock.wall());
  std::optional<TimingObserver> timing;
  std::optional<StageLogObserver> log;
  std::vector<RunObserver*> all = observers;
  if (!options.history.empty()) {
    all.push_back(&timing.emplace(options.history));
  }
  if (options.logger != nullptr) {
    all.push_back(&log.emplace(*options.logger));
  }
  std::optional<EventEmitter> emitter;
  if (!all.empty()) {
    emitter.emplace(run_id, clock, std::move(all));
    emitter->emit(begin_event(plan, options, limits.slots));
  }
  StageSurroundings surroundings{logger(),
                                 progress,
                                 options.workflow_id.empty() ? run_id : options.workflow_id,
                                 options.lane,
                                 options.workflow,
                                 options.logger != nullptr};
  ParallelSeams seams{clock, threads, std::move(surroundings), secrets_of(plan)};
  seams.emitter = emitter ? &*emitter : nullptr;
  const auto run = std::make_shared<ParallelRun>(std::move(plan), limits, std::move(seams));
  drive(*run);
  if (emitter) {
    emitter->emit(end_event(*run));
    emitter->flush();
  }
  if (timing && !timing->trouble().empty()) {
    tell_trouble(timing->trouble());
  }
  if (options.logger != nullptr) {
    options.logger->flush();
  }
  return {run->take_results(), run->all_succeeded(), limits.slots};
}

// cancel() reaches the run while this lasts.
void AdaptiveParallelExecutor::State::drive(ParallelRun& run) {
  {
    const MutexLock lock(mutex);
    runs.push_back(&run);
  }
  run.run();
  const MutexLock lock(mutex);
  std::erase(runs, &run);
}

AdaptiveParallelExecutor::AdaptiveParallelExecutor(ExecutorOptions options)
    : AdaptiveParallelExecutor(std::move(options), system_clock()) {}

AdaptiveParallelExecutor::AdaptiveParallelExecutor(ExecutorOptions options,
                                                   const Clock& clock,
                                                   std::vector<RunObserver*> observers)
    : state_(std::make_unique<State>(std::move(options), clock, std::move(observers))) {}

AdaptiveParallelExecutor::AdaptiveParallelExecutor(AdaptiveParallelExecutor&&) noexcept = default;

AdaptiveParallelExecutor::~AdaptiveParallelExecutor() = default;

int AdaptiveParallelExecutor::get_worker_count() const noexcept {
  return state_->limits.slots;
}

void AdaptiveParallelExecutor::cancel() noexcept {
  const MutexLock lock(state_->mutex);
  for (ParallelRun* run : state_->runs) {
    run->request_cancel();
  }
}

Result<ParallelOutcome> AdaptiveParallelExecutor::execute_parallel(
    const std::vector<ParallelStage>& stages) {
  auto plan = make_parallel_plan(stages);
  if (!plan) {
    return std::move(plan).error();
  }
  state_->learn(*plan);
  return state_->execute(*std::move(plan));
}

std::vector<StageProgress> AdaptiveParallelExecutor::get_progress() const {
  return state_->progress.all();
}

Result<ParallelOutcome> execute_parallel_stages(const std::vector<ParallelStage>& stages,
                                                ExecutorOptions options) {
  return AdaptiveParallelExecutor(std::move(options)).execute_parallel(stages);
}

}  // namespace headway
