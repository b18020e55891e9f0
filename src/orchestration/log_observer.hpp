// LogObserver: the fold of a run's events into log.jsonl, through the public StructuredLogger.
// Knows no JSON.
#pragma once

#include "headway/logging.hpp"
#include "model/run_event.hpp"

#include <string>
#include <vector>

namespace headway {

// One record when the run starts and ends, one a stage that ended, one for what is out of the
// ordinary.
class LogObserver final : public RunObserver {
 public:
  LogObserver(std::string path, const SecretSet& secrets);

  void on_event(const RunEvent& event) override;

  std::int64_t dropped() const noexcept { return logger_.dropped(); }

 private:
  // Records made until its end tell the stage and its span; attempt 0: all of its attempts.
  LogScope scope_of(int stage, int attempt);
  void on(const RunStarted& body);
  void on(const StageRetrying& body);
  void on(const StageFinished& body);
  void on(const StageSkipped& body);
  void on(const JobsChanged& body);
  void on(const StagePaused& body);
  void on(const StageContinued& body);
  void on(const GateChecked& body);
  void on(const HookChecked& body);
  void on(const FailureExplained& body);
  void on(const RunCancelling& body);
  void on(const RunFinished& body);
  template <typename Other>
  void on(const Other& /*body*/) {}  // told by the events alone

  std::string run_id_;
  Nanos elapsed_{};
  PlannedStages stages_;
  StructuredLogger logger_;
};

}  // namespace headway
