// PerformanceEstimator's answers about a lane as a whole: its bottlenecks, its summary. The study
// itself: lane_study.hpp; here its graph comes from the newest complete run, as a program has no
// workflow file.
#include "base/units.hpp"
#include "headway/timing.hpp"
#include "timing/implied_graph.hpp"
#include "timing/lane_past.hpp"
#include "timing/lane_study.hpp"
#include "timing/performance_estimator_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

namespace headway {
namespace {

const std::string& key_of(const StageTimingData& stage) {
  return stage.stage_key.empty() ? stage.stage_name : stage.stage_key;
}

// One stage a key, the last of it, in the order of the starts.
std::vector<StageTimingData> stages_of(const WorkflowTimingProfile& profile) {
  std::vector<StageTimingData> stages;
  std::set<std::string_view> seen;
  for (auto stage = profile.stages.rbegin(); stage != profile.stages.rend(); ++stage) {
    if (seen.insert(key_of(*stage)).second) {
      stages.push_back(*stage);
    }
  }
  std::reverse(stages.begin(), stages.end());
  return stages;
}

// The most that ran at one moment, at least 1.
int most_at_once(const std::vector<StageTimingData>& stages) {
  std::vector<std::pair<double, int>> changes;  // at one moment ends come first
  for (const StageTimingData& stage : stages) {
    const double start = Seconds(stage.start_time - stages.front().start_time).count();
    if (stage.duration.count() > 0) {
      changes.emplace_back(start, 1);
      changes.emplace_back(start + stage.duration.count(), -1);
    }
  }
  std::sort(changes.begin(), changes.end());
  int running = 0;
  int most = 1;
  for (const auto& [at, change] : changes) {
    running += change;
    most = std::max(most, running);
  }
  return most;
}

// The study, and the stages it is about.
struct StudiedLane {
  LaneStudy study;
  std::vector<StageTimingData> stages;
};

std::optional<StudiedLane> study_of(const std::string& path, std::string_view lane) {
  auto past = load_lane_past(path, lane, kStudiedRuns);
  // (a history that became unreadable since open() knows nothing)
  if (!past || past->newest_complete.stages.empty()) {
    return std::nullopt;
  }
  StudiedLane studied;
  studied.stages = stages_of(past->newest_complete);
  LaneRecord record;
  record.runs = std::move(past->runs);
  record.history = std::move(past->history);
  int jobs = 0;
  for (const PastRun& run : record.runs) {
    if (run.is_complete) {
      jobs = run.jobs;
      break;
    }
  }
  record.limits.slots = jobs > 0 ? jobs : most_at_once(studied.stages);
  record.graph.needs = implied_needs(studied.stages, record.limits.slots);
  for (const StageTimingData& stage : studied.stages) {
    record.graph.keys.push_back(key_of(stage));
    record.tasks.emplace_back();
    record.tasks.back().weight = std::clamp(stage.duration.count(), 1e-6, 1e9);
  }
  studied.study = study_lane(record);
  return studied;
}

std::vector<Bottleneck> bottlenecks_of(const StudiedLane& studied) {
  std::vector<Bottleneck> found;
  for (const StageCost& cost : studied.study.bottlenecks) {
    Bottleneck& one = found.emplace_back();
    one.saving = Seconds(cost.saving);
    for (const StageTimingData& stage : studied.stages) {
      one.stage_id = key_of(stage) == cost.key ? stage.stage_id : one.stage_id;
    }
    for (const StageSummary& stage : studied.study.summary.stages) {
      if (stage.key == cost.key) {
        one.average_duration = Seconds(stage.mean);
        one.executions = stage.runs;
      }
    }
  }
  return found;
}

}  // namespace

std::vector<Bottleneck> PerformanceEstimator::identify_bottlenecks(std::string_view lane) const {
  const auto studied = study_of(state_->history, lane);
  return studied ? bottlenecks_of(*studied) : std::vector<Bottleneck>();
}

std::optional<PerformanceSummary> PerformanceEstimator::get_performance_summary(
    std::string_view lane) const {
  const auto studied = study_of(state_->history, lane);
  if (!studied) {
    return std::nullopt;
  }
  const LaneSummary& past = studied->study.summary;
  PerformanceSummary summary;
  summary.lane = lane;
  summary.executions = past.complete;
  summary.average = Seconds(past.mean);
  summary.min = Seconds(past.min);
  summary.max = Seconds(past.max);
  summary.bottlenecks = bottlenecks_of(*studied);
  for (const Recommendation& advice : studied->study.recommendations) {
    summary.recommendations.push_back(
        fmt::format("{}: saves about {} ({}; {:.0f} % sure)",
                    advice.text,
                    format_duration(std::chrono::duration_cast<Nanos>(Seconds(advice.saving))),
                    advice.evidence,
                    advice.confidence * 100));
  }
  return summary;
}

}  // namespace headway
