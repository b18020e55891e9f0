// read_status: status files of this program and of the original. Writes nothing.
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/units.hpp"
#include "headway/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

namespace headway {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;
constexpr std::int64_t kFormat = 1;
constexpr double kMostSeconds = 9e9;

using Names = std::initializer_list<std::string_view>;  // the first one that is there counts

// Reads fields and remembers the first that is not what it should be.
class StatusReader {
 public:
  explicit StatusReader(std::optional<Error>& trouble) : trouble_(trouble) {}

  WorkflowStatus read(const Json& json) {
    WorkflowStatus status;
    status.workflow_id = text(json, {"workflow_id", "change_id"});
    status.run_id = text(json, {"run_id"});
    status.workflow = json.contains("workflow") ? text(json, {"workflow"}) : status.workflow;
    status.lane = json.contains("lane") ? text(json, {"lane"}) : status.lane;
    status.status = state(json).value_or(StageStatus::running);
    status.stage_id = number_of_stage(json, {"stage", "current_stage"});
    status.started_at = time(json, {"started_at", "start_time"});
    status.updated_at = time(json, {"updated_at", "last_updated"});
    read_timing(json["timing"], status);
    const Json& stages = json["stages"];
    if (!stages.is_array() && !stages.is_null()) {
      complain("stages", "an array");
    }
    for (const Json& stage : stages.items()) {
      place_ = fmt::format("stages[{}]", status.stages.size());
      status.stages.push_back(read_stage(stage));
    }
    return status;
  }

 private:
  StatusStage read_stage(const Json& json) {
    StatusStage stage;
    if (!json.is_object()) {
      complain("", "an object");
      return stage;
    }
    const auto id = number_of_stage(json, {"stage_id"});
    if (!id) {
      complain("stage_id", "a number from 0");
    }
    stage.stage_id = id.value_or(0);
    stage.name = text(json, {"name", "stage_name"});
    stage.key = json.contains("key") ? text(json, {"key"}) : stage.name;
    stage.status = state(json).value_or(StageStatus::pending);
    stage.started_at = time(json, {"started_at", "start_time"});
    stage.completed_at = time(json, {"completed_at", "end_time"});
    stage.duration = seconds(json, "duration_seconds");
    stage.attempts = static_cast<int>(std::clamp<std::int64_t>(
        json["attempts"].as_integer(stage.started_at ? 1 : 0), 0, 1 << 30));
    if (json["exit_code"].is_integer()) {
      stage.exit_code = static_cast<int>(json["exit_code"].as_integer());
    }
    return stage;
  }

  void read_timing(const Json& json, WorkflowStatus& status) {
    status.elapsed = seconds(json, "total_elapsed_seconds").value_or(Seconds());
    if (const auto expected = seconds(json, "estimated_remaining_seconds")) {
      status.remaining = {*expected,
                          seconds(json, "estimated_remaining_p10_seconds").value_or(*expected),
                          seconds(json, "estimated_remaining_p90_seconds").value_or(*expected)};
    }
    status.sla_target = seconds(json, "sla_target_seconds");
    if (json["within_sla"].is_bool()) {
      status.within_sla = json["within_sla"].as_bool();
    }
    if (json["sla_risk"].is_number()) {
      status.sla_risk = std::clamp(json["sla_risk"].as_number(), 0.0, 1.0);
    }
  }

  static const Json& find(const Json& json, Names names) {
    for (const std::string_view name : names) {
      if (json.contains(name)) {
        return json[name];
      }
    }
    return json[*names.begin()];
  }

  std::string text(const Json& json, Names names) {
    const Json& value = find(json, names);
    if (!value.is_string() && !value.is_null()) {
      complain(*names.begin(), "a string");
    }
    return value.as_string();
  }

  std::optional<Seconds> seconds(const Json& json, std::string_view name) {
    const Json& value = json[name];
    if (value.is_null()) {
      return std::nullopt;
    }
    if (!value.is_number() || std::isnan(value.as_number())) {
      complain(name, "a number of seconds");
      return std::nullopt;
    }
    return Seconds(std::clamp(value.as_number(), 0.0, kMostSeconds));
  }

  std::optional<int> number_of_stage(const Json& json, Names names) {
    const Json& value = find(json, names);
    const std::int64_t number = value.as_integer(-1);
    if (!value.is_integer() || number < 0 || number > std::numeric_limits<int>::max()) {
      return std::nullopt;
    }
    return static_cast<int>(number);
  }

  std::optional<WallTime> time(const Json& json, Names names) {
    const Json& value = find(json, names);
    if (value.is_null()) {
      return std::nullopt;
    }
    auto parsed = parse_rfc3339(value.as_string());
    if (!parsed) {
      parsed = parse_rfc3339(value.as_string() + "Z");  // (the original wrote none)
    }
    if (!parsed) {
      complain(*names.begin(), "a time as in 2026-11-22T11:00:00Z");
      return std::nullopt;
    }
    return *parsed;
  }

  std::optional<StageStatus> state(const Json& json) {
    std::string spelled = text(json, {"status"});
    std::transform(spelled.begin(), spelled.end(), spelled.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    for (int number = 0; number <= static_cast<int>(StageStatus::interrupted); ++number) {
      if (to_string(static_cast<StageStatus>(number)) == spelled) {
        return static_cast<StageStatus>(number);
      }
    }
    if (!spelled.empty()) {
      complain("status", "a status as in COMPLETED");
    }
    return std::nullopt;
  }

  void complain(std::string_view name, std::string_view expected) {
    if (!trouble_) {
      const bool has_both = !place_.empty() && !name.empty();
      trouble_ = Error{
          ErrorCode::parse,
          fmt::format(
              "read a status: {}{}{}: expected {}", place_, has_both ? "." : "", name, expected)};
    }
  }

  std::optional<Error>& trouble_;
  std::string place_;
};

}  // namespace

Result<WorkflowStatus> parse_status(std::string_view text) {
  const auto json = Json::parse(text);
  if (!json) {
    return json.error();
  }
  if (!json->is_object()) {
    return Error{ErrorCode::parse, "read a status: it is no object"};
  }
  if (json->contains("format") && (*json)["format"].as_integer() != kFormat) {
    return Error{ErrorCode::parse,
                 fmt::format("read a status of format {}", (*json)["format"].dump()),
                 "a newer headway wrote it: use that one"};
  }
  std::optional<Error> trouble;
  WorkflowStatus status = StatusReader(trouble).read(*json);
  if (trouble) {
    return *std::move(trouble);
  }
  return status;
}

Result<WorkflowStatus> read_status(const std::string& path) {
  if (!path_exists(path)) {
    return Error{ErrorCode::not_found, fmt::format("find the status file '{}'", path)};
  }
  const auto text = read_file(path, kMostBytes);
  if (!text) {
    return text.error();
  }
  auto status = parse_status(*text);
  if (!status) {
    Error error = std::move(status).error();
    error.message = path + ": " + error.message;
    return error;
  }
  return status;
}

}  // namespace headway
