// PerformanceEstimator: from a history and what has happened so far to a replay of the rest. Knows
// no scheduler rules of its own (replay.hpp) and no file formats (profile_store.hpp).
#include "headway/timing.hpp"
#include "timing/duration_model.hpp"
#include "timing/duration_prior.hpp"
#include "timing/implied_graph.hpp"
#include "timing/performance_estimator_state.hpp"
#include "timing/profile_store.hpp"
#include "timing/remaining_time.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace headway {

namespace {

constexpr int kReplays = 100;
constexpr std::size_t kFewestForOutliers = 5;
constexpr double kRobustDeviations = 3;
constexpr double kDeviationOfNormal = 1.4826;  // of the median absolute deviation (Hampel 1974)
constexpr double kAlwaysWithin = 0.5;          // of the median: never an outlier

std::string_view key_of(const StageTimingData& stage) {
  return stage.stage_key.empty() ? stage.stage_name : stage.stage_key;
}

Nanos to_nanos(Seconds span) {
  return std::chrono::duration_cast<Nanos>(Seconds(std::clamp(span.count(), 0.0, 1e9)));
}

// The stages of a profile by key; of a key that comes twice, the last.
class ByKey {
 public:
  explicit ByKey(const WorkflowTimingProfile& profile) {
    for (const StageTimingData& stage : profile.stages) {
      stages_[key_of(stage)] = &stage;
    }
  }

  // Nothing where the key is not in the profile.
  const StageTimingData* find(const StageTimingData& stage) const {
    const auto found = stages_.find(key_of(stage));
    return found == stages_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const StageTimingData*> stages_;
};

// Where each stage of the plan stands, by what the profile and the newest finished stage say.
std::vector<ReplayTask> standing(const std::vector<StageTimingData>& plan,
                                 const EstimateQuery& query) {
  std::vector<ReplayTask> tasks(plan.size());
  const ByKey current(query.current_profile);
  const auto newest = std::find_if(plan.begin(), plan.end(), [&query](const auto& stage) {
    return query.completed_stage_id >= 0 && stage.stage_id == query.completed_stage_id;
  });
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const StageTimingData* now = current.find(plan[i]);
    const bool named = newest != plan.end() && plan[i].stage_id == query.completed_stage_id;
    if (now != nullptr && now->status == StageStatus::running && !named) {
      tasks[i] = {ReplayTask::State::running, to_nanos(now->duration), {}};
    } else if (now != nullptr && now->status != StageStatus::pending) {
      const bool tells = now->status == StageStatus::completed;
      tasks[i] = {ReplayTask::State::done, {}, tells ? to_nanos(now->duration) : Nanos{}};
    } else if (named || (query.current_profile.stages.empty() && newest != plan.end() &&
                         plan[i].start_time <= newest->start_time)) {
      tasks[i] = {ReplayTask::State::done, {}, {}};
    }
  }
  return tasks;
}

// What is replayed: the stages of the newest complete run, and what runs now without being in it.
struct Plan {
  std::vector<StageTimingData> stages;
  ReplayInput input;
  std::vector<std::string_view> keys;
};

Plan make_plan(const EstimateQuery& query,
               const WorkflowTimingProfile& newest,
               const DurationModel& model) {
  Plan plan;
  plan.stages = newest.stages;
  std::vector<std::vector<int>> needs = implied_needs(plan.stages, query.workers);
  const ByKey recorded(newest);
  for (const StageTimingData& stage : query.current_profile.stages) {
    if (stage.status == StageStatus::running && recorded.find(stage) == nullptr) {
      plan.stages.push_back(stage);
      needs.emplace_back();
    }
  }
  plan.input.graph = CsrGraph(needs);
  std::vector<TaskNeeds> tasks;
  plan.input.limits.slots = query.workers;
  plan.input.tasks = standing(plan.stages, query);
  for (const StageTimingData& stage : plan.stages) {
    plan.keys.push_back(key_of(stage));
    TaskNeeds task;
    task.weight = model.of(plan.keys.back()).median;
    tasks.push_back(task);
  }
  plan.input.needs = std::move(tasks);
  return plan;
}

std::vector<StageTimingData> expected_stages(const Plan& plan,
                                             const EstimateQuery& query,
                                             const DurationModel& model) {
  std::vector<StageTimingData> expected;
  const ByKey current(query.current_profile);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    if (plan.input.tasks[i].state == ReplayTask::State::done) {
      continue;
    }
    StageTimingData& stage = expected.emplace_back();
    stage.stage_id = plan.stages[i].stage_id;
    stage.stage_name = plan.stages[i].stage_name;
    stage.stage_key = plan.stages[i].stage_key;
    stage.duration = Seconds(model.of(plan.keys[i]).median);
    stage.status = StageStatus::pending;
    if (const StageTimingData* now = current.find(plan.stages[i])) {
      stage.start_time = now->start_time;
      stage.status = now->status;
    }
  }
  return expected;
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double mean_without_outliers(const std::vector<double>& values) {
  double low = -HUGE_VAL;
  double high = HUGE_VAL;
  if (values.size() >= kFewestForOutliers) {
    const double median = median_of(values);
    std::vector<double> deviations;
    for (const double value : values) {
      deviations.push_back(std::abs(value - median));
    }
    const double reach = std::max(kRobustDeviations * kDeviationOfNormal * median_of(deviations),
                                  kAlwaysWithin * median);
    low = median - reach;
    high = median + reach;
  }
  double sum = 0;
  for (const double value : values) {
    sum += std::clamp(value, low, high);
  }
  return sum / static_cast<double>(values.size());
}

}  // namespace

PerformanceEstimator::PerformanceEstimator(Owned<State> state) : state_(std::move(state)) {}
PerformanceEstimator::PerformanceEstimator(PerformanceEstimator&&) noexcept = default;
PerformanceEstimator& PerformanceEstimator::operator=(PerformanceEstimator&&) noexcept = default;
PerformanceEstimator::~PerformanceEstimator() = default;

Result<PerformanceEstimator> PerformanceEstimator::open(const std::string& history) {
  if (auto checked = check_profiles(history); !checked) {
    return checked.error();
  }
  return PerformanceEstimator(std::make_unique<State>(State{history}));
}

Result<Estimate> PerformanceEstimator::estimate_remaining_time(const EstimateQuery& query) const {
  if (query.workers < 1) {
    return Error{ErrorCode::invalid_argument,
                 "estimate the time left: workers must be at least 1",
                 "give the number of stages that may run at once"};
  }
  auto lane = load_lane(state_->history, query.current_profile.workflow, query.lane);
  if (!lane) {
    return std::move(lane).error();
  }
  Estimate estimate;
  estimate.runs = lane->runs;
  const DurationModel model(lane->samples);
  if (lane->newest_complete.stages.empty() || model.empty()) {
    return estimate;
  }
  const Plan plan = make_plan(query, lane->newest_complete, model);
  const std::vector<PastDuration> past = past_durations(lane->samples);
  const RemainingEstimate remaining = estimate_remaining(
      plan.input, DurationPrior(planned_stages(plan.keys), past), {.replays = kReplays});
  estimate.estimated = to_seconds(remaining.expected);
  estimate.p10 = to_seconds(remaining.p10);
  estimate.p90 = to_seconds(remaining.p90);
  estimate.confidence = remaining.confidence;
  estimate.stage_estimates = expected_stages(plan, query, model);
  return estimate;
}

std::optional<Seconds> PerformanceEstimator::get_average_stage_time(int stage_id,
                                                                    std::string_view lane) const {
  const auto samples = load_stage(state_->history, stage_id, lane);
  if (!samples) {
    return std::nullopt;  // a history that became unreadable since open() knows nothing
  }
  std::vector<double> durations;
  for (const StageSample& sample : *samples) {
    if (sample.status == StageStatus::completed) {
      durations.push_back(sample.duration.count());
    }
  }
  return durations.empty() ? std::nullopt
                           : std::optional<Seconds>(mean_without_outliers(durations));
}

}  // namespace headway
