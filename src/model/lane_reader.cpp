// `lanes`: see the header.
#include "model/lane_reader.hpp"

#include "model/choose_reader.hpp"
#include "model/thresholds_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace headway {
namespace {

constexpr std::string_view kExtends = "extends";

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
  } else if (field.key == "choose") {
    read_choose(reader, field, lane);
  } else if (field.key == "warn_on_code") {
    reader.read_boolean(field, lane.warn_on_code);
  } else {
    lane.stages = read_lane_stages(reader, field, context);
  }
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

// Reads lanes with those that they extend first.
class LanesReader {
 public:
  LanesReader(ValueReader& reader, const LaneContext& context)
      : reader_(reader), context_(context) {}

  void add(const YamlEntry& entry) { entries_.push_back({entry, {}, Progress::not_read}); }
  std::size_t size() const noexcept { return entries_.size(); }

  std::vector<Lane> read() {
    std::vector<Lane> lanes;
    for (Entry& entry : entries_) {
      lanes.push_back(read_lane(entry));
      check_default(entry);
    }
    return lanes;
  }

 private:
  enum class Progress { not_read, in_work, done };
  struct Entry {
    YamlEntry yaml;
    Lane lane;
    Progress progress;
  };

  const Lane& read_lane(Entry& entry) {
    if (entry.progress != Progress::not_read) {
      return entry.lane;
    }
    entry.progress = Progress::in_work;
    const YamlNode& value = entry.yaml.value;
    const Owner owner{"lane", entry.yaml.key.text};
    Lane lane;
    lane.stages = all_stages(context_.stages.size());
    if (value.is_mapping()) {
      take_base(owner, value, lane);
    } else if (!value.is_null()) {  // `fast:` alone: a lane with nothing but defaults
      reader_.problems().add(value.at(), fmt::format("{} must be a mapping", describe(owner)));
    }
    lane.key = std::string(entry.yaml.key.text);
    for (const auto& [key, field] : value.entries()) {
      if (reader_.accept_key(KeyScope::lane, owner, key) && key.text != kExtends) {
        read_lane_field(reader_, {owner, key.text, field}, context_, lane);
      }
    }
    entry.lane = std::move(lane);
    entry.progress = Progress::done;
    return entry.lane;
  }

  void check_default(const Entry& entry) {
    if (!entry.lane.is_default) {
      return;
    }
    if (default_lane_ != nullptr) {
      reader_.problems().add(entry.yaml.key.at(),
                             fmt::format("lane '{}' is a second default lane beside '{}'",
                                         entry.lane.key,
                                         default_lane_->lane.key));
    } else {
      default_lane_ = &entry;
    }
  }

  // What is taken over from the lane that this one extends: stages, target, gates and how it runs.
  void take_base(const Owner& owner, const YamlNode& mapping, Lane& lane) {
    for (const auto& [key, value] : mapping.entries()) {
      std::string name;
      if (key.text != kExtends || !reader_.read_text({owner, key.text, value}, name)) {
        continue;
      }
      const auto base = std::find_if(entries_.begin(), entries_.end(), [&name](const Entry& other) {
        return other.yaml.key.text == name;
      });
      if (base == entries_.end()) {
        report_unknown(owner, value);
      } else if (base->progress == Progress::in_work) {
        reader_.problems().add(value.at(),
                               fmt::format("{} extends '{}', which extends it: a lane cannot "
                                           "extend itself",
                                           describe(owner),
                                           shown(name)));
      } else {
        lane = read_lane(*base);
        lane.description.clear();
        lane.is_default = false;
        lane.choose.reset();
      }
    }
  }

  void report_unknown(const Owner& owner, const YamlNode& value) {
    std::vector<std::string_view> known;
    for (const Entry& entry : entries_) {
      if (entry.yaml.key.text != owner.key) {
        known.push_back(entry.yaml.key.text);
      }
    }
    reader_.problems().add(
        value.at(),
        fmt::format("{} extends unknown lane '{}'", describe(owner), shown(value.text)),
        reader_.problems().suggest(value.text, known));
  }

  ValueReader& reader_;
  const LaneContext& context_;
  std::vector<Entry> entries_;
  const Entry* default_lane_ = nullptr;
};

}  // namespace

std::vector<Lane> read_lanes(ValueReader& reader,
                             const YamlNode& value,
                             const LaneContext& context) {
  if (!reader.accept_mapping({{}, "lanes", value}, "a mapping of lanes")) {
    return {};
  }
  if (value.entries().empty()) {
    reader.problems().add(value.at(), "'lanes' is empty: leave it out for the built-in lanes");
  }
  LanesReader lanes_reader(reader, context);
  for (const auto& entry : value.entries()) {
    if (!accept_lane_key(reader, entry.key)) {
      continue;
    }
    if (lanes_reader.size() == kMaxLanes) {
      reader.problems().add(entry.key.at(), fmt::format("more than {} lanes", kMaxLanes));
      break;
    }
    lanes_reader.add(entry);
  }
  return lanes_reader.read();
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
  lanes[0].warn_on_code = true;
  lanes[1].is_default = true;
  lanes[1].thresholds = built_in_thresholds(gates, {.pass_rate = 80, .line_coverage = 70});
  lanes[2].thresholds = built_in_thresholds(gates, {.pass_rate = 100, .line_coverage = 85});
  return lanes;
}

}  // namespace headway
