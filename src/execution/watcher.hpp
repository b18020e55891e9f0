// Watcher and worker: two processes that hold each other (docs/design/processes.md).
// Knows nothing of what the worker does.
#pragma once

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

// Forks one worker while single-threaded; returns its exit code in the watcher. The worker runs
// `work` and exits with its result. If the worker dies of a signal (or exits without having come
// back from `work`), the watcher sends SIGKILL to every descendant until none is left, then calls
// `on_death` with the announced folder ("" if none) and returns 70, or 128 + signal for
// SIGKILL-like ends. Signals sent to the watcher alone are passed on to the worker. Both are
// subreapers; the worker gets a signal through its ProcessBackend (kWatcherDied) when the watcher
// dies.
int run_watched(const std::function<int(WatcherLink)>& work,
                const std::function<void(const std::string& run_folder, int signal)>& on_death);

}  // namespace headway
