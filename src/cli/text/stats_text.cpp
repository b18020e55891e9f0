// Numbers of a lane as tables and as JSON; see stats_text.hpp.
#include "cli/text/stats_text.hpp"

#include "base/json_writer.hpp"
#include "base/units.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/text/regressions_text.hpp"
#include "model/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace headway::cli {
namespace {

constexpr std::size_t kShownBottlenecks = 5;
constexpr double kOften = 0.5;
constexpr double kWishedFor = 0.2;  // a change of a stage that people would like to see

std::string duration(double seconds) {
  return format_duration(std::chrono::duration_cast<Nanos>(Seconds(std::min(seconds, 9e9))));
}

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{} %", std::lround(*share * 100)) : "";
}

void write_number(JsonWriter& json, std::string_view name, std::optional<double> value) {
  json.key(name);
  value ? json.number(std::round(*value * 1e6) / 1e6) : json.null();
}

std::optional<double> where(bool is_known, double value) {
  return is_known ? std::optional<double>(value) : std::nullopt;
}

void write_stage(JsonWriter& json, const StageSummary& stage, const StatsView& view) {
  const bool timed = stage.succeeded > 0;
  json.begin_object().field_token("key", stage.key).field("runs", stage.runs);
  write_number(json, "mean_seconds", where(timed, stage.mean));
  write_number(json, "median_seconds", where(timed, stage.median));
  write_number(json, "p90_seconds", where(timed, stage.p90));
  json.field_token("trend", to_string(stage.trend.direction));
  write_number(json,
               "trend_percent_per_run",
               where(stage.trend.direction != Direction::unknown, stage.trend.percent_per_step));
  write_number(json, "failure_rate", stage.failure_rate);
  write_number(json, "flaky_rate", stage.flaky_rate);
  write_number(json, "critical_share", stage.critical_share);
  json.key("peak_memory_p90_bytes");
  stage.peak_memory_p90 > 0 ? json.number(stage.peak_memory_p90) : json.null();
  const auto seen = view.detectable.find(stage.key);
  const bool is_known = seen != view.detectable.end();
  write_number(
      json, "smallest_detectable_percent", where(is_known, is_known ? 100 * seen->second : 0));
  json.end_object();
}

void write_head(JsonWriter& json, const StatsView& view) {
  const LaneSummary& lane = view.study.summary;
  const bool timed = lane.complete > 0;
  json.field("format", 1).field("lane", view.lane).field("runs", lane.runs);
  write_number(json, "success_rate", lane.success_rate);
  json.key("duration").begin_object();
  write_number(json, "median_seconds", where(timed, lane.median));
  write_number(json, "p90_seconds", where(timed, lane.p90));
  write_number(json, "min_seconds", where(timed, lane.min));
  write_number(json, "max_seconds", where(timed, lane.max));
  json.end_object();
  if (view.target) {
    json.key("sla").begin_object().field("target_seconds", to_seconds(*view.target).count());
    json.field("missed_runs", view.over_target).end_object();
  }
}

Trend trend_of_metric(const MetricSeries& metric) {
  return trend_of(std::vector<double>(metric.values.rbegin(), metric.values.rend()));
}

void write_metrics(JsonWriter& json, const std::vector<MetricSeries>& metrics) {
  json.key("metrics").begin_array();
  for (const MetricSeries& metric : metrics) {
    const auto [min, max] = std::minmax_element(metric.values.begin(), metric.values.end());
    json.begin_object().field("metric", metric.name);
    json.field("runs", static_cast<int>(metric.values.size()));
    json.field("latest", metric.values.front()).field("min", *min).field("max", *max);
    json.field_token("trend", to_string(trend_of_metric(metric).direction)).end_object();
  }
  json.end_array();
}

std::string metrics_text(const std::vector<MetricSeries>& metrics, const Paint& paint, int width) {
  if (metrics.empty()) {
    return "";
  }
  TextTable table({"*METRIC", ">RUNS", ">LATEST", ">MIN", ">MAX", "TREND"});
  for (const MetricSeries& metric : metrics) {
    const auto [min, max] = std::minmax_element(metric.values.begin(), metric.values.end());
    table.add({{metric.name},
               {std::to_string(metric.values.size())},
               {metric_text(metric.values.front())},
               {metric_text(*min)},
               {metric_text(*max)},
               {std::string(to_string(trend_of_metric(metric).direction))}});
  }
  return "\n" + table.render(paint, width, 2);
}

void write_recommendation(JsonWriter& json, const Recommendation& advice) {
  json.begin_object().field_token("id", advice.id).key("stage");
  advice.stage.empty() ? json.null() : json.token(advice.stage);
  json.field("text", advice.text);
  write_number(json, "saving_seconds", advice.saving);
  json.field("evidence", advice.evidence);
  write_number(json, "confidence", advice.confidence);
  json.end_object();
}

std::string heading(const StatsView& view, const Paint& paint) {
  const LaneSummary& lane = view.study.summary;
  std::string text = fmt::format(
      "{}, lane {}: ", paint(Tone::strong, printable(view.workflow)), printable(view.lane));
  if (lane.runs == 0) {
    return text + "no history of this lane yet. Run it once: headway run\n";
  }
  text += count_of(lane.runs, "run");
  if (lane.success_rate) {
    text += fmt::format(", {} succeeded", percent(lane.success_rate));
  }
  if (lane.complete > 0) {
    text += fmt::format("\nmedian {}, 9 of 10 within {} ({} to {})",
                        duration(lane.median),
                        duration(lane.p90),
                        duration(lane.min),
                        duration(lane.max));
  }
  if (view.target && lane.complete > 0) {
    text += fmt::format("\nSLA of {}: missed by {} of {}",
                        format_duration(*view.target),
                        view.over_target,
                        count_of(lane.complete, "run"));
  }
  return text + "\n";
}

std::string trend_text(const Trend& trend) {
  if (trend.direction == Direction::unknown) {
    return "";
  }
  return trend.direction == Direction::steady
             ? "steady"
             : fmt::format("{:+.1f} %/run", trend.percent_per_step);
}

std::string stages_text(const LaneSummary& lane, const Paint& paint, int width) {
  TextTable table({"*STAGE",
                   ">RUNS",
                   ">MEAN",
                   ">MEDIAN",
                   ">P90",
                   ">TREND",
                   ">FAILS",
                   ">FLAKY",
                   ">CRITICAL",
                   ">MEMORY"});
  for (const StageSummary& stage : lane.stages) {
    const bool timed = stage.succeeded > 0;
    const bool rises = stage.trend.direction == Direction::rising;
    const bool fails = stage.failure_rate.value_or(0) > 0;
    const bool flaky = stage.flaky_rate.value_or(0) > 0;
    const bool critical = stage.critical_share.value_or(0) >= kOften;
    table.add({{stage.key, Tone::strong},
               {std::to_string(stage.runs), Tone::dim},
               {timed ? duration(stage.mean) : ""},
               {timed ? duration(stage.median) : ""},
               {timed ? duration(stage.p90) : "", Tone::dim},
               {trend_text(stage.trend), rises ? Tone::warning : Tone::dim},
               {fails ? percent(stage.failure_rate) : "", Tone::bad},
               {flaky ? percent(stage.flaky_rate) : "", Tone::warning},
               {percent(stage.critical_share), critical ? Tone::warning : Tone::dim},
               {stage.peak_memory_p90 > 0 ? format_size(stage.peak_memory_p90) : "", Tone::dim}});
  }
  return table.empty() ? "" : "\n" + table.render(paint, width);
}

// Where the noise hides what one would like to know.
std::string blind_text(const StatsView& view) {
  std::string text;
  for (const StageSummary& stage : view.study.summary.stages) {
    const auto seen = view.detectable.find(stage.key);
    if (seen != view.detectable.end() && seen->second > kWishedFor) {
      text += fmt::format(
          "{}{} (+{:.0f} %)", text.empty() ? "" : ", ", printable(stage.key), 100 * seen->second);
    }
  }
  return text.empty() ? ""
                      : "\nslower by less than this cannot be seen in the noise: " + text + "\n";
}

std::string bottlenecks_text(const LaneStudy& study, const Paint& paint, int width) {
  TextTable table({"*STAGE", ">IN NO TIME", ">TWICE AS FAST"});
  for (std::size_t i = 0; i < std::min(study.bottlenecks.size(), kShownBottlenecks); ++i) {
    const StageCost& cost = study.bottlenecks[i];
    table.add({{cost.key, Tone::strong},
               {"-" + duration(cost.saving)},
               {"-" + duration(cost.saving_if_halved)}});
  }
  return table.empty() ? ""
                       : "\nhow much shorter the run would be, replayed, with a stage\n" +
                             table.render(paint, width, 2);
}

std::string recommendations_text(const LaneStudy& study, const Paint& paint) {
  std::string text;
  for (const Recommendation& advice : study.recommendations) {
    text += fmt::format("  {}  {}\n            {} ({} % sure)\n",
                        paint(Tone::good, pad_left("-" + duration(advice.saving), 8)),
                        printable(advice.text),
                        printable(advice.evidence),
                        std::lround(advice.confidence * 100));
  }
  return text.empty() ? "" : "\nwhat would make runs shorter\n" + text;
}

}  // namespace

std::string stats_document(const StatsView& view, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object();
  write_head(json, view);
  json.key("stages").begin_array();
  for (const StageSummary& stage : view.study.summary.stages) {
    write_stage(json, stage, view);
  }
  json.end_array().key("bottlenecks").begin_array();
  for (const StageCost& cost : view.study.bottlenecks) {
    json.begin_object().field_token("key", cost.key);
    write_number(json, "saving_seconds", cost.saving);
    write_number(json, "saving_if_2x_faster_seconds", cost.saving_if_halved);
    json.end_object();
  }
  json.end_array();
  write_regressions(json, view.changes);
  write_metrics(json, view.metrics);
  json.key("recommendations").begin_array();
  for (const Recommendation& advice : view.study.recommendations) {
    write_recommendation(json, advice);
  }
  json.end_array().end_object();
  return text;
}

std::string stats_text(const StatsView& view, const Paint& paint, int width) {
  return heading(view, paint) + stages_text(view.study.summary, paint, width) +
         metrics_text(view.metrics, paint, width) + regressions_text(view.changes, paint) +
         blind_text(view) + bottlenecks_text(view.study, paint, width) +
         recommendations_text(view.study, paint);
}

}  // namespace headway::cli
