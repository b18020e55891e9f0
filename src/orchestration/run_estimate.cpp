// See run_estimate.hpp.
#include "orchestration/run_estimate.hpp"

namespace headway {
namespace {

// A run that is over sooner need not know how the last ones did.
constexpr Nanos kWorthJudging = std::chrono::seconds(1);

}  // namespace

RunEstimate::RunEstimate(const RunPlan& plan) : plan_(plan) {
  if (plan.prior.empty()) {
    return;  // nothing is known: nothing will be replayed
  }
  input_ = {plan.graph,
            plan.needs,
            plan.limits,
            std::vector<ReplayTask>(static_cast<std::size_t>(plan.size()))};
}

RemainingEstimate RunEstimate::remaining(const Scheduler& scheduler,
                                         Nanos now,
                                         const std::function<TaskTimes(int)>& times) {
  if (plan_.prior.empty()) {
    return {};
  }
  int left = 0;
  for (int task = 0; task < plan_.size(); ++task) {
    ReplayTask& replayed = input_.tasks[static_cast<std::size_t>(task)];
    switch (scheduler.state(task)) {
      case TaskState::waiting:
      case TaskState::ready:
      case TaskState::retry_wait:
        if (plan_.would_skip(task)) {
          replayed = {.state = ReplayTask::State::done};
          break;
        }
        replayed = {};
        ++left;
        break;
      case TaskState::running:
        replayed = {.state = ReplayTask::State::running, .running_for = now - times(task).started};
        ++left;
        break;
      case TaskState::succeeded:
        replayed = {.state = ReplayTask::State::done, .took = times(task).took};
        break;
      default:  // failed, skipped: how long that took says nothing of the others
        replayed = {.state = ReplayTask::State::done};
    }
  }
  if (!recent_ && now >= kWorthJudging) {
    recent_ = recent_intervals(plan_);
    scale_ = IntervalScale(*recent_);
  }
  EstimateOptions options{.replays = replays_for(left), .scale = scale_};
  if (const auto& target = plan_.selection.lane->sla) {
    options.deadline = *target - now;
  }
  RemainingEstimate estimate = estimate_remaining(input_, plan_.prior, options);
  if (recent_) {
    rest_on(*recent_, estimate);
  }
  return estimate;
}

}  // namespace headway
