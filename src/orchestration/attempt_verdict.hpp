// What the end of an attempt means: success, which kind of failure, worth a retry or not. Pure;
// the same for processes and for callables.
#pragma once

#include "base/clock.hpp"
#include "execution/backend.hpp"
#include "model/run_event.hpp"
#include "model/workflow.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace headway {

// Why Headway itself ended an attempt, if it did.
enum class EndedBy : std::uint8_t { nobody, timeout, cancel, failure_elsewhere };

// "ended because the run was cancelled", or because another stage failed; else empty: what timed
// out, failed.
std::string_view to_text(EndedBy ended_by) noexcept;

// What the exit itself does not tell of an end.
struct EndSigns {
  bool out_of_memory = false;  // the kernel killed for want of memory meanwhile
  bool threw = false;          // a callable threw; Exit::error says what
  bool unfinished = false;     // given up, or told to end before it began; never a success
  std::string gates{};         // it succeeded, but these gates did not pass, in words
};

// By what an attempt is judged.
struct AttemptRules {
  std::optional<Nanos> timeout{};      // the stage's
  const RetryRule* retries = nullptr;  // null: any failure is worth a retry
};

// The judgement on one attempt.
struct AttemptVerdict {
  FailureKind failure = FailureKind::none;
  bool retryable = false;  // by the stage's `retries.on`
  std::string reason;      // in words; empty for success
};

AttemptVerdict judge_attempt(AttemptRules rules,
                             const Exit& exit,
                             EndedBy ended_by,
                             const EndSigns& signs = {});

}  // namespace headway
