// ProcessAttempt: what a ProcessBackend holds of one attempt, and the signals that reach all of it.
// Knows neither descriptors' news nor what its end means.
#pragma once

#include "base/unique_fd.hpp"
#include "execution/backend.hpp"
#include "execution/stage_output.hpp"
#include "execution/terminal_loan.hpp"
#include "host/stage_cgroup.hpp"

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace headway {

// One attempt from its start until what it held is given back. Not synchronised.
struct ProcessAttempt {
  ProcessAttempt(const Launch& launch, const OutputRules& rules)
      : task(launch.task),
        number(launch.attempt),
        keep_background(launch.keep_background),
        output(launch.task, launch.log_path, rules) {}

  // SIGTERM, which also ends a standstill: what it does then is its time again.
  void terminate(Nanos now);
  void kill() const;
  // The whole control group where there is one that can stand still, else the process group: what
  // left that with setsid(2) runs on.
  void stop(Nanos now);
  void go_on(Nanos now);
  // Where it has the terminal and was stopped there (Ctrl-Z; the group that is stopped is not
  // ours): this process's group stops as well, and both go on together.
  void follow_stop(const Clock& clock);
  // What wait4(2) said of its leader; `reaped`: 0 where it did not end, < 0 where it was another's.
  void keep_end(pid_t reaped, int status, Nanos now);
  // Since its start, without the time in which it stood still.
  Nanos ran_for(Nanos now) const;

  int task;
  int number;
  bool keep_background;
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
  Nanos stopped_for{};                     // before that
  Exit exit;                               // once its leader has ended
  bool has_helpers = false;                // then: others of its group live on
  std::optional<Nanos> heard_until;        // then: what they print is still read, at most so long
  bool is_frozen = false;                  // by its control group; else by a signal
  std::unique_ptr<StageCgroup> group;      // null: none
  std::unique_ptr<TerminalLoan> terminal;  // null: it does not get the terminal
  StageOutput output;
};

}  // namespace headway
