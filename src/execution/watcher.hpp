// Watcher and worker: two processes that hold each other (docs/design/processes.md).
// Knows nothing of what the worker does.
#pragma once

#include <csignal>
#include <functional>
#include <string>

namespace headway {

// The worker's end of the line to its watcher.
class WatcherLink {
 public:
  explicit WatcherLink(int fd) : fd_(fd) {}

  // Tells the watcher which run folder to close if this process dies. One short write(2).
  void announce(const std::string& run_folder) const;

 private:
  int fd_;
};

// What the kernel sends the worker when its watcher dies (PR_SET_PDEATHSIG): a real-time signal
// that nothing else sends. The worker has it blocked from its first moment, so that it waits for
// whoever reads it (SignalIntake).
int watcher_death_signal();

// SIGINT, SIGTERM, SIGHUP and the one above: what a worker reads through a descriptor.
sigset_t worker_signals();

// Forks one worker while single-threaded; returns its exit code in the watcher, which should exit
// with it soon: its signals stay blocked. The worker runs `work` and exits with its result. If the
// worker dies of a signal (or exits without having come back from `work`), the watcher sends
// SIGKILL to every descendant until none is left, then calls `on_death` with the announced folder
// ("" if none) and returns 70, or 128 + signal for SIGKILL-like ends. Signals sent to the watcher
// alone are passed on to the worker. Both are subreapers; the worker gets a signal through its
// ProcessBackend (kWatcherDied) when the watcher dies.
int run_watched(const std::function<int(WatcherLink)>& work,
                const std::function<void(const std::string& run_folder, int signal)>& on_death);

}  // namespace headway
