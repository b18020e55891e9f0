// See input_checks.hpp.
#include "orchestration/input_checks.hpp"

#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"
#include "host/checkpoints.hpp"
#include "orchestration/begun_stages.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

namespace headway {
namespace {

// A look at a stage that was asked for, and whether the paths of its checkpoint are saved then.
struct Look {
  int task = 0;
  bool saves = false;
};

// A stage that succeeded, and how long that took.
struct Success {
  int task = 0;
  Nanos took{};
};

}  // namespace

struct InputChecks::State {
  explicit State(const RunPlan& the_plan) : plan(the_plan), begun(the_plan) {}
  ~State();

  bool is_settled(int task) const;
  void ask_look(int task) HEADWAY_EXCLUDES(mutex);
  void ask_remember(Success success) HEADWAY_EXCLUDES(mutex);
  void go_on() HEADWAY_REQUIRES(mutex);
  void loop() HEADWAY_EXCLUDES(mutex);
  bool do_one() HEADWAY_REQUIRES(mutex);
  void look(Look asked_for) HEADWAY_REQUIRES(mutex);
  std::string save_paths(int task, std::string& trouble);
  void remember(Success success) HEADWAY_REQUIRES(mutex);

  // The run's thread's own.
  const RunPlan& plan;
  std::map<int, InputVerdict> verdicts;  // taken
  std::set<int> asked;                   // not taken
  std::string run_id;                    // set before the first work
  BegunStages begun;

  // Of whoever works: the thread, or its stand-in.
  std::optional<StageInputs> inputs;
  std::map<int, InputSnapshot> snapshots;
  std::set<int> told_empty;          // stages whose globs without a file were told
  std::map<int, std::string> saved;  // by task: id of the checkpoint before it

  Mutex mutex;
  std::condition_variable_any wanted;  // the thread waits for it
  std::condition_variable_any done;    // news() and finish() wait for it
  std::deque<Look> looks HEADWAY_GUARDED_BY(mutex);
  std::deque<Success> successes HEADWAY_GUARDED_BY(mutex);
  std::vector<std::pair<int, InputVerdict>> ready HEADWAY_GUARDED_BY(mutex);
  std::vector<std::string> lines HEADWAY_GUARDED_BY(mutex);
  bool is_busy HEADWAY_GUARDED_BY(mutex) = false;
  bool must_end HEADWAY_GUARDED_BY(mutex) = false;
  bool tried_thread HEADWAY_GUARDED_BY(mutex) = false;
  std::atomic<bool> stop{false};
  std::thread thread;  // touched by go_on() and the destructor alone
};

InputChecks::State::~State() {
  stop = true;
  {
    const MutexLock lock(mutex);
    must_end = true;
    wanted.notify_one();
  }
  if (thread.joinable()) {
    thread.join();
  }
}

// The stage will not begin: its `when` does not hold, or it stays finished.
bool InputChecks::State::is_settled(int task) const {
  if (!plan.unmet_condition(task).empty()) {
    return true;
  }
  if (plan.before.empty()) {
    return false;
  }
  const StageBefore& before = plan.before[static_cast<std::size_t>(task)];
  return before.finished && (before.for_good || begun.below(task) < 0);
}

void InputChecks::State::ask_look(int task) {
  asked.insert(task);
  const bool saves = !plan.stage(task).checkpoint.empty() && !is_settled(task);
  const MutexLock lock(mutex);
  looks.push_back({task, saves});
  go_on();
}

void InputChecks::State::ask_remember(Success success) {
  const MutexLock lock(mutex);
  successes.push_back(success);
  go_on();
}

// The thread does it; where there is none, it is done here.
void InputChecks::State::go_on() {
  if (!tried_thread) {
    tried_thread = true;
    const SignalsBlocked blocked;
    try {
      thread = std::thread([this] { loop(); });
    } catch (const std::system_error&) {
      // Then who asks does the work.
    }
  }
  if (thread.joinable()) {
    wanted.notify_one();
    return;
  }
  while (do_one()) {
  }
}

void InputChecks::State::loop() {
  const MutexLock lock(mutex);
  while (!must_end) {
    if (!do_one()) {
      wanted.wait(mutex);
    }
  }
}

// A look before anything is remembered: somebody waits for it. False where nothing is to be done.
bool InputChecks::State::do_one() {
  if (looks.empty() && successes.empty()) {
    return false;
  }
  is_busy = true;
  if (!looks.empty()) {
    const Look asked_for = looks.front();
    looks.pop_front();
    look(asked_for);
  } else {
    const Success success = successes.front();
    successes.pop_front();
    remember(success);
  }
  is_busy = false;
  done.notify_all();
  return true;
}

void InputChecks::State::look(Look asked_for) {
  mutex.unlock();
  const int task = asked_for.task;
  const Stage& stage = plan.stage(task);
  InputVerdict verdict;
  if (stage.files.declared) {
    if (!inputs) {
      inputs.emplace(*plan.workflow, *plan.selection.lane, plan.state, &stop);
    }
    verdict = inputs->look(stage, plan.request.force, &snapshots[task]);
  }
  std::string trouble;
  if (asked_for.saves && !verdict.up_to_date()) {
    verdict.unsaved = save_paths(task, trouble);
  }
  const bool tells = !verdict.empty.empty() && told_empty.insert(task).second;
  mutex.lock();
  if (!trouble.empty()) {
    lines.push_back(fmt::format("checkpoint before stage '{}': {}", stage.key, trouble));
  }
  if (tells) {
    lines.push_back(fmt::format("stage '{}': no file matches '{}'", stage.key, verdict.empty[0]));
  }
  ready.emplace_back(task, std::move(verdict));
}

// What the stage may spoil, as it is now. One that was taken for an earlier look is given up. Why
// it could not be saved, or empty.
std::string InputChecks::State::save_paths(int task, std::string& trouble) {
  const Stage& stage = plan.stage(task);
  auto checkpoints = Checkpoints::open(plan.workflow->directory, plan.state.path);
  if (!checkpoints) {
    return checkpoints.error().message;
  }
  SaveRequest request{stage.checkpoint, CheckpointReason::before_stage};
  request.run_id = run_id;
  request.stage = stage.key;
  request.instead_of = saved[task];
  request.stop = &stop;
  auto made = checkpoints->save(request, SystemClock(), trouble);
  if (!made) {
    return made.error().message;
  }
  saved[task] = made->id;
  return "";
}

void InputChecks::State::remember(Success success) {
  mutex.unlock();
  std::optional<std::string> why_not;
  const Stage& stage = plan.stage(success.task);
  if (const auto snapshot = snapshots.find(success.task); snapshot != snapshots.end()) {
    why_not = inputs->remember(stage, std::move(snapshot->second), run_id, success.took);
    snapshots.erase(snapshot);
  }
  mutex.lock();
  if (why_not) {
    lines.push_back(fmt::format(
        "stage '{}' will run again, its success is not remembered: {}", stage.key, *why_not));
  }
}

InputChecks::InputChecks(const RunPlan& plan) : state_(std::make_unique<State>(plan)) {}

InputChecks::~InputChecks() = default;

void InputChecks::on_event(const RunEvent& event) {
  if (state_->run_id.empty()) {
    state_->run_id = event.run_id;
  }
  if (const auto* ready = std::get_if<StageReady>(&event.body)) {
    if (covers(ready->stage)) {
      state_->ask_look(ready->stage);
    }
  } else if (const auto* started = std::get_if<StageStarted>(&event.body)) {
    if (started->attempt == 1) {
      state_->begun.began(started->stage);
    }
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
    if (!skipped->up_to_date) {
      state_->begun.passed_over(skipped->stage);
    }
  } else if (const auto* finished = std::get_if<StageFinished>(&event.body)) {
    const bool is_good =
        finished->status == StageStatus::completed && finished->failure == FailureKind::none;
    if (is_good && state_->plan.stage(finished->stage).files.declared) {
      state_->ask_remember({finished->stage, finished->duration});
    }
  }
}

bool InputChecks::covers(int task) const {
  const Stage& stage = state_->plan.stage(task);
  return stage.files.declared || !stage.checkpoint.empty();
}

void InputChecks::look_again(int task) {
  state_->ask_look(task);
}

bool InputChecks::is_waiting() const noexcept {
  return !state_->asked.empty();
}

std::vector<int> InputChecks::news(Nanos patience) {
  State& state = *state_;
  std::vector<int> tasks;
  if (state.asked.empty()) {
    return tasks;
  }
  const auto until = std::chrono::steady_clock::now() + patience;
  const MutexLock lock(state.mutex);
  while (state.ready.empty() &&
         state.done.wait_until(state.mutex, until) == std::cv_status::no_timeout) {
  }
  for (auto& [task, verdict] : state.ready) {
    state.verdicts[task] = std::move(verdict);
    state.asked.erase(task);
    tasks.push_back(task);
  }
  state.ready.clear();
  return tasks;
}

const InputVerdict& InputChecks::verdict(int task) const {
  return state_->verdicts[task];
}

void InputChecks::drop() {
  state_->stop = true;
  const MutexLock lock(state_->mutex);
  state_->successes.clear();
}

std::vector<std::string> InputChecks::finish() {
  State& state = *state_;
  const MutexLock lock(state.mutex);
  state.looks.clear();
  while (state.is_busy || !state.successes.empty()) {
    state.done.wait(state.mutex);
  }
  if (state.inputs) {
    if (!state.inputs->trouble().empty()) {
      state.lines.push_back(state.inputs->trouble());
    }
    if (const auto saved = state.inputs->save(); !saved) {
      state.lines.push_back(saved.error().message);
    }
  }
  return std::exchange(state.lines, {});
}

}  // namespace headway
