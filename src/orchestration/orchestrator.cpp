// See orchestrator.hpp. The loop: ask the books what is due, do it, wait, tell them what ended.
#include "orchestration/orchestrator.hpp"

#include "base/units.hpp"
#include "orchestration/begun_stages.hpp"
#include "orchestration/commit_watch.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/first_event.hpp"
#include "orchestration/held_locks.hpp"
#include "orchestration/resume.hpp"
#include "orchestration/run_estimate.hpp"
#include "orchestration/run_governor.hpp"
#include "orchestration/stage_gates.hpp"
#include "orchestration/stage_hooks.hpp"
#include "orchestration/stage_launch.hpp"
#include "orchestration/stage_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <utility>

namespace headway {
namespace {

// How often progress is told at most, and how often a lock that another run holds is tried.
constexpr Nanos kTick = std::chrono::milliseconds(500);
constexpr Nanos kFirstTick = std::chrono::milliseconds(50);
constexpr Nanos kLockPoll = std::chrono::milliseconds(100);
// A look at inputs that was asked for: how long it is waited for while nothing else is looked at
// (most take less), then how often it is asked after; and how old it may be when its stage starts.
constexpr Nanos kInputPatience = std::chrono::microseconds(500);
constexpr Nanos kInputPoll = std::chrono::milliseconds(1);
constexpr Nanos kHookPoll = std::chrono::milliseconds(2);
constexpr Nanos kInputAge = std::chrono::seconds(1);
// How long the end of a run is held up at most to say why it failed: a gigabyte of log is read in
// less.
constexpr Nanos kWordsPatience = std::chrono::seconds(15);

}  // namespace

// The whole run in flight.
struct Orchestrator::State {
  State(const RunPlan& the_plan, RunIdentity the_identity, OrchestratorSeams seams);

  RunOutcome run();
  void begin();
  void step();
  void look_around();
  void count_starts();
  void obey();
  void obey(const StageOrder& order);
  void tell_resumed();
  void hold_for_inputs();
  bool let_go_checked();
  bool is_looked_at(const StageOrder& order) const;
  bool is_answered_by_inputs(const StageOrder& order);
  bool is_answered_by_condition(const StageOrder& order);
  bool is_answered_by_earlier_run(const StageOrder& order);
  std::shared_ptr<const StageCause> cause_of(const StageOrder& order) const;
  void begin_attempt(const StageOrder& order);
  void look_again(const StageOrder& order);
  void pass_hooks(const StageOrder& order);
  Result<int> start(const Launch& launch);
  void launch(const StageOrder& order);
  bool take_locks(const StageOrder& order);
  void give_back(int task);
  void ended(const Exit& exit);
  void settle(GatedEnd end);
  bool settle_checked();
  bool let_go_hooked();
  bool ended_by_itself(int task) const { return runs.record(task).ended_by == EndedBy::nobody; }
  void woken(const Wakeup& wakeup);
  void cancel(std::string reason, int signal, bool immediate);
  void lose_watcher();
  void poll_locks();
  void tick();
  void tell_failure(Nanos patience);
  Nanos next_wakeup() const;
  RunOutcome finish();

  const RunPlan& plan;
  RunIdentity identity;
  Backend& backend;
  RunJobServer* jobserver;  // may be null
  std::function<void()> before_terminal;
  InputChecks* inputs;          // may be null
  FailureExplainer* explainer;  // may be null
  EventEmitter emitter;
  StageRuns runs;
  RunGovernor governor;
  RunEstimate estimate;
  StageLaunches launches;
  StageHooks hooks;
  StageGates gates;
  HeldLocks locks;
  std::vector<std::int64_t> output_told;   // bytes, by task
  std::vector<Nanos> checked_at;           // by task: when its inputs were last looked at
  std::map<int, StageOrder> looked_again;  // by task: what has its turn, and is looked at once more
  BegunStages begun;
  CommitWatch commits;
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
  Nanos next_tick = kFirstTick, next_lock_poll{};
  RunIncidents incidents;
};

Orchestrator::State::State(const RunPlan& the_plan,
                           RunIdentity the_identity,
                           OrchestratorSeams seams)
    : plan(the_plan),
      identity(std::move(the_identity)),
      backend(seams.backend),
      jobserver(seams.jobserver),
      before_terminal(seams.before_terminal),
      inputs(seams.inputs),
      explainer(seams.explainer),
      emitter(identity.run_id, seams.clock, std::move(seams.observers)),
      runs(stage_list(the_plan), &emitter),
      governor({the_plan, runs.scheduler(), seams.backend, emitter}, seams.probe),
      estimate(the_plan),
      launches(
          the_plan, {identity.run_id, identity.run_folder, identity.environment}, seams.jobserver),
      hooks(the_plan, launches, emitter),
      gates({the_plan, seams.backend, launches, emitter}),
      locks(the_plan.state, the_plan.lock_names),
      output_told(static_cast<std::size_t>(the_plan.size())),
      checked_at(static_cast<std::size_t>(the_plan.size())),
      begun(the_plan),
      commits(the_plan, std::move(seams.commit), emitter) {}

RunOutcome Orchestrator::State::run() {
  begin();
  while (!runs.done() && !incidents.lost_watcher) {
    step();
  }
  return finish();
}

void Orchestrator::State::begin() {
  emitter.emit(first_event(plan, identity, governor.start()));
  tell_resumed();
  if (plan.request.change) {
    emitter.emit(*plan.request.change);
  }
  emitter.flush();  // no process before the record has begun
  hold_for_inputs();
}

void Orchestrator::State::tell_resumed() {
  if (!plan.resumed_from.empty()) {
    const auto finished = std::count_if(
        plan.before.begin(), plan.before.end(), [](const auto& stage) { return stage.finished; });
    emitter.emit(RunResumed{plan.resumed_from, static_cast<int>(finished)});
  }
}

// A stage that declares inputs waits, as for a lock, until they were looked at: no slot is taken.
void Orchestrator::State::hold_for_inputs() {
  for (int task = 0; inputs != nullptr && task < plan.size(); ++task) {
    if (inputs->covers(task)) {
      runs.scheduler().set_lock_elsewhere(plan.input_locks[static_cast<std::size_t>(task)], true);
    }
  }
}

// Stages that were looked at may start, and those that had their turn do. True where there are any.
bool Orchestrator::State::let_go_checked() {
  if (inputs == nullptr || !inputs->is_waiting()) {
    return false;
  }
  const std::vector<int> checked = inputs->news(kInputPatience);
  for (const int task : checked) {
    checked_at[static_cast<std::size_t>(task)] = emitter.elapsed();
    runs.scheduler().set_lock_elsewhere(plan.input_locks[static_cast<std::size_t>(task)], false);
    if (const auto turn = looked_again.extract(task)) {
      if (!is_answered_by_inputs(turn.mapped())) {
        pass_hooks(turn.mapped());
      }
      obey();
    }
  }
  return !checked.empty();
}

// All of a batch before the first of it runs: its make would take the tokens of the others.
void Orchestrator::State::count_starts() {
  if (jobserver == nullptr) {
    return;
  }
  runs.each_start([this](int task) { jobserver->started(task); });
  jobserver->settle();
}

// One turn: everything that is due, then wait for news. What is started is started before anything
// is written about it or about what ended before.
void Orchestrator::State::step() {
  runs.advance(emitter.elapsed());
  count_starts();
  obey();
  // With every slot filled that can be: what it orders is done in the next turn.
  const bool is_news = governor.look(emitter.elapsed());
  emitter.flush();
  const bool is_checked = let_go_checked();
  const bool is_settled = settle_checked();
  const bool is_hooked = let_go_hooked();
  if (is_news || is_checked || is_settled || is_hooked || runs.done()) {
    return;
  }
  exits.clear();
  wakeups.clear();
  backend.wait(emitter.start() + next_wakeup(), exits, wakeups);
  for (const Exit& exit : exits) {
    ended(exit);
    obey();
  }
  for (const Wakeup& wakeup : wakeups) {
    woken(wakeup);
  }
  look_around();
}

// What the time alone brings.
void Orchestrator::State::look_around() {
  const Nanos now = emitter.elapsed();
  const std::optional<Nanos>& timeout = plan.request.timeout;
  if (timeout && now >= *timeout && !incidents.timed_out) {
    incidents.timed_out = true;
    cancel(fmt::format("run timeout of {}", format_duration(*timeout)), 0, false);
  }
  if (now >= next_lock_poll && locks.is_waiting()) {
    poll_locks();
  }
  if (now >= next_tick) {
    tick();
  }
  tell_failure(Nanos{});
}

// Why the first failure happened, once that is found.
void Orchestrator::State::tell_failure(Nanos patience) {
  if (explainer == nullptr) {
    return;
  }
  if (auto explained = explainer->news(patience)) {
    emitter.emit(*std::move(explained));
  }
}

Nanos Orchestrator::State::next_wakeup() const {
  Nanos until = next_tick;
  if (const auto deadline = runs.next_deadline()) {
    until = std::min(until, *deadline);
  }
  if (locks.is_waiting()) {
    until = std::min(until, next_lock_poll);
  }
  if (inputs != nullptr && inputs->is_waiting()) {
    until = std::min(until, emitter.elapsed() + kInputPoll);
  }
  if (gates.is_waiting()) {
    until = std::min(until, emitter.elapsed() + kInputPoll);
  }
  if (hooks.is_waiting()) {
    until = std::min(until, emitter.elapsed() + kHookPoll);
  }
  if (plan.request.timeout && !incidents.timed_out) {
    until = std::min(until, *plan.request.timeout);
  }
  return std::min(until, governor.next().value_or(until));
}

void Orchestrator::State::obey() {
  while (const auto order = runs.next()) {
    obey(*order);
  }
}

void Orchestrator::State::obey(const StageOrder& order) {
  if (order.kind != StageOrder::Kind::begin && hooks.is_checking(order.task)) {
    hooks.stop(order.task);  // let_go_hooked() tells its end
    return;
  }
  if (order.kind != StageOrder::Kind::begin && looked_again.erase(order.task) > 0) {
    give_back(order.task);
    runs.not_begun(order.task, "", emitter.elapsed());
    return;
  }
  switch (order.kind) {
    case StageOrder::Kind::begin:
      begin_attempt(order);
      break;
    case StageOrder::Kind::stop:
      governor.ending(emitter.elapsed(), order.task);
      backend.terminate(order.task);
      break;
    case StageOrder::Kind::kill:
      governor.ending(emitter.elapsed(), order.task);
      backend.kill(order.task);
      break;
    case StageOrder::Kind::drop:
      give_back(order.task);
      break;
  }
}

// Of its first attempt alone.
bool Orchestrator::State::is_looked_at(const StageOrder& order) const {
  return inputs != nullptr && inputs->covers(order.task) && order.attempt == 1;
}

// The order to begin is answered otherwise: the stage is up to date.
bool Orchestrator::State::is_answered_by_inputs(const StageOrder& order) {
  const InputVerdict& verdict = inputs->verdict(order.task);
  if (!verdict.up_to_date()) {
    return false;
  }
  give_back(order.task);
  runs.done_already(
      order,
      {.reason = cause_text(verdict.cause), .up_to_date = true, .saved = verdict.saved},
      emitter.elapsed());
  return true;
}

// The order to begin is answered otherwise: its `when` does not hold.
bool Orchestrator::State::is_answered_by_condition(const StageOrder& order) {
  const std::string& unmet = plan.unmet_condition(order.task);
  if (unmet.empty()) {
    return false;
  }
  give_back(order.task);
  begun.passed_over(order.task);
  runs.done_already(order, {.reason = unmet}, emitter.elapsed());
  return true;
}

// The order to begin is answered otherwise: the stage finished in the run that goes on here.
bool Orchestrator::State::is_answered_by_earlier_run(const StageOrder& order) {
  if (plan.before.empty() || order.attempt != 1) {
    return false;
  }
  const StageBefore& before = plan.before[static_cast<std::size_t>(order.task)];
  const int ran = begun.below(order.task);
  if (!before.finished || (!before.for_good && ran >= 0)) {
    return false;
  }
  give_back(order.task);
  begun.passed_over(order.task);
  runs.done_already(
      order, {.status = StageStatus::completed, .reason = finished_text(plan)}, emitter.elapsed());
  return true;
}

// Why the stage begins; null where nothing was asked.
std::shared_ptr<const StageCause> Orchestrator::State::cause_of(const StageOrder& order) const {
  StageCause cause = begun.cause(order.task);
  if (cause.kind == CauseKind::none && is_looked_at(order)) {
    cause = inputs->verdict(order.task).cause;
  }
  return cause.kind == CauseKind::none ? nullptr
                                       : std::make_shared<const StageCause>(std::move(cause));
}

void Orchestrator::State::begin_attempt(const StageOrder& order) {
  if (is_answered_by_condition(order) || is_answered_by_earlier_run(order)) {
    return;
  }
  const Nanos checked = checked_at[static_cast<std::size_t>(order.task)];
  const bool is_old = is_looked_at(order) && emitter.elapsed() - checked > kInputAge;
  if (is_looked_at(order) && !is_old && is_answered_by_inputs(order)) {
    return;
  }
  if (take_locks(order)) {
    is_old ? look_again(order) : pass_hooks(order);
  }
}

// It keeps its turn meanwhile: in a long queue it would have lost it again whenever it came.
void Orchestrator::State::look_again(const StageOrder& order) {
  runs.held(order, emitter.elapsed());
  looked_again[order.task] = order;
  inputs->look_again(order.task);
}

void Orchestrator::State::pass_hooks(const StageOrder& order) {
  if (hooks.cover(order)) {
    runs.held(order, emitter.elapsed());
    hooks.begin(order);
    return;
  }
  launch(order);
}

// Nothing stands before it any more.
void Orchestrator::State::launch(const StageOrder& order) {
  output_told[static_cast<std::size_t>(order.task)] = 0;
  gates.before(order.task);
  if (plan.stage(order.task).interactive) {
    emitter.flush();  // views let go of the terminal before it has it
    if (before_terminal) {
      before_terminal();
    }
  }
  commits.before(order.task);
  const Nanos began = emitter.elapsed();
  Launch launch = launches.of(order.task, order.attempt);
  launch.group_limit_bytes = governor.group_limit(order.task);
  const auto pid = start(launch);
  governor.started(order.task);
  AttemptPlace place{pid ? *pid : 0, launches.log_of(launch)};
  if (order.attempt == 1) {
    place.cause = cause_of(order);
    begun.began(order.task);
  }
  runs.began(order, began, std::move(place));
  if (!pid) {
    ended(failed_start(order, pid.error()));
  }
}

// What could not be saved before it is not put at risk.
Result<int> Orchestrator::State::start(const Launch& launch) {
  if (inputs != nullptr && inputs->covers(launch.task)) {
    if (const std::string& why = inputs->verdict(launch.task).unsaved; !why.empty()) {
      return Error{ErrorCode::io, fmt::format("its checkpoint could not be made: {}", why)};
    }
  }
  return backend.start(launch);
}

// False where another run holds one of them.
bool Orchestrator::State::take_locks(const StageOrder& order) {
  const auto& wanted = plan.needs[static_cast<std::size_t>(order.task)].locks;
  if (wanted.empty()) {
    return true;
  }
  const auto busy = locks.acquire(order.task, wanted);
  if (!busy) {
    return true;
  }
  give_back(order.task);
  runs.refused(order, *busy, emitter.elapsed());
  next_lock_poll = emitter.elapsed() + kLockPoll;
  return false;
}

// What an attempt of that stage holds outside of the scheduler.
void Orchestrator::State::give_back(int task) {
  locks.release(task);
  if (jobserver != nullptr) {
    jobserver->ended(task);
  }
}

// Of a stage or of a command of its gates.
void Orchestrator::State::ended(const Exit& exit) {
  if (auto end = gates.ended(exit, ended_by_itself(exit.task))) {
    settle(*std::move(end));
  }
}

void Orchestrator::State::settle(GatedEnd end) {
  const Exit& exit = end.exit;
  give_back(exit.task);
  const bool by_itself = ended_by_itself(exit.task);
  commits.after(exit.task);
  runs.ended(exit,
             {.out_of_memory = by_itself && governor.was_out_of_memory(exit),
              .unfinished = end.unfinished,
              .gates = std::move(end.failure)},
             emitter.elapsed());
}

// Stages whose last gate was read are settled. True where there are any.
bool Orchestrator::State::settle_checked() {
  if (!gates.is_waiting()) {
    return false;
  }
  auto ends = gates.news(kInputPatience, [this](int task) { return !ended_by_itself(task); });
  for (GatedEnd& end : ends) {
    settle(std::move(end));
    obey();
  }
  return !ends.empty();
}

// Stages whose hooks were looked at begin, or do not. True where there are any.
bool Orchestrator::State::let_go_hooked() {
  if (!hooks.is_waiting()) {
    return false;
  }
  auto looked_at = hooks.news(kInputPatience);
  for (HookedStage& one : looked_at) {
    const int task = one.order.task;
    const bool is_told_to_end = !ended_by_itself(task);
    if (is_told_to_end || !one.refusal.empty()) {
      give_back(task);
      runs.not_begun(task, is_told_to_end ? "" : std::move(one.refusal), emitter.elapsed());
    } else {
      launch(one.order);
    }
    obey();
  }
  return !looked_at.empty();
}

void Orchestrator::State::woken(const Wakeup& wakeup) {
  if (wakeup.signal == kWatcherDied) {
    lose_watcher();
    return;
  }
  const bool again = incidents.cancel_signal != 0;
  if (!again) {
    incidents.cancel_signal = wakeup.signal;
  }
  const char* name = sigabbrev_np(wakeup.signal);
  cancel(fmt::format("SIG{}{}", name == nullptr ? "?" : name, again ? " again" : ""),
         wakeup.signal,
         again);
}

void Orchestrator::State::cancel(std::string reason, int signal, bool immediate) {
  runs.cancel({std::move(reason), signal, immediate}, emitter.elapsed());
  obey();
}

// Nobody holds this process any more: everything ends at once, without grace, and the record says
// so.
void Orchestrator::State::lose_watcher() {
  incidents.lost_watcher = true;
  backend.kill_everything();
  std::vector<Exit> killed;
  std::vector<Wakeup> ignored;
  backend.wait(emitter.start(), killed, ignored);  // (long past: without waiting)
  runs.interrupt("Headway's watcher was killed", killed, emitter.elapsed());
}

void Orchestrator::State::poll_locks() {
  for (const int lock : locks.freed()) {
    runs.scheduler().set_lock_elsewhere(lock, false);
  }
  next_lock_poll = emitter.elapsed() + kLockPoll;
}

// Tells how far running stages are and how long is left; its own cost stays below a hundredth of
// the time.
void Orchestrator::State::tick() {
  const Nanos before = emitter.elapsed();
  for (int task = 0; task < plan.size(); ++task) {
    if (!runs.is_running(task)) {
      continue;
    }
    const std::int64_t bytes = backend.output_bytes(task);
    std::int64_t& told = output_told[static_cast<std::size_t>(task)];
    if (bytes != told) {
      told = bytes;
      emitter.emit(StageOutputAt{task, bytes});
    }
  }
  estimate.set_slots(governor.slots());
  emitter.emit(EstimateUpdated{estimate.remaining(runs.scheduler(), before, [this](int task) {
    return TaskTimes{runs.record(task).began, runs.record(task).took};
  })});
  const Nanos now = emitter.elapsed();
  next_tick = now + std::max(kTick, 100 * (now - before));
}

RunOutcome Orchestrator::State::finish() {
  emitter.flush();
  backend.kill_everything();
  incidents.stage_failed = runs.any_failed();
  incidents.hook_refused = runs.any_hook_refused();
  incidents.gate_failed = runs.any_gate_failed();
  const auto& target = plan.selection.lane->sla;
  incidents.missed_sla = plan.request.enforce_sla && target && emitter.elapsed() > *target;
  // Who ends a run by hand does not wait for words.
  tell_failure(incidents.cancel_signal != 0 || incidents.lost_watcher ? Nanos{} : kWordsPatience);
  RunFinished body = judge_run(incidents);
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
