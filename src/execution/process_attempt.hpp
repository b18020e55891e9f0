// ProcessAttempt: what a ProcessBackend holds of one attempt. Does nothing itself.
#pragma once

#include "base/unique_fd.hpp"
#include "execution/stage_output.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace headway {

// One attempt from its start until what it held is given back. Not synchronised.
struct ProcessAttempt {
  ProcessAttempt(const Launch& launch, const OutputRules& rules)
      : task(launch.task), number(launch.attempt), output(launch.task, launch.log_path, rules) {}

  int task;
  int number;
  std::uint64_t key = 0;   // of its pipe in the epoll set; with kEndBit, of its pidfd
  bool in_epoll = false;   // else it is young, and polled
  Nanos next_promotion{};  // not before
  pid_t pid = 0;           // also its process group
  UniqueFd pidfd;
  UniqueFd reader;
  // Kept open here, so that the end of the process does not also end the pipe: one wake-up an
  // attempt instead of two.
  UniqueFd writer;
  Nanos started{};
  std::int64_t sampled_bytes = 0;  // the most so far
  std::int64_t bytes_now = 0;      // at the last sample
  std::optional<Nanos> stopped_at;
  Nanos stopped_for{};  // before that
  StageOutput output;
};

}  // namespace headway
