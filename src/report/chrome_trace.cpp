// See chrome_trace.hpp.
#include "report/chrome_trace.hpp"

#include "base/json_writer.hpp"

#include <fmt/format.h>

#include <set>

namespace headway {
namespace {

constexpr int kProcess = 1;

double micros(Nanos span) {
  return static_cast<double>(span.count()) / 1000;
}

void write_name(JsonWriter& json, std::string_view what, int thread, std::string_view name) {
  json.begin_object().field_token("ph", "M").field_token("name", what);
  json.field("pid", kProcess).field("tid", thread);
  json.key("args").begin_object().field("name", name).end_object().end_object();
}

// The colour names of the viewer.
std::string_view colour_of(const RunAttempt& attempt) {
  switch (attempt.status) {
    case StageStatus::completed:
      return "good";
    case StageStatus::failed:
      return "terrible";
    default:
      return "grey";
  }
}

void write_attempt(JsonWriter& json, const RunAttempts& run, const RunAttempt& attempt) {
  const StageState& stage = run.state().stages[static_cast<std::size_t>(attempt.stage)];
  json.begin_object().field_token("ph", "X").field("name", stage.plan->key);
  json.field_token("cat", "stage").field("pid", kProcess).field("tid", attempt.slot);
  json.field("ts", micros(attempt.started));
  json.field("dur", micros(std::max(Nanos{0}, run.end_of(attempt) - attempt.started)));
  json.field_token("cname", colour_of(attempt));
  json.key("args").begin_object();
  json.field("name", stage.plan->name).field("attempt", attempt.attempt);
  json.field_token("status", to_string(attempt.status));
  json.field("queue_seconds", to_seconds(stage.queue_wait).count());
  if (!attempt.reason.empty()) {
    json.field("reason", attempt.reason);
  }
  json.end_object().end_object();
}

void write_counter(JsonWriter& json, Nanos at, std::string_view name, double value) {
  json.begin_object().field_token("ph", "C").field_token("name", name);
  json.field("pid", kProcess).field("ts", micros(at));
  json.key("args").begin_object().field("value", value).end_object().end_object();
}

}  // namespace

std::string chrome_trace(const RunAttempts& run) {
  const RunState& state = run.state();
  std::string text;
  JsonWriter json(text);
  json.begin_object().field_token("displayTimeUnit", "ms").key("traceEvents").begin_array();
  write_name(
      json,
      "process_name",
      0,
      fmt::format("{}, lane {}, run {}", state.start.workflow, state.start.lane, state.run_id));
  std::set<int> slots;
  for (const RunAttempt& attempt : run.attempts()) {
    if (slots.insert(attempt.slot).second) {
      write_name(json, "thread_name", attempt.slot, fmt::format("slot {}", attempt.slot));
    }
    write_attempt(json, run, attempt);
  }
  for (const RunSample& sample : run.samples()) {
    write_counter(json, sample.at, "busy CPUs", sample.cpu_busy);
    write_counter(json, sample.at, "running stages", sample.running);
    write_counter(json,
                  sample.at,
                  "memory available (bytes)",
                  static_cast<double>(sample.memory_available_bytes));
  }
  json.end_array().end_object();
  text += '\n';
  return text;
}

}  // namespace headway
