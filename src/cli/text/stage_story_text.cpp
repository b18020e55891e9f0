// See stage_story_text.hpp.
#include "cli/text/stage_story_text.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

namespace headway::cli {
namespace {

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("  {:<8}{}\n", label, text);
}

// "'build' completed in 310 ms", "'lint' did not run".
std::string what_became(const StageStory& story, const StageState& stage, const Paint& paint) {
  const std::string name = "'" + printable(stage.plan->key) + "'";
  const std::string status = paint(tone_of(stage.status), to_string(stage.status));
  if (stage.attempts == 0) {
    return stage.status == StageStatus::pending
               ? fmt::format("{} has not started", paint(Tone::strong, name))
               : fmt::format("{} did not run: {}", paint(Tone::strong, name), status);
  }
  const bool runs = stage.status == StageStatus::running;
  return fmt::format("{} {}: {} {} {}",
                     paint(Tone::strong, name),
                     runs ? "runs" : "ran",
                     status,
                     runs ? "for" : "after",
                     format_duration(story.state().duration_so_far(stage)));
}

// Why it was started, or was not.
std::string reason_of(const StageStory& story, const StageState& stage) {
  if (stage.up_to_date) {
    const std::string saved =
        stage.saved > Nanos{0} ? fmt::format(" ({} saved)", format_duration(stage.saved)) : "";
    return stage.reason + saved;
  }
  if (stage.attempts == 0) {
    return stage.reason.empty() ? "its turn has not come" : stage.reason;
  }
  if (stage.cause != nullptr && stage.cause->kind != CauseKind::none) {
    return cause_text(*stage.cause);
  }
  return fmt::format("lane '{}' or who started the run asked for it, and it declares no inputs",
                     story.state().start.lane);
}

std::string wait_text(const StageWait& wait) {
  const std::string who = join(wait.stages, ", ");
  const std::string span = format_duration(wait.span);
  switch (wait.kind) {
    case WaitKind::needs:
      return fmt::format("{} for what it needs; last came {}", span, who);
    case WaitKind::slot:
      return who.empty()
                 ? fmt::format("{} for a slot", span)
                 : fmt::format(
                       "{} for a slot: all were taken, when it could have begun by {}", span, who);
    case WaitKind::lock:
      return fmt::format("{} for a lock that {} held", span, who);
    case WaitKind::room:
      return fmt::format("{} for CPUs, memory, a lock of another run or its inputs to be looked at",
                         span);
  }
  return span;
}

void write_cause(JsonWriter& json, const StageState* stage) {
  json.key("cause");
  if (stage == nullptr || stage->cause == nullptr) {
    json.null();
    return;
  }
  const StageCause& cause = *stage->cause;
  json.begin_object().field_token("kind", to_string(cause.kind)).field("inputs", cause.inputs);
  json.field("count", cause.count).key("changes").begin_array();
  for (const StageChange& change : cause.changes) {
    json.begin_object().field_token("thing", to_string(change.thing));
    json.field_token("change", to_string(change.kind)).field("name", change.name).end_object();
  }
  json.end_array().end_object();
}

void write_waits(JsonWriter& json, const std::vector<StageWait>& waits) {
  json.key("waits").begin_array();
  for (const StageWait& wait : waits) {
    json.begin_object().field_token("for", to_string(wait.kind));
    json.key("seconds").seconds(wait.span).key("stages").begin_array();
    for (const std::string& stage : wait.stages) {
      json.token(stage);
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void write_retries(JsonWriter& json, const StageStory& story) {
  json.key("retries").begin_array();
  for (const StageRetrying& retry : story.retries()) {
    json.begin_object().field("attempt", retry.attempt);
    json.field_token("failure", to_string(retry.failure)).field("exit_code", retry.exit_code);
    json.field("signal", retry.signal).key("delay_seconds").seconds(retry.delay).end_object();
  }
  json.end_array();
}

}  // namespace

std::string stage_story_text(const StageStory& story,
                             const Workflow* workflow,
                             const Paint& paint) {
  const StageState& stage = *story.stage();
  std::string text =
      fmt::format("run {}: {}\n", short_id(story.state().run_id), what_became(story, stage, paint));
  text += line("why", printable(reason_of(story, stage)));
  for (const StageWait& wait : story.waits(workflow)) {
    text += line("waited", printable(wait_text(wait)));
  }
  for (const StageRetrying& retry : story.retries()) {
    StageState failed;
    failed.failure = retry.failure;
    failed.exit_code = retry.exit_code;
    failed.signal = retry.signal;
    text += line("again",
                 fmt::format("attempt {} failed ({}); the next came {} later",
                             retry.attempt,
                             printable(failure_text(failed)),
                             format_duration(retry.delay)));
  }
  if (stage.status == StageStatus::failed || stage.failure != FailureKind::none) {
    text += line("ended", printable(failure_text(stage)));
  }
  return text;
}

std::string stage_story_document(const StageStory& story,
                                 const std::string& key,
                                 const Workflow* workflow) {
  const StageState* stage = story.stage();
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field_token("run_id", story.state().run_id);
  json.field_token("stage", key);
  json.field_token("status", to_string(stage == nullptr ? StageStatus::skipped : stage->status));
  json.field("in_plan", stage != nullptr).field("attempts", stage == nullptr ? 0 : stage->attempts);
  json.field("reason", stage == nullptr ? story.left_out().value_or("") : reason_of(story, *stage));
  write_cause(json, stage);
  json.key("saved_seconds");
  stage != nullptr && stage->up_to_date ? json.seconds(stage->saved) : json.null();
  write_waits(json, stage == nullptr ? std::vector<StageWait>{} : story.waits(workflow));
  write_retries(json, story);
  json.end_object();
  return text;
}

}  // namespace headway::cli
