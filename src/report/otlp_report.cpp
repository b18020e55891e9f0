// See otlp_report.hpp.
#include "report/otlp_report.hpp"

#include "base/json_writer.hpp"
#include "model/trace_context.hpp"

#include <fmt/format.h>

#include <chrono>

namespace headway {
namespace {

// Of the protocol: SpanKind and StatusCode.
constexpr int kInternal = 1;
constexpr int kServer = 2;
constexpr int kOk = 1;
constexpr int kError = 2;

constexpr int kRunTimeoutCode = 124;

std::string_view pipeline_result(const RunState& state) {
  switch (state.status) {
    case RunStatus::completed:
      return "success";
    case RunStatus::failed:
      return state.exit_code == kRunTimeoutCode ? "timeout" : "failure";
    case RunStatus::cancelled:
      return "cancellation";
    case RunStatus::interrupted:
      return "error";
    default:
      return "";
  }
}

std::string_view task_result(StageStatus status, FailureKind failure) {
  switch (status) {
    case StageStatus::completed:
      return "success";
    case StageStatus::failed:
      return failure == FailureKind::timeout ? "timeout" : "failure";
    case StageStatus::skipped:
      return "skip";
    case StageStatus::cancelled:
      return "cancellation";
    case StageStatus::interrupted:
      return "error";
    default:
      return "";
  }
}

bool is_error(std::string_view result) {
  return result == "failure" || result == "timeout" || result == "error";
}

struct SpanHead {
  std::string id, parent, name;
  int kind = kInternal;
  Nanos begin{}, end{};  // since the start of the run
};

// One span at a time: open(), attributes, close().
class SpanWriter {
 public:
  SpanWriter(JsonWriter& json, const RunState& state)
      : json_(json),
        state_(state),
        trace_id_(trace_id_of(state.run_id, state.start.trace_parent)) {}

  void open(const SpanHead& head) {
    json_.begin_object().field_token("traceId", trace_id_).field_token("spanId", head.id);
    if (!head.parent.empty()) {
      json_.field_token("parentSpanId", head.parent);
    }
    json_.field("name", head.name).field("kind", head.kind);
    json_.field_token("startTimeUnixNano", time_of(head.begin));
    json_.field_token("endTimeUnixNano", time_of(std::max(head.begin, head.end)));
    json_.key("attributes").begin_array();
  }
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      json_.begin_object().field_token("key", key).key("value").begin_object();
      json_.field("stringValue", value).end_object().end_object();
    }
  }
  void integer(std::string_view key, std::int64_t value) {
    json_.begin_object().field_token("key", key).key("value").begin_object();
    json_.field_token("intValue", std::to_string(value)).end_object().end_object();
  }
  void number(std::string_view key, double value) {
    json_.begin_object().field_token("key", key).key("value").begin_object();
    json_.field("doubleValue", value).end_object().end_object();
  }
  // `result` in the words of the conventions; empty: it goes on still.
  void close(std::string_view result, std::string_view why) {
    json_.end_array();
    json_.key("status").begin_object();
    if (is_error(result)) {
      json_.field("code", kError).field("message", why);
    } else if (result == "success") {
      json_.field("code", kOk);
    }
    json_.end_object().end_object();
  }

 private:
  std::string time_of(Nanos since_start) const {
    const auto start = std::chrono::duration_cast<Nanos>(state_.started_at.time_since_epoch());
    return std::to_string((start + since_start).count());
  }

  JsonWriter& json_;
  const RunState& state_;
  std::string trace_id_;
};

class Report {
 public:
  Report(const RunAttempts& run, JsonWriter& json)
      : run_(run), state_(run.state()), json_(json), spans_(json, run.state()) {}

  void write() {
    json_.begin_object().key("resourceSpans").begin_array().begin_object();
    write_resource();
    json_.key("scopeSpans").begin_array().begin_object();
    json_.key("scope").begin_object().field("name", "headway");
    json_.field("version", state_.start.version).end_object();
    json_.key("spans").begin_array();
    write_run();
    for (std::size_t stage = 0; stage < state_.stages.size(); ++stage) {
      write_stage(state_.stages[stage]);
    }
    for (const RunAttempt& attempt : run_.attempts()) {
      write_attempt(attempt);
    }
    json_.end_array().end_object().end_array();
    json_.end_object().end_array().end_object();
  }

 private:
  std::string id_of(SpanPlace place) const { return span_id_of(state_.run_id, place); }

  void write_resource() {
    const RunStarted& start = state_.start;
    json_.key("resource").begin_object().key("attributes").begin_array();
    spans_.text("service.name", "headway");
    spans_.text("service.version", start.version);
    spans_.text("host.name", start.machine.hostname);
    spans_.text("os.type", "linux");
    spans_.text("os.version", start.machine.kernel);
    spans_.text("vcs.ref.head.name", start.repository.branch);
    spans_.text("vcs.ref.head.revision", start.repository.commit);
    json_.end_array().end_object();
  }

  void write_run() {
    const RunStarted& start = state_.start;
    const auto around = parse_trace_parent(start.trace_parent);
    const std::string_view result = pipeline_result(state_);
    spans_.open({id_of({}),
                 around ? around->parent_id : "",
                 fmt::format("RUN {}", start.workflow),
                 kServer,
                 Nanos{0},
                 state_.elapsed});
    spans_.text("cicd.pipeline.name", start.workflow);
    spans_.text("cicd.pipeline.run.id", state_.run_id);
    spans_.text("cicd.pipeline.action.name", "RUN");
    spans_.text("cicd.pipeline.result", result);
    spans_.text("error.type", is_error(result) ? error_of_run() : "");
    spans_.text("headway.lane", start.lane);
    spans_.text("headway.change.id", start.change_id);
    spans_.text("user.name", start.user);
    spans_.integer("headway.jobs", start.jobs);
    if (state_.ended()) {
      spans_.integer("process.exit.code", state_.exit_code);
    }
    spans_.close(result, state_.reason);
  }

  std::string_view error_of_run() const {
    if (!state_.first_failure) {
      return to_string(state_.status);
    }
    return to_string(state_.stages[static_cast<std::size_t>(*state_.first_failure)].failure);
  }

  void write_stage(const StageState& stage) {
    const PlannedStage& plan = *stage.plan;
    const bool has_ended = stage.completed_at.has_value() || state_.ended();
    const Nanos end = has_ended ? stage.finished_offset : state_.elapsed;
    const Nanos begin = stage.started_offset.value_or(end);
    const std::string_view result = task_result(stage.status, stage.failure);
    spans_.open({id_of({plan.stage_id, 0}), id_of({}), plan.key, kInternal, begin, end});
    spans_.text("cicd.pipeline.task.name", plan.key);
    spans_.text("cicd.pipeline.task.run.id", fmt::format("{}/{}", state_.run_id, plan.key));
    spans_.text("cicd.pipeline.task.run.result", result);
    spans_.text("error.type", is_error(result) ? to_string(stage.failure) : "");
    spans_.integer("headway.stage.id", plan.stage_id);
    spans_.text("headway.stage.name", plan.name);
    spans_.text("headway.reason", stage.reason);
    if (stage.started_offset) {
      spans_.integer("headway.attempts", stage.attempts);
      spans_.number("headway.queue_seconds", to_seconds(stage.queue_wait).count());
      spans_.number("headway.cpu_seconds", to_seconds(stage.usage.cpu).count());
      spans_.integer("headway.peak_memory_bytes", stage.usage.peak_memory_bytes);
    }
    spans_.close(result, stage.reason);
  }

  void write_attempt(const RunAttempt& attempt) {
    const PlannedStage& plan = *state_.stages[static_cast<std::size_t>(attempt.stage)].plan;
    const std::string_view result = task_result(attempt.status, attempt.failure);
    spans_.open({id_of({plan.stage_id, attempt.attempt}),
                 id_of({plan.stage_id, 0}),
                 fmt::format("{} attempt {}", plan.key, attempt.attempt),
                 kInternal,
                 attempt.started,
                 run_.end_of(attempt)});
    spans_.text("cicd.pipeline.task.name", plan.key);
    spans_.text("cicd.pipeline.task.run.result", result);
    spans_.text("error.type", is_error(result) ? to_string(attempt.failure) : "");
    spans_.integer("headway.attempt", attempt.attempt);
    spans_.integer("headway.slot", attempt.slot);
    spans_.integer("process.pid", attempt.pid);
    if (!attempt.is_under_way && attempt.signal != 0) {
      spans_.integer("headway.signal", attempt.signal);
    } else if (!attempt.is_under_way) {
      spans_.integer("process.exit.code", attempt.exit_code);
    }
    spans_.close(result, attempt.reason);
  }

  const RunAttempts& run_;
  const RunState& state_;
  JsonWriter& json_;
  SpanWriter spans_;
};

}  // namespace

std::string otlp_report(const RunAttempts& run) {
  std::string text;
  JsonWriter json(text);
  Report(run, json).write();
  text += '\n';
  return text;
}

}  // namespace headway
