// See hook_check_alone.hpp.
#include "orchestration/hook_check_alone.hpp"

#include "orchestration/stage_environment.hpp"
#include "orchestration/stage_hooks.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace headway {
namespace {

// How long a signal waits at most until it is seen.
constexpr Nanos kSignalPoll = std::chrono::milliseconds(20);

// False where a signal came first.
bool wait_for(HookRound& round, const HookCheckOptions& options, int& signal) {
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
  while (!round.wait(kSignalPoll)) {
    options.backend.wait(options.clock.monotonic(), exits, wakeups);
    if (!wakeups.empty()) {
      signal = wakeups.front().signal;
      return false;
    }
  }
  return true;
}

}  // namespace

bool HooksCheck::refuses() const noexcept {
  return std::any_of(hooks.begin(), hooks.end(), [](const HookChecked& hook) {
    return !hook.passed && hook.severity == to_string(HookSeverity::error);
  });
}

HooksCheck check_stage_hooks(const Workflow& workflow,
                             const std::vector<int>& stages,
                             const HookCheckOptions& options) {
  StageEnvironment environment(options.environment,
                               workflow.env,
                               {"", workflow.name, workflow.default_lane().key, "", "", ""});
  std::vector<HookQuestion> questions;
  HooksCheck check;
  for (const int position : stages) {
    const Stage& stage = workflow.stages[static_cast<std::size_t>(position)];
    auto some = hook_questions(stage, workflow.directory, environment.of(stage, 1));
    for (std::size_t i = 0; i < some.size(); ++i) {
      HookChecked& hook = check.hooks.emplace_back();
      hook.stage = position;
      hook.number = static_cast<int>(i) + 1;
    }
    std::move(some.begin(), some.end(), std::back_inserter(questions));
  }
  {
    HookRound round(questions);
    if (!wait_for(round, options, check.signal)) {
      check.hooks.clear();
    } else {
      auto findings = round.findings();
      for (std::size_t i = 0; i < questions.size(); ++i) {
        const int stage = check.hooks[i].stage;
        check.hooks[i] =
            hook_event(questions[i].hook, check.hooks[i].number, *std::move(findings[i]), false);
        check.hooks[i].stage = stage;
      }
    }
  }
  options.backend.kill_everything();
  return check;
}

}  // namespace headway
