// See timing_observer.hpp.
#include "timing/timing_observer.hpp"

#include "timing/history.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {

TimingObserver::TimingObserver(std::string history_path, SecretSet secrets)
    : history_path_(std::move(history_path)), secrets_(std::move(secrets)) {}

void TimingObserver::on_event(const RunEvent& event) {
  clock_.set(event);
  if (const auto* started = std::get_if<RunStarted>(&event.body)) {
    on(*started, event);
  } else if (const auto* finished = std::get_if<StageFinished>(&event.body)) {
    on(*finished, event);
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
    on(*skipped);
  } else if (const auto* gate = std::get_if<GateChecked>(&event.body)) {
    on(*gate);
  } else if (const auto* end = std::get_if<RunFinished>(&event.body)) {
    on(*end, event);
  }
}

void TimingObserver::on(const RunStarted& body, const RunEvent& event) {
  stages_ = body.stages;
  tracker_.emplace(body.change_id.empty() ? event.run_id : secrets_.mask(body.change_id),
                   body.lane,
                   TrackerOptions{.history = history_path_, .workflow = body.workflow},
                   clock_);
  tracker_->expect_stages(stages_.size());
  tracker_->set_metadata("run_id", event.run_id);
  if (!body.machine.hostname.empty()) {
    tracker_->set_metadata("host", body.machine.hostname);
  }
  tracker_->set_metadata("jobs", fmt::to_string(body.jobs));
  if (!body.repository.commit.empty()) {
    tracker_->set_metadata("commit", body.repository.commit);
  }
}

void TimingObserver::on(const StageFinished& body, const RunEvent& event) {
  if (body.failure == FailureKind::hook) {
    return;  // it never began: there is no time to learn from
  }
  const PlannedStage& stage = stages_[static_cast<std::size_t>(body.stage)];
  StageTimingData data;
  data.stage_id = stage.stage_id;
  data.stage_name = secrets_.mask(stage.name);
  data.stage_key = stage.key;
  data.start_time = event.time - std::chrono::duration_cast<WallTime::duration>(body.duration);
  data.end_time = event.time;
  data.duration = to_seconds(body.duration);
  data.queue_wait = to_seconds(body.queue_wait);
  data.status = body.status;
  data.attempt = body.attempt;
  data.cpu_time = to_seconds(body.usage.cpu);
  data.peak_memory_bytes = body.usage.peak_memory_bytes;
  data.failure = body.failure;
  tracker_->record_stage(std::move(data));
}

// A stage that need not run has no times: the run is shorter than what it stands for.
void TimingObserver::on(const StageSkipped& body) {
  const bool need_not_run = body.up_to_date || body.status == StageStatus::completed;
  up_to_date_ += need_not_run ? 1 : 0;
  skipped_ += body.status == StageStatus::skipped && !body.up_to_date ? 1 : 0;
  if (need_not_run && tracker_) {
    tracker_->set_metadata(std::string(kUpToDateFact), fmt::to_string(up_to_date_));
  }
}

// Kept are the numbers whose trend is worth a look: what something is asked of, and the shares.
void TimingObserver::on(const GateChecked& body) {
  const bool is_share =
      body.metric == "pass_rate" || body.metric == "line" || body.metric == "branch";
  if (tracker_ && body.value && (is_share || !body.threshold.empty())) {
    tracker_->set_metadata(fmt::format("{}{}.{}", kMetricFact, body.gate, body.metric),
                           fmt::format("{:.10g}", *body.value));
  }
}

void TimingObserver::on(const RunFinished& body, const RunEvent& event) {
  (void)event;
  if (!tracker_) {
    return;
  }
  tracker_->set_metadata("status", std::string(to_string(body.status)));
  if (body.status == RunStatus::completed && skipped_ > 0) {  // conditions that did not hold
    tracker_->set_metadata(std::string(kUpToDateFact), fmt::to_string(up_to_date_ + skipped_));
  }
  if (auto saved = tracker_->complete_workflow(); !saved) {
    trouble_ = saved.error().message;
  }
}

}  // namespace headway
