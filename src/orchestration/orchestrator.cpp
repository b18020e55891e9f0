// See orchestrator.hpp. The loop: ask the books what is due, do it, wait, tell them what ended.
#include "orchestration/orchestrator.hpp"

#include "base/signal_name.hpp"
#include "base/units.hpp"
#include "orchestration/first_event.hpp"
#include "orchestration/orchestrator_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

// How often progress is told at most.
constexpr Nanos kTick = std::chrono::milliseconds(500);
// How often what is looked at beside the run is asked after: most takes less than the first; what
// takes long is told late by a small share of that.
constexpr Nanos kFirstPoll = std::chrono::milliseconds(1);
constexpr Nanos kMostPoll = std::chrono::milliseconds(10);
constexpr int kPollShare = 64;
// How long the end of a run is held up at most to say why it failed: a gigabyte of log is read in
// less.
constexpr Nanos kWordsPatience = std::chrono::seconds(15);

}  // namespace

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
  const bool is_marked = let_go_marked();
  if (is_news || is_checked || is_settled || is_hooked || is_marked || runs.done()) {
    news_at = emitter.elapsed();
    return;
  }
  exits.clear();
  wakeups.clear();
  backend.wait(emitter.start() + next_wakeup(), exits, wakeups);
  for (const Exit& exit : exits) {
    news_at = emitter.elapsed();
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
  const bool looks_beside = (inputs != nullptr && inputs->is_waiting()) || gates.is_waiting() ||
                            gates.is_looking() || hooks.is_waiting();
  if (looks_beside) {
    const Nanos now = emitter.elapsed();
    until = std::min(until, now + std::clamp((now - news_at) / kPollShare, kFirstPoll, kMostPoll));
  }
  if (plan.request.timeout && !incidents.timed_out) {
    until = std::min(until, *plan.request.timeout);
  }
  return std::min(until, governor.next().value_or(until));
}

void Orchestrator::State::obey() {
  while (const auto order = runs.next()) {
    news_at = emitter.elapsed();
    obey(*order);
  }
}

void Orchestrator::State::obey(const StageOrder& order) {
  if (order.kind != StageOrder::Kind::begin && hooks.is_checking(order.task)) {
    hooks.stop(order.task);  // let_go_hooked() tells its end
    return;
  }
  if (order.kind != StageOrder::Kind::begin && in_turn.erase(order.task) > 0) {
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
  auto ends = gates.news(kPatience, [this](int task) { return !ended_by_itself(task); });
  for (GatedEnd& end : ends) {
    settle(std::move(end));
    obey();
  }
  return !ends.empty();
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
  cancel(
      fmt::format("{}{}", signal_name(wakeup.signal), again ? " again" : ""), wakeup.signal, again);
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
