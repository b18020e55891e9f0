// See parallel_run.hpp.
#include "orchestration/parallel_run.hpp"

#include "base/files.hpp"
#include "execution/callable_attempt.hpp"
#include "execution/command_attempt.hpp"
#include "orchestration/parallel_results.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace headway {
namespace {

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

// The stop token of the stage that this thread is in; null outside of stages.
thread_local const std::stop_token* stage_around = nullptr;

// Says so for a scope.
class InsideStage {
 public:
  explicit InsideStage(const std::stop_token& stop) : before_(stage_around) {
    stage_around = &stop;
  }
  ~InsideStage() { stage_around = before_; }
  InsideStage(const InsideStage&) = delete;
  InsideStage& operator=(const InsideStage&) = delete;

 private:
  const std::stop_token* before_;
};

StageList stage_list(const ParallelPlan& plan, const SchedulerLimits& limits) {
  return {plan.graph, plan.task_needs, limits, [&plan](int task) {
            const StageExecutionResult& stage = plan.results[at(task)];
            return fmt::format("stage {} ('{}')", stage.stage_id, stage.stage_name);
          }};
}

std::string directory_of(const Command& command) {
  return command.dir.empty() ? std::string() : absolute_path(current_directory(), command.dir);
}

}  // namespace

ParallelRun::ParallelRun(ParallelPlan plan, const SchedulerLimits& limits, ParallelSeams seams)
    : clock_(seams.clock),
      threads_(seams.threads),
      surroundings_(std::move(seams.surroundings)),
      secrets_(std::move(seams.secrets)),
      emitter_(seams.emitter),
      begun_(seams.clock.monotonic()),
      plan_(std::move(plan)),
      fates_(plan_.tasks.size()),
      runs_(stage_list(plan_, limits), seams.emitter),
      reins_(plan_.tasks.size()) {}

void ParallelRun::run() {
  if (stage_around == nullptr) {
    drive();
    return;
  }
  const std::stop_callback cancel_with_stage(*stage_around, [this] { request_cancel(); });
  drive();
}

void ParallelRun::request_cancel() noexcept {
  const MutexLock lock(mutex_);
  cancel_requested_ = true;
  news_.notify_one();
}

std::vector<StageExecutionResult> ParallelRun::take_results() {
  const MutexLock lock(mutex_);
  for (int task = 0; task < plan_.size(); ++task) {
    const StageStatus known = result_of(task).status;
    if (known == StageStatus::pending || known == StageStatus::running) {
      take_record(result_of(task), runs_.record(task));  // it ended without an attempt
    }
  }
  // A callable that was given up may still read the results of its dependencies.
  return gave_up_ ? plan_.results : std::move(plan_.results);
}

bool ParallelRun::all_succeeded() const {
  const MutexLock lock(mutex_);
  return runs_.all_succeeded();
}

bool ParallelRun::was_cancelled() const {
  return is_cancelled_.load(std::memory_order_acquire);
}

// ---- the thread that called run()

void ParallelRun::drive() {
  Errands errands;
  bool goes_on = true;
  while (goes_on) {
    {
      const MutexLock lock(mutex_);
      cancel_if_asked();
      collect(errands);
      tell_events();
      if (errands.starts.empty() && errands.requests.empty()) {
        goes_on = wait_for_news();
      }
    }
    do_errands(errands, false);
  }
}

// Until something is due; false: all is done.
bool ParallelRun::wait_for_news() {
  if (runs_.done()) {
    return false;
  }
  wakes_at_ = runs_.next_deadline();
  is_driver_waiting_ = true;
  if (wakes_at_) {
    news_.wait_for(mutex_, *wakes_at_ - elapsed());
  } else {
    news_.wait(mutex_);
  }
  is_driver_waiting_ = false;
  return true;
}

// Whether the driver sleeps too long for what is now to come.
bool ParallelRun::must_wake_driver() const {
  if (!is_driver_waiting_) {
    return false;
  }
  const auto next = runs_.next_deadline();
  return runs_.done() || (next && (!wakes_at_ || *next < *wakes_at_));
}

// ---- what is done by any thread

void ParallelRun::cancel_if_asked() {
  if (cancel_requested_ && !is_cancelled_.load(std::memory_order_relaxed)) {
    runs_.cancel({"cancelled by the program", 0, false}, elapsed());
    is_cancelled_.store(true, std::memory_order_release);
  }
}

// Turns all that is due into what can be done without the lock.
void ParallelRun::collect(Errands& errands) {
  bool goes_on = true;
  while (goes_on) {
    const Nanos now = elapsed();
    runs_.advance(now);
    goes_on = false;
    while (const auto order = runs_.next()) {
      obey(*order, now, errands);
      goes_on =
          goes_on || order->kind == StageOrder::Kind::kill;  // one that is given up makes room
    }
  }
}

void ParallelRun::obey(const StageOrder& order, Nanos now, Errands& errands) {
  switch (order.kind) {
    case StageOrder::Kind::begin:
      begin(order, now, errands);
      break;
    case StageOrder::Kind::stop:
      errands.requests.push_back(reins_[at(order.task)].stop);
      break;
    case StageOrder::Kind::kill:
      if (plan_.tasks[at(order.task)].command() != nullptr) {
        errands.requests.push_back(reins_[at(order.task)].kill);
      } else {
        give_up(order.task, now);
      }
      break;
    case StageOrder::Kind::drop:
      break;  // nothing was done for it
  }
}

void ParallelRun::begin(const StageOrder& order, Nanos now, Errands& errands) {
  Reins& reins = reins_[at(order.task)];
  reins.stop = std::stop_source();
  if (plan_.tasks[at(order.task)].command() != nullptr) {
    reins.kill = std::stop_source();
  }
  fates_[at(order.task)].store(Fate::running, std::memory_order_relaxed);
  errands.starts.push_back(
      {order.task, order.attempt, reins.stop.get_token(), reins.kill.get_token()});
  runs_.began(order, now, {});
}

// What the callable holds (a lock, memory) counts as free from now on.
void ParallelRun::give_up(int task, Nanos now) {
  if (decide(task, Fate::given_up)) {
    gave_up_ = true;
    runs_.give_up(task, now);
    take_record(result_of(task), runs_.record(task));
  }
}

void ParallelRun::tell_events() {
  if (emitter_ != nullptr) {
    emitter_->flush();
  }
}

// False where it was decided otherwise before.
bool ParallelRun::decide(int task, Fate fate) {
  Fate expected = Fate::running;
  return fates_[at(task)].compare_exchange_strong(expected, fate);
}

// All but the first start where the calling thread keeps that. A start that fails may lead to more
// errands.
std::optional<ParallelRun::Begin> ParallelRun::do_errands(Errands& errands, bool keeps_one) {
  std::optional<Begin> own;
  std::size_t begun = 0;
  while (!errands.requests.empty() || begun < errands.starts.size()) {
    for (std::stop_source& request : std::exchange(errands.requests, {})) {
      request.request_stop();
    }
    for (; begun < errands.starts.size() && errands.requests.empty(); ++begun) {
      Begin begin = std::move(errands.starts[begun]);
      if (keeps_one && !own) {
        own = std::move(begin);
      } else {
        hand_over(std::move(begin), errands);
      }
    }
  }
  errands.starts.clear();
  return own;
}

// To another thread. Where there is none to be had, that is how the attempt ended.
void ParallelRun::hand_over(Begin begin, Errands& errands) {
  const int task = begin.task;
  const auto handed =
      threads_.run([self = shared_from_this(), begin = std::move(begin)] { self->work(begin); });
  if (!handed) {
    AttemptEnd end;
    end.start_failed = true;
    end.error = handed.error().message;
    end.reason = handed.error().message;
    this->end(task, std::move(end), errands);
  }
}

// ---- worker threads

void ParallelRun::work(Begin begin) {
  Errands errands;
  std::optional<Begin> next(std::move(begin));
  while (next) {
    end(next->task, attempt(*next), errands);
    next = do_errands(errands, true);
  }
}

AttemptEnd ParallelRun::attempt(const Begin& begin) {
  if (is_cancelled_.load(std::memory_order_acquire)) {
    return {};  // told to end before it began
  }
  const Task& task = plan_.tasks[at(begin.task)];
  if (const Command* command = task.command()) {
    return run_command({command->argv, directory_of(*command), begin.stop, begin.kill, secrets_},
                       clock_);
  }
  StageContext::State state(plan_, surroundings_, begin.task, begin.attempt, begin.stop);
  StageContext context(state);
  const InsideStage inside(begin.stop);
  return run_callable([&task, &context] { return task.call(context); });
}

// The attempt ended. Where it was given up before, nobody waits for it any more. What is left of an
// earlier attempt goes with `end`, and without the lock: it may run the code of others.
void ParallelRun::end(int task, AttemptEnd end, Errands& errands) {
  if (!decide(task, Fate::ended)) {
    return;
  }
  std::swap(result_of(task).result, end.value);
  bool wakes = false;
  {
    const MutexLock lock(mutex_);
    take_end(task, end);
    collect(errands);
    tell_events();
    wakes = must_wake_driver();
  }
  if (wakes) {
    news_.notify_one();
  }
}

// The result is complete before what needs it can begin.
void ParallelRun::take_end(int task, AttemptEnd& end) {
  const Nanos now = elapsed();
  Exit exit = exit_of(end);
  exit.task = task;
  exit.attempt = runs_.record(task).attempts;
  exit.duration = now - runs_.record(task).began;
  const EndSigns signs = signs_of(end);
  take_attempt(result_of(task), end);
  runs_.ended(exit, signs, now);
  take_record(result_of(task), runs_.record(task));
}

}  // namespace headway
