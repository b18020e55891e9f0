// `headway stats`: what the recorded runs of a lane say: stages, bottlenecks, what to do. Runs
// nothing.
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/prepared_plan.hpp"
#include "cli/text/stats_text.hpp"
#include "host/machine.hpp"
#include "timing/history_rebuild.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace headway::cli {
namespace {

// Samples that are read of all stages together at most: what the answer may cost.
constexpr int kMostSamplesInAll = 50'000;
constexpr int kFewestSamples = 20;

// Fills in the past; a history that cannot be read is told, and is none.
void read_past(const RunPlan& plan,
               LaneRecord& record,
               std::vector<MetricSeries>& metrics,
               Console& console) {
  const int limit =
      std::clamp(kMostSamplesInAll / std::max(1, plan.size()), kFewestSamples, kStudiedRuns);
  const std::string& lane = plan.selection.lane->key;
  std::string trouble = plan.history_trouble;
  const auto read = read_history(plan.state, trouble, [&](const History& history) {
    auto runs = history.runs(plan.workflow->name, lane, limit);
    auto samples = history.samples(plan.workflow->name, lane, limit);
    if (!runs || !samples) {
      return Result<void>(runs ? std::move(samples).error() : std::move(runs).error());
    }
    auto found = history.metrics(plan.workflow->name, lane, limit);
    if (!found) {
      return Result<void>(std::move(found).error());
    }
    metrics = std::move(*found);
    record.runs = std::move(*runs);
    record.history = std::move(*samples);
    return Result<void>();
  });
  if (!read && read.error().code != ErrorCode::not_found) {
    trouble = read.error().message;
  }
  if (!trouble.empty()) {
    console.tell("history: " + trouble);
  }
}

LaneRecord record_of(const RunPlan& plan, std::vector<MetricSeries>& metrics, Console& console) {
  LaneRecord record;
  for (int position = 0; position < plan.size(); ++position) {
    record.graph.keys.push_back(plan.stage(position).key);
    record.declared_memory.push_back(plan.stage(position).resources.memory_bytes);
    record.may_cache.push_back(!plan.stage(position).files.declared);
  }
  record.graph.needs = plan.selection.needs;
  record.tasks = plan.needs.all();
  record.limits = plan.limits;
  record.usable_cpus = std::max(1, static_cast<int>(std::lround(usable_cpus())));
  read_past(plan, record, metrics, console);
  return record;
}

int show_stats(const PreparedPlan& prepared, const GlobalOptions& options) {
  Console console(options, prepared.secrets);
  StatsView view;
  view.workflow = prepared.plan.workflow->name;
  view.lane = prepared.plan.selection.lane->key;
  const LaneRecord record = record_of(prepared.plan, view.metrics, console);
  view.study = study_lane(record);
  view.target = prepared.plan.selection.lane->sla;
  view.over_target = view.target ? runs_over(record.runs, *view.target) : 0;
  view.changes = find_regressions(record.history, record.runs);
  for (const auto& [key, samples] : record.history) {
    if (const auto smallest = smallest_detectable_change(samples)) {
      view.detectable[key] = *smallest;
    }
  }
  console.say(stats_text(view, console.paint(), console.width()));
  if (options.json) {
    console.document(stats_document(view, prepared.secrets));
  }
  return console.finish(0);
}

}  // namespace

Command stats_command() {
  const auto flags = std::make_shared<RequestFlags>();
  Command command;
  command.name = "stats";
  command.summary = "Tell what the runs so far say: stages, bottlenecks, what to do";
  command.takes_json = true;
  command.flags = {{.names = "--lane",
                    .value_name = "NAME",
                    .help = "the lane to tell about (default: the file's)",
                    .text = &flags->lane}};
  command.run = [flags](const GlobalOptions& options) {
    return with_plan(*flags, options, [&options](const PreparedPlan& prepared) {
      return show_stats(prepared, options);
    });
  };
  return command;
}

}  // namespace headway::cli
