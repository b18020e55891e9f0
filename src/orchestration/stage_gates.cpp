// See stage_gates.hpp.
#include "orchestration/stage_gates.hpp"

#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"
#include "orchestration/gate_evaluation.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

namespace headway {
namespace {

// What was there of a stage's reports before it, by number of its gates; null: it has none.
using StageMarks = std::vector<std::shared_ptr<ReportMarks>>;

// One stage whose command has succeeded.
struct Round {
  Exit exit;                          // of the attempt; grows by what its gates use
  std::size_t next = 0;               // of the stage's gates
  std::vector<GateResult> results{};  // of all so far
  GateCase current{};                 // that is being evaluated
  bool is_commanded = false;          // the command of the current gate runs
  std::thread reader{};               // of the current gate, while it reads
};

void add_usage(Exit& to, const Exit& from) {
  to.duration += from.duration;
  to.cpu += from.cpu;
  to.peak_memory_bytes = std::max(to.peak_memory_bytes, from.peak_memory_bytes);
  to.output_bytes += from.output_bytes;
  to.lost_bytes += from.lost_bytes;
}

bool is_success(const Exit& exit) {
  return exit.exit_code == 0 && exit.signal == 0 && !exit.start_failed;
}

}  // namespace

// All that a StageGates is.
struct StageGates::State {
  explicit State(GatedRun the_run) : run(the_run) {}

  const std::vector<int>& gates_of(int task) const { return run.plan.stage(task).gates; }
  const Gate& gate_at(int task, std::size_t number) const {
    return run.plan.workflow->gates[static_cast<std::size_t>(gates_of(task)[number])];
  }
  StageMarks look(int task);
  template <typename Work>
  std::thread beside(Work work);
  void begin_gate(int task, Round& round);
  bool start_command(int task, Round& round);
  void read(int task, Round& round);
  void take(int task, Round& round, std::vector<GateResult> results);

  GatedRun run;
  WriteWatch watch;
  std::map<int, Round> rounds;         // by task
  std::map<int, StageMarks> marks;     // by task, from its start to its end
  std::map<int, std::thread> lookers;  // by task
  int reading = 0;                     // rounds with a reader
  Mutex mutex;
  std::condition_variable_any is_news;
  std::vector<std::pair<int, StageMarks>> looked HEADWAY_GUARDED_BY(mutex);
  std::vector<std::pair<int, std::vector<GateResult>>> done HEADWAY_GUARDED_BY(mutex);
};

// Globs, and gigabytes that are read: nothing for the run's thread.
StageMarks StageGates::State::look(int task) {
  StageMarks all(gates_of(task).size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const std::string& report = gate_at(task, i).report; !report.empty()) {
      all[i] = std::make_shared<ReportMarks>(watch, run.plan.workflow->directory, report);
    }
  }
  return all;
}

// On a thread of its own; where none can be had, here.
template <typename Work>
std::thread StageGates::State::beside(Work work) {
  const SignalsBlocked blocked;
  try {
    return std::thread(work);
  } catch (const std::system_error&) {
    work();
    return {};
  }
}

// The next gate: its command, or its report at once.
void StageGates::State::begin_gate(int task, Round& round) {
  const int number = gates_of(task)[round.next];
  const Gate& gate = gate_at(task, round.next);
  round.current = {};
  round.current.gate = &gate;
  round.current.directory = run.plan.workflow->directory;
  round.current.thresholds = thresholds_of(*run.plan.workflow, *run.plan.selection.lane, number);
  const auto mark = marks.find(task);
  round.current.before = mark == marks.end() ? nullptr : mark->second[round.next];
  if (!gate.run || !start_command(task, round)) {
    read(task, round);
  }
}

// False where it could not be started; then the case knows why.
bool StageGates::State::start_command(int task, Round& round) {
  const Launch launch = run.launches.of_gate(task, round.exit.attempt, *round.current.gate);
  round.current.output = launch.log_path;
  const auto pid = run.backend.start(launch);
  if (!pid) {
    round.current.ended.emplace();
    round.current.ended->start_failed = true;
    round.current.ended->error = pid.error().message;
    return false;
  }
  round.is_commanded = true;
  return true;
}

void StageGates::State::read(int task, Round& round) {
  ++reading;
  round.reader = beside([this, task, gate_case = round.current] {
    auto results = evaluate_gate(gate_case);
    const MutexLock lock(mutex);
    done.emplace_back(task, std::move(results));
    is_news.notify_one();
  });
}

void StageGates::State::take(int task, Round& round, std::vector<GateResult> results) {
  --reading;
  if (round.reader.joinable()) {
    round.reader.join();
  }
  for (GateResult& result : results) {
    run.emitter.emit(GateChecked{task,
                                 result.gate,
                                 std::string(to_string(round.current.gate->format)),
                                 result.metric,
                                 result.value,
                                 result.threshold,
                                 result.passed,
                                 result.reason});
    round.results.push_back(std::move(result));
  }
  ++round.next;
}

StageGates::StageGates(GatedRun run) : state_(std::make_unique<State>(run)) {}

StageGates::~StageGates() {
  for (auto& [task, round] : state_->rounds) {
    if (round.reader.joinable()) {
      round.reader.join();
    }
  }
  for (auto& [task, looker] : state_->lookers) {
    if (looker.joinable()) {
      looker.join();
    }
  }
}

bool StageGates::covers(int task) const {
  return state_->run.plan.selection.lane->has_gates && !state_->gates_of(task).empty();
}

bool StageGates::begin_look(int task) {
  bool has_report = false;
  for (std::size_t i = 0; covers(task) && i < state_->gates_of(task).size(); ++i) {
    has_report = has_report || !state_->gate_at(task, i).report.empty();
  }
  if (has_report) {
    state_->lookers[task] = state_->beside([state = state_.get(), task] {
      StageMarks marks = state->look(task);
      const MutexLock lock(state->mutex);
      state->looked.emplace_back(task, std::move(marks));
      state->is_news.notify_one();
    });
  }
  return has_report;
}

bool StageGates::is_looking() const noexcept {
  return !state_->lookers.empty();
}

std::vector<int> StageGates::looked_at(Nanos patience) {
  std::vector<std::pair<int, StageMarks>> looked;
  {
    const auto until = std::chrono::steady_clock::now() + patience;
    const MutexLock lock(state_->mutex);
    while (state_->looked.empty() && is_looking() &&
           state_->is_news.wait_until(state_->mutex, until) == std::cv_status::no_timeout) {
    }
    looked.swap(state_->looked);
  }
  std::vector<int> tasks;
  for (auto& [task, marks] : looked) {
    state_->marks[task] = std::move(marks);
    if (auto looker = state_->lookers.extract(task); looker.mapped().joinable()) {
      looker.mapped().join();
    }
    tasks.push_back(task);
  }
  return tasks;
}

std::optional<GatedEnd> StageGates::ended(const Exit& exit, bool by_itself) {
  const auto found = state_->rounds.find(exit.task);
  if (found == state_->rounds.end()) {
    if (!by_itself || !is_success(exit) || !covers(exit.task)) {
      state_->marks.erase(exit.task);
      return GatedEnd{exit};
    }
    Round& round = state_->rounds[exit.task];
    round.exit = exit;
    state_->begin_gate(exit.task, round);
    return std::nullopt;
  }
  Round& round = found->second;
  round.is_commanded = false;
  add_usage(round.exit, exit);
  if (!by_itself) {
    GatedEnd end{std::move(round.exit), "", true};
    end.exit.exit_code = exit.exit_code;
    end.exit.signal = exit.signal;
    state_->rounds.erase(found);
    state_->marks.erase(exit.task);
    return end;
  }
  round.current.ended = exit;
  state_->read(exit.task, round);
  return std::nullopt;
}

bool StageGates::is_waiting() const noexcept {
  return state_->reading > 0;
}

// The stages whose reports were read, their results told.
std::vector<int> StageGates::read_now(Nanos patience) {
  std::vector<std::pair<int, std::vector<GateResult>>> done;
  {
    const auto until = std::chrono::steady_clock::now() + patience;
    const MutexLock lock(state_->mutex);
    while (state_->done.empty() && state_->reading > 0) {
      if (state_->is_news.wait_until(state_->mutex, until) == std::cv_status::timeout) {
        break;
      }
    }
    done.swap(state_->done);
  }
  std::vector<int> tasks;
  for (auto& [task, results] : done) {
    state_->take(task, state_->rounds.at(task), std::move(results));
    tasks.push_back(task);
  }
  return tasks;
}

// The next gate of that stage, or its end.
std::optional<GatedEnd> StageGates::go_on(int task, bool is_told_to_end) {
  Round& round = state_->rounds.at(task);
  const bool has_more = round.next < state_->gates_of(task).size();
  if (has_more && !is_told_to_end) {
    state_->begin_gate(task, round);
    return std::nullopt;
  }
  GatedEnd end{std::move(round.exit), failure_text(round.results), has_more};
  state_->rounds.erase(task);
  state_->marks.erase(task);
  return end;
}

}  // namespace headway
