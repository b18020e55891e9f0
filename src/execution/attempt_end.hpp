// AttemptEnd: how an attempt inside a program ended, callable or command. Plain facts; knows no
// retries, no statuses.
#pragma once

#include "base/clock.hpp"

#include <any>
#include <cstdint>
#include <exception>
#include <string>

namespace headway {

// How an attempt ended.
struct AttemptEnd {
  bool succeeded = false;
  bool start_failed = false;
  std::any value;                // what a callable returned; of a command an int, its exit code
  std::exception_ptr exception;  // what a callable threw
  std::string error_type;        // the exception's type; of a command "exit_code", "signal", ...
  std::string error;             // what it says, or the end of what a command printed
  std::string reason;            // of a command, in words; empty for success
  int exit_code = 0;             // of a command
  int signal = 0;
  Nanos cpu{};  // 0: not known
  std::int64_t peak_memory_bytes = 0;
};

}  // namespace headway
