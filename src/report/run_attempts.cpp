// See run_attempts.hpp.
#include "report/run_attempts.hpp"

#include <cstddef>
#include <utility>
#include <variant>

namespace headway {

RunAttempt* RunAttempts::open_attempt(int stage) {
  if (stage < 0 || static_cast<std::size_t>(stage) >= newest_.size()) {
    return nullptr;
  }
  const int newest = newest_[static_cast<std::size_t>(stage)];
  if (newest < 0 || !attempts_[static_cast<std::size_t>(newest)].is_under_way) {
    return nullptr;
  }
  return &attempts_[static_cast<std::size_t>(newest)];
}

void RunAttempts::apply(const RunEvent& event) {
  state_.apply(event);
  newest_.resize(state_.stages.size(), -1);
  if (const auto* started = std::get_if<StageStarted>(&event.body)) {
    if (started->stage >= 0 && static_cast<std::size_t>(started->stage) < newest_.size()) {
      newest_[static_cast<std::size_t>(started->stage)] = static_cast<int>(attempts_.size());
      RunAttempt attempt;
      attempt.stage = started->stage;
      attempt.attempt = started->attempt;
      attempt.slot = started->slot;
      attempt.pid = started->pid;
      attempt.started = event.elapsed;
      attempts_.push_back(std::move(attempt));
    }
  } else if (const auto* retrying = std::get_if<StageRetrying>(&event.body)) {
    if (RunAttempt* attempt = open_attempt(retrying->stage)) {
      attempt->is_under_way = false;
      attempt->ended = event.elapsed;
      attempt->status = StageStatus::failed;
      attempt->failure = retrying->failure;
      attempt->exit_code = retrying->exit_code;
      attempt->signal = retrying->signal;
      attempt->reason = "failed, and was tried again";
    }
  } else if (const auto* finished = std::get_if<StageFinished>(&event.body)) {
    if (RunAttempt* attempt = open_attempt(finished->stage)) {
      attempt->is_under_way = false;
      attempt->ended = event.elapsed;
      attempt->status = finished->status;
      attempt->failure = finished->failure;
      attempt->exit_code = finished->exit_code;
      attempt->signal = finished->signal;
      attempt->reason = finished->reason;
    }
  } else if (const auto* sampled = std::get_if<ResourcesSampled>(&event.body)) {
    samples_.push_back(
        {event.elapsed, sampled->cpu_busy, sampled->memory_available_bytes, sampled->running});
  }
}

}  // namespace headway
