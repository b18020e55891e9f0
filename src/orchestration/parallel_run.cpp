// See parallel_run.hpp.
#include "orchestration/parallel_run.hpp"

#include "base/files.hpp"
#include "execution/callable_attempt.hpp"
#include "execution/command_attempt.hpp"

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
      runs_(plan_, limits, seams.emitter),
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
  // A callable that was given up may still read the results of its dependencies.
  return runs_.gave_up() ? plan_.results : std::move(plan_.results);
}

bool ParallelRun::all_succeeded() const {
  const MutexLock lock(mutex_);
  return runs_.all_succeeded();
}

bool ParallelRun::was_cancelled() const {
  const MutexLock lock(mutex_);
  return runs_.was_cancelled();
}

// ---- the thread that called run()

void ParallelRun::drive() {
  Errands errands;
  bool goes_on = true;
  while (goes_on) {
    {
      const MutexLock lock(mutex_);
      if (cancel_requested_) {
        runs_.cancel(elapsed(), work_);
        is_cancelled_.store(true, std::memory_order_release);
      }
      runs_.advance(elapsed(), work_);
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

// Turns what StageRuns wants into what can be done without the lock.
void ParallelRun::collect(Errands& errands) {
  for (std::size_t i = 0; i < work_.kills.size(); ++i) {  // giving up may add more
    const int task = work_.kills[i];
    if (plan_.tasks[at(task)].command() != nullptr) {
      errands.requests.push_back(reins_[at(task)].kill);
    } else if (decide(task, Fate::given_up)) {
      runs_.give_up(task, elapsed(), work_);
    }
  }
  for (const int task : work_.stops) {
    errands.requests.push_back(reins_[at(task)].stop);
  }
  for (const AttemptId& id : work_.starts) {
    Reins& reins = reins_[at(id.task)];
    reins.stop = std::stop_source();
    if (plan_.tasks[at(id.task)].command() != nullptr) {
      reins.kill = std::stop_source();
    }
    fates_[at(id.task)].store(Fate::running, std::memory_order_relaxed);
    errands.starts.push_back({id, reins.stop.get_token(), reins.kill.get_token()});
  }
  work_.clear();
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
  const AttemptId id = begin.id;
  const auto handed =
      threads_.run([self = shared_from_this(), begin = std::move(begin)] { self->work(begin); });
  if (!handed) {
    AttemptEnd end;
    end.start_failed = true;
    end.error = handed.error().message;
    end.reason = handed.error().message;
    this->end(id.task, std::move(end), errands);
  }
}

// ---- worker threads

void ParallelRun::work(Begin begin) {
  Errands errands;
  std::optional<Begin> next(std::move(begin));
  while (next) {
    end(next->id.task, attempt(*next), errands);
    next = do_errands(errands, true);
  }
}

AttemptEnd ParallelRun::attempt(const Begin& begin) {
  if (is_cancelled_.load(std::memory_order_acquire)) {
    return {};  // told to end before it began
  }
  const Task& task = plan_.tasks[at(begin.id.task)];
  if (const Command* command = task.command()) {
    return run_command({command->argv, directory_of(*command), begin.stop, begin.kill, secrets_},
                       clock_);
  }
  StageContext::State state(plan_, surroundings_, begin.id.task, begin.id.attempt, begin.stop);
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
  std::swap(plan_.results[at(task)].result, end.value);
  bool wakes = false;
  {
    const MutexLock lock(mutex_);
    runs_.ended(task, end, elapsed(), work_);
    collect(errands);
    tell_events();
    wakes = must_wake_driver();
  }
  if (wakes) {
    news_.notify_one();
  }
}

}  // namespace headway
