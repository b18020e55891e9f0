// See parallel_results.hpp.
#include "orchestration/parallel_results.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {

Exit exit_of(const AttemptEnd& end) {
  Exit exit;
  exit.exit_code = end.exception ? kThrewExitCode : end.exit_code;
  exit.signal = end.signal;
  exit.start_failed = end.start_failed;
  exit.cpu = end.cpu;
  exit.peak_memory_bytes = end.peak_memory_bytes;
  exit.error = end.reason;
  if (end.exception) {
    exit.error =
        end.error.empty() ? end.error_type : fmt::format("{}: {}", end.error_type, end.error);
  }
  return exit;
}

EndSigns signs_of(const AttemptEnd& end) {
  const bool is_command = end.start_failed || end.exit_code != 0 || end.signal != 0;
  return {.threw = end.exception != nullptr,
          .unfinished = !end.succeeded && !end.exception && !is_command};
}

void take_attempt(StageExecutionResult& result, AttemptEnd& end) {
  std::swap(result.exception, end.exception);
  std::swap(result.error_type, end.error_type);
  std::swap(result.error, end.error);
}

void take_record(StageExecutionResult& result, const StageRecord& record) {
  result.status = record.status;
  result.reason = record.reason;
  result.attempts = record.attempts;
  if (record.attempts == 0) {
    return;
  }
  result.duration = to_seconds(record.took);
  result.queue_wait = to_seconds(record.first_began - record.ready);
  result.started = to_seconds(record.first_began);
  result.ended = to_seconds(record.began + record.took);
  if (record.failure != FailureKind::none && !result.exception) {
    result.error_type = to_string(record.failure);
  }
}

}  // namespace headway
