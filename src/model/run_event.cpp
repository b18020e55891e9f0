// Spellings of the enums of a run. Knows nothing of files or formats.
#include "model/run_event.hpp"

namespace headway {

std::string_view to_string(RunStatus status) noexcept {
  switch (status) {
    case RunStatus::none:
      return "NONE";
    case RunStatus::running:
      return "RUNNING";
    case RunStatus::completed:
      return "COMPLETED";
    case RunStatus::failed:
      return "FAILED";
    case RunStatus::cancelled:
      return "CANCELLED";
    case RunStatus::interrupted:
      return "INTERRUPTED";
  }
  return "NONE";
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
  }
  return "none";
}

RunStatus run_status_named(std::string_view name) noexcept {
  for (const RunStatus status : {RunStatus::running,
                                 RunStatus::completed,
                                 RunStatus::failed,
                                 RunStatus::cancelled,
                                 RunStatus::interrupted}) {
    if (to_string(status) == name) {
      return status;
    }
  }
  return RunStatus::none;
}

FailureKind failure_kind_named(std::string_view name) noexcept {
  for (const FailureKind kind : {FailureKind::exit_code,
                                 FailureKind::signal,
                                 FailureKind::timeout,
                                 FailureKind::start_failed,
                                 FailureKind::cancelled,
                                 FailureKind::oom}) {
    if (to_string(kind) == name) {
      return kind;
    }
  }
  return FailureKind::none;
}

}  // namespace headway
