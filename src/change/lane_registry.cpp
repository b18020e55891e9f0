// LaneRegistry: docs, standard and heavy of the change process, and lanes of one's own.
#include "base/json.hpp"
#include "base/text.hpp"
#include "headway/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace headway {
namespace {

constexpr int kStages = 13;  // of the change process, from 0

std::vector<int> all_stages() {
  std::vector<int> stages(kStages);
  std::iota(stages.begin(), stages.end(), 0);
  return stages;
}

std::vector<LaneConfig> built_in() {
  LaneConfig docs;
  docs.name = "docs";
  docs.description = "Fast docs-only workflow (<5 min)";
  docs.stages = {0, 1, 2, 3, 4, 5, 7, 9, 10, 12};
  docs.max_duration = Seconds(300);
  docs.quality_gates_enabled = false;
  docs.parallel = false;
  docs.warns_on_code = true;
  LaneConfig standard;
  standard.name = "standard";
  standard.description = "Standard workflow with basic validation (~15 min)";
  standard.stages = all_stages();
  standard.max_duration = Seconds(900);
  standard.thresholds = {80, 70, 0, 0, 0};
  LaneConfig heavy = standard;
  heavy.name = "heavy";
  heavy.description = "Strict validation workflow (~20 min)";
  heavy.max_duration = Seconds(1200);
  heavy.strict_thresholds = true;
  heavy.thresholds = {100, 85, 0, 0, 0};
  return {docs, standard, heavy};
}

Error refused(const std::string& name, std::string_view what) {
  return {ErrorCode::invalid_argument, fmt::format("take lane '{}': {}", name, what)};
}

Result<void> check(const LaneConfig& lane) {
  if (lane.name.empty() || lane.name == "auto") {
    return refused(lane.name, "it needs a name other than 'auto'");
  }
  if (lane.stages.empty()) {
    return refused(lane.name, "it has no stage");
  }
  for (const int stage : lane.stages) {
    if (stage < 0 || stage >= kStages) {
      return refused(lane.name, fmt::format("stage {} is not in 0 to {}", stage, kStages - 1));
    }
  }
  if (!std::isfinite(lane.max_duration.count()) || lane.max_duration.count() < 0) {
    return refused(lane.name, "its target is no time");
  }
  return {};
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

Result<LaneConfig> read_lane(const std::string& name, const Json& json) {
  if (!json.is_object()) {
    return refused(name, "it is no object");
  }
  LaneConfig lane;
  lane.name = name;
  lane.description = json["description"].as_string();
  for (const Json& stage : json["stages"].items()) {
    if (!stage.is_integer()) {
      return refused(name, "its stages must be numbers");
    }
    constexpr std::int64_t kFar = std::numeric_limits<int>::max();
    lane.stages.push_back(static_cast<int>(std::clamp(stage.as_integer(), -kFar, kFar)));
  }
  if (json.contains("timeout") && !json["timeout"].is_number()) {
    return refused(name, "'timeout' must be a number of seconds");
  }
  lane.max_duration = Seconds(json["timeout"].as_number());
  lane.parallel = json["parallel"].as_bool(true);
  // (true or false, or an object of thresholds: then they are on)
  lane.quality_gates_enabled = json["quality_gates"].as_bool(true);
  for (const auto& [key, value] : json["metadata"].members()) {
    lane.metadata.emplace_back(key, text_of(value));
  }
  return lane;
}

}  // namespace

LaneRegistry::LaneRegistry() : lanes_(built_in()) {}

std::vector<std::string> LaneRegistry::names() const {
  std::vector<std::string> all;
  for (const LaneConfig& lane : lanes_) {
    all.push_back(lane.name);
  }
  return all;
}

const LaneConfig* LaneRegistry::find(std::string_view name) const noexcept {
  const auto found = std::find_if(
      lanes_.begin(), lanes_.end(), [name](const LaneConfig& lane) { return lane.name == name; });
  return found == lanes_.end() ? nullptr : &*found;
}

Result<LaneConfig> LaneRegistry::get(std::string_view name) const {
  if (const LaneConfig* lane = find(name)) {
    return *lane;
  }
  const std::vector<std::string> known = names();
  std::string message = fmt::format("find lane '{}'", name);
  if (const auto nearest = nearest_name(name, {known.begin(), known.end()})) {
    message += fmt::format(" (did you mean '{}'?)", *nearest);
  }
  return Error{ErrorCode::not_found, std::move(message), "there is: " + join(known, ", ")};
}

Result<LaneConfig> LaneRegistry::get(std::string_view name, std::string_view fallback) const {
  return get(find(name) == nullptr ? fallback : name);
}

Result<void> LaneRegistry::add(LaneConfig lane) {
  if (const auto good = check(lane); !good) {
    return good;
  }
  std::sort(lane.stages.begin(), lane.stages.end());
  lane.stages.erase(std::unique(lane.stages.begin(), lane.stages.end()), lane.stages.end());
  const LaneConfig* old = find(lane.name);
  if (old == nullptr) {
    lanes_.push_back(std::move(lane));
  } else {
    lanes_[static_cast<std::size_t>(old - lanes_.data())] = std::move(lane);
  }
  return {};
}

Result<void> LaneRegistry::import_json(std::string_view text) {
  const auto json = Json::parse(text);
  if (!json) {
    return json.error();
  }
  if (!json->is_object()) {
    return Error{ErrorCode::parse, "read lanes: they must be an object by name"};
  }
  LaneRegistry changed = *this;
  for (const auto& [name, value] : json->members()) {
    auto lane = read_lane(name, value);
    if (!lane) {
      return std::move(lane).error();
    }
    if (const auto added = changed.add(*std::move(lane)); !added) {
      return added;
    }
  }
  *this = std::move(changed);
  return {};
}

}  // namespace headway
