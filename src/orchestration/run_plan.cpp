// See run_plan.hpp.
#include "orchestration/run_plan.hpp"

#include "base/units.hpp"
#include "orchestration/group_limits.hpp"
#include "scheduling/worker_policy.hpp"
#include "timing/history_rebuild.hpp"
#include "timing/interval_record.hpp"
#include "timing/learned_needs.hpp"
#include "timing/learned_weights.hpp"
#include "timing/remaining_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

namespace headway {
namespace {

// Samples of a stage that are read at most, and of all stages together: what a plan may cost.
constexpr int kSamplesPerStage = 20;
constexpr int kSamplesInAll = 10'000;
// Task-replays that one estimate may cost (about a fifth of a microsecond each).
constexpr int kReplayBudget = 20'000;
constexpr int kMostStagesJudged = 300;  // the last runs once more: some milliseconds

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// More than any machine has: what wants that runs alone.
constexpr double kAlone = 1e6;

// What history teaches beside durations.
struct Learned {
  LearnedNeeds needs;
  LearnedWeights weights;
};

// What a stage that nobody knows is taken to need where the slots are Headway's to choose, or where
// a person's budget must hold from the first run on.
constexpr std::int64_t kUnknownStageBytes = WorkerPolicyOptions{}.stage_bytes;

// The larger of what is declared and what is known; what is far from both is told.
std::int64_t memory_of(const Stage& stage, const StageNeeds& known, RunPlan& plan) {
  const std::int64_t declared = stage.resources.memory_bytes;
  if (const auto excess = memory_excess(declared, known)) {
    plan.advice.push_back(fmt::format(
        "stage '{}' declares {} of memory and has taken {}: write `memory: {}MiB` to its resources",
        stage.key,
        format_size(excess->declared_bytes),
        format_size(excess->measured_bytes),
        excess->suggested_bytes >> 20));
  }
  const bool is_careful = plan.is_automatic || plan.request.memory_bytes > 0;
  const std::int64_t unknown = declared == 0 && is_careful ? kUnknownStageBytes : 0;
  return std::max(declared, known.memory_bytes.value_or(unknown));
}

// As declared; of one that declares nothing, as it was seen to use: more than the machine has is
// all of it. What a stage in the jobserver used beyond its own CPU were tokens that lay idle then:
// they come to it as they are free, and are not kept for it. A person's number of slots counts
// stages, whatever they use.
double cpus_of(const Stage& stage, const StageNeeds& known, const RunPlan& plan) {
  if (stage.interactive) {
    return kAlone;
  }
  if (!plan.is_automatic || stage.resources.cpus != StageResources{}.cpus) {
    return stage.resources.cpus;
  }
  const bool takes_tokens = stage.jobserver != StageJobServer::off;
  const double most = takes_tokens ? stage.resources.cpus : plan.limits.cpus;
  return std::min({known.cpus.value_or(stage.resources.cpus), most, plan.limits.cpus});
}

// One scheduler-side description a stage; lock names become numbers.
std::vector<TaskNeeds> task_needs(RunPlan& plan,
                                  const Learned& learned,
                                  std::vector<std::string>& lock_names) {
  std::map<std::string, int> numbers;
  std::vector<TaskNeeds> out(static_cast<std::size_t>(plan.size()));
  for (int position = 0; position < plan.size(); ++position) {
    const Stage& stage = plan.stage(position);
    TaskNeeds& needs = out[static_cast<std::size_t>(position)];
    const StageNeeds& known = learned.needs.of(stage.key);
    needs.cpus = cpus_of(stage, known, plan);
    needs.memory_bytes = memory_of(stage, known, plan);
    plan.grouped.push_back(!stage.keep_background &&
                           is_worth_a_group(known, stage.resources.memory_bytes));
    for (const std::string& lock : stage.resources.locks) {
      const auto [at, is_new] = numbers.emplace(lock, static_cast<int>(lock_names.size()));
      if (is_new) {
        lock_names.push_back(lock);
      }
      needs.locks.push_back(at->second);
    }
    needs.timeout = stage.timeout;
    needs.grace = stage.grace;
    needs.retries = {
        stage.retries.max, stage.retries.delay, stage.retries.backoff, stage.retries.jitter};
    needs.allow_failure = stage.allow_failure;
    needs.always = stage.always;
    needs.weight = std::max(learned.weights.of(stage.key, stage_group(stage.key)), 1e-6);
  }
  return out;
}

// A lock of its own for each stage that is looked at before it starts, so that it can be kept from
// starting.
void add_input_locks(RunPlan& plan, std::vector<TaskNeeds>& needs) {
  int next = static_cast<int>(plan.lock_names.size());
  for (int position = 0; position < plan.size(); ++position) {
    const Stage& stage = plan.stage(position);
    const bool declared = stage.files.declared || !stage.checkpoint.empty();
    plan.input_locks.push_back(declared ? next++ : -1);
    if (declared) {
      needs[static_cast<std::size_t>(position)].locks.push_back(plan.input_locks.back());
    }
  }
}

std::vector<std::string_view> keys_of(const RunPlan& plan) {
  std::vector<std::string_view> keys;
  keys.reserve(static_cast<std::size_t>(plan.size()));
  for (int position = 0; position < plan.size(); ++position) {
    keys.emplace_back(plan.stage(position).key);
  }
  return keys;
}

// What history knows of this workflow and lane; in words where there is a history that cannot be
// read, or had to be made anew.
Learned learn(RunPlan& plan) {
  const int limit = samples_for(plan.size());
  Learned learned;
  const auto read = read_history(plan.state, plan.history_trouble, [&](const History& history) {
    auto samples = history.samples(plan.workflow->name, plan.selection.lane->key, limit);
    if (!samples) {
      return Result<void>(std::move(samples).error());
    }
    StageHistory& stages = *samples;
    plan.durations = DurationModel(stages);
    const std::vector<PastDuration> past = past_durations(stages);  // its keys lie in `stages`
    learned = {LearnedNeeds(stages), LearnedWeights(past)};
    const bool is_asked_again = plan.size() <= kMostStagesJudged;
    if (!is_asked_again) {
      for (auto& stage : stages) {
        stage.second = {};  // megabytes that the prior can have
      }
    }
    plan.prior = DurationPrior(planned_stages(keys_of(plan)), past);
    if (is_asked_again) {
      plan.history = std::make_shared<StageHistory>(std::move(stages));
    }
    return Result<void>();
  });
  if (!read && read.error().code != ErrorCode::not_found) {
    plan.history_trouble = read.error().message;
  }
  return learned;
}

}  // namespace

Result<JobsRequest> parse_jobs(std::string_view text) {
  if (text == "auto") {
    return JobsRequest{};
  }
  const bool is_share = text.ends_with('%');
  const auto number = whole_number<int>(is_share ? text.substr(0, text.size() - 1) : text);
  if (!number || *number < 1 || *number > 100'000) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("read '{}' as a number of jobs", text),
                 "give a number from 1 on, a share of the CPUs such as 50%, or auto"};
  }
  return is_share ? JobsRequest{.count = 0, .percent = static_cast<double>(*number)}
                  : JobsRequest{.count = *number, .percent = 0};
}

std::vector<double> stage_cpus(const TaskNeedsList& needs) {
  std::vector<double> cpus;
  cpus.reserve(needs.size());
  for (const TaskNeeds& one : needs) {
    cpus.push_back(one.cpus);
  }
  std::sort(cpus.begin(), cpus.end());
  return cpus;
}

// Slots and CPUs. A number that a person gave is meant; "auto" is what the machine grants.
SchedulerLimits limits_for(const RunPlan& plan, const JobsRequest& jobs) {
  const double usable = std::max(1.0, plan.machine.cpus);
  SchedulerLimits limits;
  limits.failure_mode = plan.request.failure_mode;
  limits.memory_bytes = plan.machine.memory_bytes;
  if (plan.request.memory_bytes > 0) {
    limits.memory_bytes = limits.memory_bytes == 0
                              ? plan.request.memory_bytes
                              : std::min(limits.memory_bytes, plan.request.memory_bytes);
  }
  if (jobs.count > 0 || jobs.percent > 0) {
    limits.slots =
        jobs.count > 0 ? jobs.count : std::max(1, static_cast<int>(usable * jobs.percent / 100.0));
    limits.cpus = std::max<double>(limits.slots, usable);
    return limits;
  }
  if (!plan.selection.lane->parallel) {
    limits.slots = 1;
    limits.cpus = usable;
    return limits;
  }
  // Stages that take a part of a CPU may outnumber the CPUs.
  limits.slots = slots_for_demand(stage_cpus(plan.needs), usable);
  limits.cpus = std::round(usable);
  return limits;
}

int samples_for(int stages) {
  return std::clamp(kSamplesInAll / std::max(1, stages), 2, kSamplesPerStage);
}

int replays_for(int tasks) {
  return std::clamp(kReplayBudget / std::max(1, tasks), 1, 50);
}

std::vector<PastInterval> recent_intervals(const RunPlan& plan) {
  if (plan.history == nullptr || plan.size() > kMostStagesJudged) {
    return {};
  }
  return recent_intervals(
      {plan.graph, plan.needs, plan.limits, {}}, keys_of(plan), past_durations(*plan.history));
}

void rest_on(const std::vector<PastInterval>& intervals, RemainingEstimate& estimate) {
  estimate.judged_runs = static_cast<int>(intervals.size());
  estimate.inside_runs =
      static_cast<int>(std::count_if(intervals.begin(), intervals.end(), is_inside));
}

RemainingEstimate expected_time(const RunPlan& plan) {
  if (plan.durations.empty()) {
    return {};
  }
  std::vector<ReplayTask> tasks(static_cast<std::size_t>(plan.size()));
  for (int position = 0; position < plan.size(); ++position) {
    if (plan.would_skip(position)) {
      tasks[static_cast<std::size_t>(position)].state = ReplayTask::State::done;
    }
  }
  EstimateOptions options{.replays = replays_for(plan.size())};
  options.deadline = plan.selection.lane->sla;
  const std::vector<PastInterval> recent = recent_intervals(plan);
  options.scale = IntervalScale(recent);
  RemainingEstimate estimate = estimate_remaining(
      {plan.graph, plan.needs, plan.limits, std::move(tasks)}, plan.prior, options);
  rest_on(recent, estimate);
  return estimate;
}

Result<RunPlan> make_run_plan(const Workflow& workflow, RunRequest request) {
  RunPlan plan;
  plan.workflow = &workflow;
  plan.request = std::move(request);
  auto selection = select_stages(workflow, plan.request.selection);
  if (!selection) {
    return std::move(selection).error();
  }
  plan.selection = std::move(*selection);
  plan.graph = CsrGraph(plan.selection.needs);
  plan.state = state_folder(workflow.directory, plan.request.state_directory);
  plan.machine = machine_share();
  plan.limits = limits_for(plan, plan.request.jobs);
  plan.is_automatic = plan.request.jobs.count == 0 && plan.request.jobs.percent == 0 &&
                      plan.selection.lane->parallel;
  const Learned learned = learn(plan);
  std::vector<TaskNeeds> needs = task_needs(plan, learned, plan.lock_names);
  add_input_locks(plan, needs);
  plan.needs = std::move(needs);
  if (plan.is_automatic) {  // now that they are known
    plan.limits.slots = slots_for_demand(stage_cpus(plan.needs), plan.limits.cpus);
  }
  return plan;
}

}  // namespace headway
