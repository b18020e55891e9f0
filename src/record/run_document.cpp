// The document of `run --json` and `show --json`. Pure: reads no file and no clock.
#include "record/run_document.hpp"

#include "base/json_writer.hpp"
#include "base/signal_name.hpp"
#include "base/units.hpp"
#include "record/gate_document.hpp"
#include "record/hook_document.hpp"
#include "record/run_folder.hpp"
#include "record/run_state.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.string(text);
}

// A damaged record may tell of more than fits.
Nanos add_saturating(Nanos sum, Nanos span) {
  return span > Nanos::max() - sum ? Nanos::max() : sum + span;
}

void write_usage(JsonWriter& json, const StageState& stage) {
  const bool measured = stage.has_exit_code;
  json.key("cpu_seconds");
  measured ? json.seconds(stage.usage.cpu) : json.null();
  const bool knows_memory = measured && !stage.usage.peak_memory_source.empty();
  json.key("peak_memory_bytes");
  knows_memory ? json.number(stage.usage.peak_memory_bytes) : json.null();
  json.key("peak_memory_source");
  knows_memory ? json.token(stage.usage.peak_memory_source) : json.null();
}

void write_stage(JsonWriter& json, const RunState& state, const StageState& stage) {
  const bool started = stage.started_offset.has_value();
  json.begin_object();
  json.field_token("key", stage.plan->key).field("stage_id", stage.plan->stage_id);
  json.field("name", stage.plan->name).field_token("status", to_string(stage.status));
  write_text_or_null(json, "reason", stage.reason);
  json.field("attempts", stage.attempts).key("exit_code");
  stage.has_exit_code ? json.number(std::int64_t{stage.exit_code}) : json.null();
  json.key("signal");
  stage.signal > 0 ? json.number(std::int64_t{stage.signal}) : json.null();
  json.key("started_offset_seconds");
  started ? json.seconds(*stage.started_offset) : json.null();
  json.key("duration_seconds");
  started ? json.seconds(state.duration_so_far(stage)) : json.null();
  json.key("queue_seconds");
  stage.has_exit_code ? json.seconds(stage.queue_wait) : json.null();
  write_usage(json, stage);
  json.key("log");
  stage.attempts == 0 ? json.null() : json.token(stage.log());
  json.key("saved_seconds");
  stage.up_to_date ? json.seconds(stage.saved) : json.null();
  json.end_object();
}

void write_head(JsonWriter& json, const RunState& state) {
  Nanos work{};
  for (const StageState& stage : state.stages) {
    work = add_saturating(work, state.duration_so_far(stage));
  }
  json.field("format", 1).field_token("run_id", state.run_id);
  json.field("workflow", state.start.workflow).field("lane", state.start.lane);
  json.field_token("status", to_string(state.status)).key("exit_code");
  state.ended() ? json.number(std::int64_t{state.exit_code}) : json.null();
  json.key("elapsed_seconds").seconds(state.elapsed);
  json.key("work_seconds").seconds(work);
  json.key("saved_seconds").seconds(state.saved);
}

// Seconds of the path are from each stage's first start to its end: retries and their delays bound
// the run too.
void write_critical_path(JsonWriter& json, const RunState& state) {
  Nanos total{};
  json.key("critical_path").begin_array();
  for (const int position : observed_critical_path(state)) {
    const StageState& stage = state.stages[static_cast<std::size_t>(position)];
    const bool ended = stage.completed_at.has_value();
    const Nanos end = ended ? stage.finished_offset : state.elapsed;
    total = add_saturating(total, end - *stage.started_offset);
    json.token(stage.plan->key);
  }
  json.end_array();
  json.key("critical_path_seconds").seconds(total);
}

void write_sla(JsonWriter& json, const RunState& state) {
  json.key("sla");
  if (!state.start.sla) {
    json.null();
    return;
  }
  const bool late = state.elapsed > *state.start.sla;
  json.begin_object().key("target_seconds").seconds(*state.start.sla).key("within");
  // As long as it runs, only a miss is certain.
  state.ended() || late ? json.boolean(!late) : json.null();
  json.end_object();
}

void write_first_failure(JsonWriter& json, const RunState& state) {
  json.key("first_failure");
  if (!state.first_failure) {
    json.null();
    return;
  }
  const StageState& stage = state.stages[static_cast<std::size_t>(*state.first_failure)];
  json.begin_object().field_token("stage", stage.plan->key);
  json.field("explanation", explain_failure(stage));
  if (state.explained) {
    write_explained(json, *state.explained);
  }
  json.end_object();
}

}  // namespace

std::string explain_failure(const StageState& stage) {
  const std::string after = "after " + format_duration(stage.duration);
  switch (stage.failure) {
    case FailureKind::exit_code:
      return fmt::format("exit code {} {}", stage.exit_code, after);
    case FailureKind::signal:
      return fmt::format("ended by {} {}", signal_name(stage.signal), after);
    case FailureKind::timeout:
      return "timed out " + after;
    case FailureKind::oom:
      return "killed by the kernel for want of memory " + after;
    case FailureKind::start_failed:
      return stage.reason.empty() ? "could not be started" : stage.reason;
    case FailureKind::exception:
      return stage.reason.empty() ? "threw an exception " + after : stage.reason;
    case FailureKind::gate:
    case FailureKind::hook:
    case FailureKind::cancelled:
    case FailureKind::none:
      break;
  }
  return stage.reason.empty() ? "failed " + after : stage.reason;
}

std::string run_document(const RunState& state,
                         const std::string& folder,
                         const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object();
  write_head(json, state);
  write_critical_path(json, state);
  json.field("peak_running", state.peak_running).field("jobs", state.jobs);
  write_sla(json, state);
  json.key("stages").begin_array();
  for (const StageState& stage : state.stages) {
    write_stage(json, state, stage);
  }
  json.end_array();
  json.key("gates");
  write_gates(json, state.gates);
  json.key("hooks").begin_array();
  for (const HookChecked& hook : state.hooks) {
    write_hook(json, state.stages[static_cast<std::size_t>(hook.stage)].plan->key, hook);
  }
  json.end_array();
  write_first_failure(json, state);
  write_text_or_null(json, "resumed_from", state.start.resumed_from);
  const RunFolder files{folder};
  json.key("paths").begin_object();
  json.field("dir", files.path).field("events", files.events()).field("status", files.status());
  json.end_object().end_object();
  return text;
}

}  // namespace headway
