// RunScript: writes the events of a run by hand, for tests of what is folded from them.
#pragma once

#include "model/run_event.hpp"
#include "record/run_folder.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// One stage of the plan, with its needs as positions.
inline PlannedStage planned(std::string key, int stage_id, std::vector<int> needs = {}) {
  PlannedStage stage;
  stage.name = "The " + key;
  stage.key = std::move(key);
  stage.stage_id = stage_id;
  stage.needs = std::move(needs);
  return stage;
}

// Events in order: at() moves the time, the others add one event there. Times of day begin at
// 2026-11-22T11:00:00Z.
class RunScript {
 public:
  explicit RunScript(std::string run_id = "019aabcd-0000-7000-8000-00000000abcd")
      : run_id_(std::move(run_id)) {}

  RunScript& at(Nanos elapsed) {
    elapsed_ = elapsed;
    return *this;
  }

  RunScript& add(RunEventBody body) {
    RunEvent event;
    event.seq = static_cast<std::int64_t>(events_.size()) + 1;
    event.time = WallTime(std::chrono::seconds(1795345200)) +
                 std::chrono::duration_cast<WallTime::duration>(elapsed_);
    event.elapsed = elapsed_;
    event.run_id = run_id_;
    event.body = std::move(body);
    events_.push_back(std::move(event));
    return *this;
  }

  RunScript& start_run(std::vector<PlannedStage> stages, std::optional<Nanos> sla = std::nullopt) {
    RunStarted body;
    body.workflow = "demo";
    body.lane = "standard";
    body.change_id = "change-123";
    body.stages = std::move(stages);
    stages_ = body.stages;
    body.jobs = 4;
    body.sla = sla;
    return add(std::move(body));
  }

  RunScript& start(int stage, int attempt = 1) {
    StageStarted body;
    body.stage = stage;
    body.attempt = attempt;
    body.pid = 1000 + stage;
    body.log = log_of(stage, attempt);
    return add(std::move(body));
  }

  // Where that attempt's output goes, relative to the run's folder.
  std::string log_of(int stage, int attempt = 1) const {
    const auto index = static_cast<std::size_t>(stage);
    return RunFolder::stage_log_name(index < stages_.size() ? stages_[index].key : "unknown",
                                     attempt);
  }

  RunScript& finish(int stage, StageFinished body) {
    body.stage = stage;
    return add(std::move(body));
  }

  RunScript& complete(int stage, Nanos duration) {
    StageFinished body;
    body.duration = duration;
    return finish(stage, std::move(body));
  }

  RunScript& fail(int stage, Nanos duration, int exit_code) {
    StageFinished body;
    body.status = StageStatus::failed;
    body.failure = FailureKind::exit_code;
    body.exit_code = exit_code;
    body.reason = "exit code " + std::to_string(exit_code);
    body.duration = duration;
    return finish(stage, std::move(body));
  }

  RunScript& skip(int stage, std::string reason) {
    return add(StageSkipped{stage, StageStatus::skipped, std::move(reason)});
  }

  RunScript& finish_run(RunStatus status, int exit_code) {
    return add(RunFinished{status, exit_code, {}});
  }

  const std::vector<RunEvent>& events() const noexcept { return events_; }
  const std::string& run_id() const noexcept { return run_id_; }

  // Tells an observer, or anything else that takes an event.
  template <class Visit>
  void tell(Visit&& visit) const {
    for (const RunEvent& event : events_) {
      visit(event);
    }
  }

 private:
  std::string run_id_;
  Nanos elapsed_{};
  PlannedStages stages_;
  std::vector<RunEvent> events_;
};

}  // namespace headway
