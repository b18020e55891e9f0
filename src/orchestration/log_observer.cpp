// See log_observer.hpp.
#include "orchestration/log_observer.hpp"

#include "model/trace_context.hpp"

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
  context.trace_id = trace_id_of(run_id_, body.trace_parent);
  context.span_id = span_id_of(run_id_, {});
  logger_.set_context(std::move(context));
  logger_.info(
      "run started",
      {{"stages", body.stages.size()}, {"jobs", body.jobs}, {"commit", body.repository.commit}});
}

LogScope LogObserver::scope_of(int stage, int attempt) {
  const PlannedStage& planned = stages_[static_cast<std::size_t>(stage)];
  LogContext context;
  context.stage_id = planned.stage_id;
  context.stage_name = planned.name;
  context.stage_key = planned.key;
  context.attempt = attempt;
  context.span_id = span_id_of(run_id_, {planned.stage_id, attempt});
  return logger_.with_context(std::move(context));
}

void LogObserver::on(const StageRetrying& body) {
  const LogScope scope = scope_of(body.stage, body.attempt);
  logger_.warning("stage is tried again",
                  {{"failure", to_string(body.failure)},
                   {"exit_code", body.exit_code},
                   {"delay", to_seconds(body.delay)}});
}

void LogObserver::on(const StageFinished& body) {
  const PlannedStage& stage = stages_[static_cast<std::size_t>(body.stage)];
  const LogScope scope = scope_of(body.stage, body.attempt);
  if (body.status == StageStatus::completed) {
    logger_.log_stage_execution(
        stage.stage_id, stage.name, to_string(body.status), to_seconds(body.duration));
    return;
  }
  logger_.log_stage_execution(stage.stage_id,
                              stage.name,
                              to_string(body.status),
                              to_seconds(body.duration),
                              {{"reason", body.reason}});
}

void LogObserver::on(const StageSkipped& body) {
  const LogScope scope = scope_of(body.stage, 0);
  const bool is_kept = body.status == StageStatus::completed;
  logger_.info(is_kept ? "stage stays finished" : "stage skipped", {{"reason", body.reason}});
}

void LogObserver::on(const JobsChanged& body) {
  logger_.info("jobs changed", {{"jobs", body.jobs}, {"reason", body.reason}});
}

void LogObserver::on(const StagePaused& body) {
  const LogScope scope = scope_of(body.stage, 0);
  logger_.warning("stage is stopped for a while", {{"reason", body.reason}});
}

void LogObserver::on(const StageContinued& body) {
  const LogScope scope = scope_of(body.stage, 0);
  logger_.info("stage goes on");
}

void LogObserver::on(const GateChecked& body) {
  const LogScope scope = scope_of(body.stage, 0);
  const Fields fields = {{"gate", body.gate},
                         {"metric", body.metric},
                         {"value", body.value.value_or(std::nan(""))},
                         {"threshold", body.threshold},
                         {"passed", body.passed},
                         {"reason", body.reason}};
  body.passed ? logger_.info("gate checked", fields) : logger_.warning("gate checked", fields);
}

void LogObserver::on(const HookChecked& body) {
  const Fields fields = {{"stage", stages_[static_cast<std::size_t>(body.stage)].key},
                         {"hook", body.hook},
                         {"severity", body.severity},
                         {"passed", body.passed},
                         {"forced", body.forced},
                         {"found", body.found},
                         {"expected", body.expected},
                         {"hint", body.hint}};
  body.passed ? logger_.info("hook checked", fields) : logger_.warning("hook checked", fields);
}

void LogObserver::on(const FailureExplained& body) {
  const LogScope scope = scope_of(body.stage, body.attempt);
  const std::string_view advice =
      body.suggestions.empty() ? std::string_view() : body.suggestions.front().text;
  const Fields fields = {{"category", body.category},
                         {"confidence", body.confidence},
                         {"line", body.anchor_line},
                         {"advice", advice}};
  logger_.info("failure explained", fields);
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
