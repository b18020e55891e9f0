// The document status.json. Pure: reads no file and no clock.
#include "record/status_document.hpp"

#include "base/json_writer.hpp"
#include "record/gate_document.hpp"
#include "record/run_document.hpp"
#include "record/run_state.hpp"

#include <algorithm>
#include <cmath>

namespace headway {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

// Standard deviations from the median to the 10 % and 90 % quantiles of a normal distribution.
constexpr double kDecileSigmas = 1.2815515655446004;
constexpr double kRiskDigits = 1e4;

// What is left of an estimate by now.
std::optional<RemainingEstimate> remaining_now(const RunState& state) {
  if (state.ended()) {
    return RemainingEstimate{};
  }
  if (!state.estimate || state.estimate->confidence <= 0) {
    return std::nullopt;
  }
  const auto left = [since = state.elapsed - state.estimate_at](Nanos span) {
    return std::max(Nanos{}, span - since);
  };
  RemainingEstimate now = *state.estimate;
  now.expected = left(now.expected);
  now.p10 = left(now.p10);
  now.p90 = left(now.p90);
  return now;
}

// The stage people mean by "where is it": of those that run the first in the plan, else the one
// that ended last.
const StageState* current_stage(const RunState& state) {
  const StageState* current = nullptr;
  for (const StageState& stage : state.stages) {
    if (stage.status == StageStatus::running) {
      return &stage;
    }
    if (stage.started_offset &&
        (current == nullptr || stage.finished_offset >= current->finished_offset)) {
      current = &stage;
    }
  }
  return current;
}

void write_time_or_null(JsonWriter& json,
                        std::string_view name,
                        const std::optional<WallTime>& time) {
  json.key(name);
  time ? json.time(*time) : json.null();
}

void write_stage(JsonWriter& json, const RunState& state, int position) {
  const StageState& stage = state.stages[static_cast<std::size_t>(position)];
  json.begin_object();
  json.field("stage_id", stage.plan->stage_id).field_token("key", stage.plan->key);
  json.field("name", stage.plan->name).field_token("status", to_string(stage.status));
  write_time_or_null(json, "started_at", stage.started_at);
  write_time_or_null(json, "completed_at", stage.completed_at);
  json.key("duration_seconds");
  stage.started_offset ? json.seconds(state.duration_so_far(stage)) : json.null();
  json.field("attempts", stage.attempts).key("exit_code");
  stage.has_exit_code ? json.number(std::int64_t{stage.exit_code}) : json.null();
  json.key("metrics");
  write_gate_values(json, state.gates, position);
  json.end_object();
}

void write_remaining(JsonWriter& json,
                     const RunState& state,
                     const std::optional<RemainingEstimate>& remaining) {
  const auto write = [&](std::string_view name, Nanos RemainingEstimate::*span) {
    json.key(name);
    remaining ? json.seconds((*remaining).*span) : json.null();
  };
  write("estimated_remaining_seconds", &RemainingEstimate::expected);
  write("estimated_remaining_p10_seconds", &RemainingEstimate::p10);
  write("estimated_remaining_p90_seconds", &RemainingEstimate::p90);
  json.key("estimated_finish_at");
  if (remaining && !state.ended()) {
    json.time(state.updated_at +
              std::chrono::duration_cast<WallTime::duration>(remaining->expected));
  } else {
    json.null();
  }
}

void write_sla(JsonWriter& json,
               const RunState& state,
               const std::optional<RemainingEstimate>& remaining) {
  json.key("sla_target_seconds");
  if (!state.start.sla) {
    json.null().key("within_sla").null().key("sla_risk").null();
    return;
  }
  const Nanos room = *state.start.sla - state.elapsed;
  json.seconds(*state.start.sla).key("within_sla");
  json.boolean(room >= (remaining ? remaining->expected : Nanos{})).key("sla_risk");
  if (room < Nanos{}) {
    json.number(std::int64_t{1});
  } else if (remaining) {
    json.number(std::round(risk_of_exceeding(*remaining, room) * kRiskDigits) / kRiskDigits);
  } else {
    json.null();
  }
}

void write_first_failure(JsonWriter& json, const RunState& state) {
  json.key("first_failure");
  if (!state.first_failure) {
    json.null();
    return;
  }
  const StageState& stage = state.stages[static_cast<std::size_t>(*state.first_failure)];
  json.begin_object().field_token("stage", stage.plan->key);
  json.field("explanation", explain_failure(stage)).key("category");
  state.explained ? json.token(state.explained->category) : json.null();
  json.key("confidence");
  state.explained ? json.number(state.explained->confidence) : json.null();
  json.end_object();
}

void write_head(JsonWriter& json, const RunState& state) {
  const std::string& change = state.start.change_id;
  json.field("format", 1).field("workflow_id", change.empty() ? state.run_id : change);
  json.field_token("run_id", state.run_id).field("workflow", state.start.workflow);
  json.field("lane", state.start.lane).field_token("status", to_string(state.status));
  json.key("exit_code");
  state.ended() ? json.number(std::int64_t{state.exit_code}) : json.null();
  const StageState* current = current_stage(state);
  json.key("stage");
  current != nullptr ? json.number(std::int64_t{current->plan->stage_id}) : json.null();
  json.key("started_at").time(state.started_at).key("updated_at").time(state.updated_at);
}

}  // namespace

double risk_of_exceeding(const RemainingEstimate& remaining, Nanos room) {
  const Nanos over = room - remaining.expected;
  const Nanos decile =
      over < Nanos{} ? remaining.expected - remaining.p10 : remaining.p90 - remaining.expected;
  if (decile <= Nanos{}) {
    return over < Nanos{} ? 1 : 0;
  }
  const double sigmas = to_seconds(over) / to_seconds(decile) * kDecileSigmas;
  return 0.5 * std::erfc(sigmas / std::sqrt(2.0));
}

void write_status_document(const RunState& state,
                           const SecretSet& secrets,
                           const std::function<void(std::string_view)>& take) {
  std::string text;
  JsonWriter json(text, &secrets);
  const std::optional<RemainingEstimate> remaining = remaining_now(state);
  json.begin_object();
  write_head(json, state);
  json.key("stages").begin_array();
  for (std::size_t position = 0; position < state.stages.size(); ++position) {
    write_stage(json, state, static_cast<int>(position));
    if (text.size() >= kPieceBytes) {
      take(text);
      text.clear();
    }
  }
  json.end_array();
  json.key("timing").begin_object().key("total_elapsed_seconds").seconds(state.elapsed);
  write_remaining(json, state, remaining);
  write_sla(json, state, remaining);
  json.end_object();
  json.key("metrics");
  write_run_metrics(json, state.gates);
  write_first_failure(json, state);
  json.end_object();
  text += '\n';
  take(text);
}

std::string status_document(const RunState& state, const SecretSet& secrets) {
  std::string text;
  write_status_document(state, secrets, [&text](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace headway
