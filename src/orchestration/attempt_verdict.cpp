// See attempt_verdict.hpp.
#include "orchestration/attempt_verdict.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>

namespace headway {
namespace {

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

FailureKind failure_of(const Exit& exit, EndFacts facts) {
  const EndedBy ended_by = facts.ended_by;
  if (exit.start_failed) {
    return FailureKind::start_failed;
  }
  if (ended_by == EndedBy::timeout) {
    return FailureKind::timeout;  // also where it came to a code 0 after its SIGTERM
  }
  if (exit.signal == 0 && exit.exit_code == 0) {
    return FailureKind::none;
  }
  if (ended_by != EndedBy::nobody) {
    return FailureKind::cancelled;
  }
  if (facts.out_of_memory) {
    return FailureKind::oom;
  }
  return exit.signal != 0 ? FailureKind::signal : FailureKind::exit_code;
}

bool is_retryable(const RetryRule& rule, const Exit& exit, FailureKind failure) {
  if (failure == FailureKind::none || failure == FailureKind::cancelled) {
    return false;
  }
  if (!rule.has_reasons) {
    return true;
  }
  switch (failure) {
    case FailureKind::timeout:
      return rule.on_timeout;
    case FailureKind::signal:
      return rule.on_signal;
    case FailureKind::oom:
      return rule.on_oom;
    default:
      return std::find(rule.on_exit_codes.begin(), rule.on_exit_codes.end(), exit.exit_code) !=
             rule.on_exit_codes.end();
  }
}

std::string reason_of(const Stage& stage, const Exit& exit, FailureKind failure, EndedBy ended_by) {
  switch (failure) {
    case FailureKind::none:
      return {};
    case FailureKind::start_failed:
      return exit.error;
    case FailureKind::timeout:
      return fmt::format("timed out after {}",
                         format_duration(stage.timeout.value_or(exit.duration)));
    case FailureKind::cancelled:
      return ended_by == EndedBy::failure_elsewhere ? "ended because another stage failed"
                                                    : "ended because the run was cancelled";
    case FailureKind::oom:
      return exit.peak_memory_bytes > 0
                 ? fmt::format("killed by the kernel for want of memory, having taken {}",
                               format_size(exit.peak_memory_bytes))
                 : "killed by the kernel for want of memory";
    case FailureKind::signal:
      return fmt::format("killed by {}", signal_name(exit.signal));
    default:
      return fmt::format("exit code {}", exit.exit_code);
  }
}

}  // namespace

AttemptVerdict judge_attempt(const Stage& stage, const Exit& exit, EndFacts facts) {
  AttemptVerdict verdict;
  verdict.failure = failure_of(exit, facts);
  verdict.retryable = is_retryable(stage.retries, exit, verdict.failure);
  verdict.reason = reason_of(stage, exit, verdict.failure, facts.ended_by);
  return verdict;
}

}  // namespace headway
