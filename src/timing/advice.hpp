// Advice: what to change so that runs become faster, by named rules over plain facts. Pure: the
// savings come from replays that were made before (lane_study.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// None is given that saves less: in seconds a run, and as a share of the usual run.
inline constexpr double kLeastSavingSeconds = 2;
inline constexpr double kLeastSavingShare = 0.05;

// One piece of advice.
struct Recommendation {
  std::string id;         // of the rule: "split_stage", ...
  std::string stage;      // empty: of the whole lane
  std::string text;       // what to do
  double saving = 0;      // seconds a run, on average
  std::string evidence;   // what it rests on
  double confidence = 0;  // 0 to 1: how sure it is
};

// What the rules must know of one stage. Savings are seconds of the run, by replay.
struct StageFacts {
  std::string key;
  int runs = 0;
  double median = 0;             // seconds
  double critical_share = 0;     // of the complete runs
  double saving_if_split = 0;    // if it were two halves side by side
  double saving_if_skipped = 0;  // if it took no time
  double flaky_rate = 0;
  int retried = 0, flaky_failures = 0;
  double flaky_lost = 0;  // seconds a run, on average
  int out_of_memory = 0;
  double oom_lost = 0;           // seconds a run, on average
  std::int64_t peak_memory = 0;  // largest ever measured
  std::int64_t declared_memory = 0;
  bool may_cache = false;     // it could tell its inputs and outputs, and does not
  double repeated_share = 0;  // of its successes: on a commit on which it had succeeded before
};

// One need, and what the run saves without it.
struct NeedFacts {
  std::string stage, need;
  double saving = 0;
  bool is_unused = false;  // both tell inputs and outputs, and nothing passes between them
};

// So many jobs, as replayed and as recorded.
struct JobsFacts {
  int jobs = 1;
  double replayed = 0;           // seconds
  std::vector<double> recorded;  // seconds of complete runs with that number
};

// All that the rules look at.
struct AdviceFacts {
  double run_seconds = 0;  // the usual run
  int runs = 0;            // complete ones
  int usual_jobs = 1;
  int usable_cpus = 1;
  std::vector<StageFacts> stages;
  std::vector<NeedFacts> needs;
  std::vector<JobsFacts> jobs;
};

// Every rule, greatest saving first:
// split_stage       a long stage on the critical path, cut in two
// drop_need         a need that costs time; surer where nothing passes between the two
// raise_jobs        more jobs, as far as this machine has CPUs
// lower_jobs        runs with fewer jobs were faster (Mann-Whitney test, p < 0.05, 5 runs each)
// reserve_memory    a stage that was killed for want of memory
// mend_flaky_stage  retries and failures on a commit on which it also succeeded
// cache_by_inputs   a stage that is repeated on the same commit
// Nothing without a complete run.
std::vector<Recommendation> advise(const AdviceFacts& facts);

}  // namespace headway
