// Backend: starts attempts, reports plain facts about them. The seam between deciding and doing:
// real processes, or a fake. Knows no lanes, gates, events.
#pragma once

#include "base/clock.hpp"
#include "headway/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One attempt to start. Views and pointers need to live only during start().
struct Launch {
  int task = 0;
  int attempt = 1;
  std::vector<std::string> argv;  // the program and its arguments; looked up in the child's PATH
  std::string directory;          // absolute
  const std::vector<std::string>* environment = nullptr;  // "NAME=value"
  std::string log_path;                                   // where its output goes; empty: nowhere
  std::array<int, 2> inherited = {-1, -1};  // descriptors that it keeps, at least 3; -1: none
  // It gets a control group of its own where that can be had, with that limit on memory (0: none
  // but the run's). Empty: none is wanted.
  std::optional<std::int64_t> group_limit_bytes{};
  bool interactive = false;      // it gets this process's terminal; what it prints is not seen
  bool keep_background = false;  // what it leaves running is left alone
};

// How an attempt ended.
struct Exit {
  int task = 0;
  int attempt = 1;
  int exit_code = 0;  // 128 + signal where a signal ended it
  int signal = 0;
  bool start_failed = false;  // `error` says why
  std::string error;
  Nanos duration{};  // monotonic, from the start
  Nanos cpu{};       // of what was waited for; with a control group, of all of it
  std::int64_t peak_memory_bytes = 0;
  std::string_view peak_memory_source;      // "cgroup", "sampled" or "wait4"; "": not known
  std::optional<std::int64_t> oom_kills{};  // in its control group; empty: it had none that tells
  std::int64_t output_bytes = 0;            // as written, after masking
  std::int64_t lost_bytes = 0;
};

// Sees what stages print, masked, in pieces cut anywhere, before or after it is on disk. On the
// backend's thread; must not block for long.
class OutputListener {
 public:
  virtual ~OutputListener() = default;
  virtual void on_output(int task, std::string_view bytes) = 0;
};

// Something from outside that ended a wait() early.
struct Wakeup {
  int signal = 0;  // SIGINT, SIGTERM, SIGHUP, or the watcher's death (kWatcherDied)
};

inline constexpr int kWatcherDied = -1;

// Starts and watches attempts. Single-threaded: all calls from one thread.
class Backend {
 public:
  virtual ~Backend() = default;
  // Starts it; the process id. A start that fails comes as an Error (nothing else follows for it).
  virtual Result<int> start(const Launch& launch) = 0;
  // SIGTERM to its process group; SIGKILL to that and to all of its control group. Nothing where it
  // has ended.
  virtual void terminate(int task) = 0;
  virtual void kill(int task) = 0;
  // All of it stands still, or goes on: it keeps what it has and does nothing meanwhile. That time
  // is no part of Exit::duration. A backend that cannot do it does nothing.
  virtual void stop(int task) { static_cast<void>(task); }
  virtual void go_on(int task) { static_cast<void>(task); }
  // What the process tree of a running attempt takes, as last sampled; 0 where it was not yet.
  virtual std::int64_t memory_bytes(int task) const {
    static_cast<void>(task);
    return 0;
  }
  // Waits until something ends, a signal comes or `until` (monotonic) passes; appends.
  virtual void wait(std::optional<Nanos> until,
                    std::vector<Exit>& exits,
                    std::vector<Wakeup>& wakeups) = 0;
  // Bytes printed so far by a running attempt.
  virtual std::int64_t output_bytes(int task) const = 0;
  // Ends everything that is left of all attempts, strays included; the next wait() tells the ends
  // at once. Returns how many strays there were.
  virtual int kill_everything() = 0;
};

}  // namespace headway
