// RunEvent from one line of JSON: the reading half of run_event_json.hpp. Knows nothing of files.
#include "base/json.hpp"
#include "base/units.hpp"
#include "model/run_event_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>

namespace headway {
namespace {

// The known source of that name; an unknown one is none.
std::string_view memory_source(std::string_view name) {
  for (const std::string_view known : {"cgroup", "sampled", "wait4"}) {
    if (name == known) {
      return known;
    }
  }
  return {};
}

int small(const Json& value, int fallback = 0) {
  const std::int64_t number = value.as_integer(fallback);
  return static_cast<int>(std::clamp<std::int64_t>(
      number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

Nanos span(const Json& value) {
  return Nanos(value.as_integer());
}

// 16 digits; 0 where it is anything else.
std::uint64_t hex_number(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, 16);
  return error == std::errc() && rest == end ? number : 0;
}

std::vector<std::string> texts(const Json& json) {
  std::vector<std::string> out;
  for (const Json& item : json.items()) {
    out.push_back(item.as_string());
  }
  return out;
}

StageStatus stage_status_named(const std::string& name, StageStatus fallback) {
  for (const StageStatus status : {StageStatus::pending,
                                   StageStatus::running,
                                   StageStatus::completed,
                                   StageStatus::failed,
                                   StageStatus::skipped,
                                   StageStatus::cancelled,
                                   StageStatus::interrupted}) {
    if (to_string(status) == name) {
      return status;
    }
  }
  return fallback;
}

using Positions = std::unordered_map<std::string, int>;

// The fields of one line; `stage` is what the line names, looked up already.
struct Line {
  const Json& json;
  int stage = 0;
};

template <typename T, std::size_t N>
T named(const std::string& name, const T (&all)[N]) {
  for (const T one : all) {
    if (to_string(one) == name) {
      return one;
    }
  }
  return all[0];
}

std::shared_ptr<const StageCause> read_cause(const Json& json) {
  if (!json.is_object()) {
    return nullptr;
  }
  constexpr ChangedThing kThings[] = {ChangedThing::input,
                                      ChangedThing::output,
                                      ChangedThing::environment,
                                      ChangedThing::definition};
  constexpr ChangeKind kChanges[] = {ChangeKind::content,
                                     ChangeKind::added,
                                     ChangeKind::removed,
                                     ChangeKind::executable,
                                     ChangeKind::kind};
  StageCause cause;
  cause.kind = cause_kind_named(json["kind"].as_string());
  cause.inputs = small(json["inputs"]);
  cause.detail = json["detail"].as_string();
  for (const Json& change : json["changes"].items()) {
    cause.add({named(change["thing"].as_string(), kThings),
               named(change["change"].as_string(), kChanges),
               change["name"].as_string()});
  }
  cause.count = std::max(cause.count, small(json["count"]));
  return std::make_shared<const StageCause>(std::move(cause));
}

RunEventBody read_stage_started(const Line& line) {
  StageStarted body;
  body.stage = line.stage;
  body.attempt = small(line.json["attempt"], 1);
  body.pid = small(line.json["pid"]);
  body.slot = small(line.json["slot"]);
  body.log = line.json["log"].as_string();
  body.cause = read_cause(line.json["cause"]);
  return body;
}

RunEventBody read_stage_retrying(const Line& line) {
  StageRetrying body;
  body.stage = line.stage;
  body.attempt = small(line.json["attempt"], 1);
  body.failure = failure_kind_named(line.json["failure"].as_string());
  body.exit_code = small(line.json["exit_code"]);
  body.signal = small(line.json["signal"]);
  body.delay = span(line.json["delay_ns"]);
  return body;
}

RunEventBody read_stage_finished(const Line& line) {
  const Json& json = line.json;
  StageFinished body;
  body.stage = line.stage;
  body.attempt = small(json["attempt"], 1);
  body.status = stage_status_named(json["status"].as_string(), StageStatus::failed);
  body.failure = failure_kind_named(json["failure"].as_string());
  body.exit_code = small(json["exit_code"]);
  body.signal = small(json["signal"]);
  body.reason = json["reason"].as_string();
  body.duration = span(json["duration_ns"]);
  body.queue_wait = span(json["queue_wait_ns"]);
  body.usage.cpu = span(json["cpu_ns"]);
  body.usage.peak_memory_bytes = json["peak_memory_bytes"].as_integer();
  body.usage.peak_memory_source = memory_source(json["peak_memory_source"].as_string());
  body.output_bytes = json["output_bytes"].as_integer();
  body.lost_bytes = json["lost_bytes"].as_integer();
  return body;
}

RunEventBody read_stage_skipped(const Line& line) {
  StageSkipped body;
  body.stage = line.stage;
  body.status = stage_status_named(line.json["status"].as_string(), StageStatus::skipped);
  body.reason = line.json["reason"].as_string();
  body.up_to_date = line.json["up_to_date"].as_bool();
  body.saved = span(line.json["saved_ns"]);
  return body;
}

RunEventBody read_estimate_updated(const Line& line) {
  RemainingEstimate remaining;
  remaining.expected = span(line.json["expected_ns"]);
  remaining.p10 = span(line.json["p10_ns"]);
  remaining.p90 = span(line.json["p90_ns"]);
  remaining.confidence = line.json["confidence"].as_number();
  remaining.runs = small(line.json["runs"]);
  remaining.judged_runs = small(line.json["judged_runs"]);
  remaining.inside_runs = small(line.json["inside_runs"]);
  if (line.json.contains("sla_miss_probability")) {
    remaining.sla_miss_probability = line.json["sla_miss_probability"].as_number();
  }
  return EstimateUpdated{remaining};
}

RunEventBody read_resources_sampled(const Line& line) {
  return ResourcesSampled{line.json["cpu_busy"].as_number(),
                          line.json["memory_available_bytes"].as_integer(),
                          small(line.json["running"])};
}

RunEventBody read_run_cancelling(const Line& line) {
  return RunCancelling{line.json["reason"].as_string(),
                       small(line.json["signal"]),
                       line.json["immediate"].as_bool()};
}

RunEventBody read_gate_checked(const Line& line) {
  const Json& json = line.json;
  GateChecked body;
  body.stage = line.stage;
  body.gate = json["gate"].as_string();
  body.format = json["report_format"].as_string();
  body.metric = json["metric"].as_string();
  if (json["value"].is_number()) {
    body.value = json["value"].as_number();
  }
  body.threshold = json["threshold"].as_string();
  body.passed = json["passed"].as_bool();
  body.reason = json["reason"].as_string();
  return body;
}

RunEventBody read_hook_checked(const Line& line) {
  const Json& json = line.json;
  HookChecked body;
  body.stage = line.stage;
  body.number = small(json["number"], 1);
  body.hook = json["hook"].as_string();
  body.severity = json["severity"].as_string();
  body.passed = json["passed"].as_bool();
  body.forced = json["forced"].as_bool();
  body.found = json["found"].as_string();
  body.expected = json["expected"].as_string();
  body.hint = json["hint"].as_string();
  return body;
}

RunEventBody read_run_finished(const Line& line) {
  return RunFinished{run_status_named(line.json["status"].as_string()),
                     small(line.json["exit_code"]),
                     line.json["reason"].as_string()};
}

RunEventBody read_change_facts(const Line& line) {
  const Json& json = line.json;
  ChangeFacts body;
  body.lane = json["lane"].as_string();
  body.rule = json["rule"].as_string();
  body.why = json["why"].as_string();
  body.base = json["base"].as_string();
  body.base_source = json["base_source"].as_string();
  body.files = json["files"].as_integer();
  body.lines_added = json["lines_added"].as_integer();
  body.lines_deleted = json["lines_deleted"].as_integer();
  for (const auto& [kind, files] : json["by_kind"].members()) {
    body.by_kind.emplace_back(kind, files.as_integer());
  }
  return body;
}

// The kinds but run_started, which makes the positions that these need.
struct Kind {
  std::string_view name;
  bool names_stage;
  RunEventBody (*read)(const Line&);
};
constexpr Kind kKinds[] = {
    {"stage_ready", true, [](const Line& line) -> RunEventBody { return StageReady{line.stage}; }},
    {"stage_started", true, read_stage_started},
    {"stage_output_at",
     true,
     [](const Line& line) -> RunEventBody {
       return StageOutputAt{line.stage, line.json["bytes"].as_integer()};
     }},
    {"stage_retrying", true, read_stage_retrying},
    {"stage_finished", true, read_stage_finished},
    {"stage_skipped", true, read_stage_skipped},
    {"estimate_updated", false, read_estimate_updated},
    {"resources_sampled", false, read_resources_sampled},
    {"jobs_changed",
     false,
     [](const Line& line) -> RunEventBody {
       return JobsChanged{small(line.json["jobs"]), line.json["reason"].as_string()};
     }},
    {"run_cancelling", false, read_run_cancelling},
    {"run_finished", false, read_run_finished},
    {"stage_paused",
     true,
     [](const Line& line) -> RunEventBody {
       return StagePaused{line.stage, line.json["reason"].as_string()};
     }},
    {"stage_continued",
     true,
     [](const Line& line) -> RunEventBody { return StageContinued{line.stage}; }},
    {"gate_checked", true, read_gate_checked},
    {"run_resumed",
     false,
     [](const Line& line) -> RunEventBody {
       return RunResumed{line.json["from"].as_string(), small(line.json["finished"])};
     }},
    {"commit_moved",
     true,
     [](const Line& line) -> RunEventBody {
       return CommitMoved{line.stage, line.json["from"].as_string(), line.json["to"].as_string()};
     }},
    {"hook_checked", true, read_hook_checked},
    {"failure_explained",
     true,
     [](const Line& line) -> RunEventBody {
       FailureExplained body = read_explained(line.json);
       body.stage = line.stage;
       return body;
     }},
    {"change_facts", false, read_change_facts},
};

Result<int> position_of(const std::string& key, const Positions& positions) {
  const auto found = positions.find(key);
  if (found == positions.end()) {
    return Error{ErrorCode::parse,
                 fmt::format("read an event of stage '{}', which run_started does not have", key)};
  }
  return found->second;
}

Result<std::vector<PlannedStage>> read_plan(const Json& json, Positions& positions) {
  positions.clear();
  std::vector<PlannedStage> plan;
  plan.reserve(json.items().size());
  for (const Json& item : json.items()) {
    PlannedStage planned;
    planned.key = item["key"].as_string();
    planned.stage_id = small(item["stage_id"]);
    planned.name = item["name"].as_string();
    planned.always = item["always"].as_bool();
    planned.allow_failure = item["allow_failure"].as_bool();
    planned.definition = hex_number(item["definition"].as_string());
    planned.environment = hex_number(item["environment"].as_string());
    planned.interactive = item["interactive"].as_bool();
    planned.finished_before = item["finished_before"].as_bool();
    planned.once = item["once"].as_bool();
    positions.emplace(planned.key, static_cast<int>(plan.size()));
    plan.push_back(std::move(planned));
  }
  for (std::size_t i = 0; i < plan.size(); ++i) {
    for (const Json& need : json.items()[i]["needs"].items()) {
      const auto position = position_of(need.as_string(), positions);
      if (!position) {
        return position.error();
      }
      plan[i].needs.push_back(*position);
    }
  }
  return plan;
}

Result<RunEventBody> read_run_started(const Json& json, Positions& positions) {
  auto plan = read_plan(json["stages"], positions);
  if (!plan) {
    return std::move(plan).error();
  }
  RunStarted body;
  body.stages = PlannedStages(*std::move(plan));
  body.workflow = json["workflow"].as_string();
  body.workflow_file = json["workflow_file"].as_string();
  body.lane = json["lane"].as_string();
  body.change_id = json["change_id"].as_string();
  body.title = json["title"].as_string();
  body.owner = json["owner"].as_string();
  body.trace_parent = json["trace_parent"].as_string();
  body.user = json["user"].as_string();
  body.version = json["version"].as_string();
  body.jobs = small(json["jobs"]);
  body.pid = small(json["pid"]);
  if (json["sla_ns"].is_integer()) {
    body.sla = span(json["sla_ns"]);
  }
  const Json& machine = json["machine"];
  body.machine.hostname = machine["hostname"].as_string();
  body.machine.kernel = machine["kernel"].as_string();
  body.machine.cpus = machine["cpus"].as_number();
  body.machine.memory_bytes = machine["memory_bytes"].as_integer();
  body.repository.commit = json["git"]["commit"].as_string();
  body.repository.branch = json["git"]["branch"].as_string();
  for (const Json& item : json["left_out"].items()) {
    body.left_out.emplace_back(item["stage"].as_string(), item["reason"].as_string());
  }
  const Json& asked = json["asked"];
  body.asked.stages = texts(asked["stages"]);
  body.asked.from = texts(asked["from"]);
  body.asked.until = texts(asked["until"]);
  body.asked.only = texts(asked["only"]);
  body.asked.skip = texts(asked["skip"]);
  body.arguments = texts(asked["arguments"]);
  body.resumed_from = json["resumed_from"].as_string();
  for (const Json& item : json["side_effects"].items()) {
    body.side_effects.push_back({item["stage"].as_string(), item["done"].as_bool()});
  }
  return RunEventBody(std::move(body));
}

// Nothing where the kind is not known.
Result<std::optional<RunEventBody>> read_body(const Json& json, Positions& positions) {
  const std::string& name = json["event"].as_string();
  if (name == "run_started") {
    auto body = read_run_started(json, positions);
    if (!body) {
      return std::move(body).error();
    }
    return std::optional(*std::move(body));
  }
  const auto known = [&](const Kind& kind) { return kind.name == name; };
  const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds), known);
  if (kind == std::end(kKinds)) {
    return std::optional<RunEventBody>();
  }
  Line line{json};
  if (kind->names_stage) {
    const auto position = position_of(json["stage"].as_string(), positions);
    if (!position) {
      return position.error();
    }
    line.stage = *position;
  }
  return std::optional(kind->read(line));
}

}  // namespace

Result<std::optional<RunEvent>> RunEventReader::read(std::string_view line) {
  const auto json = Json::parse(line);
  if (!json) {
    return json.error();
  }
  if (!(*json)["seq"].is_integer() || !(*json)["event"].is_string()) {
    return Error{ErrorCode::parse, "read an event: the line has no 'seq' or no 'event'"};
  }
  auto body = read_body(*json, positions_);
  if (!body) {
    return std::move(body).error();
  }
  if (!body->has_value()) {
    return std::optional<RunEvent>();
  }
  const auto time = parse_rfc3339((*json)["ts"].as_string());
  if (!time) {
    return time.error();
  }
  RunEvent event;
  event.seq = (*json)["seq"].as_integer();
  event.time = *time;
  event.elapsed = span((*json)["elapsed_ns"]);
  event.run_id = (*json)["run_id"].as_string();
  event.body = **std::move(body);
  return std::optional(std::move(event));
}

}  // namespace headway
