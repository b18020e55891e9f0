// `lanes`: see the header.
#include "model/lane_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

namespace headway {
namespace {

std::vector<int> all_stages(std::size_t count) {
  std::vector<int> stages(count);
  std::iota(stages.begin(), stages.end(), 0);
  return stages;
}

// Reads one lane's list of stages into marks, one a stage.
class StageListReader {
 public:
  StageListReader(ValueReader& reader, const Owner& owner, const LaneContext& context)
      : reader_(reader), owner_(owner), context_(context), marked_(context.stages.size(), false) {}

  // The stages that `value` selects, ascending; problems were added where it is empty.
  std::vector<int> read(const YamlNode& value) {
    bool wanted = true;
    bool good = true;
    if (value.is_mapping()) {
      wanted = false;
      good = read_except(value);
    } else {
      good = read_list({owner_, "stages", value});
    }
    std::vector<int> selected;
    for (std::size_t i = 0; good && i < marked_.size(); ++i) {
      if (marked_[i] == wanted) {
        selected.push_back(static_cast<int>(i));
      }
    }
    if (good && selected.empty()) {
      add(value, fmt::format("{} takes no stage at all", describe(owner_)));
    }
    return selected;
  }

 private:
  bool read_except(const YamlNode& value) {
    const Owner owner{owner_.kind, owner_.key, "stages"};
    bool good = true;
    bool has_list = false;
    for (const auto& [key, list] : value.entries()) {
      if (!reader_.accept_key(KeyScope::lane_stages, owner, key)) {
        good = false;
        continue;
      }
      has_list = true;
      good = read_list({owner, key.text, list}) && good;
    }
    if (good && !has_list) {
      add(value, fmt::format("{} has no 'except'", describe(owner)));
    }
    return good && has_list;
  }

  bool read_list(const Field& field) {
    if (!field.value.is_sequence()) {
      reader_.refuse(field, "a list of stages, numbers and ranges, or {except: [...]}");
      return false;
    }
    bool good = true;
    for (const YamlNode& item : field.value.items()) {
      good = read_item(field, item) && good;
    }
    return good;
  }

  bool read_item(const Field& list, const YamlNode& item) {
    if (!item.is_scalar() || item.text.empty()) {
      reader_.refuse({list.owner, list.key, item}, "a list of stages, numbers and ranges");
      return false;
    }
    if (item.text.front() >= '0' && item.text.front() <= '9') {
      return read_range(list, item);
    }
    const auto found = context_.index.find(item.text);
    if (found == context_.index.end()) {
      auto& problems = reader_.problems();
      problems.add(item.at(),
                   fmt::format("{} has unknown stage '{}'", describe(owner_), shown(item.text)),
                   problems.suggest(item.text, names()));
      return false;
    }
    marked_[static_cast<std::size_t>(found->second)] = true;
    return true;
  }

  // "3" or "2-4".
  bool read_range(const Field& list, const YamlNode& item) {
    const std::string_view text = item.text;
    const std::size_t dash = text.find('-');
    const auto first = stage_number(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : stage_number(text.substr(dash + 1));
    if (!first || !last || *first > *last) {
      reader_.refuse({list.owner, list.key, item}, "a list of stages, numbers and ranges as 2-4");
      return false;
    }
    if (*last >= marked_.size()) {
      add(item,
          fmt::format("{} has stage number {}, but stages are 0 to {}",
                      describe(owner_),
                      *last,
                      marked_.size() - 1));
      return false;
    }
    for (std::size_t i = *first; i <= *last; ++i) {
      marked_[i] = true;
    }
    return true;
  }

  static std::optional<std::size_t> stage_number(std::string_view text) {
    std::size_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end && !text.empty() ? std::optional(number)
                                                                : std::nullopt;
  }

  const std::vector<std::string_view>& names() {
    if (names_.empty()) {
      names_ = stage_names(context_.stages);
    }
    return names_;
  }

  void add(const YamlNode& node, std::string message) {
    reader_.problems().add(node.at(), std::move(message));
  }

  ValueReader& reader_;
  const Owner& owner_;
  const LaneContext& context_;
  std::vector<bool> marked_;
  std::vector<std::string_view> names_;  // of all stages, once a suggestion was needed
};

void read_lane_field(ValueReader& reader,
                     const Field& field,
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
  } else {
    lane.stages = StageListReader(reader, field.owner, context).read(field.value);
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

std::vector<Lane> built_in_lanes(std::size_t stage_count) {
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
  lanes[1].is_default = true;
  return lanes;
}

}  // namespace headway
