// See stage_context.hpp and headway/executor.hpp.
#include "orchestration/stage_context.hpp"

#include "headway/stop_token.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace headway {

StageContext::State::State(const ParallelPlan& its_plan,
                           const StageSurroundings& around,
                           int position,
                           int its_attempt,
                           std::stop_token its_stop)
    : plan(its_plan),
      surroundings(around),
      task(position),
      attempt(its_attempt),
      stop(std::move(its_stop)) {
  if (surroundings.logs_every_stage) {
    open_scope();
  }
}

StageContext::State::~State() {
  if (told_progress.load(std::memory_order_acquire)) {
    surroundings.progress.drop({&plan, task});
  }
}

void StageContext::State::open_scope() {
  if (scope) {
    return;
  }
  LogContext context;
  context.workflow_id = surroundings.workflow_id;
  context.lane = surroundings.lane;
  context.workflow = surroundings.workflow;
  context.stage_id = own().stage_id;
  context.stage_name = own().stage_name;
  context.attempt = attempt;
  scope.emplace(surroundings.logger.with_context(std::move(context)));
}

int StageContext::stage_id() const noexcept {
  return state_.own().stage_id;
}

const std::string& StageContext::stage_name() const noexcept {
  return state_.own().stage_name;
}

int StageContext::attempt() const noexcept {
  return state_.attempt;
}

bool StageContext::stop_requested() const noexcept {
  return state_.stop.stop_requested();
}

bool StageContext::wait_for_stop(Seconds longest) const {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  constexpr Seconds kForever = std::chrono::years(100);  // so that the end fits into any clock
  never.wait_for(lock, state_.stop, longest < kForever ? longest : kForever, [] { return false; });
  return state_.stop.stop_requested();
}

const StageExecutionResult* StageContext::result_of(int stage_id) const noexcept {
  const auto& results = state_.plan.results;
  const auto& needs = state_.plan.needs[static_cast<std::size_t>(state_.task)];
  const auto id_at = [&results](int position) {
    return results[static_cast<std::size_t>(position)].stage_id;
  };
  const auto found =
      std::lower_bound(needs.begin(), needs.end(), stage_id, [&](int position, int id) {
        return id_at(position) < id;
      });
  const bool is_there = found != needs.end() && id_at(*found) == stage_id;
  return is_there ? &results[static_cast<std::size_t>(*found)] : nullptr;
}

const std::any* StageContext::value_of(int stage_id) const noexcept {
  const StageExecutionResult* dependency = result_of(stage_id);
  return dependency == nullptr ? nullptr : &dependency->result;
}

StructuredLogger& StageContext::logger() {
  state_.open_scope();
  return state_.surroundings.logger;
}

void StageContext::progress(double fraction, std::string text) {
  const double within = fraction > 0 ? std::min(fraction, 1.0) : 0.0;  // (NaN becomes 0)
  state_.told_progress.store(true, std::memory_order_release);
  state_.surroundings.progress.tell({&state_.plan, state_.task},
                                    {stage_id(), stage_name(), within, std::move(text)});
}

std::stop_token stop_token(const StageContext& context) noexcept {
  return StageContext::State::of(context).stop;
}

}  // namespace headway
