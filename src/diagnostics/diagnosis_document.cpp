// A Diagnosis as JSON and as text; see diagnosis.hpp. Pure.
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "diagnostics/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

void write_tools(JsonWriter& json, const Diagnosis& diagnosis) {
  json.key("tools").begin_array();
  for (const std::vector<ToolFacts>* tools :
       {&diagnosis.doctor.facts.tools, &diagnosis.doctor.facts.other_tools}) {
    for (const ToolFacts& tool : *tools) {
      if (!tool.file.empty()) {
        json.begin_object()
            .field("name", tool.name)
            .field("version", tool.version)
            .field("path", tool.file)
            .end_object();
      }
    }
  }
  json.end_array();
}

void write_environment(JsonWriter& json, const Diagnosis& diagnosis) {
  const Surroundings& around = diagnosis.doctor.facts.surroundings;
  json.key("environment")
      .begin_object()
      .field("os", around.system)
      .field("kernel", around.kernel)
      .field("platform", diagnosis.platform)
      .field("container", around.container)
      .field("virtual_machine", around.machine)
      .field("user", diagnosis.user)
      .field("cwd", diagnosis.directory)
      .field("headway", HEADWAY_VERSION);
  write_tools(json, diagnosis);
  json.end_object();
}

double percent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

void write_disk(JsonWriter& json, const PlaceFacts& place) {
  json.begin_object().field("path", place.path).field("kind", place.mount ? place.mount->kind : "");
  if (place.space && place.space->total_bytes > 0) {
    const DiskSpace& space = *place.space;
    json.field("total_bytes", space.total_bytes)
        .field("free_bytes", space.free_bytes)
        .field("used_percent",
               100 - percent(static_cast<double>(space.free_bytes),
                             static_cast<double>(space.total_bytes)))
        .field("free_inodes", space.free_inodes);
  }
  json.end_object();
}

void write_resources(JsonWriter& json, const DoctorFacts& facts) {
  json.key("system_resources").begin_object();
  if (facts.sample) {
    const ResourceSample& sample = *facts.sample;
    json.key("cpu")
        .begin_object()
        .field("usable", sample.usable_cpus)
        .field("machine", sample.machine_cpus)
        .field("load1", sample.load1.value_or(0))
        .field("load_percent", percent(sample.load1.value_or(0), sample.machine_cpus))
        .end_object();
    const std::int64_t limit = memory_limit_bytes(sample);
    const std::int64_t room = memory_room_bytes(sample);
    json.key("memory")
        .begin_object()
        .field("total_bytes", sample.memory_total_bytes.value_or(0))
        .field("limit_bytes", limit)
        .field("available_bytes", room)
        .key("used_percent");
    limit > 0 ? json.number(100 - percent(static_cast<double>(room), static_cast<double>(limit)))
              : json.null();
    json.field("swap_total_bytes", facts.limits.swap_total_bytes)
        .field("swap_free_bytes", facts.limits.swap_free_bytes)
        .end_object();
  }
  json.key("disks").begin_array();
  for (const PlaceFacts* place : {&facts.workspace, &facts.state_place, &facts.temporary}) {
    write_disk(json, *place);
  }
  json.end_array().end_object();
}

void write_logs(JsonWriter& json, const Diagnosis& diagnosis) {
  json.key("logs").begin_object().key("files").begin_array();
  for (const auto& [name, bytes] : diagnosis.logs.files) {
    json.begin_object().field("name", name).field("bytes", bytes).end_object();
  }
  json.end_array().key("levels").begin_object();
  for (const auto& [level, count] : diagnosis.logs.levels) {
    json.field(level, count);
  }
  json.end_object().key("last_errors").begin_array();
  for (const LoggedError& error : diagnosis.logs.errors) {
    json.begin_object()
        .field("ts", error.time)
        .field("lvl", error.level)
        .field("msg", error.message)
        .end_object();
  }
  json.end_array().key("slowest_operations").begin_array();
  for (const auto& [operation, seconds] : diagnosis.logs.slowest) {
    json.begin_object()
        .field("operation", operation)
        .field("duration_seconds", seconds)
        .end_object();
  }
  json.end_array().key("failing").begin_array();
  for (const FailingLog& log : diagnosis.failing) {
    json.begin_object()
        .field("stage", log.stage)
        .field("attempt", log.attempt)
        .field("log", log.name)
        .field("text", log.text)
        .end_object();
  }
  json.end_array().end_object();
}

void write_advice(JsonWriter& json, const std::vector<Suggestion>& advice) {
  json.key("suggestions").begin_array();
  for (const Suggestion& one : advice) {
    json.begin_object()
        .field("id", one.id)
        .field("text", one.text)
        .field("command", one.command)
        .field("confidence", one.confidence)
        .field("source", one.source)
        .end_object();
  }
  json.end_array();
}

void write_history(JsonWriter& json, const Diagnosis& diagnosis) {
  json.key("history")
      .begin_object()
      .field("runs", diagnosis.history_runs)
      .field("succeeded", diagnosis.history_succeeded)
      .key("stages")
      .begin_array();
  for (const StageHistory& stage : diagnosis.history) {
    json.begin_object()
        .field("key", stage.key)
        .field("runs", stage.runs)
        .field("failures", stage.failures)
        .field("median_seconds", stage.median_seconds)
        .end_object();
  }
  json.end_array().end_object();
}

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(trim(text), '\n')) {
    out += fmt::format("    {}\n", line);
  }
  return out;
}

std::string machine_text(const Diagnosis& diagnosis) {
  const DoctorFacts& facts = diagnosis.doctor.facts;
  std::string text =
      fmt::format("Environment\n  {}, Linux {} on {}\n  Headway {}, user {}, in {}\n",
                  facts.surroundings.system,
                  facts.surroundings.kernel,
                  diagnosis.platform,
                  HEADWAY_VERSION,
                  diagnosis.user,
                  diagnosis.directory);
  for (const std::vector<ToolFacts>* tools : {&facts.tools, &facts.other_tools}) {
    for (const ToolFacts& tool : *tools) {
      text += tool.file.empty() ? ""
                                : fmt::format("  {} {} ({})\n", tool.name, tool.version, tool.file);
    }
  }
  text += "\nResources\n";
  if (facts.sample) {
    text += fmt::format("  {} of {} CPUs, load {:.2f}\n  {} of {} memory free\n",
                        facts.sample->usable_cpus,
                        facts.sample->machine_cpus,
                        facts.sample->load1.value_or(0),
                        format_size(memory_room_bytes(*facts.sample)),
                        format_size(memory_limit_bytes(*facts.sample)));
  }
  for (const PlaceFacts* place : {&facts.workspace, &facts.state_place, &facts.temporary}) {
    if (place->space && place->space->total_bytes > 0) {
      text += fmt::format("  {} of {} free at {}\n",
                          format_size(place->space->free_bytes),
                          format_size(place->space->total_bytes),
                          place->path);
    }
  }
  return text;
}

std::string logs_text(const Diagnosis& diagnosis) {
  std::string text = "\nLogs\n";
  for (const auto& [name, bytes] : diagnosis.logs.files) {
    text += fmt::format("  {} ({})\n", name, format_size(bytes));
  }
  for (const auto& [level, count] : diagnosis.logs.levels) {
    text += fmt::format("  {} records of level {}\n", count, level);
  }
  for (const LoggedError& error : diagnosis.logs.errors) {
    text += fmt::format("  {} {} {}\n", error.time, error.level, error.message);
  }
  for (const auto& [operation, seconds] : diagnosis.logs.slowest) {
    text += fmt::format("  {} took {:.3f} s\n", operation, seconds);
  }
  for (const FailingLog& log : diagnosis.failing) {
    text += fmt::format(
        "  What '{}' printed (attempt {}):\n{}", log.stage, log.attempt, indented(log.text));
  }
  return text;
}

std::string findings_text(const Diagnosis& diagnosis) {
  std::string text = "\nChecks\n";
  for (const CheckResult& check : diagnosis.doctor.checks) {
    if (check.status != CheckStatus::ok) {
      text += fmt::format("  {} {}: {}\n", to_string(check.status), check.id, check.value);
    }
  }
  if (diagnosis.doctor.green) {
    text +=
        fmt::format("\nChanged since the last green run ({})\n", diagnosis.doctor.green->run_id);
    for (const MachineChange& change : diagnosis.doctor.changes) {
      text += fmt::format("  {} {}: {} -> {}\n",
                          change.kind,
                          change.name,
                          change.before.empty() ? "nothing" : change.before,
                          change.after.empty() ? "nothing" : change.after);
    }
  }
  text += diagnosis.advice.empty() ? "" : "\nSuggestions\n";
  for (const Suggestion& one : diagnosis.advice) {
    text += fmt::format("  {} ({:.0f} % sure, {})\n", one.text, 100 * one.confidence, one.source);
    text += one.command.empty() ? "" : fmt::format("    {}\n", one.command);
  }
  text += fmt::format(
      "\nHistory\n  {} runs, {} succeeded\n", diagnosis.history_runs, diagnosis.history_succeeded);
  for (const StageHistory& stage : diagnosis.history) {
    text += fmt::format("  {}: {} times, {} failures, {:.3f} s in the middle\n",
                        stage.key,
                        stage.runs,
                        stage.failures,
                        stage.median_seconds);
  }
  return text;
}

}  // namespace

std::string diagnosis_document(const Diagnosis& diagnosis) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1);
  json.key("run_id");
  diagnosis.run_id.empty() ? json.null() : json.token(diagnosis.run_id);
  write_environment(json, diagnosis);
  write_resources(json, diagnosis.doctor.facts);
  json.key("workflow_state").raw(trim(diagnosis.workflow_state));
  write_logs(json, diagnosis);
  write_advice(json, diagnosis.advice);
  json.key("checks");
  write_checks(json, diagnosis.doctor.checks);
  json.key("changed_since_green");
  write_changes(json, diagnosis.doctor.changes);
  write_history(json, diagnosis);
  json.end_object();
  return text;
}

std::string diagnosis_text(const Diagnosis& diagnosis) {
  std::string state = "\nWorkflow\n";
  state += diagnosis.run_id.empty() ? "  no run\n" : fmt::format("  run {}\n", diagnosis.run_id);
  for (const std::string& line : diagnosis.state_lines) {
    state += fmt::format("  {}\n", line);
  }
  return machine_text(diagnosis) + state + logs_text(diagnosis) + findings_text(diagnosis);
}

}  // namespace headway
