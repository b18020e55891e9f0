// `headway backtest`: how good the estimates of the time left have been, on the own history or on a
// folder of recorded runs. Starts nothing.
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "cli/project/recorded_families.hpp"
#include "cli/text/backtest_text.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace headway::cli {
namespace {

constexpr const char* kUsualJobs = "4,16";

struct BacktestFlags {
  std::string traces, jobs;
};

Result<std::vector<int>> jobs_of(const std::string& text) {
  std::vector<int> jobs;
  for (const std::string_view word :
       split(text.empty() ? kUsualJobs : std::string_view(text), ',')) {
    const auto one = parse_jobs(trim(word));
    if (!one || one->count < 1) {
      return Error{ErrorCode::invalid_argument,
                   fmt::format("'{}' is no value of '--jobs': numbers from 1 on", text),
                   "such as -j 4,16"};
    }
    jobs.push_back(one->count);
  }
  std::sort(jobs.begin(), jobs.end());
  jobs.erase(std::unique(jobs.begin(), jobs.end()), jobs.end());
  return jobs;
}

BacktestReport report_of(RecordedFamilies recorded, std::vector<int> jobs) {
  BacktestReport report{std::move(jobs), {}, std::move(recorded.skipped)};
  for (const RecordedFamily& family : recorded.families) {
    std::size_t judged = 0;
    for (const int number : report.jobs) {
      report.groups.push_back({family.name, number, backtest(family, number)});
      judged = report.groups.back().results.size();
    }
    if (judged == 0) {
      report.skipped.emplace_back(family.name, "no other run with the same kinds of tasks");
    }
  }
  return report;
}

int show(const Result<RecordedFamilies>& recorded,
         const std::vector<int>& jobs,
         const GlobalOptions& options,
         const SecretSet& secrets) {
  Console console(options, secrets);
  if (!recorded) {
    return console.refuse(recorded.error());
  }
  const BacktestReport report = report_of(*recorded, jobs);
  for (const auto& [name, reason] : report.skipped) {
    console.tell(fmt::format("skipped {}: {}", name, reason));
  }
  console.say(backtest_text(report, console.paint(), console.width()));
  if (options.json) {
    console.document(backtest_document(report, secrets));
  }
  return console.finish(0);
}

int run(const BacktestFlags& flags, const GlobalOptions& options) {
  Console errors(options);
  const auto jobs = jobs_of(flags.jobs);
  if (!jobs) {
    return errors.refuse(jobs.error());
  }
  if (!flags.traces.empty()) {
    const std::string folder = short_path(absolute_path(options.start, flags.traces));
    return show(read_trace_families(folder), *jobs, options, {});
  }
  const auto project = find_project(options, true);
  if (!project) {
    return errors.refuse(project.error());
  }
  const std::optional<Workflow> workflow = load_checked(*project, errors);
  if (!workflow) {
    return static_cast<int>(ExitCode::usage);
  }
  const SecretSet secrets = workflow_secrets(*workflow, process_environment());
  return show(read_own_families(project->state.history(), *workflow), *jobs, options, secrets);
}

}  // namespace

Command backtest_command() {
  const auto flags = std::make_shared<BacktestFlags>();
  Command command;
  command.name = "backtest";
  command.summary = "Tell how good the estimates of the time left have been";
  command.takes_json = true;
  command.flags = {
      {.names = "--traces",
       .value_name = "DIR",
       .help = "judge by recorded runs in WfFormat; a subfolder is a family (default: own history)",
       .text = &flags->traces},
      {.names = "-j,--jobs",
       .value_name = "LIST",
       .help = "numbers of jobs to replay the runs on (default: 4,16)",
       .text = &flags->jobs}};
  command.run = [flags](const GlobalOptions& options) { return run(*flags, options); };
  return command;
}

}  // namespace headway::cli
