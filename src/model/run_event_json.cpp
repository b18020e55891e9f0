// RunEvent as one line of JSON: the writing half (run_event_reader.cpp has the other).
// Knows nothing of files.
#include "model/run_event_json.hpp"

#include "base/content_digest.hpp"
#include "base/json_writer.hpp"

#include <cstddef>

namespace headway {
namespace {

constexpr int kFormat = 1;

// Writes the fields of one body after those that all events have.
class BodyWriter {
 public:
  BodyWriter(JsonWriter& json, const std::vector<std::string>& keys) : json_(json), keys_(keys) {}

  void operator()(const RunStarted& body);
  void operator()(const StageReady& body) { stage(body.stage); }
  void operator()(const StageStarted& body);
  void operator()(const StageOutputAt& body);
  void operator()(const StageRetrying& body);
  void operator()(const StageFinished& body);
  void operator()(const StageSkipped& body);
  void operator()(const EstimateUpdated& body);
  void operator()(const ResourcesSampled& body);
  void operator()(const JobsChanged& body);
  void operator()(const RunCancelling& body);
  void operator()(const RunFinished& body);
  void operator()(const StagePaused& body);
  void operator()(const StageContinued& body) { stage(body.stage); }
  void operator()(const GateChecked& body);
  void operator()(const RunResumed& body);
  void operator()(const CommitMoved& body);
  void operator()(const HookChecked& body);
  void operator()(const FailureExplained& body);
  void operator()(const ChangeFacts& body);

 private:
  void stage(int position) { json_.field_token("stage", key_at(keys_, position)); }
  void span(std::string_view name, Nanos value) {
    json_.field(name, static_cast<std::int64_t>(value.count()));
  }
  void plan(const PlannedStages& stages);
  void machine(const MachineFacts& facts);
  void asked(const RunStarted& body);
  void names(std::string_view name, const std::vector<std::string>& texts);
  void cause(const StageCause& why);

  static std::string_view key_at(const std::vector<std::string>& keys, int position) {
    const auto index = static_cast<std::size_t>(position);
    return position >= 0 && index < keys.size() ? std::string_view(keys[index]) : "";
  }

  JsonWriter& json_;
  const std::vector<std::string>& keys_;
};

void BodyWriter::operator()(const RunStarted& body) {
  json_.field("workflow", body.workflow).field("workflow_file", body.workflow_file);
  json_.field("lane", body.lane).field("change_id", body.change_id).field("title", body.title);
  json_.field("owner", body.owner).field("user", body.user).field("version", body.version);
  json_.field("jobs", body.jobs).field("pid", body.pid);
  if (body.sla) {
    span("sla_ns", *body.sla);
  }
  if (!body.trace_parent.empty()) {
    json_.field("trace_parent", body.trace_parent);
  }
  machine(body.machine);
  json_.key("git").begin_object();
  json_.field("commit", body.repository.commit).field("branch", body.repository.branch);
  json_.end_object();
  plan(body.stages);
  json_.key("left_out").begin_array();
  for (const auto& [key, reason] : body.left_out) {
    json_.begin_object().field_token("stage", key).field("reason", reason).end_object();
  }
  json_.end_array();
  asked(body);
}

// What a run that goes on with this one wants to know.
void BodyWriter::asked(const RunStarted& body) {
  json_.key("asked").begin_object();
  names("stages", body.asked.stages);
  names("from", body.asked.from);
  names("until", body.asked.until);
  names("only", body.asked.only);
  names("skip", body.asked.skip);
  names("arguments", body.arguments);
  json_.end_object();
  if (!body.resumed_from.empty()) {
    json_.field_token("resumed_from", body.resumed_from);
  }
  if (!body.side_effects.empty()) {
    json_.key("side_effects").begin_array();
    for (const EarlierSideEffects& earlier : body.side_effects) {
      json_.begin_object().field("stage", earlier.stage).field("done", earlier.done).end_object();
    }
    json_.end_array();
  }
}

// Nothing where there are none.
void BodyWriter::names(std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) {
    return;
  }
  json_.key(name).begin_array();
  for (const std::string& text : texts) {
    json_.string(text);
  }
  json_.end_array();
}

void BodyWriter::machine(const MachineFacts& facts) {
  json_.key("machine").begin_object();
  json_.field("hostname", facts.hostname).field("kernel", facts.kernel);
  json_.field("cpus", facts.cpus).field("memory_bytes", facts.memory_bytes);
  json_.end_object();
}

void BodyWriter::plan(const PlannedStages& stages) {
  json_.key("stages").begin_array();
  for (const PlannedStage& planned : stages) {
    json_.begin_object().field_token("key", planned.key).field("stage_id", planned.stage_id);
    json_.field("name", planned.name).key("needs").begin_array();
    for (const int need : planned.needs) {
      const auto index = static_cast<std::size_t>(need);
      json_.token(need >= 0 && index < stages.size() ? std::string_view(stages[index].key) : "");
    }
    json_.end_array();
    json_.field("always", planned.always).field("allow_failure", planned.allow_failure);
    if (planned.definition != 0) {
      json_.field_token("definition", to_hex(planned.definition));
      json_.field_token("environment", to_hex(planned.environment));
    }
    if (planned.interactive) {
      json_.field("interactive", true);
    }
    if (planned.once) {
      json_.field("once", true);
    }
    if (planned.finished_before) {
      json_.field("finished_before", true);
    }
    json_.end_object();
  }
  json_.end_array();
}

void BodyWriter::operator()(const StageStarted& body) {
  stage(body.stage);
  json_.field("attempt", body.attempt).field("pid", body.pid).field("slot", body.slot);
  json_.field_token("log", body.log);
  if (body.cause != nullptr) {
    cause(*body.cause);
  }
}

void BodyWriter::cause(const StageCause& why) {
  json_.key("cause").begin_object().field_token("kind", to_string(why.kind));
  json_.field("inputs", why.inputs).field("count", why.count);
  json_.field("detail", why.detail).key("changes").begin_array();
  for (const StageChange& change : why.changes) {
    json_.begin_object().field_token("thing", to_string(change.thing));
    json_.field_token("change", to_string(change.kind)).field("name", change.name).end_object();
  }
  json_.end_array().end_object();
}

void BodyWriter::operator()(const StageOutputAt& body) {
  stage(body.stage);
  json_.field("bytes", body.bytes);
}

void BodyWriter::operator()(const StageRetrying& body) {
  stage(body.stage);
  json_.field("attempt", body.attempt).field_token("failure", to_string(body.failure));
  json_.field("exit_code", body.exit_code).field("signal", body.signal);
  span("delay_ns", body.delay);
}

void BodyWriter::operator()(const StageFinished& body) {
  stage(body.stage);
  json_.field("attempt", body.attempt).field_token("status", to_string(body.status));
  json_.field_token("failure", to_string(body.failure));
  json_.field("exit_code", body.exit_code).field("signal", body.signal);
  json_.field("reason", body.reason);
  span("duration_ns", body.duration);
  span("queue_wait_ns", body.queue_wait);
  span("cpu_ns", body.usage.cpu);
  json_.field("peak_memory_bytes", body.usage.peak_memory_bytes);
  json_.field_token("peak_memory_source", body.usage.peak_memory_source);
  json_.field("output_bytes", body.output_bytes).field("lost_bytes", body.lost_bytes);
}

void BodyWriter::operator()(const StageSkipped& body) {
  stage(body.stage);
  json_.field_token("status", to_string(body.status)).field("reason", body.reason);
  if (body.up_to_date) {
    json_.field("up_to_date", true);
    span("saved_ns", body.saved);
  }
}

void BodyWriter::operator()(const GateChecked& body) {
  stage(body.stage);
  json_.field("gate", body.gate).field_token("report_format", body.format);
  json_.field("metric", body.metric);
  if (body.value) {
    json_.field("value", *body.value);
  }
  json_.field("threshold", body.threshold).field("passed", body.passed);
  json_.field("reason", body.reason);
}

void BodyWriter::operator()(const HookChecked& body) {
  stage(body.stage);
  json_.field("number", body.number).field("hook", body.hook);
  json_.field_token("severity", body.severity).field("passed", body.passed);
  json_.field("forced", body.forced).field("found", body.found);
  json_.field("expected", body.expected).field("hint", body.hint);
}

void BodyWriter::operator()(const FailureExplained& body) {
  stage(body.stage);
  json_.field("attempt", body.attempt);
  write_explained(json_, body);
}

void BodyWriter::operator()(const EstimateUpdated& body) {
  span("expected_ns", body.remaining.expected);
  span("p10_ns", body.remaining.p10);
  span("p90_ns", body.remaining.p90);
  json_.field("confidence", body.remaining.confidence).field("runs", body.remaining.runs);
  if (body.remaining.judged_runs > 0) {
    json_.field("judged_runs", body.remaining.judged_runs);
    json_.field("inside_runs", body.remaining.inside_runs);
  }
  if (body.remaining.sla_miss_probability) {
    json_.field("sla_miss_probability", *body.remaining.sla_miss_probability);
  }
}

void BodyWriter::operator()(const ResourcesSampled& body) {
  json_.field("cpu_busy", body.cpu_busy);
  json_.field("memory_available_bytes", body.memory_available_bytes);
  json_.field("running", body.running);
}

void BodyWriter::operator()(const JobsChanged& body) {
  json_.field("jobs", body.jobs).field("reason", body.reason);
}

void BodyWriter::operator()(const RunCancelling& body) {
  json_.field("reason", body.reason).field("signal", body.signal);
  json_.field("immediate", body.immediate);
}

void BodyWriter::operator()(const RunFinished& body) {
  json_.field_token("status", to_string(body.status)).field("exit_code", body.exit_code);
  json_.field("reason", body.reason);
}

void BodyWriter::operator()(const StagePaused& body) {
  stage(body.stage);
  json_.field("reason", body.reason);
}

void BodyWriter::operator()(const RunResumed& body) {
  json_.field_token("from", body.from).field("finished", body.finished);
}

void BodyWriter::operator()(const CommitMoved& body) {
  stage(body.stage);
  json_.field_token("from", body.from).field_token("to", body.to);
}

void BodyWriter::operator()(const ChangeFacts& body) {
  json_.field("lane", body.lane).field_token("rule", body.rule).field("why", body.why);
  json_.field("base", body.base).field("base_source", body.base_source);
  json_.field("files", body.files).field("lines_added", body.lines_added);
  json_.field("lines_deleted", body.lines_deleted).key("by_kind").begin_object();
  for (const auto& [kind, files] : body.by_kind) {
    json_.field(kind, files);
  }
  json_.end_object();
}

}  // namespace

std::string_view event_name(const RunEventBody& body) noexcept {
  // In the order of RunEventBody.
  constexpr std::string_view kNames[] = {
      "run_started",    "stage_ready",   "stage_started",    "stage_output_at",   "stage_retrying",
      "stage_finished", "stage_skipped", "estimate_updated", "resources_sampled", "jobs_changed",
      "run_cancelling", "run_finished",  "stage_paused",     "stage_continued",   "gate_checked",
      "run_resumed",    "commit_moved",  "hook_checked",     "failure_explained", "change_facts"};
  static_assert(std::size(kNames) == std::variant_size_v<RunEventBody>);
  return body.valueless_by_exception() ? "" : kNames[body.index()];
}

void append_event_line(std::string& out,
                       const RunEvent& event,
                       const std::vector<std::string>& keys,
                       const SecretSet& secrets) {
  JsonWriter json(out, &secrets);
  json.begin_object().field("format", kFormat).field("seq", event.seq);
  json.key("ts").time(event.time);
  json.field("elapsed_ns", static_cast<std::int64_t>(event.elapsed.count()));
  json.field_token("event", event_name(event.body)).field_token("run_id", event.run_id);
  std::visit(BodyWriter(json, keys), event.body);
  json.end_object();
  out += '\n';
}

}  // namespace headway
