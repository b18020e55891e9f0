// Scenarios as a table with the curve, its knee and its floor; see scenario_table.hpp.
#include "cli/text/scenario_table.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"
#include "timing/cost_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace headway::cli {
namespace {

constexpr std::size_t kLongPath = 12;  // stages of a critical path that people are shown
constexpr int kBarColumns = 20;

// The curve is that of the first size of memory: one knee is enough. (How many run under -j auto is
// not its number of slots alone.)
std::vector<CurvePoint> first_curve(const ScenarioTable& table) {
  std::vector<CurvePoint> curve;
  for (const Scenario& each : table.scenarios) {
    if (each.memory_bytes == table.scenarios.front().memory_bytes && !each.is_automatic) {
      curve.push_back({each.jobs, to_seconds(each.answer.expected).count()});
    }
  }
  return curve;
}

struct Knee {
  CurvePoint knee;
  CurvePoint fastest;
  int most_jobs = 0;  // that were asked about
};

// Nothing where there is no curve: fewer than two numbers of jobs, or no times.
std::optional<Knee> knee_of(const ScenarioTable& table) {
  const std::vector<CurvePoint> curve = first_curve(table);
  if (!table.knows_times() || curve.size() < 2) {
    return std::nullopt;
  }
  int most = 0;
  for (const CurvePoint& point : curve) {
    most = std::max(most, point.jobs);
  }
  return Knee{curve[*knee_of_curve(curve)], curve[*fastest_point(curve)], most};
}

void write_seconds(JsonWriter& json, std::string_view name, bool known, Nanos span) {
  json.key(name);
  known ? json.number(to_seconds(span).count()) : json.null();
}

void write_changes(JsonWriter& json, const ScenarioTable& table) {
  json.key("faster").begin_array();
  for (const auto& [key, factor] : table.faster) {
    json.begin_object().field_token("key", key).field("factor", factor).end_object();
  }
  json.end_array().key("without_needs").begin_array();
  for (const std::string& need : table.without_need) {
    json.token(need);
  }
  json.end_array();
}

void write_scenario(JsonWriter& json, const ScenarioTable& table, const Scenario& scenario) {
  const bool known = scenario.answer.confidence > 0;
  json.begin_object().field("jobs", scenario.jobs).key("memory_bytes");
  scenario.memory_bytes > 0 ? json.number(scenario.memory_bytes) : json.null();
  write_changes(json, table);
  write_seconds(json, "expected_seconds", known, scenario.answer.expected);
  write_seconds(json, "p10_seconds", known, scenario.answer.p10);
  write_seconds(json, "p90_seconds", known, scenario.answer.p90);
  write_seconds(json, "lower_bound_seconds", known, scenario.answer.lower_bound);
  write_seconds(json, "unchanged_seconds", known && table.is_changed, scenario.now);
  json.end_object();
}

std::string share_text(double share) {
  return fmt::format("{} %", std::lround(share * 100));
}

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarColumns + 0.5);
  return std::string(filled, '#') + std::string(kBarColumns - filled, '.');
}

std::vector<std::string> columns_of(const ScenarioTable& table) {
  std::vector<std::string> columns{">JOBS"};
  if (table.compares_memory) {
    columns.emplace_back(">MEMORY");
  }
  columns.emplace_back(">TAKES");
  if (!table.is_exact) {
    columns.emplace_back(">RANGE");
  }
  if (table.is_changed) {
    columns.insert(columns.end(), {">NOW", ">SAVES"});
  }
  columns.insert(columns.end(), {">AT LEAST", ">JOBS x TIME", ">SPEED", ""});
  return columns;
}

std::vector<Cell> row_of(const ScenarioTable& table, const Scenario& scenario, double best) {
  const WhatIfAnswer& answer = scenario.answer;
  const double share =
      speed_share({scenario.jobs, to_seconds(answer.expected).count()}, {scenario.jobs, best});
  std::vector<Cell> cells{
      {fmt::format("{}{}", scenario.is_automatic ? "auto: " : "", scenario.jobs), Tone::strong}};
  if (table.compares_memory) {
    cells.push_back({scenario.memory_bytes > 0 ? format_size(scenario.memory_bytes) : "any"});
  }
  cells.push_back({format_duration(answer.expected), Tone::strong});
  if (!table.is_exact) {
    cells.push_back({format_duration(answer.p10) + " - " + format_duration(answer.p90), Tone::dim});
  }
  if (table.is_changed) {
    cells.push_back({format_duration(scenario.now), Tone::dim});
    cells.push_back({format_duration(scenario.now - answer.expected),
                     scenario.now > answer.expected ? Tone::good : Tone::dim});
  }
  cells.push_back({format_duration(answer.lower_bound), Tone::dim});
  cells.push_back({format_duration(Nanos(static_cast<Nanos::rep>(std::min(
                       9.2e18, static_cast<double>(answer.expected.count()) * scenario.jobs)))),
                   Tone::dim});
  cells.push_back({share_text(share)});
  cells.push_back({bar(share), Tone::dim});
  return cells;
}

std::string changes_text(const ScenarioTable& table) {
  std::vector<std::string> words;
  for (const auto& [key, factor] : table.faster) {
    words.push_back(
        fmt::format("'{}' {}",
                    printable(key),
                    factor == 0 ? "in no time" : fmt::format("{:g} times as fast", factor)));
  }
  for (const std::string& need : table.without_need) {
    words.push_back(fmt::format("without the need {}", printable(need)));
  }
  return words.empty() ? "" : "what if: " + join(words, ", ") + "\n";
}

std::string heading(const ScenarioTable& table, const Paint& paint) {
  std::string text = fmt::format("{}: {}",
                                 paint(Tone::strong, printable(table.title)),
                                 count_of(table.stages, table.is_exact ? "task" : "stage"));
  if (table.is_exact) {
    return text + ", with the times of the record\n" + changes_text(table);
  }
  if (!table.knows_times()) {
    return text +
           "\nno history of this lane yet: what it would take is not known. Run it once: "
           "headway run\n";
  }
  const WhatIfAnswer& answer = table.scenarios.front().answer;
  text += fmt::format(
      ", {} % sure, from {}\n", std::lround(answer.confidence * 100), count_of(answer.runs, "run"));
  if (table.unknown_stages > 0) {
    text += fmt::format("{} never ran: taken to last as long as the others\n",
                        count_of(table.unknown_stages, "stage"));
  }
  return text + changes_text(table);
}

std::string knee_text(const ScenarioTable& table) {
  const auto found = knee_of(table);
  if (!found) {
    return "";
  }
  const CurvePoint& knee = found->knee;
  const CurvePoint& fastest = found->fastest;
  if (knee.jobs < fastest.jobs) {
    return fmt::format(
        "\n{} {} {} of the speed of {}; each further job costs more than it brings\n",
        count_of(knee.jobs, "job"),
        knee.jobs == 1 ? "gives" : "give",
        share_text(speed_share(knee, fastest)),
        fastest.jobs);
  }
  const bool is_limit = fastest.jobs < found->most_jobs ||
                        is_as_fast(fastest.seconds, to_seconds(table.critical_path).count());
  return is_limit ? fmt::format("\nmore than {} {} it no faster\n",
                                count_of(fastest.jobs, "job"),
                                fastest.jobs == 1 ? "makes" : "make")
                  : fmt::format("\nmore than {} may pay still: ask for them with -j\n",
                                count_of(fastest.jobs, "job"));
}

std::string floor_text(const ScenarioTable& table, int width) {
  std::string text = fmt::format("no number of jobs goes below {}: the critical path",
                                 format_duration(table.critical_path));
  if (table.critical_stages.size() <= kLongPath) {
    std::vector<std::string> keys;
    for (const std::string& key : table.critical_stages) {
      keys.push_back(printable(key));
    }
    text += " " + join(keys, " > ");
  }
  return cut_to_width(text, width == 0 ? std::numeric_limits<int>::max() : width) + "\n";
}

std::string machine_text(const ScenarioTable& table) {
  const auto most = std::max_element(table.scenarios.begin(),
                                     table.scenarios.end(),
                                     [](const auto& a, const auto& b) { return a.jobs < b.jobs; });
  if (table.usable_cpus == 0 || most->jobs <= table.usable_cpus) {
    return "";
  }
  return fmt::format(
      "this machine has {}: with more jobs, stages that compute share them,\n"
      "and take longer than told here\n",
      count_of(table.usable_cpus, "CPU"));
}

}  // namespace

std::string scenario_document(const ScenarioTable& table, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  const bool known = table.knows_times();
  json.begin_object().field("format", 1).key("lane");
  table.lane.empty() ? json.null() : json.token(table.lane);
  json.key("scenarios").begin_array();
  for (const Scenario& scenario : table.scenarios) {
    write_scenario(json, table, scenario);
  }
  json.end_array();
  write_seconds(json, "critical_path_seconds", known, table.critical_path);
  json.key("critical_path").begin_array();
  for (const std::string& key : table.critical_stages) {
    json.token(key);
  }
  json.end_array().key("knee");
  if (const auto found = knee_of(table)) {
    json.begin_object().field("jobs", found->knee.jobs).field("fastest_jobs", found->fastest.jobs);
    json.field("speed_share", speed_share(found->knee, found->fastest)).end_object();
  } else {
    json.null();
  }
  json.field("confidence", known ? table.scenarios.front().answer.confidence : 0.0);
  json.field("runs", known && !table.is_exact ? table.scenarios.front().answer.runs : 0);
  json.end_object();
  return text;
}

std::string scenario_text(const ScenarioTable& table, const Paint& paint, int width) {
  std::string text = heading(table, paint);
  if (!table.knows_times()) {
    return text;
  }
  double best = std::numeric_limits<double>::max();
  for (const Scenario& scenario : table.scenarios) {
    best = std::min(best, to_seconds(scenario.answer.expected).count());
  }
  TextTable lines(columns_of(table));
  for (const Scenario& scenario : table.scenarios) {
    lines.add(row_of(table, scenario, best));
  }
  return text + "\n" + lines.render(paint, width) + knee_text(table) + floor_text(table, width) +
         machine_text(table);
}

}  // namespace headway::cli
