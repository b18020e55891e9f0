// FailureFacts: what is known of a failure before its log is read: exit code, signal, limits of
// ours. Pure; knows no log.
#pragma once

#include "diagnostics/failure_category.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace headway {

// As the run's record or the command line tells them; what is not known is not set.
struct FailureFacts {
  std::optional<int> exit_code;
  std::optional<int> signal;                    // that ended it
  bool timed_out = false;                       // by our own limit
  bool out_of_memory = false;                   // the kernel's counter of its group says so
  std::optional<std::int64_t> disk_free_bytes;  // when it ended
  std::string gate{};   // why a gate did not pass after the command succeeded; empty: none failed
  std::string hook{};   // why a hook held it up before it started; empty: none did
  std::string start{};  // why its program could not be started; empty: it was
};

// What the facts alone say.
struct FactFinding {
  FailureCategory category = FailureCategory::unknown;
  double confidence = 0;  // 0..1
  std::string id;         // of the suggestion: "fact.timeout"
  std::string text;       // one sentence and what to try
};

// Exit code 0 and nothing else against it: there is nothing to explain.
bool is_green(const FailureFacts& facts) noexcept;

// The strongest finding; category unknown where the facts say nothing about the kind. Exit codes
// above 128 are the signals of POSIX shells; 126 and 127 as in POSIX sh, 124 as in timeout(1).
FactFinding finding_of(const FailureFacts& facts);

}  // namespace headway
