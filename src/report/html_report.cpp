// See html_report.hpp.
#include "report/html_report.hpp"

#include "base/json_writer.hpp"
#include "base/units.hpp"
#include "report/embedded_report.hpp"
#include "report/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace headway {
namespace {

double seconds(Nanos span) {
  return to_seconds(std::max(Nanos{0}, span)).count();
}

std::string escaped(std::string_view text) {
  std::string out;
  append_xml_text(out, text);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

void write_stages(JsonWriter& json, const RunState& state) {
  std::vector<bool> critical(state.stages.size(), false);
  for (const int position : state.ended() ? observed_critical_path(state) : std::vector<int>()) {
    critical[static_cast<std::size_t>(position)] = true;
  }
  json.key("stages").begin_array();
  for (std::size_t at = 0; at < state.stages.size(); ++at) {
    const StageState& stage = state.stages[at];
    json.begin_object().field("key", stage.plan->key).field("name", stage.plan->name);
    json.field_token("status", to_string(stage.status)).field("reason", stage.reason);
    json.field("up_to_date", stage.up_to_date).field("critical", static_cast<bool>(critical[at]));
    json.field("duration", stage.started_offset ? seconds(state.duration_so_far(stage)) : 0.0);
    json.field("queue", seconds(stage.queue_wait)).field("cpu", seconds(stage.usage.cpu));
    json.field("memory", stage.usage.peak_memory_bytes).field("attempts", stage.attempts);
    json.end_object();
  }
  json.end_array();
}

void write_attempts(JsonWriter& json, const RunAttempts& run) {
  json.key("attempts").begin_array();
  for (const RunAttempt& attempt : run.attempts()) {
    json.begin_object().field("stage", attempt.stage).field("attempt", attempt.attempt);
    json.field("slot", attempt.slot).field("start", seconds(attempt.started));
    json.field("end", seconds(run.end_of(attempt)));
    json.field_token("status", to_string(attempt.status)).field("reason", attempt.reason);
    json.end_object();
  }
  json.end_array();
}

void write_samples(JsonWriter& json, const RunAttempts& run) {
  json.key("samples").begin_array();
  for (const RunSample& sample : run.samples()) {
    json.begin_array().number(seconds(sample.at)).number(sample.cpu_busy);
    json.number(sample.memory_available_bytes).number(std::int64_t{sample.running}).end_array();
  }
  json.end_array();
}

std::string data_of(const RunAttempts& run, const StageDetail& detail) {
  const RunState& state = run.state();
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field("elapsed", seconds(state.elapsed));
  json.key("first_failure");
  if (state.first_failure) {
    json.begin_object().field("stage", *state.first_failure);
    json.field("lines", detail ? detail(*state.first_failure) : std::string()).end_object();
  } else {
    json.null();
  }
  write_stages(json, state);
  write_attempts(json, run);
  write_samples(json, run);
  json.end_object();
  // Within a script element "</script" and "<!--" would be markup (HTML, 13.2.5.4); in JSON a '<'
  // stands in strings alone.
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    c == '<' ? safe.append("\\u003c") : safe.append(1, c);
  }
  return safe;
}

std::string heading_of(const RunState& state) {
  const std::string status = lower(to_string(state.status));
  return fmt::format(
      "{} <span class=\"badge {}\">{}</span>", escaped(state.start.workflow), status, status);
}

std::string facts_of(const RunState& state) {
  const RunStarted& start = state.start;
  std::string facts = fmt::format("{}, lane {}, run {}, {}, at most {} at once (peak {})",
                                  format_duration(state.elapsed),
                                  start.lane,
                                  state.run_id,
                                  to_rfc3339(state.started_at),
                                  start.jobs,
                                  state.peak_running);
  if (start.sla) {
    facts += fmt::format(", target {}", format_duration(*start.sla));
  }
  if (!start.repository.commit.empty()) {
    facts += fmt::format(
        ", commit {} {}", start.repository.commit.substr(0, 12), start.repository.branch);
  }
  if (!start.machine.hostname.empty()) {
    facts += fmt::format(", {} with {:g} CPUs", start.machine.hostname, start.machine.cpus);
  }
  if (!state.reason.empty()) {
    facts += ": " + state.reason;
  }
  return escaped(facts);
}

std::string_view asset(const std::vector<EmbeddedFile>& files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(), [name](const EmbeddedFile& file) {
    return file.name.ends_with(name);
  });
  return found == files.end() ? std::string_view() : found->text;
}

}  // namespace

std::string html_report(const RunAttempts& run, const StageDetail& detail) {
  const std::vector<EmbeddedFile> files = embedded_report_files();
  const RunState& state = run.state();
  const std::pair<std::string_view, std::string> values[] = {
      {"@TITLE@",
       escaped(fmt::format("{}: {}", state.start.workflow, lower(to_string(state.status))))},
      {"@STYLE@", std::string(asset(files, "report.css"))},
      {"@HEADING@", heading_of(state)},
      {"@FACTS@", facts_of(state)},
      {"@DATA@", data_of(run, detail)},
      {"@SCRIPT@", std::string(asset(files, "report.js"))},
  };
  // The marks stand in this order; what is put in is not looked at again.
  std::string page;
  std::string_view rest = asset(files, "report.html");
  for (const auto& [mark, value] : values) {
    const std::size_t at = rest.find(mark);
    page.append(rest.substr(0, at)).append(value);
    rest.remove_prefix(at + mark.size());
  }
  return page.append(rest);
}

}  // namespace headway
