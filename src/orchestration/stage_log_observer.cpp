// See stage_log_observer.hpp.
#include "orchestration/stage_log_observer.hpp"

#include <cstddef>
#include <string_view>

namespace headway {

void StageLogObserver::on_event(const RunEvent& event) {
  if (const auto* started = std::get_if<RunStarted>(&event.body)) {
    stages_ = started->stages;
  } else if (const auto* retrying = std::get_if<StageRetrying>(&event.body)) {
    const PlannedStage& stage = stages_[static_cast<std::size_t>(retrying->stage)];
    logger_.warning("stage is tried again",
                    {{"stage_id", stage.stage_id},
                     {"stage_name", stage.name},
                     {"attempt", retrying->attempt},
                     {"failure", to_string(retrying->failure)},
                     {"delay", retrying->delay}});
  } else if (const auto* finished = std::get_if<StageFinished>(&event.body)) {
    log_end(finished->stage, finished->status, to_seconds(finished->duration), finished->reason);
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
    log_end(skipped->stage, skipped->status, Seconds{0}, skipped->reason);
  }
}

void StageLogObserver::log_end(int stage,
                               StageStatus status,
                               Seconds duration,
                               std::string_view reason) {
  const PlannedStage& planned = stages_[static_cast<std::size_t>(stage)];
  if (reason.empty()) {
    logger_.log_stage_execution(planned.stage_id, planned.name, to_string(status), duration);
  } else {
    logger_.log_stage_execution(
        planned.stage_id, planned.name, to_string(status), duration, {{"reason", reason}});
  }
}

}  // namespace headway
