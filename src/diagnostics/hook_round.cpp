// See hook_round.hpp. A thread each, which owns what it touches: one that hangs in a dead mount is
// left behind.
#include "diagnostics/hook_round.hpp"

#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <system_error>
#include <thread>
#include <utility>

namespace headway {
namespace {

// What a program that is killed at its deadline may take to go.
constexpr Nanos kOvertime = std::chrono::milliseconds(500);
// How long the destructor waits for what was told to stop.
constexpr Nanos kFarewell = std::chrono::milliseconds(200);

using SteadyTime = std::chrono::steady_clock::time_point;

}  // namespace

// Shared with the threads.
struct HookRound::State {
  explicit State(std::vector<HookQuestion> all) : questions(std::move(all)) {
    const MutexLock lock(mutex);
    findings.resize(questions.size());
    left = questions.size();
  }

  void answer(std::size_t number) {
    HookFinding finding = check_hook(questions[number], &is_stopped);
    const MutexLock lock(mutex);
    --left;
    if (!findings[number]) {
      findings[number] = std::move(finding);
    }
    is_news.notify_all();
  }

  // The first deadline among those that are not answered.
  SteadyTime next_deadline() const HEADWAY_REQUIRES(mutex) {
    SteadyTime next = SteadyTime::max();
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (!findings[i]) {
        next = std::min(next, began + questions[i].hook.timeout + kOvertime);
      }
    }
    return next;
  }
  // What is over its deadline is late.
  void give_up(SteadyTime now) HEADWAY_REQUIRES(mutex) {
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const bool is_over = now >= began + questions[i].hook.timeout + kOvertime;
      if (!findings[i] && (is_over || is_stopped)) {
        findings[i] = late_finding(questions[i].hook);
      }
    }
  }
  bool is_answered() const HEADWAY_REQUIRES(mutex) {
    return std::all_of(
        findings.begin(), findings.end(), [](const auto& one) { return one.has_value(); });
  }

  const std::vector<HookQuestion> questions;
  const SteadyTime began = std::chrono::steady_clock::now();
  std::atomic<bool> is_stopped{false};
  mutable Mutex mutex;
  std::condition_variable_any is_news;
  std::vector<std::optional<HookFinding>> findings HEADWAY_GUARDED_BY(mutex);
  std::size_t left HEADWAY_GUARDED_BY(mutex) = 0;  // threads that still work
};

HookRound::HookRound(std::vector<HookQuestion> questions)
    : state_(std::make_shared<State>(std::move(questions))) {
  const SignalsBlocked blocked;
  for (std::size_t number = 0; number < state_->questions.size(); ++number) {
    const auto work = [state = state_, number] { state->answer(number); };
    try {
      std::thread(work).detach();
    } catch (const std::system_error&) {
      work();
    }
  }
}

HookRound::~HookRound() {
  stop();
  const auto until = std::chrono::steady_clock::now() + kFarewell;
  const MutexLock lock(state_->mutex);
  while (state_->left > 0 &&
         state_->is_news.wait_until(state_->mutex, until) == std::cv_status::no_timeout) {
  }
}

bool HookRound::wait(Nanos patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const MutexLock lock(state_->mutex);
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    state_->give_up(now);
    if (state_->is_answered()) {
      return true;
    }
    if (now >= until) {
      return false;
    }
    state_->is_news.wait_until(state_->mutex, std::min(until, state_->next_deadline()));
  }
}

void HookRound::stop() {
  state_->is_stopped = true;
}

std::vector<std::optional<HookFinding>> HookRound::findings() const {
  const MutexLock lock(state_->mutex);
  return state_->findings;
}

std::vector<HookFinding> check_hooks(std::vector<HookQuestion> questions) {
  HookRound round(std::move(questions));
  while (!round.wait(std::chrono::hours(1))) {
  }
  std::vector<HookFinding> all;
  for (auto& finding : round.findings()) {
    all.push_back(*std::move(finding));
  }
  return all;
}

}  // namespace headway
