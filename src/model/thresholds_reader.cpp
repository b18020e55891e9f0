// `gates` of a lane: see the header.
#include "model/thresholds_reader.hpp"

#include "base/text.hpp"
#include "model/gate_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

// "tests.pass_rate" as a gate and its metric.
struct MetricPlace {
  const Gate* gate = nullptr;  // of several that fit the one with the longest key
  std::string_view metric;
};

MetricPlace find_place(const std::vector<Gate>& gates, std::string_view name) {
  MetricPlace best;
  for (const Gate& gate : gates) {
    const bool fits = name.size() > gate.key.size() + 1 && name.starts_with(gate.key) &&
                      name[gate.key.size()] == '.';
    if (fits && (best.gate == nullptr || gate.key.size() > best.gate->key.size())) {
      best = {&gate, name.substr(gate.key.size() + 1)};
    }
  }
  return best;
}

bool has_metric(const Gate& gate, std::string_view metric) {
  const auto names = metric_names(gate);
  return std::find(names.begin(), names.end(), metric) != names.end();
}

// Why there is no such metric.
void report_unknown(ValueReader& reader,
                    const Owner& lane,
                    const std::vector<Gate>& gates,
                    const YamlNode& key) {
  std::vector<std::string> all;
  for (const Gate& gate : gates) {
    for (const std::string_view metric : metric_names(gate)) {
      all.push_back(fmt::format("{}.{}", gate.key, metric));
    }
  }
  const MetricPlace place = find_place(gates, key.text);
  const std::string why =
      place.gate != nullptr
          ? fmt::format("gate '{}' ({}) has no such metric: it has {}",
                        place.gate->key,
                        to_string(place.gate->format),
                        fmt::join(metric_names(*place.gate), ", "))
          : std::string(gates.empty() ? "the file declares no gates"
                                      : "it is GATE.METRIC with a gate of 'gates'");
  reader.problems().add(
      key.at(),
      fmt::format("{} has unknown metric '{}': {}", describe(lane), shown(key.text), why),
      reader.problems().suggest(key.text, {all.begin(), all.end()}));
}

void read_threshold(ValueReader& reader,
                    const FileField& field,
                    const std::vector<Gate>& gates,
                    Lane& lane) {
  std::string text;
  if (!reader.read_text(field, text)) {
    return;
  }
  const auto threshold = parse_threshold(text);
  if (!threshold) {
    reader.refuse(field, "one of >= > <= < == != and a number, such as '>= 80'");
    return;
  }
  const MetricPlace place = find_place(gates, field.key);
  const int gate = static_cast<int>(place.gate - gates.data());
  const auto inherited =
      std::find_if(lane.thresholds.begin(), lane.thresholds.end(), [&](const LaneThreshold& other) {
        return other.gate == gate && other.metric == place.metric;
      });
  if (inherited != lane.thresholds.end()) {
    inherited->threshold = *threshold;
  } else {
    lane.thresholds.push_back({gate, std::string(place.metric), *threshold});
  }
}

// Adds it where that gate is declared and has the metric.
void add_built_in(const std::vector<Gate>& gates,
                  std::string_view gate_key,
                  std::string_view metric,
                  Threshold threshold,
                  std::vector<LaneThreshold>& out) {
  const auto gate = std::find_if(
      gates.begin(), gates.end(), [&](const Gate& candidate) { return candidate.key == gate_key; });
  if (gate != gates.end() && has_metric(*gate, metric)) {
    out.push_back({static_cast<int>(gate - gates.begin()), std::string(metric), threshold});
  }
}

}  // namespace

void read_thresholds(ValueReader& reader,
                     const FileField& field,
                     const std::vector<Gate>& gates,
                     Lane& lane) {
  if (const auto on = field.value.as_boolean(); on && !*on) {
    lane.has_gates = false;
    return;
  }
  if (!reader.accept_mapping(field, "a mapping such as {tests.pass_rate: '>= 80'}, or false")) {
    return;
  }
  if (field.value.entries().empty()) {
    reader.problems().add(
        field.value.at(),
        fmt::format("{} is empty: leave it out, or say false for a lane without gates",
                    describe(field)));
  }
  lane.has_gates = true;  // (a lane that it extends may have none)
  const Owner inside{field.owner.kind, field.owner.key, "gates"};
  for (const auto& [key, value] : field.value.entries()) {
    if (is_refused_key(key)) {
      continue;
    }
    const MetricPlace place = find_place(gates, key.text);
    if (place.gate == nullptr || !has_metric(*place.gate, place.metric)) {
      report_unknown(reader, field.owner, gates, key);
      continue;
    }
    read_threshold(reader, {inside, key.text, value}, gates, lane);
  }
}

std::vector<LaneThreshold> built_in_thresholds(const std::vector<Gate>& gates,
                                               BuiltInLimits limits) {
  const Threshold none{Comparison::equal, 0};
  std::vector<LaneThreshold> out;
  add_built_in(gates, "tests", "pass_rate", {Comparison::at_least, limits.pass_rate}, out);
  add_built_in(gates, "coverage", "line", {Comparison::at_least, limits.line_coverage}, out);
  add_built_in(gates, "lint", "error", none, out);
  add_built_in(gates, "types", "error", none, out);
  add_built_in(gates, "security", "high", none, out);
  return out;
}

}  // namespace headway
