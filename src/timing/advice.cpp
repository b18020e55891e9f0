// One function a rule; see advice.hpp.
#include "timing/advice.hpp"

#include "base/units.hpp"
#include "timing/rank_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

namespace headway {
namespace {

// How sure a rule can be at best. A replay is trusted; that a stage can be split, or that a need is
// only habit, nobody can see from times.
constexpr double kSureOfSplit = 0.5;
constexpr double kSureOfNeed = 0.3;
constexpr double kSureOfUnusedNeed = 0.8;
constexpr double kSureOfMoreJobs = 0.6;
constexpr double kSureOfFewerJobs = 0.7;
constexpr double kSureOfMemory = 0.8;
constexpr double kSureOfFlaky = 0.9;
constexpr double kSureOfFlakyByCommit = 0.5;  // the files may have changed without a commit
constexpr double kSureOfCache = 0.5;
constexpr double kAssumedRuns = 3;  // runs that would say otherwise, as long as little is known

constexpr double kOftenCritical = 0.5;
constexpr std::size_t kFewestRecorded = 5;
constexpr double kSignificant = 0.05;
constexpr int kFewestTimes = 2;  // once is chance
constexpr double kMemoryMargin = 1.5;

std::string words(double seconds) {
  return format_duration(std::chrono::duration_cast<Nanos>(
      std::chrono::duration<double>(std::clamp(seconds, 0.0, 9e9))));
}

std::string percent(double share) {
  return fmt::format("{} %", std::lround(share * 100));
}

double sure(double at_best, int runs) {
  return at_best * runs / (runs + kAssumedRuns);
}

bool is_worth_telling(double saving, const AdviceFacts& facts) {
  return saving >= kLeastSavingSeconds && saving >= kLeastSavingShare * facts.run_seconds;
}

using Advice = std::optional<Recommendation>;

Advice split_stage(const StageFacts& stage, const AdviceFacts& facts) {
  if (stage.critical_share < kOftenCritical) {
    return std::nullopt;
  }
  return Recommendation{
      "split_stage",
      stage.key,
      fmt::format("split stage '{}' into parts that run side by side", stage.key),
      stage.saving_if_split,
      fmt::format("it takes {} of {} and was on the critical path of {} of {} runs; two halves, "
                  "replayed, save {}",
                  words(stage.median),
                  words(facts.run_seconds),
                  percent(stage.critical_share),
                  facts.runs,
                  words(stage.saving_if_split)),
      sure(kSureOfSplit, stage.runs)};
}

Advice drop_need(const NeedFacts& need, const AdviceFacts& facts) {
  const std::string evidence =
      fmt::format("'{}' waits for '{}'; without that the run, replayed, is {} shorter",
                  need.stage,
                  need.need,
                  words(need.saving));
  if (need.is_unused) {
    return Recommendation{"drop_need",
                          need.stage,
                          fmt::format("drop the need of stage '{}' on '{}'", need.stage, need.need),
                          need.saving,
                          evidence + "; by their inputs and outputs nothing passes between them",
                          sure(kSureOfUnusedNeed, facts.runs)};
  }
  return Recommendation{"drop_need",
                        need.stage,
                        fmt::format("drop the need of stage '{}' on '{}', if it does not use what "
                                    "that makes",
                                    need.stage,
                                    need.need),
                        need.saving,
                        evidence,
                        sure(kSureOfNeed, facts.runs)};
}

const JobsFacts* usual(const AdviceFacts& facts) {
  const auto found = std::find_if(facts.jobs.begin(), facts.jobs.end(), [&](const auto& each) {
    return each.jobs == facts.usual_jobs;
  });
  return found == facts.jobs.end() ? nullptr : &*found;
}

// The least number of jobs that brings nine tenths of what can be had.
Advice raise_jobs(const AdviceFacts& facts) {
  const JobsFacts* now = usual(facts);
  const JobsFacts* best = now;
  constexpr double kMostOfIt = 0.9;
  for (const JobsFacts& each : facts.jobs) {
    const bool can_be = now != nullptr && each.jobs > now->jobs && each.jobs <= facts.usable_cpus;
    if (can_be && now->replayed - best->replayed < kMostOfIt * (now->replayed - each.replayed)) {
      best = &each;
    }
  }
  if (best == now) {
    return std::nullopt;
  }
  const double saving = now->replayed - best->replayed;
  return Recommendation{"raise_jobs",
                        "",
                        fmt::format("run with -j {} instead of {}", best->jobs, now->jobs),
                        saving,
                        fmt::format("replayed, {} jobs take {} and {} take {}; this machine has {} "
                                    "CPUs",
                                    now->jobs,
                                    words(now->replayed),
                                    best->jobs,
                                    words(best->replayed),
                                    facts.usable_cpus),
                        sure(kSureOfMoreJobs, facts.runs)};
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// A replay cannot see stages that get into each other's way; recorded runs do.
Advice lower_jobs(const AdviceFacts& facts) {
  const JobsFacts* now = usual(facts);
  Advice best;
  for (const JobsFacts& each : facts.jobs) {
    if (now == nullptr || each.jobs >= now->jobs || each.recorded.size() < kFewestRecorded ||
        now->recorded.size() < kFewestRecorded) {
      continue;
    }
    const double saving = median_of(now->recorded) - median_of(each.recorded);
    const double p = rank_test_p(each.recorded, now->recorded);
    if (saving <= 0 || p >= kSignificant || (best && best->saving >= saving)) {
      continue;
    }
    best =
        Recommendation{"lower_jobs",
                       "",
                       fmt::format("run with -j {} instead of {}", each.jobs, now->jobs),
                       saving,
                       fmt::format("{} runs with {} took {}, {} runs with {} took {} (p = {:.2g})",
                                   each.recorded.size(),
                                   each.jobs,
                                   words(median_of(each.recorded)),
                                   now->recorded.size(),
                                   now->jobs,
                                   words(median_of(now->recorded)),
                                   p),
                       kSureOfFewerJobs * (1 - p)};
  }
  return best;
}

Advice reserve_memory(const StageFacts& stage) {
  constexpr double kMebibyte = 1 << 20;
  if (stage.out_of_memory == 0 || stage.peak_memory <= 0) {
    return std::nullopt;
  }
  const double wanted =
      std::min(kMemoryMargin * static_cast<double>(stage.peak_memory), 9e18) / kMebibyte;
  const auto mebibytes = static_cast<std::int64_t>(std::ceil(wanted));
  return Recommendation{
      "reserve_memory",
      stage.key,
      fmt::format("reserve memory for stage '{}': write `memory: {}MiB` to its resources",
                  stage.key,
                  mebibytes),
      stage.oom_lost,
      fmt::format("killed for want of memory in {} of {} runs, with {} declared and up to {} seen",
                  stage.out_of_memory,
                  stage.runs,
                  stage.declared_memory > 0 ? format_size(stage.declared_memory) : "nothing",
                  format_size(stage.peak_memory)),
      sure(kSureOfMemory, stage.out_of_memory * 2)};
}

Advice mend_flaky_stage(const StageFacts& stage) {
  if (stage.retried + stage.flaky_failures < kFewestTimes) {
    return std::nullopt;
  }
  return Recommendation{
      "mend_flaky_stage",
      stage.key,
      fmt::format("mend stage '{}': it fails and succeeds on the same commit", stage.key),
      stage.flaky_lost,
      fmt::format("of {} executions {} succeeded only when repeated, and {} failed on a commit on "
                  "which it also succeeded",
                  stage.runs,
                  stage.retried,
                  stage.flaky_failures),
      sure(stage.retried > 0 ? kSureOfFlaky : kSureOfFlakyByCommit, stage.runs)};
}

Advice cache_by_inputs(const StageFacts& stage) {
  if (!stage.may_cache) {
    return std::nullopt;
  }
  const double saving = stage.repeated_share * stage.saving_if_skipped;
  return Recommendation{
      "cache_by_inputs",
      stage.key,
      fmt::format("tell the inputs and outputs of stage '{}', so that it is skipped where nothing "
                  "changed",
                  stage.key),
      saving,
      fmt::format("{} of its runs were on a commit on which it had succeeded before; skipped, the "
                  "run is {} shorter",
                  percent(stage.repeated_share),
                  words(stage.saving_if_skipped)),
      sure(kSureOfCache, stage.runs)};
}

}  // namespace

std::vector<Recommendation> advise(const AdviceFacts& facts) {
  std::vector<Recommendation> all;
  if (facts.runs == 0) {
    return all;
  }
  const auto add = [&](Advice advice) {
    if (advice && is_worth_telling(advice->saving, facts)) {
      all.push_back(std::move(*advice));
    }
  };
  for (const StageFacts& stage : facts.stages) {
    add(split_stage(stage, facts));
    add(reserve_memory(stage));
    add(mend_flaky_stage(stage));
    add(cache_by_inputs(stage));
  }
  for (const NeedFacts& need : facts.needs) {
    add(drop_need(need, facts));
  }
  add(raise_jobs(facts));
  add(lower_jobs(facts));
  std::stable_sort(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.saving > b.saving; });
  return all;
}

}  // namespace headway
