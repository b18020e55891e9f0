// LaneRegistry: docs, standard and heavy of the change process, and lanes of one's own.
#include "base/json.hpp"
#include "base/text.hpp"
#include "headway/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

// The keys of a lane: what a value must be where there is one.
struct LaneKey {
  std::string_view name;
  bool (*fits)(const Json&);
  std::string_view must_be;
};

constexpr std::array kKeys{
    LaneKey{"description", [](const Json& value) { return value.is_string(); }, "a text"},
    LaneKey{"stages", [](const Json& value) { return value.is_array(); }, "a list of numbers"},
    LaneKey{"timeout", [](const Json& value) { return value.is_number(); }, "a number of seconds"},
    LaneKey{"parallel", [](const Json& value) { return value.is_bool(); }, "true or false"},
    LaneKey{"quality_gates",
            [](const Json& value) { return value.is_bool() || value.is_object(); },
            "true, false or an object of thresholds"},
    LaneKey{"metadata", [](const Json& value) { return value.is_object(); }, "an object"}};

Result<void> check_keys(const std::string& name, const Json& json) {
  for (const auto& [key, value] : json.members()) {
    const auto known = std::find_if(
        kKeys.begin(), kKeys.end(), [&key = key](const LaneKey& one) { return one.name == key; });
    if (known == kKeys.end()) {
      return refused(name, fmt::format("it has no key '{}'", key));
    }
    if (!known->fits(value)) {
      return refused(name, fmt::format("'{}' must be {}", key, known->must_be));
    }
  }
  return {};
}

// Under the names that LaneThresholds has.
Result<LaneThresholds> read_thresholds(const std::string& name, const Json& json) {
  LaneThresholds thresholds;
  const std::array<std::pair<std::string_view, std::optional<double>*>, 2> shares{
      {{"test_pass_rate_min", &thresholds.test_pass_rate_min},
       {"coverage_min", &thresholds.coverage_min}}};
  const std::array<std::pair<std::string_view, std::optional<int>*>, 3> counts{
      {{"lint_errors_max", &thresholds.lint_errors_max},
       {"type_errors_max", &thresholds.type_errors_max},
       {"high_findings_max", &thresholds.high_findings_max}}};
  for (const auto& [key, value] : json.members()) {
    bool is_read = false;
    for (const auto& [known, share] : shares) {
      if (key == known && value.is_number() && value.as_number() >= 0 && value.as_number() <= 100) {
        *share = value.as_number();
        is_read = true;
      }
    }
    for (const auto& [known, count] : counts) {
      if (key == known && value.is_integer() && value.as_integer() >= 0 &&
          value.as_integer() <= std::numeric_limits<int>::max()) {
        *count = static_cast<int>(value.as_integer());
        is_read = true;
      }
    }
    if (!is_read) {
      return refused(name, fmt::format("'{}: {}' is no threshold of a lane", key, value.dump()));
    }
  }
  return thresholds;
}

Result<LaneConfig> read_lane(const std::string& name, const Json& json) {
  if (!json.is_object()) {
    return refused(name, "it is no object");
  }
  if (auto known = check_keys(name, json); !known) {
    return std::move(known).error();
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
  lane.max_duration = Seconds(json["timeout"].as_number());
  lane.parallel = json["parallel"].as_bool(true);
  lane.quality_gates_enabled = json["quality_gates"].as_bool(true);
  auto thresholds = read_thresholds(name, json["quality_gates"]);
  if (!thresholds) {
    return std::move(thresholds).error();
  }
  lane.thresholds = *thresholds;
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
