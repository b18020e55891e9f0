// `lanes`: see the header.
#include "model/lane_reader.hpp"

#include "model/thresholds_reader.hpp"

#include <fmt/format.h>

#include <numeric>

namespace headway {
namespace {

std::vector<int> all_stages(std::size_t count) {
  std::vector<int> stages(count);
  std::iota(stages.begin(), stages.end(), 0);
  return stages;
}

void read_lane_field(ValueReader& reader,
                     const FileField& field,
                     const LaneContext& context,
                     Lane& lane) {
  if (field.key == "description") {
    reader.read_text(field, lane.description);
  } else if (field.key == "default") {
    reader.read_boolean(field, lane.is_default);
  } else if (field.key == "parallel") {
    reader.read_boolean(field, lane.parallel);
  } else if (field.key == "sla") {
    Nanos sla{};
    if (reader.read_duration(field, ZeroDuration::refused, sla)) {
      lane.sla = sla;
    }
  } else if (field.key == "gates") {
    read_thresholds(reader, field, context.gates, lane);
  } else {
    lane.stages = read_lane_stages(reader, field, context);
  }
}

Lane read_lane(ValueReader& reader, const YamlEntry& entry, const LaneContext& context) {
  Lane lane;
  lane.key = std::string(entry.key.text);
  lane.stages = all_stages(context.stages.size());
  const Owner owner{"lane", entry.key.text};
  if (entry.value.is_null()) {  // `fast:` alone: a lane with nothing but defaults
    return lane;
  }
  if (!entry.value.is_mapping()) {
    reader.problems().add(entry.value.at(), fmt::format("{} must be a mapping", describe(owner)));
    return lane;
  }
  for (const auto& [key, value] : entry.value.entries()) {
    if (reader.accept_key(KeyScope::lane, owner, key)) {
      read_lane_field(reader, {owner, key.text, value}, context, lane);
    }
  }
  return lane;
}

bool accept_lane_key(ValueReader& reader, const YamlNode& key) {
  if (is_refused_key(key)) {
    return false;
  }
  if (!is_identifier(key.text)) {
    reader.problems().add(
        key.at(), fmt::format("'{}' is no name for a lane: {}", shown(key.text), kNameRule));
    return false;
  }
  if (key.text == "auto") {
    reader.problems().add(key.at(),
                          "lane 'auto' cannot be named so: '--lane auto' means to choose");
    return false;
  }
  return true;
}

}  // namespace

std::vector<Lane> read_lanes(ValueReader& reader,
                             const YamlNode& value,
                             const LaneContext& context) {
  std::vector<Lane> lanes;
  if (!reader.accept_mapping({{}, "lanes", value}, "a mapping of lanes")) {
    return lanes;
  }
  if (value.entries().empty()) {
    reader.problems().add(value.at(), "'lanes' is empty: leave it out for the built-in lanes");
  }
  std::string default_lane;
  for (const auto& entry : value.entries()) {
    if (!accept_lane_key(reader, entry.key)) {
      continue;
    }
    if (lanes.size() == kMaxLanes) {
      reader.problems().add(entry.key.at(), fmt::format("more than {} lanes", kMaxLanes));
      break;
    }
    lanes.push_back(read_lane(reader, entry, context));
    if (!lanes.back().is_default) {
      continue;
    }
    if (!default_lane.empty()) {
      reader.problems().add(
          entry.key.at(),
          fmt::format(
              "lane '{}' is a second default lane beside '{}'", lanes.back().key, default_lane));
    } else {
      default_lane = lanes.back().key;
    }
  }
  return lanes;
}

std::vector<Lane> built_in_lanes(std::size_t stage_count, const std::vector<Gate>& gates) {
  const auto lane = [&](const char* key, const char* description) {
    Lane built_in;
    built_in.key = key;
    built_in.description = description;
    built_in.stages = all_stages(stage_count);
    built_in.built_in = true;
    return built_in;
  };
  std::vector<Lane> lanes{
      lane("docs", "Fast docs-only workflow (<5 min)"),
      lane("standard", "Standard workflow with basic validation (~15 min)"),
      lane("heavy", "Strict validation workflow (~20 min)"),
  };
  lanes[0].parallel = false;
  lanes[0].has_gates = false;
  lanes[1].is_default = true;
  lanes[1].thresholds = built_in_thresholds(gates, {.pass_rate = 80, .line_coverage = 70});
  lanes[2].thresholds = built_in_thresholds(gates, {.pass_rate = 100, .line_coverage = 85});
  return lanes;
}

}  // namespace headway
