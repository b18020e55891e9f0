// Spellings of the words that all share. Knows nothing else.
#include "headway/types.hpp"

namespace headway {

std::string_view to_string(StageStatus status) noexcept {
  switch (status) {
    case StageStatus::pending:
      return "PENDING";
    case StageStatus::running:
      return "RUNNING";
    case StageStatus::completed:
      return "COMPLETED";
    case StageStatus::failed:
      return "FAILED";
    case StageStatus::skipped:
      return "SKIPPED";
    case StageStatus::cancelled:
      return "CANCELLED";
    case StageStatus::interrupted:
      return "INTERRUPTED";
  }
  return "PENDING";
}

std::string_view to_string(FailureKind kind) noexcept {
  switch (kind) {
    case FailureKind::none:
      return "none";
    case FailureKind::exit_code:
      return "exit_code";
    case FailureKind::signal:
      return "signal";
    case FailureKind::timeout:
      return "timeout";
    case FailureKind::start_failed:
      return "start_failed";
    case FailureKind::cancelled:
      return "cancelled";
    case FailureKind::oom:
      return "oom";
    case FailureKind::exception:
      return "exception";
    case FailureKind::gate:
      return "gate";
    case FailureKind::hook:
      return "hook";
  }
  return "none";
}

FailureKind failure_kind_named(std::string_view name) noexcept {
  for (const FailureKind kind : {FailureKind::exit_code,
                                 FailureKind::signal,
                                 FailureKind::timeout,
                                 FailureKind::start_failed,
                                 FailureKind::cancelled,
                                 FailureKind::oom,
                                 FailureKind::exception,
                                 FailureKind::gate,
                                 FailureKind::hook}) {
    if (to_string(kind) == name) {
      return kind;
    }
  }
  return FailureKind::none;
}

}  // namespace headway
