// Profiles to JSON and back. Knows no files.
#include "timing/history_json.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace headway {

namespace {

constexpr double kMostSeconds = 1e11;

Nanos nanos(Seconds span) {
  const double seconds = std::clamp(std::isnan(span.count()) ? 0 : span.count(), 0.0, 9e9);
  return Nanos(std::llround(seconds * 1e9));
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<WallTime>& time) {
  json.key(name);
  time ? json.time(*time) : json.null();
}

void write_stage(JsonWriter& json, const StageTimingData& stage) {
  json.begin_object()
      .field("stage_id", stage.stage_id)
      .field("stage_name", stage.stage_name)
      .key("start_time")
      .time(stage.start_time);
  write_time(json, "end_time", stage.end_time);
  json.key("duration_seconds").seconds(nanos(stage.duration));
  json.field_token("status", to_string(stage.status)).field("attempt", stage.attempt);
  json.key("queue_seconds").seconds(nanos(stage.queue_wait));
  if (!stage.stage_key.empty()) {
    json.field("stage_key", stage.stage_key);
  }
  if (stage.cpu_time.count() > 0) {
    json.key("cpu_seconds").seconds(nanos(stage.cpu_time));
  }
  if (stage.peak_memory_bytes > 0) {
    json.field("peak_memory_bytes", stage.peak_memory_bytes);
  }
  if (stage.failure != FailureKind::none) {
    json.field_token("failure", to_string(stage.failure));
  }
  json.end_object();
}

void write_profile(JsonWriter& json, const WorkflowTimingProfile& profile) {
  json.begin_object()
      .field("workflow_id", profile.workflow_id)
      .field("workflow", profile.workflow)
      .field("lane", profile.lane)
      .key("start_time")
      .time(profile.start_time);
  write_time(json, "end_time", profile.end_time);
  json.key("total_duration_seconds").seconds(nanos(profile.total_duration));
  json.key("stages").begin_array();
  for (const StageTimingData& stage : profile.stages) {
    write_stage(json, stage);
  }
  json.end_array().key("metadata").begin_object();
  for (const auto& [key, value] : profile.metadata) {
    json.field(key, value);
  }
  json.end_object().end_object();
}

// Reads fields and remembers the first that is not what it should be.
class Reader {
 public:
  Reader(const Json& object, std::string place, std::optional<Error>& trouble)
      : object_(object), place_(std::move(place)), trouble_(trouble) {
    if (!object.is_object()) {
      complain("", "an object");
    }
  }

  std::string text(std::string_view name) {
    const Json& value = object_[name];
    if (!value.is_string() && !value.is_null()) {
      complain(name, "a string");
    }
    return value.as_string();
  }

  double number(std::string_view name) {
    const Json& value = object_[name];
    if (!value.is_number() && !value.is_null()) {
      complain(name, "a number");
    }
    return value.as_number();
  }

  Seconds seconds(std::string_view name) {
    return Seconds(std::clamp(number(name), 0.0, kMostSeconds));
  }

  std::optional<WallTime> time(std::string_view name) {
    const Json& value = object_[name];
    if (value.is_null()) {
      return std::nullopt;
    }
    if (value.is_number()) {
      const double since = std::clamp(value.as_number(), -9e9, 9e9);
      return WallTime(std::chrono::duration_cast<WallTime::duration>(Seconds(since)));
    }
    auto parsed = parse_rfc3339(value.as_string());
    if (!parsed) {
      parsed = parse_rfc3339(value.as_string() + "Z");
    }
    if (!parsed) {
      complain(name, "a time as in 2026-11-22T11:00:00Z");
      return std::nullopt;
    }
    return *parsed;
  }

  StageStatus status(std::string_view name) {
    std::string spelled = text(name);
    std::transform(spelled.begin(), spelled.end(), spelled.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    for (int number = 0; number <= static_cast<int>(StageStatus::interrupted); ++number) {
      if (to_string(static_cast<StageStatus>(number)) == spelled) {
        return static_cast<StageStatus>(number);
      }
    }
    complain(name, "a status as in COMPLETED");
    return StageStatus::failed;
  }

  // The elements of an array; none where it is absent.
  const Json::Array& array(std::string_view name) {
    if (!object_[name].is_array() && !object_[name].is_null()) {
      complain(name, "an array");
    }
    return object_[name].items();
  }

  const Json& member(std::string_view name) const { return object_[name]; }
  std::string place(std::string_view name, std::size_t index) const {
    return fmt::format("{}{}[{}].", place_, name, index);
  }

 private:
  void complain(std::string_view name, std::string_view expected) {
    if (!trouble_) {
      std::string where = place_ + std::string(name);
      while (!where.empty() && where.back() == '.') {
        where.pop_back();
      }
      trouble_ = Error{ErrorCode::parse,
                       fmt::format("{}: expected {}", where.empty() ? "profile" : where, expected)};
    }
  }

  const Json& object_;
  std::string place_;
  std::optional<Error>& trouble_;
};

StageTimingData read_stage(Reader json) {
  StageTimingData stage;
  stage.stage_id = static_cast<int>(std::clamp(json.number("stage_id"), -1e9, 1e9));
  stage.stage_name = json.text("stage_name");
  stage.stage_key = json.text("stage_key");
  stage.start_time = json.time("start_time").value_or(WallTime{});
  stage.end_time = json.time("end_time");
  stage.duration = json.seconds("duration_seconds");
  stage.queue_wait = json.seconds("queue_seconds");
  stage.cpu_time = json.seconds("cpu_seconds");
  stage.status = json.status("status");
  const Json& attempt = json.member("attempt");
  stage.attempt = static_cast<int>(std::clamp<std::int64_t>(attempt.as_integer(1), 1, 1 << 20));
  stage.peak_memory_bytes = json.member("peak_memory_bytes").as_integer();
  stage.failure = failure_kind_named(json.text("failure"));
  return stage;
}

WorkflowTimingProfile read_profile(const Json& value,
                                   const std::string& place,
                                   std::optional<Error>& trouble) {
  Reader json(value, place, trouble);
  WorkflowTimingProfile profile;
  profile.workflow_id = json.text("workflow_id");
  profile.lane = json.text("lane");
  if (value.contains("workflow")) {
    profile.workflow = json.text("workflow");
  }
  profile.start_time = json.time("start_time").value_or(WallTime{});
  profile.end_time = json.time("end_time");
  profile.total_duration = json.seconds("total_duration_seconds");
  const Json::Array& stages = json.array("stages");
  for (std::size_t i = 0; i < stages.size(); ++i) {
    profile.stages.push_back(read_stage(Reader(stages[i], json.place("stages", i), trouble)));
  }
  for (const auto& [key, fact] : json.member("metadata").members()) {
    profile.metadata.emplace_back(key, fact.is_string() ? fact.as_string() : fact.dump());
  }
  return profile;
}

}  // namespace

std::string WorkflowTimingProfile::to_json() const {
  std::string text;
  JsonWriter json(text);
  write_profile(json, *this);
  return text;
}

Result<WorkflowTimingProfile> WorkflowTimingProfile::from_json(std::string_view text) {
  auto json = Json::parse(text);
  if (!json) {
    return std::move(json).error();
  }
  std::optional<Error> trouble;
  WorkflowTimingProfile profile = read_profile(*json, "", trouble);
  if (trouble) {
    return *trouble;
  }
  return profile;
}

std::string to_history_json(const std::vector<WorkflowTimingProfile>& profiles) {
  std::string text = "{\"profiles\": [";
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    text += profiles[i].to_json();
  }
  text += "\n]}\n";
  return text;
}

Result<std::vector<WorkflowTimingProfile>> parse_history_json(std::string_view text) {
  auto json = Json::parse(text);
  if (!json) {
    return std::move(json).error();
  }
  std::optional<Error> trouble;
  const bool bare = json->is_array();
  if (!bare && !json->is_object()) {
    return Error{ErrorCode::parse, "expected an object with \"profiles\""};
  }
  const Json& list = bare ? *json : (*json)["profiles"];
  if (!list.is_array() && !list.is_null()) {
    return Error{ErrorCode::parse, "profiles: expected an array"};
  }
  std::vector<WorkflowTimingProfile> profiles;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    profiles.push_back(read_profile(list.items()[i], fmt::format("profiles[{}].", i), trouble));
  }
  if (trouble) {
    return *trouble;
  }
  return profiles;
}

}  // namespace headway
