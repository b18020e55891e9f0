// From a record to facts, by replays with the usual durations; the rules are in advice.cpp.
#include "timing/lane_study.hpp"

#include "timing/duration_model.hpp"
#include "timing/learned_needs.hpp"
#include "timing/replay.hpp"
#include "timing/stage_savings.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <unordered_map>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kMostBottlenecks = 10;
constexpr std::size_t kMostNeeds = 30;  // along the critical path
constexpr double kMostSecondsInAll = 1e9;

using Needs = std::vector<std::vector<int>>;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// In time an `always` stage waits for all ordinary ones.
Needs needs_in_time(const LaneRecord& record) {
  Needs needs = record.graph.needs;
  for (std::size_t task = 0; task < needs.size(); ++task) {
    for (std::size_t other = 0; record.tasks[task].always && other < needs.size(); ++other) {
      if (!record.tasks[other].always) {
        needs[task].push_back(static_cast<int>(other));
      }
    }
  }
  return needs;
}

// The lane with the durations it usually has, replayed with one thing changed at a time.
class Replays {
 public:
  Replays(const LaneRecord& record, int usual_jobs) : record_(record), limits_(record.limits) {
    if (usual_jobs > 0 && usual_jobs != limits_.slots) {
      limits_ = limits_with(usual_jobs);
    }
    const DurationModel model(record.history);
    const double most =
        kMostSecondsInAll / static_cast<double>(std::max<std::size_t>(1, record.tasks.size()));
    for (const std::string& key : record.graph.keys) {
      const double median = model.of(key).median;
      durations_.push_back(median > 0 ? std::min(median, most) : 0);
      is_known_.push_back(model.of(key).samples > 0);
    }
    run_ = seconds(record.graph.needs, record.tasks, durations_);
  }

  const std::vector<double>& durations() const noexcept { return durations_; }
  bool is_known(int task) const { return is_known_[at(task)]; }

  std::vector<StageSaving> savings() const {
    const ReplayInput input{
        CsrGraph(record_.graph.needs), record_.tasks, limits_, std::vector<ReplayTask>()};
    return find_stage_savings(input, durations_, kMostBottlenecks);
  }

  // The task as two halves, each with its needs, both needed where it was.
  double saved_if_split(int task) const {
    Needs needs = record_.graph.needs;
    std::vector<TaskNeeds> tasks = record_.tasks;
    std::vector<double> durations = durations_;
    const int other = static_cast<int>(needs.size());
    for (std::vector<int>& each : needs) {
      if (std::find(each.begin(), each.end(), task) != each.end()) {
        each.push_back(other);
      }
    }
    needs.push_back(record_.graph.needs[at(task)]);
    tasks[at(task)].weight /= 2;
    tasks.push_back(tasks[at(task)]);
    durations[at(task)] /= 2;
    durations.push_back(durations[at(task)]);
    return run_ - seconds(needs, tasks, durations);
  }

  double saved_without_need(int task, int need) const {
    Needs needs = record_.graph.needs;
    std::erase(needs[at(task)], need);
    return run_ - seconds(needs, record_.tasks, durations_);
  }

  double with_jobs(int jobs) const {
    const ReplayInput input{
        CsrGraph(record_.graph.needs), record_.tasks, limits_with(jobs), std::vector<ReplayTask>()};
    return to_seconds(replay_once(input, durations_)).count();
  }

 private:
  double seconds(const Needs& needs,
                 const std::vector<TaskNeeds>& tasks,
                 const std::vector<double>& durations) const {
    const ReplayInput input{CsrGraph(needs), tasks, limits_, std::vector<ReplayTask>()};
    return to_seconds(replay_once(input, durations)).count();
  }

  // `jobs` as a person's number: stages count, whatever they use.
  SchedulerLimits limits_with(int jobs) const {
    SchedulerLimits limits = record_.limits;
    limits.slots = jobs;
    limits.cpus = limits.cpus > 0 ? std::max<double>(jobs, limits.cpus) : 0;
    return limits;
  }

  const LaneRecord& record_;
  SchedulerLimits limits_;
  std::vector<double> durations_;
  std::vector<bool> is_known_;
  double run_ = 0;
};

StageFacts facts_of(const StageSummary& stage, const LaneSummary& lane) {
  StageFacts facts;
  const double runs = std::max(1, lane.runs);
  facts.key = stage.key;
  facts.runs = stage.runs;
  facts.median = stage.median;
  facts.critical_share = stage.critical_share.value_or(0);
  facts.flaky_rate = stage.flaky_rate.value_or(0);
  facts.retried = stage.retried;
  facts.flaky_failures = stage.flaky_failures;
  facts.flaky_lost = stage.flaky_lost / runs;
  facts.out_of_memory = stage.out_of_memory;
  facts.oom_lost = stage.oom_lost / runs;
  facts.peak_memory = stage.peak_memory_max;
  facts.repeated_share =
      stage.succeeded > 0 ? static_cast<double>(stage.repeated) / stage.succeeded : 0;
  return facts;
}

// Stages of the lane as it stands; what is there no more needs no advice.
std::vector<StageFacts> stage_facts(const LaneRecord& record,
                                    const LaneSummary& lane,
                                    const Replays& replays,
                                    const std::vector<StageSaving>& savings) {
  std::unordered_map<std::string_view, int> numbers;
  for (std::size_t task = 0; task < record.graph.keys.size(); ++task) {
    numbers.emplace(record.graph.keys[task], static_cast<int>(task));
  }
  std::vector<StageFacts> all;
  for (const StageSummary& stage : lane.stages) {
    const auto found = numbers.find(stage.key);
    if (found == numbers.end()) {
      continue;
    }
    const int task = found->second;
    StageFacts facts = facts_of(stage, lane);
    facts.declared_memory = record.declared_memory.empty() ? 0 : record.declared_memory[at(task)];
    facts.may_cache = !record.may_cache.empty() && record.may_cache[at(task)];
    for (const StageSaving& saving : savings) {
      if (saving.task == task) {
        facts.saving_if_skipped = saving.saving;
        facts.saving_if_split = replays.saved_if_split(task);
      }
    }
    all.push_back(std::move(facts));
  }
  return all;
}

// Only needs along the critical path bind.
std::vector<NeedFacts> need_facts(const LaneRecord& record, const Replays& replays) {
  const std::vector<int> path = critical_path(CsrGraph(needs_in_time(record)), replays.durations());
  std::vector<NeedFacts> all;
  for (std::size_t i = 1; i < path.size() && all.size() < kMostNeeds; ++i) {
    const std::vector<int>& needs = record.graph.needs[at(path[i])];
    if (std::find(needs.begin(), needs.end(), path[i - 1]) == needs.end() ||
        record.tasks[at(path[i])].always) {
      continue;
    }
    all.push_back({record.graph.keys[at(path[i])],
                   record.graph.keys[at(path[i - 1])],
                   replays.saved_without_need(path[i], path[i - 1])});
  }
  return all;
}

std::vector<JobsFacts> jobs_facts(const LaneRecord& record,
                                  const LaneSummary& lane,
                                  const Replays& replays) {
  std::map<int, std::vector<double>> recorded;
  for (const PastRun& run : record.runs) {
    if (run.is_complete && run.jobs > 0) {
      recorded[run.jobs].push_back(std::max(0.0, run.took.count()));
    }
  }
  for (int jobs = 1; jobs <= record.usable_cpus; jobs *= 2) {
    recorded[jobs];
  }
  recorded[record.usable_cpus];
  std::vector<JobsFacts> all;
  for (auto& [jobs, seconds] : recorded) {
    const bool matters = jobs <= record.usable_cpus || jobs == lane.usual_jobs;
    if (jobs > 0 && matters) {
      all.push_back({jobs, replays.with_jobs(jobs), std::move(seconds)});
    }
  }
  return all;
}

}  // namespace

LaneStudy study_lane(const LaneRecord& record) {
  LaneStudy study;
  study.summary =
      summarize_lane(record.runs, record.history, {record.graph.keys, needs_in_time(record)});
  const Replays replays(record, study.summary.usual_jobs);
  std::vector<StageSaving> savings = replays.savings();
  std::erase_if(savings, [&](const StageSaving& one) { return !replays.is_known(one.task); });
  for (const StageSaving& saving : savings) {
    study.bottlenecks.push_back(
        {record.graph.keys[at(saving.task)], saving.saving, saving.saving_if_halved});
  }
  AdviceFacts facts;
  facts.run_seconds = study.summary.median;
  facts.runs = study.summary.complete;
  facts.stages = stage_facts(record, study.summary, replays, savings);
  facts.needs = need_facts(record, replays);
  if (record.usable_cpus > 0 && study.summary.usual_jobs > 0) {
    facts.usual_jobs = study.summary.usual_jobs;
    facts.usable_cpus = record.usable_cpus;
    facts.jobs = jobs_facts(record, study.summary, replays);
  }
  study.recommendations = advise(facts);
  return study;
}

}  // namespace headway
