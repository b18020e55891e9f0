// What the end of an attempt means: success, which kind of failure, worth a retry or not. Pure.
#pragma once

#include "execution/backend.hpp"
#include "model/run_event.hpp"
#include "model/workflow.hpp"

#include <string>

namespace headway {

// Why Headway itself ended an attempt, if it did.
enum class EndedBy { nobody, timeout, cancel, failure_elsewhere };

// What is known of an end beside the exit itself.
struct EndFacts {
  EndedBy ended_by = EndedBy::nobody;
  bool out_of_memory = false;  // the kernel killed for want of memory meanwhile
};

// The judgement on one attempt.
struct AttemptVerdict {
  FailureKind failure = FailureKind::none;
  bool retryable = false;  // by the stage's `retries.on`
  std::string reason;      // in words; empty for success
};

AttemptVerdict judge_attempt(const Stage& stage, const Exit& exit, EndFacts facts);

}  // namespace headway
