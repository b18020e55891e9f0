// A RunPlan as a table; see plan_table.hpp. Decides nothing.
#include "cli/text/plan_table.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/text/lane_text.hpp"
#include "cli/text/run_text.hpp"
#include "timing/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace headway::cli {
namespace {

constexpr double kNoSlack = 1e-6;  // seconds: less is rounding
constexpr int kLongPath = 12;      // stages of a critical path that people are shown

std::size_t index(int position) {
  return static_cast<std::size_t>(position);
}

std::vector<double> expected_durations(const RunPlan& plan) {
  std::vector<double> durations;
  durations.reserve(index(plan.size()));
  for (int at = 0; at < plan.size(); ++at) {
    const double known =
        plan.durations.empty() ? 1.0 : plan.durations.of(plan.stage(at).key).median;
    durations.push_back(plan.would_skip(at) ? 0.0 : known);
  }
  return durations;
}

// Needs as they bind in time: `always` stages wait for all ordinary ones.
std::vector<std::vector<int>> needs_in_time(const RunPlan& plan) {
  std::vector<std::vector<int>> needs = plan.selection.needs;
  for (int at = 0; at < plan.size(); ++at) {
    for (int other = 0; plan.stage(at).always && other < plan.size(); ++other) {
      if (!plan.stage(other).always) {
        needs[index(at)].push_back(other);
      }
    }
    std::sort(needs[index(at)].begin(), needs[index(at)].end());
    needs[index(at)].erase(std::unique(needs[index(at)].begin(), needs[index(at)].end()),
                           needs[index(at)].end());
  }
  return needs;
}

// Total float (Kelley and Walker 1959): the longest chain, less the longest chain through the task.
std::vector<double> slacks(const std::vector<std::vector<int>>& needs,
                           const std::vector<double>& durations,
                           const CsrGraph& graph) {
  const std::vector<double> tails = critical_path_lengths(graph, durations);
  std::vector<double> starts(durations.size(), 0);
  double longest = 0;
  for (const int task : graph.topological_order()) {
    for (const int need : needs[index(task)]) {
      starts[index(task)] =
          std::max(starts[index(task)], starts[index(need)] + durations[index(need)]);
    }
    longest = std::max(longest, starts[index(task)] + tails[index(task)]);
  }
  std::vector<double> slack;
  for (std::size_t at = 0; at < durations.size(); ++at) {
    const double spare = longest - starts[at] - tails[at];
    slack.push_back(spare < kNoSlack ? 0.0 : spare);
  }
  return slack;
}

std::string why(const RunPlan& plan, int position) {
  const SelectionRequest& request = plan.request.selection;
  const auto& asked = request.only.empty() ? request.stages : request.only;
  const Stage& stage = plan.stage(position);
  if (std::find(asked.begin(), asked.end(), stage.key) != asked.end()) {
    return "asked for";
  }
  for (int other = 0; !asked.empty() && other < plan.size(); ++other) {
    const auto& needs = plan.selection.needs[index(other)];
    if (std::find(needs.begin(), needs.end(), position) != needs.end()) {
      return fmt::format("needed by '{}'", plan.stage(other).key);
    }
  }
  return stage.always ? "always runs, after all others"
                      : fmt::format("lane '{}' has it", plan.selection.lane->key);
}

// The same with what its inputs say.
std::string why_with_inputs(const RunPlan& plan, int position) {
  const std::string text = why(plan, position);
  const bool knows = !plan.inputs.empty() && !plan.inputs[index(position)].why.empty();
  return knows ? fmt::format("{}; {}", text, plan.inputs[index(position)].why) : text;
}

std::string seconds_text(double seconds) {
  return format_duration(std::chrono::duration_cast<Nanos>(Seconds(seconds)));
}

std::vector<std::string> keys_of(const RunPlan& plan, const std::vector<int>& positions) {
  std::vector<std::string> keys;
  keys.reserve(positions.size());
  for (const int position : positions) {
    keys.push_back(plan.stage(position).key);
  }
  return keys;
}

void write_keys(JsonWriter& json, const std::vector<std::string>& keys) {
  json.begin_array();
  for (const std::string& key : keys) {
    json.token(key);
  }
  json.end_array();
}

void write_number(JsonWriter& json, std::string_view name, bool known, double value) {
  json.key(name);
  known ? json.number(std::round(value * 1e6) / 1e6) : json.null();
}

std::string heading(const RunPlan& plan, const Paint& paint) {
  const RemainingEstimate all = expected_time(plan);
  std::string text = fmt::format("{}, lane {}: {}, up to {} at once\n",
                                 paint(Tone::strong, printable(plan.workflow->name)),
                                 printable(plan.selection.lane->key),
                                 count_of(plan.size(), "stage"),
                                 plan.limits.slots);
  if (const auto& change = plan.request.change) {
    text +=
        fmt::format("this lane, because: {} [{}]\n", printable(lane_reason(*change)), change->rule);
  }
  if (all.confidence <= 0) {
    return text + "no history of this lane yet: how long it takes is not known\n";
  }
  return text + fmt::format("about {} ({} to {}, {} % sure, {})\n",
                            format_duration(all.expected),
                            format_duration(all.p10),
                            format_duration(all.p90),
                            std::lround(all.confidence * 100),
                            rests_on_text(all));
}

void add_times(std::vector<Cell>& cells, const PlannedRow& row) {
  cells.push_back({seconds_text(row.expected)});
  cells.push_back({seconds_text(row.p10) + " - " + seconds_text(row.p90), Tone::dim});
  cells.push_back({row.samples == 0 ? "never" : fmt::format("{}x", row.samples), Tone::dim});
  cells.push_back({row.slack > 0 ? seconds_text(row.slack) : "critical",
                   row.slack > 0 ? Tone::dim : Tone::warning});
}

std::string skipped_text(const RunPlan& plan,
                         const PlanTable& table,
                         const Paint& paint,
                         int width) {
  TextTable lines({"", "*"});
  for (const int at : table.skipped) {
    lines.add({{plan.stage(at).key, Tone::dim}, {plan.inputs[index(at)].why, Tone::dim}});
  }
  return lines.empty() ? "" : "\nneed not run:\n" + lines.render(paint, width, 2);
}

std::string left_out_text(const RunPlan& plan, const Paint& paint, int width) {
  TextTable table({"", "*"});
  for (const LeftOut& left : plan.selection.left_out) {
    table.add(
        {{plan.workflow->stages[index(left.stage)].key, Tone::dim}, {left.reason, Tone::dim}});
  }
  return table.empty() ? "" : "\nnot in this plan:\n" + table.render(paint, width, 2);
}

}  // namespace

PlanTable make_plan_table(const RunPlan& plan) {
  const std::vector<double> durations = expected_durations(plan);
  std::vector<Nanos> finishes;
  replay_once({plan.graph, plan.needs, plan.limits, {}}, durations, &finishes);
  const std::vector<std::vector<int>> needs = needs_in_time(plan);
  const CsrGraph graph(needs);
  const std::vector<double> slack = slacks(needs, durations, graph);
  PlanTable table;
  table.knows_times = !plan.durations.empty();
  table.critical_path = critical_path(graph, durations);
  std::erase_if(table.critical_path, [&plan](int at) { return plan.would_skip(at); });
  for (int at = 0; at < plan.size(); ++at) {
    if (plan.would_skip(at)) {
      table.skipped.push_back(at);
      continue;
    }
    const double finish = to_seconds(finishes[index(at)]).count();
    PlannedRow row{
        .position = at, .starts = finish - durations[index(at)], .why = why_with_inputs(plan, at)};
    row.slack = slack[index(at)];
    if (table.knows_times) {
      const StageDistribution& known = plan.durations.of(plan.stage(at).key);
      row.expected = known.median;
      row.p10 = known.p10;
      row.p90 = known.p90;
      row.samples = known.samples;
    }
    table.rows.push_back(std::move(row));
  }
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) {
    return a.starts + 1e-9 < b.starts;
  });
  return table;
}

std::string plan_document(const RunPlan& plan, const PlanTable& table, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  const bool known = table.knows_times;
  json.begin_object().field("format", 1).field("lane", plan.selection.lane->key);
  if (const auto& change = plan.request.change) {
    json.field_token("lane_rule", change->rule).field("lane_reason", lane_reason(*change));
  }
  json.key("stages").begin_array();
  for (const PlannedRow& row : table.rows) {
    json.begin_object().field_token("key", plan.stage(row.position).key).key("needs");
    write_keys(json, keys_of(plan, plan.selection.needs[index(row.position)]));
    write_number(json, "expected_seconds", known, row.expected);
    write_number(json, "p10_seconds", known, row.p10);
    write_number(json, "p90_seconds", known, row.p90);
    json.field("samples", row.samples);
    write_number(json, "slack_seconds", known, row.slack);
    json.field("why", row.why).end_object();
  }
  json.end_array().key("critical_path");
  write_keys(json, keys_of(plan, table.critical_path));
  const RemainingEstimate all = expected_time(plan);
  write_number(json, "expected_seconds", known, to_seconds(all.expected).count());
  write_number(json, "p10_seconds", known, to_seconds(all.p10).count());
  write_number(json, "p90_seconds", known, to_seconds(all.p90).count());
  json.field("runs", all.runs).field("judged_runs", all.judged_runs);
  json.field("inside_runs", all.inside_runs);
  json.field("confidence", all.confidence).field("jobs", plan.limits.slots);
  json.key("skipped").begin_array();
  for (const LeftOut& left : plan.selection.left_out) {
    json.begin_object().field_token("key", plan.workflow->stages[index(left.stage)].key);
    json.field("reason", left.reason).end_object();
  }
  for (const int at : table.skipped) {
    json.begin_object().field_token("key", plan.stage(at).key);
    json.field("reason", plan.inputs[index(at)].why).end_object();
  }
  json.end_array().end_object();
  return text;
}

std::string plan_text(const RunPlan& plan, const PlanTable& table, const Paint& paint, int width) {
  // Else: the lane has them all.
  const bool tells_why =
      !plan.request.selection.stages.empty() ||
      std::any_of(plan.inputs.begin(), plan.inputs.end(), [](const PlannedInputs& inputs) {
        return !inputs.skipped && !inputs.why.empty();
      });
  std::vector<std::string> columns{table.knows_times ? ">AT" : ">", "STAGE"};
  if (table.knows_times) {
    columns.insert(columns.end(), {">TAKES", ">RANGE", ">SEEN", ">SLACK"});
  }
  columns.insert(columns.end(), {"*NEEDS", tells_why ? "*WHY" : ""});
  TextTable lines(columns);
  int number = 0;
  for (const PlannedRow& row : table.rows) {
    std::vector<Cell> cells{{std::to_string(++number), Tone::dim},
                            {plan.stage(row.position).key, Tone::strong}};
    if (table.knows_times) {
      cells[0].text = seconds_text(row.starts);
      add_times(cells, row);
    }
    const std::string needs = join(keys_of(plan, plan.selection.needs[index(row.position)]), ", ");
    cells.push_back(
        {plan.stage(row.position).always ? "(always, after all others)" : needs, Tone::dim});
    const bool was_asked = !plan.request.selection.stages.empty();
    const std::string& only_inputs =
        plan.inputs.empty() ? row.why : plan.inputs[index(row.position)].why;
    cells.push_back({!tells_why ? "" : was_asked ? row.why : only_inputs, Tone::dim});
    lines.add(std::move(cells));
  }
  std::string text = heading(plan, paint) + "\n" + lines.render(paint, width);
  if (table.knows_times && static_cast<int>(table.critical_path.size()) <= kLongPath) {
    text += cut_to_width(
                fmt::format("\ncritical path: {}", join(keys_of(plan, table.critical_path), " > ")),
                width == 0 ? std::numeric_limits<int>::max() : width) +
            "\n";
  }
  return text + skipped_text(plan, table, paint, width) + left_out_text(plan, paint, width);
}

}  // namespace headway::cli
