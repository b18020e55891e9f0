// A run's books driven by hand: no threads, no processes, no clock. For the tests of StageRuns.
#pragma once

#include "orchestration/parallel_plan.hpp"
#include "orchestration/parallel_results.hpp"
#include "orchestration/stage_runs.hpp"
#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace headway::test {

inline void nothing() {}

inline AttemptEnd good() {
  AttemptEnd end;
  end.succeeded = true;
  return end;
}

inline AttemptEnd thrown(const char* what = "boom") {
  AttemptEnd end;
  end.exception = std::make_exception_ptr(std::runtime_error(what));
  end.error_type = "std::runtime_error";
  end.error = what;
  return end;
}

// The names of events in order.
class StageEvents final : public RunObserver {
 public:
  void on_event(const RunEvent& event) override {
    if (const auto* started = std::get_if<StageStarted>(&event.body)) {
      add("start", started->stage);
    } else if (const auto* body = std::get_if<StageFinished>(&event.body)) {
      add(std::string(to_string(body->status)), body->stage);
      finished.push_back(*body);
    } else if (const auto* ready = std::get_if<StageReady>(&event.body)) {
      all.push_back("ready " + std::to_string(ready->stage));
    } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
      add("skip", skipped->stage);
      told.back() += " " + std::string(to_string(skipped->status));
    } else if (const auto* retry = std::get_if<StageRetrying>(&event.body)) {
      add("retry", retry->stage);
      retrying.push_back(*retry);
    } else if (std::holds_alternative<RunCancelling>(event.body)) {
      told.emplace_back("cancelling");
    }
  }
  std::vector<std::string> told;  // without those of ready stages
  std::vector<std::string> all;   // with them
  std::vector<StageFinished> finished;
  std::vector<StageRetrying> retrying;

 private:
  void add(std::string_view what, int stage) {
    told.push_back(std::string(what) + " " + std::to_string(stage));
    all.push_back(told.back());
  }
};

class StageRunsFixture : public testing::Test {
 protected:
  void begin(std::vector<ParallelStage> stages, SchedulerLimits limits = {.slots = 2}) {
    auto made = make_parallel_plan(stages);
    ASSERT_TRUE(made);
    plan_ = *std::move(made);
    make_runs(limits, &emitter_);
    advance();
  }
  void make_runs(SchedulerLimits limits, EventEmitter* emitter) {
    runs_.emplace(StageList{plan_.graph,
                            plan_.task_needs,
                            limits,
                            [this](int task) {
                              return "stage " + std::to_string(result(task).stage_id) + " ('" +
                                     result(task).stage_name + "')";
                            }},
                  emitter);
  }

  // What a driver does: all that is due, and what it is told.
  void advance() {
    runs_->advance(now_);
    runs_->each_start([this](int task) { told_starts_.push_back(task); });
    obey();
  }
  void obey() {
    while (const auto order = runs_->next()) {
      switch (order->kind) {
        case StageOrder::Kind::begin:
          begin_attempt(*order);
          break;
        case StageOrder::Kind::stop:
          stops_.push_back(order->task);
          break;
        case StageOrder::Kind::kill:
          kills_.push_back(order->task);
          break;
        case StageOrder::Kind::drop:
          drops_.push_back(order->task);
          break;
      }
    }
    for (int task = 0; task < plan_.size(); ++task) {
      take_record(plan_.results[static_cast<std::size_t>(task)], runs_->record(task));
    }
  }
  void begin_attempt(const StageOrder& order) {
    if (const auto done = done_already_.find(order.task); done != done_already_.end()) {
      runs_->done_already(order, done->second, now_);
      return;
    }
    if (refuses_.contains(order.task)) {
      runs_->refused(order, 0, now_);
      return;
    }
    if (holds_.contains(order.task)) {
      runs_->held(order, now_);
      held_.insert_or_assign(order.task, order);
      return;
    }
    starts_.push_back(order.task);
    runs_->began(order, now_, {});
    if (fails_to_start_.contains(order.task)) {
      Exit exit;
      exit.task = order.task;
      exit.attempt = order.attempt;
      exit.start_failed = true;
      exit.error = "find program";
      runs_->ended(exit, {}, now_);
    }
  }

  // What was ordered since the last call.
  std::vector<int> starts() { return std::exchange(starts_, {}); }
  std::vector<int> stops() { return std::exchange(stops_, {}); }
  std::vector<int> kills() { return std::exchange(kills_, {}); }

  void end(int task, AttemptEnd how) {
    Exit exit = exit_of(how);
    exit.task = task;
    exit.duration = now_ - runs_->record(task).began;
    const EndSigns signs = signs_of(how);
    take_attempt(plan_.results[static_cast<std::size_t>(task)], how);
    runs_->ended(exit, signs, now_);
    obey();
    advance();
  }
  void give_up(int task) {
    runs_->give_up(task, now_);
    advance();
  }
  void cancel(bool immediate = false) {
    runs_->cancel({"cancelled by the program", 0, immediate}, now_);
    obey();
    advance();
  }
  void pass(Nanos span) {
    now_ += span;
    advance();
  }
  std::vector<std::string> events() {
    emitter_.flush();
    return recorder_.told;
  }
  const StageExecutionResult& result(int task) const {
    return plan_.results[static_cast<std::size_t>(task)];
  }

  FakeClock clock_;
  StageEvents recorder_;
  EventEmitter emitter_{"run", clock_, {&recorder_}};
  ParallelPlan plan_;
  std::optional<StageRuns> runs_;
  std::vector<int> starts_, stops_, kills_, drops_, told_starts_;
  std::map<int, DoneAlready> done_already_;  // the answer to the start of these
  std::set<int> refuses_, fails_to_start_, holds_;
  std::map<int, StageOrder> held_;
  Nanos now_{};
};

}  // namespace headway::test
