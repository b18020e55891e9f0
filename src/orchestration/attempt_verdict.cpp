// See attempt_verdict.hpp.
#include "orchestration/attempt_verdict.hpp"

#include "base/signal_name.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace headway {
namespace {

FailureKind failure_of(const Exit& exit, EndedBy ended_by, const EndSigns& signs) {
  if (exit.start_failed) {
    return FailureKind::start_failed;
  }
  if (ended_by == EndedBy::timeout) {
    return FailureKind::timeout;  // also where it came to a good end after that
  }
  if (exit.signal == 0 && exit.exit_code == 0 && !signs.threw && !signs.unfinished) {
    return signs.gates.empty() ? FailureKind::none : FailureKind::gate;
  }
  if (ended_by != EndedBy::nobody || signs.unfinished) {
    return FailureKind::cancelled;
  }
  if (signs.threw) {
    return FailureKind::exception;
  }
  if (signs.out_of_memory) {
    return FailureKind::oom;
  }
  return exit.signal != 0 ? FailureKind::signal : FailureKind::exit_code;
}

bool is_retryable(const RetryRule* rule, const Exit& exit, FailureKind failure) {
  // What is repeated after a gate is a command that had succeeded.
  if (failure == FailureKind::none || failure == FailureKind::cancelled ||
      failure == FailureKind::gate) {
    return false;
  }
  if (rule == nullptr || !rule->has_reasons) {
    return true;
  }
  switch (failure) {
    case FailureKind::timeout:
      return rule->on_timeout;
    case FailureKind::signal:
      return rule->on_signal;
    case FailureKind::oom:
      return rule->on_oom;
    default:
      return std::find(rule->on_exit_codes.begin(), rule->on_exit_codes.end(), exit.exit_code) !=
             rule->on_exit_codes.end();
  }
}

// How it ended by itself, where the kernel or a callable does not say it better.
std::string reason_of(const Exit& exit, FailureKind failure) {
  if (failure == FailureKind::exception) {
    return fmt::format("threw {}", exit.error);
  }
  if (failure == FailureKind::oom) {
    return exit.peak_memory_bytes > 0
               ? fmt::format("killed by the kernel for want of memory, having taken {}",
                             format_size(exit.peak_memory_bytes))
               : "killed by the kernel for want of memory";
  }
  if (failure == FailureKind::start_failed || !exit.error.empty()) {
    return exit.error;
  }
  return failure == FailureKind::signal ? fmt::format("killed by {}", signal_name(exit.signal))
                                        : fmt::format("exit code {}", exit.exit_code);
}

}  // namespace

std::string_view to_text(EndedBy ended_by) noexcept {
  switch (ended_by) {
    case EndedBy::cancel:
      return "ended because the run was cancelled";
    case EndedBy::failure_elsewhere:
      return "ended because another stage failed";
    default:
      return {};
  }
}

AttemptVerdict judge_attempt(AttemptRules rules,
                             const Exit& exit,
                             EndedBy ended_by,
                             const EndSigns& signs) {
  AttemptVerdict verdict;
  verdict.failure = failure_of(exit, ended_by, signs);
  verdict.retryable = is_retryable(rules.retries, exit, verdict.failure);
  if (verdict.failure == FailureKind::timeout) {
    verdict.reason =
        fmt::format("timed out after {}", format_duration(rules.timeout.value_or(exit.duration)));
  } else if (verdict.failure == FailureKind::cancelled) {
    verdict.reason = to_text(ended_by);
  } else if (verdict.failure == FailureKind::gate) {
    verdict.reason = "gate " + signs.gates;
  } else if (verdict.failure != FailureKind::none) {
    verdict.reason = reason_of(exit, verdict.failure);
  }
  return verdict;
}

}  // namespace headway
