// The recorded runs of HEADWAY_TEST_DATA for the benchmarks: loaded, with what each could have
// learned from the others of its family, and replayed by the real scheduler on a virtual clock.
#pragma once

#include "scheduling/task_graph_csr.hpp"
#include "timing/learned_weights.hpp"
#include "timing/replay.hpp"
#include "timing/wf_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <queue>
#include <string>
#include <vector>

namespace headway::bench {

// One recorded run.
struct TraceRun {
  std::string family;
  std::string file;
  WfTrace trace;
  CsrGraph graph;
  std::vector<std::string> stages;  // by task
  std::vector<double> durations;    // seconds
  bool is_judged = false;           // of the five families that ../shared/traces/README.md measures
};

inline TraceRun make_run(const std::filesystem::path& path, WfTrace trace) {
  TraceRun run;
  run.family = path.parent_path().filename().string();
  run.file = path.filename().string();
  run.is_judged = run.family != "helloworld" && run.family != "nextflow";
  std::vector<std::vector<int>> needs;
  for (const WfTask& task : trace.tasks) {
    needs.push_back(task.needs);
    run.stages.emplace_back(wf_stage_name(task.name, run.family == "epigenomics"));
    run.durations.push_back(task.runtime.count());
  }
  run.graph = CsrGraph(needs);
  run.trace = std::move(trace);
  return run;
}

// All of them, by path; empty, with a line on stderr, where there are none.
inline std::vector<TraceRun> load_runs() {
  const char* data = std::getenv("HEADWAY_TEST_DATA");
  const std::filesystem::path folder = std::filesystem::path(data ? data : "../shared") / "traces";
  std::vector<std::filesystem::path> paths;
  std::error_code missing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, missing)) {
    if (entry.path().extension() == ".json") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<TraceRun> runs;
  for (const auto& path : paths) {
    auto trace = read_wf_trace(path.string());
    if (trace) {
      runs.push_back(make_run(path, *std::move(trace)));
    } else {
      fmt::print(stderr, "{}\n", trace.error().message);
    }
  }
  if (runs.empty()) {
    fmt::print(stderr, "skipped: no traces in {} (HEADWAY_TEST_DATA)\n", folder.string());
  }
  return runs;
}

// The other runs of its family. `durations_of` says what they took, so that noise can be added.
using DurationsOf = std::function<const std::vector<double>&(std::size_t run)>;
inline std::vector<PastDuration> past_of(const std::vector<TraceRun>& runs,
                                         std::size_t left_out,
                                         const DurationsOf& durations_of) {
  std::vector<PastDuration> past;
  for (std::size_t run = 0; run < runs.size(); ++run) {
    if (run == left_out || runs[run].family != runs[left_out].family) {
      continue;
    }
    for (std::size_t task = 0; task < runs[run].stages.size(); ++task) {
      past.push_back({runs[run].trace.tasks[task].id,
                      runs[run].stages[task],
                      static_cast<std::int64_t>(run),
                      durations_of(run)[task]});
    }
  }
  return past;
}

// As the scheduler is given them.
inline std::vector<double> learned_weights(const TraceRun& run,
                                           const std::vector<PastDuration>& past) {
  const LearnedWeights weights(past);
  std::vector<double> found;
  for (std::size_t task = 0; task < run.stages.size(); ++task) {
    found.push_back(weights.of(run.trace.tasks[task].id, run.stages[task]));
  }
  return found;
}

// The mean of each stage: what there was before.
inline std::vector<double> mean_weights(const TraceRun& run,
                                        const std::vector<PastDuration>& past) {
  std::map<std::string_view, std::pair<double, double>> sums;
  for (const PastDuration& one : past) {
    auto& [sum, count] = sums[one.group];
    sum += one.seconds;
    count += 1;
  }
  double middle = 0;
  for (const auto& [stage, sum] : sums) {
    middle += sum.first / sum.second / static_cast<double>(sums.size());
  }
  std::vector<double> found;
  for (const std::string& stage : run.stages) {
    const auto known = sums.find(stage);
    const double mean = known == sums.end() ? middle : known->second.first / known->second.second;
    found.push_back(std::max(mean, 1e-6));
  }
  return found;
}

inline double makespan(const CsrGraph& graph,
                       const std::vector<double>& durations,
                       const std::vector<double>& weights,
                       int workers) {
  std::vector<TaskNeeds> needs(durations.size());
  for (std::size_t task = 0; task < needs.size(); ++task) {
    needs[task].weight = weights[task];
  }
  const ReplayInput input{graph, std::move(needs), {.slots = workers}, {}};
  return to_seconds(replay_once(input, durations)).count();
}

// First ready, first started: no rule of the scheduler's, so a small one of its own.
inline double fifo_makespan(const CsrGraph& graph,
                            const std::vector<double>& durations,
                            int workers) {
  using End = std::pair<double, int>;
  std::priority_queue<End, std::vector<End>, std::greater<>> running;
  std::queue<int> ready;
  std::vector<int> missing;
  for (int task = 0; task < graph.size(); ++task) {
    missing.push_back(graph.in_degree(task));
    if (missing.back() == 0) {
      ready.push(task);
    }
  }
  double now = 0;
  while (!ready.empty() || !running.empty()) {
    while (!ready.empty() && static_cast<int>(running.size()) < workers) {
      running.emplace(now + durations[static_cast<std::size_t>(ready.front())], ready.front());
      ready.pop();
    }
    const auto [end, task] = running.top();
    running.pop();
    now = end;
    for (const int next : graph.successors(task)) {
      if (--missing[static_cast<std::size_t>(next)] == 0) {
        ready.push(next);
      }
    }
  }
  return now;
}

// No order is faster: the longest chain, and all the work shared out evenly.
inline double lower_bound(const CsrGraph& graph,
                          const std::vector<double>& durations,
                          int workers) {
  const auto lengths = critical_path_lengths(graph, durations);
  const double longest = lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
  return std::max(longest, std::accumulate(durations.begin(), durations.end(), 0.0) / workers);
}

inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) {
    return 0;
  }
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - std::floor(at)) * (values[high] - values[low]);
}

inline double mean(const std::vector<double>& values) {
  return values.empty() ? 0
                        : std::accumulate(values.begin(), values.end(), 0.0) /
                              static_cast<double>(values.size());
}

}  // namespace headway::bench
