// StageLogObserver: the fold of a run's events into the log of the program around it. Knows nothing
// of the record that `headway run` keeps.
#pragma once

#include "headway/logging.hpp"
#include "model/run_event.hpp"

namespace headway {

// One record a stage that ended or was skipped (event "stage"), a warning for each retry.
class StageLogObserver final : public RunObserver {
 public:
  // `logger` must outlive this.
  explicit StageLogObserver(StructuredLogger& logger) : logger_(logger) {}

  void on_event(const RunEvent& event) override;

 private:
  void log_end(int stage, StageStatus status, Seconds duration, std::string_view reason);

  StructuredLogger& logger_;
  PlannedStages stages_;
};

}  // namespace headway
