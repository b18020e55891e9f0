// Words that every public header shares: units of time and the state of a stage.
// layer: base
#pragma once

#include <chrono>
#include <string_view>

namespace headway {

// A duration in seconds, fractions included. Never negative unless a contract says so.
using Seconds = std::chrono::duration<double>;

// A point of civil time, UTC. Clock steps are possible: durations never come from subtracting two.
using WallTime = std::chrono::system_clock::time_point;

// Where a stage stands. In JSON the upper-case spelling of the name ("COMPLETED").
enum class StageStatus {
  pending,      // not started; may still wait for needs, a lock or room
  running,      // an attempt is under way, or a retry waits for its delay
  completed,    // succeeded (or failed with allow_failure)
  failed,       // the last attempt failed
  skipped,      // never started, and will not
  cancelled,    // ended, or never started, because the run was cancelled
  interrupted,  // Headway itself died while it ran
};

// "PENDING", "RUNNING", "COMPLETED", ...: the spelling in JSON. Never fails.
std::string_view to_string(StageStatus status) noexcept;

// Why an attempt or stage did not succeed. Spelled in JSON as written. Numbers are kept in
// histories: new kinds are added at the end.
enum class FailureKind {
  none,
  exit_code,     // it ended with a code other than 0
  signal,        // a signal that was not ours ended it
  timeout,       // our timeout
  start_failed,  // the program could not be started
  cancelled,     // ended because the run was cancelled
  oom,           // the kernel's memory killer
  exception,     // a callable threw
  gate,          // it succeeded, but a quality gate did not pass
  hook,          // a hook refused it before it started
};

// "none", "exit_code", ...: the spelling in JSON. Never fails.
std::string_view to_string(FailureKind kind) noexcept;
// The kind of that spelling; `none` where there is none.
FailureKind failure_kind_named(std::string_view name) noexcept;

}  // namespace headway
