// See orchestrator.hpp. The loop: ask the scheduler, do what it says, wait, tell it what ended.
#include "orchestration/orchestrator.hpp"

#include "base/files.hpp"
#include "base/units.hpp"
#include "execution/shell_command.hpp"
#include "orchestration/attempt_verdict.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/held_locks.hpp"
#include "orchestration/run_estimate.hpp"
#include "orchestration/run_governor.hpp"
#include "orchestration/stage_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace headway {
namespace {

// How often progress is told at most, and how often a lock that another run holds is tried.
constexpr Nanos kTick = std::chrono::milliseconds(500);
constexpr Nanos kFirstTick = std::chrono::milliseconds(50);
constexpr Nanos kLockPoll = std::chrono::milliseconds(100);
constexpr std::size_t kActionsKept = 1024;
constexpr const char* kNeverStarted = "the run was cancelled before it started";

// What the orchestrator remembers of one stage beside the scheduler's own state.
struct StageRun {
  Nanos ready_at{};
  Nanos first_started{};
  Nanos attempt_started{};
  std::int64_t output_told = 0;
  Nanos took{};             // of the last attempt, once it ended
  int attempt = 0;          // the newest that was started
  bool doomed = false;      // told to end before its start was reached
  bool starts_now = false;  // in the batch that is being performed
  EndedBy ended_by = EndedBy::nobody;
};

EndedBy ended_by(Action::Reason reason) {
  switch (reason) {
    case Action::Reason::timeout:
      return EndedBy::timeout;
    case Action::Reason::failure_elsewhere:
      return EndedBy::failure_elsewhere;
    default:
      return EndedBy::cancel;
  }
}

std::vector<PlannedStage> planned_stages(const RunPlan& plan) {
  std::vector<PlannedStage> out;
  out.reserve(static_cast<std::size_t>(plan.size()));
  for (int position = 0; position < plan.size(); ++position) {
    const Stage& stage = plan.stage(position);
    out.push_back({stage.key,
                   stage.stage_id,
                   stage.name,
                   plan.selection.needs[static_cast<std::size_t>(position)],
                   stage.always,
                   stage.allow_failure});
  }
  return out;
}

}  // namespace

// The whole run in flight.
struct Orchestrator::State {
  State(const RunPlan& the_plan, RunIdentity the_identity, OrchestratorSeams seams);

  RunOutcome run();
  void begin();
  void step();
  void put_starts_first();
  void count_starts();
  void perform(const Action& action);
  void start(const Action& action);
  void start_failed(const Action& action, const Error& error);
  void start_doomed(const Action& action);
  void end_attempt(const Action& action);
  void ended(const Exit& exit);
  void settled(const Action& action);
  void skipped(const Action& action);
  void woken(const Wakeup& wakeup);
  void cancel(std::string reason, int signal, bool immediate);
  void lose_watcher();
  void poll_locks();
  void tick();
  Nanos next_wakeup() const;
  RunOutcome finish();
  StageFinished finished_event(const Exit& exit,
                               const AttemptVerdict& verdict,
                               StageStatus status) const;

  StageRun& run_of(int task) { return stages[static_cast<std::size_t>(task)]; }

  const RunPlan& plan;
  RunIdentity identity;
  const Clock& clock;
  Backend& backend;
  RunJobServer* jobserver;  // may be null
  EventEmitter emitter;
  Scheduler scheduler;
  RunGovernor governor;
  RunEstimate estimate;
  StageEnvironment environment;
  HeldLocks locks;
  std::vector<int> busy_locks;  // held by other runs, tried again now and then
  std::vector<StageRun> stages;
  std::vector<Action> actions, spare_actions;
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
  Exit last_exit;  // of the attempt that finished() is being told about
  AttemptVerdict last_verdict;
  Nanos turn_at{}, next_tick{}, next_lock_poll{};
  int cancel_signal = 0;
  bool timed_out = false, stage_failed = false, lost_watcher = false;
  bool is_ending = false;  // last_exit is being told about
};

Orchestrator::State::State(const RunPlan& the_plan,
                           RunIdentity the_identity,
                           OrchestratorSeams seams)
    : plan(the_plan),
      identity(std::move(the_identity)),
      clock(seams.clock),
      backend(seams.backend),
      jobserver(seams.jobserver),
      emitter(identity.run_id, seams.clock, std::move(seams.observers)),
      scheduler(the_plan.graph, the_plan.needs, the_plan.limits),
      governor({the_plan, scheduler, seams.backend, emitter}, seams.probe),
      estimate(the_plan),
      environment(identity.environment,
                  the_plan.workflow->env,
                  {identity.run_id,
                   the_plan.workflow->name,
                   the_plan.selection.lane->key,
                   the_plan.request.change_id,
                   the_plan.request.title,
                   the_plan.request.owner},
                  seams.jobserver),
      locks(the_plan.state, the_plan.lock_names),
      stages(static_cast<std::size_t>(the_plan.size())) {}

RunOutcome Orchestrator::State::run() {
  begin();
  while (!scheduler.done() && !lost_watcher) {
    step();
  }
  return finish();
}

void Orchestrator::State::begin() {
  RunStarted body;
  body.workflow = plan.workflow->name;
  body.workflow_file = plan.workflow->file;
  body.lane = plan.selection.lane->key;
  body.change_id = plan.request.change_id;
  body.title = plan.request.title;
  body.owner = plan.request.owner;
  body.version = identity.version;
  body.user = identity.user;
  body.stages = planned_stages(plan);
  for (const LeftOut& left : plan.selection.left_out) {
    body.left_out.emplace_back(plan.workflow->stages[static_cast<std::size_t>(left.stage)].key,
                               left.reason);
  }
  body.jobs = governor.start();
  body.sla = plan.selection.lane->sla;
  body.machine = identity.machine;
  body.repository = identity.repository;
  body.pid = identity.pid;
  emitter.emit(std::move(body));
  emitter.flush();  // no process before the record has begun
  next_tick = kFirstTick;
}

// At the start everything that needs nothing becomes ready at once: the first processes need not
// wait until all of that is told.
void Orchestrator::State::put_starts_first() {
  const auto mark = [this](bool on) {
    for (const Action& action : actions) {
      if (action.kind == Action::Kind::start) {
        run_of(action.task).starts_now = on;
      }
    }
  };
  mark(true);
  std::stable_partition(actions.begin(), actions.end(), [this](const Action& action) {
    return action.kind != Action::Kind::ready || run_of(action.task).starts_now;
  });
  mark(false);
}

// All of a batch before the first of it runs: its make would take the tokens of the others.
void Orchestrator::State::count_starts() {
  if (jobserver == nullptr) {
    return;
  }
  for (const Action& action : actions) {
    if (action.kind == Action::Kind::start) {
      jobserver->started(action.task);
    }
  }
  jobserver->settle();
}

// One turn: everything that is due, then wait for news. What is started is started before anything
// is written about it or about what ended before.
void Orchestrator::State::step() {
  actions.clear();
  turn_at = emitter.elapsed();
  scheduler.advance(turn_at, actions);
  if (actions.size() > EventEmitter::kMaxPending / 2) {
    put_starts_first();
  }
  count_starts();
  for (const Action& action : actions) {
    perform(action);
  }
  if (actions.capacity() > kActionsKept) {
    std::vector<Action>().swap(
        actions);  // at the start, all that needs nothing became ready at once
  }
  // With every slot filled that can be: what it orders is done in the next turn.
  const bool is_news = governor.look(emitter.elapsed());
  emitter.flush();
  if (is_news || scheduler.done()) {
    return;
  }
  exits.clear();
  wakeups.clear();
  backend.wait(emitter.start() + next_wakeup(), exits, wakeups);
  for (const Exit& exit : exits) {
    ended(exit);
  }
  for (const Wakeup& wakeup : wakeups) {
    woken(wakeup);
  }
  const Nanos now = emitter.elapsed();
  if (plan.request.timeout && now >= *plan.request.timeout && !timed_out) {
    timed_out = true;
    cancel(fmt::format("run timeout of {}", format_duration(*plan.request.timeout)), 0, false);
  }
  if (now >= next_lock_poll && !busy_locks.empty()) {
    poll_locks();
  }
  if (now >= next_tick) {
    tick();
  }
}

Nanos Orchestrator::State::next_wakeup() const {
  Nanos until = next_tick;
  if (const auto deadline = scheduler.next_deadline()) {
    until = std::min(until, *deadline);
  }
  if (!busy_locks.empty()) {
    until = std::min(until, next_lock_poll);
  }
  if (plan.request.timeout && !timed_out) {
    until = std::min(until, *plan.request.timeout);
  }
  return std::min(until, governor.next().value_or(until));
}

void Orchestrator::State::perform(const Action& action) {
  switch (action.kind) {
    case Action::Kind::ready:
      run_of(action.task).ready_at = turn_at;
      emitter.emit(StageReady{action.task});
      break;
    case Action::Kind::start:
      start(action);
      break;
    case Action::Kind::terminate:
    case Action::Kind::kill:
      end_attempt(action);
      break;
    case Action::Kind::retry:
      emitter.emit(StageRetrying{action.task,
                                 last_exit.attempt,
                                 last_verdict.failure,
                                 last_exit.exit_code,
                                 last_exit.signal,
                                 std::max(Nanos{0}, action.at - emitter.elapsed())});
      break;
    case Action::Kind::skip:
      skipped(action);
      break;
    case Action::Kind::settled:
      settled(action);
      break;
  }
}

void Orchestrator::State::end_attempt(const Action& action) {
  StageRun& run = run_of(action.task);
  if (run.attempt < action.attempt) {
    run.doomed = true;  // its start stands further back in the same batch
    return;
  }
  if (run.ended_by == EndedBy::nobody) {
    run.ended_by = ended_by(action.reason);
  }
  governor.ending(emitter.elapsed(), action.task);
  action.kind == Action::Kind::kill ? backend.kill(action.task) : backend.terminate(action.task);
}

// A stage that failed to start took down the rest of its batch: this one ends before it began.
void Orchestrator::State::start_doomed(const Action& action) {
  Exit exit;
  exit.task = action.task;
  exit.attempt = action.attempt;
  exit.signal = SIGTERM;
  exit.exit_code = 128 + SIGTERM;
  run_of(action.task).doomed = false;
  run_of(action.task).ended_by = EndedBy::failure_elsewhere;
  ended(exit);
}

void Orchestrator::State::start(const Action& action) {
  if (run_of(action.task).doomed) {
    start_doomed(action);
    return;
  }
  const Stage& stage = plan.stage(action.task);
  const auto& wanted = plan.needs[static_cast<std::size_t>(action.task)].locks;
  if (!wanted.empty()) {
    if (const auto busy = locks.acquire(action.task, wanted)) {
      if (jobserver != nullptr) {
        jobserver->ended(action.task);
      }
      scheduler.start_refused(emitter.elapsed(), action.task, *busy);
      busy_locks.push_back(*busy);
      next_lock_poll = emitter.elapsed() + kLockPoll;
      return;
    }
  }
  StageRun& run = run_of(action.task);
  run.ended_by = EndedBy::nobody;
  run.attempt = action.attempt;
  run.output_told = 0;
  run.attempt_started = emitter.elapsed();
  if (action.attempt == 1) {
    run.first_started = run.attempt_started;
  }
  std::string log = RunFolder::stage_log_name(stage.key, action.attempt);
  Launch launch;
  launch.task = action.task;
  launch.attempt = action.attempt;
  launch.argv = stage.run.is_script() ? script_argv(stage.run.script) : stage.run.argv;
  launch.directory = stage.dir.empty() ? plan.workflow->directory
                                       : absolute_path(plan.workflow->directory, stage.dir);
  launch.environment = &environment.of(stage, action.attempt);
  launch.log_path = identity.run_folder + "/" + log;
  launch.group_limit_bytes = governor.group_limit(action.task);
  if (jobserver != nullptr) {
    launch.inherited = jobserver->descriptors(stage);
  }
  auto pid = backend.start(launch);
  governor.started(action.task);
  emitter.emit(
      StageStarted{action.task, action.attempt, pid ? *pid : 0, action.slot, std::move(log)});
  if (!pid) {
    start_failed(action, pid.error());
  }
}

void Orchestrator::State::start_failed(const Action& action, const Error& error) {
  Exit exit;
  exit.task = action.task;
  exit.attempt = action.attempt;
  exit.start_failed = true;
  exit.exit_code = error.code == ErrorCode::not_found ? 127 : 126;  // as a shell would say
  exit.error = error.message;
  ended(exit);
}

void Orchestrator::State::ended(const Exit& exit) {
  locks.release(exit.task);
  if (jobserver != nullptr) {
    jobserver->ended(exit.task);
  }
  run_of(exit.task).took = exit.duration;
  last_exit = exit;
  const EndedBy by = run_of(exit.task).ended_by;
  const bool no_memory = by == EndedBy::nobody && governor.was_out_of_memory(exit);
  last_verdict = judge_attempt(plan.stage(exit.task), exit, {by, no_memory});
  std::vector<Action> after;
  after.swap(spare_actions);
  after.clear();
  scheduler.finished(emitter.elapsed(),
                     exit.task,
                     {.succeeded = last_verdict.failure == FailureKind::none,
                      .retryable = last_verdict.retryable,
                      .start_failed = exit.start_failed,
                      .out_of_memory = last_verdict.failure == FailureKind::oom},
                     after);
  is_ending = true;
  for (const Action& action : after) {
    perform(action);
  }
  is_ending = false;
  spare_actions.swap(after);
}

StageFinished Orchestrator::State::finished_event(const Exit& exit,
                                                  const AttemptVerdict& verdict,
                                                  StageStatus status) const {
  const StageRun& run = stages[static_cast<std::size_t>(exit.task)];
  StageFinished body;
  body.stage = exit.task;
  body.attempt = exit.attempt;
  body.status = status;
  body.failure = verdict.failure;
  body.exit_code = exit.exit_code;
  body.signal = exit.signal;
  body.reason = verdict.reason;
  body.duration = exit.duration;
  body.queue_wait = run.first_started - run.ready_at;
  body.usage = {exit.cpu, exit.peak_memory_bytes, exit.peak_memory_source};
  body.output_bytes = exit.output_bytes;
  body.lost_bytes = exit.lost_bytes;
  return body;
}

// A task came to its end: with the attempt that just ended, while it waited for a retry, or without
// ever having started.
void Orchestrator::State::settled(const Action& action) {
  const TaskState state = scheduler.state(action.task);
  if (state == TaskState::skipped) {
    return;  // told by the skip itself
  }
  if (scheduler.attempt(action.task) == 0) {
    emitter.emit(StageSkipped{action.task, StageStatus::cancelled, kNeverStarted});
    return;
  }
  if (!is_ending || last_exit.task != action.task) {
    Exit exit;
    exit.task = action.task;
    exit.attempt = scheduler.attempt(action.task);
    emitter.emit(
        finished_event(exit,
                       {FailureKind::cancelled, false, "the run was cancelled before its retry"},
                       StageStatus::cancelled));
    return;
  }
  StageStatus status = StageStatus::completed;
  if (state == TaskState::cancelled) {
    status = StageStatus::cancelled;
  } else if (state == TaskState::failed) {
    status = StageStatus::failed;
    stage_failed = stage_failed || !plan.stage(action.task).allow_failure;
  }
  emitter.emit(finished_event(last_exit, last_verdict, status));
}

void Orchestrator::State::skipped(const Action& action) {
  std::string reason = "nothing new starts after a failure";
  if (action.reason == Action::Reason::needs_failed && action.other >= 0) {
    reason = fmt::format("needs '{}', which failed", plan.stage(action.other).key);
  } else if (action.reason == Action::Reason::cancelled) {
    emitter.emit(StageSkipped{
        action.task, StageStatus::cancelled, "the run was cancelled before it started"});
    return;
  }
  emitter.emit(StageSkipped{action.task, StageStatus::skipped, std::move(reason)});
}

void Orchestrator::State::woken(const Wakeup& wakeup) {
  if (wakeup.signal == kWatcherDied) {
    lose_watcher();
    return;
  }
  const bool again = cancel_signal != 0;
  if (!again) {
    cancel_signal = wakeup.signal;
  }
  const char* name = sigabbrev_np(wakeup.signal);
  cancel(fmt::format("SIG{}{}", name == nullptr ? "?" : name, again ? " again" : ""),
         wakeup.signal,
         again);
}

void Orchestrator::State::cancel(std::string reason, int signal, bool immediate) {
  emitter.emit(RunCancelling{std::move(reason), signal, immediate});
  actions.clear();
  scheduler.cancel(emitter.elapsed(), immediate, actions);
  for (const Action& action : actions) {
    perform(action);
  }
}

// Nobody holds this process any more: everything ends at once, without grace, and the record says
// so.
void Orchestrator::State::lose_watcher() {
  lost_watcher = true;
  backend.kill_everything();
  std::vector<Exit> killed;
  std::vector<Wakeup> ignored;
  backend.wait(clock.monotonic(), killed, ignored);
  for (const Exit& exit : killed) {
    if (scheduler.state(exit.task) == TaskState::running) {
      emitter.emit(finished_event(exit,
                                  {FailureKind::cancelled, false, "Headway's watcher was killed"},
                                  StageStatus::interrupted));
    }
  }
}

void Orchestrator::State::poll_locks() {
  std::erase_if(busy_locks, [this](int lock) {
    const bool is_free = locks.is_free(lock);
    if (is_free) {
      scheduler.set_lock_elsewhere(lock, false);
    }
    return is_free;
  });
  next_lock_poll = emitter.elapsed() + kLockPoll;
}

// Tells how far running stages are and how long is left; its own cost stays below a hundredth of
// the time.
void Orchestrator::State::tick() {
  const Nanos before = emitter.elapsed();
  for (int task = 0; task < plan.size(); ++task) {
    if (scheduler.state(task) != TaskState::running) {
      continue;
    }
    const std::int64_t bytes = backend.output_bytes(task);
    if (bytes != run_of(task).output_told) {
      run_of(task).output_told = bytes;
      emitter.emit(StageOutputAt{task, bytes});
    }
  }
  estimate.set_slots(governor.slots());
  emitter.emit(EstimateUpdated{estimate.remaining(scheduler, before, [this](int task) {
    return TaskTimes{run_of(task).attempt_started, run_of(task).took};
  })});
  const Nanos now = emitter.elapsed();
  next_tick = now + std::max(kTick, 100 * (now - before));
}

RunOutcome Orchestrator::State::finish() {
  emitter.flush();
  backend.kill_everything();
  RunFinished body;
  if (lost_watcher) {
    body = {RunStatus::interrupted,
            static_cast<int>(ExitCode::internal),
            "Headway's watcher was killed"};
  } else if (cancel_signal != 0) {
    const bool by_user = cancel_signal == SIGINT;
    body = {RunStatus::cancelled,
            static_cast<int>(by_user ? ExitCode::interrupted : ExitCode::terminated),
            by_user ? "interrupted" : "terminated"};
  } else if (timed_out) {
    body = {RunStatus::failed, static_cast<int>(ExitCode::timeout), "the run's timeout passed"};
  } else if (stage_failed) {
    body = {RunStatus::failed, static_cast<int>(ExitCode::stage_failed), "a stage failed"};
  } else {
    body = {RunStatus::completed, static_cast<int>(ExitCode::done), ""};
  }
  const RunOutcome outcome{body.status, body.exit_code};
  emitter.emit(std::move(body));
  emitter.flush();
  return outcome;
}

Orchestrator::Orchestrator(const RunPlan& plan, RunIdentity identity, OrchestratorSeams seams)
    : state_(std::make_unique<State>(plan, std::move(identity), std::move(seams))) {}

Orchestrator::~Orchestrator() = default;

RunOutcome Orchestrator::run() {
  return state_->run();
}

}  // namespace headway
