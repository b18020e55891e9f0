// See stage_hooks.hpp.
#include "orchestration/stage_hooks.hpp"

#include "execution/shell_command.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

// A command of a hook gets no descriptors, so it is told of no jobserver.
std::vector<std::string> without_jobserver(std::vector<std::string> environment) {
  std::erase_if(environment, [](const std::string& entry) {
    return entry.starts_with("MAKEFLAGS=") && entry.find("--jobserver") != std::string::npos;
  });
  return environment;
}

}  // namespace

std::vector<HookQuestion> hook_questions(const Stage& stage,
                                         const std::string& directory,
                                         const std::vector<std::string>& environment) {
  const auto place =
      std::make_shared<const HookPlace>(HookPlace{directory, without_jobserver(environment)});
  std::vector<HookQuestion> questions;
  for (const Hook& hook : stage.hooks) {
    HookQuestion& question = questions.emplace_back(HookQuestion{hook, {}, place});
    if (hook.kind == HookKind::run) {
      question.argv = hook.run.is_script() ? script_argv(hook.run.script) : hook.run.argv;
    }
  }
  return questions;
}

HookChecked hook_event(const Hook& hook, int number, HookFinding finding, bool forced) {
  HookChecked event;
  event.number = number;
  event.hook = title_of(hook);
  event.severity = to_string(hook.severity);
  event.passed = finding.passed;
  event.forced = forced && !finding.passed && hook.severity == HookSeverity::error;
  event.found = std::move(finding.found);
  event.expected = std::move(finding.expected);
  event.hint = std::move(finding.hint);
  return event;
}

StageHooks::StageHooks(const RunPlan& plan, StageLaunches& launches, EventEmitter& emitter)
    : plan_(plan), launches_(launches), emitter_(emitter) {}

bool StageHooks::cover(const StageOrder& order) const {
  return order.attempt == 1 && !plan_.stage(order.task).hooks.empty();
}

void StageHooks::begin(const StageOrder& order) {
  const Launch launch = launches_.of(order.task, order.attempt);
  auto questions =
      hook_questions(plan_.stage(order.task), plan_.workflow->directory, *launch.environment);
  rounds_[order.task] = {order, std::make_unique<HookRound>(std::move(questions))};
}

void StageHooks::stop(int task) {
  Round& round = rounds_.at(task);
  round.is_stopped = true;
  round.round->stop();
}

std::vector<HookedStage> StageHooks::news(Nanos patience) {
  std::vector<HookedStage> through;
  for (auto at = rounds_.begin(); at != rounds_.end();) {
    if (!at->second.round->wait(std::exchange(patience, Nanos{0}))) {
      ++at;
      continue;
    }
    through.push_back(tell(at->second));
    at = rounds_.erase(at);
  }
  return through;
}

HookedStage StageHooks::tell(const Round& round) {
  HookedStage stage{round.order, ""};
  if (round.is_stopped) {
    return stage;
  }
  const std::vector<Hook>& hooks = plan_.stage(round.order.task).hooks;
  auto findings = round.round->findings();
  int refusals = 0;
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    HookChecked event = hook_event(
        hooks[i], static_cast<int>(i) + 1, *std::move(findings[i]), plan_.request.force_hooks);
    event.stage = round.order.task;
    const bool refuses = !event.passed && !event.forced && hooks[i].severity == HookSeverity::error;
    refusals += refuses ? 1 : 0;
    if (refuses && stage.refusal.empty()) {
      stage.refusal =
          fmt::format("hook '{}': {}, expected {}", event.hook, event.found, event.expected);
    }
    emitter_.emit(std::move(event));
  }
  if (refusals > 1) {
    stage.refusal += fmt::format(", and {} more", refusals - 1);
  }
  return stage;
}

}  // namespace headway
