// `headway simulate`: how long it would take with other jobs, memory, stages or needs; of this
// workflow by its history, or of a recorded trace. Starts nothing.
#include "base/files.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/prepared_plan.hpp"
#include "cli/project/project.hpp"
#include "cli/project/what_if_request.hpp"
#include "cli/text/scenario_table.hpp"
#include "host/machine.hpp"
#include "timing/cost_curve.hpp"
#include "timing/history_rebuild.hpp"
#include "timing/learned_weights.hpp"
#include "timing/wf_trace.hpp"
#include "timing/what_if.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

namespace headway::cli {
namespace {

// What is asked about, with what a scenario of so many jobs may take.
struct Subject {
  Workload workload;
  std::vector<std::string> kinds;  // by task
  std::function<SchedulerLimits(const JobsRequest&)> limits;
};

int machine_cpus() {
  return std::max(1, static_cast<int>(std::lround(usable_cpus())));
}

std::vector<JobsRequest> jobs_to_ask(const WhatIfRequest& request, int tasks) {
  if (!request.jobs.empty()) {
    return request.jobs;
  }
  std::vector<JobsRequest> jobs;
  for (const int number : usual_job_numbers(tasks)) {
    jobs.push_back({.count = number});
  }
  return jobs;
}

// Every size of memory with every number of jobs; those that come to the same number once.
std::vector<SchedulerLimits> limits_to_ask(const WhatIfRequest& request, const Subject& subject) {
  std::vector<SchedulerLimits> all;
  for (std::size_t size = 0; size < std::max<std::size_t>(1, request.memory.size()); ++size) {
    for (const JobsRequest& jobs : jobs_to_ask(request, subject.workload.size())) {
      SchedulerLimits limits = subject.limits(jobs);
      if (!request.memory.empty()) {
        limits.memory_bytes = request.memory[size];
      }
      const bool is_there = std::any_of(all.begin(), all.end(), [&limits](const auto& other) {
        return other.slots == limits.slots && other.memory_bytes == limits.memory_bytes;
      });
      if (!is_there) {
        all.push_back(limits);
      }
    }
  }
  return all;
}

// Of the usual numbers, those after one that is as fast as can be tell nothing.
bool tells_nothing_more(const ScenarioTable& table, const SchedulerLimits& limits) {
  return std::any_of(table.scenarios.begin(), table.scenarios.end(), [&](const Scenario& other) {
    return other.memory_bytes == limits.memory_bytes && other.jobs < limits.slots &&
           is_as_fast(to_seconds(other.answer.expected).count(),
                      to_seconds(table.critical_path).count());
  });
}

// Asks, with the changes and (for comparison) without.
Result<ScenarioTable> simulate(const WhatIfRequest& request, Subject subject) {
  ScenarioTable table;
  table.is_changed = !request.faster.empty() || !request.without_need.empty();
  table.compares_memory = request.memory.size() > 1;
  table.faster = request.faster;
  table.without_need = request.without_need;
  table.stages = subject.workload.size();
  table.is_exact = !subject.workload.exact.empty();
  const Workload unchanged = table.is_changed ? subject.workload : Workload();
  if (auto applied = apply_changes(request, subject.kinds, subject.workload); !applied) {
    return std::move(applied).error();
  }
  const WhatIf ask(subject.workload);
  const WhatIf now(unchanged);
  table.critical_path = ask.critical_path();
  for (const SchedulerLimits& limits : limits_to_ask(request, subject)) {
    if (request.jobs.empty() && tells_nothing_more(table, limits)) {
      continue;
    }
    Scenario scenario;
    scenario.jobs = limits.slots;
    scenario.memory_bytes = limits.memory_bytes;
    scenario.answer = ask.ask(limits);
    scenario.now = table.is_changed ? now.ask(limits).expected : scenario.answer.expected;
    table.scenarios.push_back(scenario);
  }
  table.unknown_stages = ask.unknown_tasks();
  for (const int task : ask.critical_tasks()) {
    table.critical_stages.push_back(subject.workload.keys[static_cast<std::size_t>(task)]);
  }
  return table;
}

// ---- of a trace

Subject subject_of(const WfTrace& trace) {
  Subject subject;
  for (const WfTask& task : trace.tasks) {
    subject.workload.keys.push_back(task.id);
    subject.workload.needs.push_back(task.needs);
    subject.workload.exact.push_back(task.runtime.count());
    TaskNeeds needs;
    needs.memory_bytes = task.memory_bytes;
    needs.weight = std::max(task.runtime.count(), 1e-9);
    subject.workload.tasks.push_back(std::move(needs));
    subject.kinds.emplace_back(wf_stage_name(task.name));
  }
  subject.limits = [](const JobsRequest& jobs) {
    const double share = jobs.percent > 0 ? jobs.percent / 100 : 1;
    const int slots =
        jobs.count > 0 ? jobs.count : std::max(1, static_cast<int>(machine_cpus() * share));
    return SchedulerLimits{.slots = slots};
  };
  return subject;
}

int show(const Result<ScenarioTable>& table,
         const GlobalOptions& options,
         const SecretSet& secrets) {
  Console console(options, secrets);
  if (!table) {
    return console.refuse(table.error());
  }
  console.say(scenario_text(*table, console.paint(), console.width()));
  if (options.json) {
    console.document(scenario_document(*table, secrets));
  }
  return console.finish(0);
}

int simulate_trace(const std::string& file,
                   const WhatIfRequest& request,
                   const GlobalOptions& options) {
  const auto trace = read_wf_trace(short_path(absolute_path(options.start, file)));
  if (!trace) {
    return show(trace.error(), options, {});
  }
  auto table = simulate(request, subject_of(*trace));
  if (table) {
    table->title = trace->name.empty() ? file : trace->name;
  }
  return show(table, options, {});
}

// ---- of this workflow

Subject subject_of(const RunPlan& plan, Console& errors) {
  Subject subject;
  for (int position = 0; position < plan.size(); ++position) {
    subject.workload.keys.push_back(plan.stage(position).key);
    subject.kinds.emplace_back(stage_group(plan.stage(position).key));
  }
  subject.workload.needs = plan.selection.needs;
  subject.workload.tasks = plan.needs.all();
  subject.limits = [&plan](const JobsRequest& jobs) { return limits_for(plan, jobs); };
  std::string trouble = plan.history_trouble;
  const auto read = read_history(plan.state, trouble, [&](const History& history) {
    auto samples =
        history.samples(plan.workflow->name, plan.selection.lane->key, samples_for(plan.size()));
    if (!samples) {
      return Result<void>(std::move(samples).error());
    }
    subject.workload.history = std::move(*samples);
    return Result<void>();
  });
  if (!read && read.error().code != ErrorCode::not_found) {
    trouble = read.error().message;
  }
  if (!trouble.empty()) {
    errors.tell("history: " + trouble);
  }
  return subject;
}

// Where the number of jobs is Headway's to choose, stages count with what they are known to use of
// the CPUs, else as one each: two plans.
WhatIfRequest part_of(const WhatIfRequest& request, bool automatic) {
  WhatIfRequest part = request;
  std::erase_if(part.jobs, [automatic](const JobsRequest& jobs) {
    return (jobs.count == 0 && jobs.percent == 0) != automatic;
  });
  return part;
}

ScenarioTable joined(ScenarioTable all, ScenarioTable further) {
  if (all.scenarios.empty()) {
    return further;
  }
  all.scenarios.insert(all.scenarios.end(), further.scenarios.begin(), further.scenarios.end());
  return all;
}

int simulate_plan(const WhatIfFlags& flags,
                  const WhatIfRequest& request,
                  const GlobalOptions& options) {
  RequestFlags plain;
  plain.stages = flags.stages;
  plain.lane = flags.lane;
  // A budget makes a plan careful about stages of which nothing is known; its size comes later.
  plain.memory = request.memory.empty() ? "" : fmt::format("{}B", request.memory.front());
  ScenarioTable table;
  SecretSet secrets;
  for (const bool automatic : {false, true}) {
    const WhatIfRequest part = part_of(request, automatic);
    if (part.jobs.empty() && (automatic || !request.jobs.empty())) {
      continue;
    }
    plain.jobs = automatic ? "auto" : "1";
    const int code = with_plan(plain, options, [&](const PreparedPlan& prepared) {
      Console errors(options, prepared.secrets);
      auto answered = simulate(part, subject_of(prepared.plan, errors));
      if (!answered) {
        return errors.refuse(answered.error());
      }
      for (Scenario& scenario : answered->scenarios) {
        scenario.is_automatic = automatic;
      }
      table = joined(std::move(table), std::move(*answered));
      table.lane = prepared.plan.selection.lane->key;
      table.title = fmt::format("{}, lane {}", prepared.plan.workflow->name, table.lane);
      table.usable_cpus = machine_cpus();
      secrets = prepared.secrets;
      return 0;
    });
    if (code != 0) {
      return code;
    }
  }
  return show(table, options, secrets);
}

int run(const WhatIfFlags& flags, const GlobalOptions& options) {
  const auto request = make_what_if_request(flags);
  if (!request) {
    return Console(options).refuse(request.error());
  }
  return flags.trace.empty() ? simulate_plan(flags, *request, options)
                             : simulate_trace(flags.trace, *request, options);
}

}  // namespace

Command simulate_command() {
  const auto flags = std::make_shared<WhatIfFlags>();
  Command command;
  command.name = "simulate";
  command.summary = "Tell what a run would take with other jobs, memory, stages or needs";
  command.positional = "[STAGE...]";
  command.arguments = &flags->stages;
  command.takes_json = true;
  command.flags = what_if_flags(*flags);
  command.run = [flags](const GlobalOptions& options) { return run(*flags, options); };
  return command;
}

}  // namespace headway::cli
