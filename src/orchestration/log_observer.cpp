// See log_observer.hpp.
#include "orchestration/log_observer.hpp"

#include <cmath>
#include <utility>

namespace headway {
namespace {

LoggerOptions options_for(std::string path, const SecretSet& secrets) {
  LoggerOptions options;
  options.structured_path = std::move(path);
  options.secrets = &secrets;
  return options;
}

}  // namespace

LogObserver::LogObserver(std::string path, const SecretSet& secrets)
    : logger_("headway", options_for(std::move(path), secrets)) {}

void LogObserver::on_event(const RunEvent& event) {
  run_id_ = event.run_id;
  elapsed_ = event.elapsed;
  std::visit([this](const auto& body) { on(body); }, event.body);
}

void LogObserver::on(const RunStarted& body) {
  stages_ = body.stages;
  LogContext context;
  context.workflow_id = body.change_id;
  context.workflow = body.workflow;
  context.lane = body.lane;
  context.run_id = run_id_;
  context.user = body.user;
  context.version = body.version;
  logger_.set_context(std::move(context));
  logger_.info(
      "run started",
      {{"stages", body.stages.size()}, {"jobs", body.jobs}, {"commit", body.repository.commit}});
}

void LogObserver::on(const StageRetrying& body) {
  const PlannedStage& stage = stages_[static_cast<std::size_t>(body.stage)];
  logger_.warning("stage is tried again",
                  {{"stage", stage.key},
                   {"attempt", body.attempt},
                   {"failure", to_string(body.failure)},
                   {"exit_code", body.exit_code},
                   {"delay", to_seconds(body.delay)}});
}

void LogObserver::on(const StageFinished& body) {
  const PlannedStage& stage = stages_[static_cast<std::size_t>(body.stage)];
  if (body.status == StageStatus::completed) {
    logger_.log_stage_execution(stage.stage_id,
                                stage.name,
                                to_string(body.status),
                                to_seconds(body.duration),
                                {{"stage", stage.key}});
    return;
  }
  logger_.log_stage_execution(
      stage.stage_id,
      stage.name,
      to_string(body.status),
      to_seconds(body.duration),
      {{"stage", stage.key}, {"reason", body.reason}, {"attempt", body.attempt}});
}

void LogObserver::on(const StageSkipped& body) {
  logger_.info(
      "stage skipped",
      {{"stage", stages_[static_cast<std::size_t>(body.stage)].key}, {"reason", body.reason}});
}

void LogObserver::on(const JobsChanged& body) {
  logger_.info("jobs changed", {{"jobs", body.jobs}, {"reason", body.reason}});
}

void LogObserver::on(const StagePaused& body) {
  logger_.warning(
      "stage is stopped for a while",
      {{"stage", stages_[static_cast<std::size_t>(body.stage)].key}, {"reason", body.reason}});
}

void LogObserver::on(const StageContinued& body) {
  logger_.info("stage goes on", {{"stage", stages_[static_cast<std::size_t>(body.stage)].key}});
}

void LogObserver::on(const GateChecked& body) {
  const Fields fields = {{"stage", stages_[static_cast<std::size_t>(body.stage)].key},
                         {"gate", body.gate},
                         {"metric", body.metric},
                         {"value", body.value.value_or(std::nan(""))},
                         {"threshold", body.threshold},
                         {"passed", body.passed},
                         {"reason", body.reason}};
  body.passed ? logger_.info("gate checked", fields) : logger_.warning("gate checked", fields);
}

void LogObserver::on(const RunCancelling& body) {
  logger_.warning("run is being cancelled",
                  {{"reason", body.reason}, {"immediate", body.immediate}});
}

void LogObserver::on(const RunFinished& body) {
  const Fields fields = {{"status", to_string(body.status)},
                         {"exit_code", body.exit_code},
                         {"elapsed", to_seconds(elapsed_)}};
  if (body.status == RunStatus::completed) {
    logger_.info("run finished", fields);
  } else {
    logger_.error("run finished", fields);
  }
  logger_.flush();  // who sees that the run has ended finds all of it in the log
}

}  // namespace headway
