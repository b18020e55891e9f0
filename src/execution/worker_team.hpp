// WorkerTeam: threads that come when they are called and leave when they find nothing to do. Knows
// nothing of tasks or graphs.
#pragma once

#include "base/mutex.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <thread>
#include <vector>

namespace headway {

// What a team works at. Called by several threads at once.
class TeamWork {
 public:
  virtual ~TeamWork() = default;
  // Works as worker `worker` until there is nothing to do for it at the moment.
  virtual void help(int worker) = 0;
  // Whether a worker that is about to sleep should look again.
  virtual bool has_work() const = 0;
};

// Worker 0 is the thread that opens a session; workers 1 and up are threads of the team, started
// when they are first invited, asleep while they are not, joined by the destructor. open(), close()
// and the destructor belong to one thread at a time; the rest is safe from any thread in a session.
class WorkerTeam {
 public:
  explicit WorkerTeam(TeamWork& work) : work_(work) {}
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;
  ~WorkerTeam();

  // Begins a session with at most `helpers` threads beside the caller.
  void open(int helpers);
  // Ends it: no helper comes any more; returns when all have left.
  void close();

  // Whether somebody sleeps who may be invited. Sequentially consistent, so that who makes work
  // visible, fences and asks, and who says it leaves and looks again, cannot miss each other.
  bool has_absent() const noexcept { return absent_.load(std::memory_order_seq_cst) > 0; }
  // Wakes at most `count` of those. Where no thread can be started there are fewer.
  void invite(int count);

  // Worker 0 sleeps until it is invited or the session's work is over.
  void sleep_as_caller();
  // The session's work is over: worker 0 need not sleep.
  void end_work();

  // Helpers that came in this session or the one before, at any time.
  int helpers_seen() const noexcept { return helpers_seen_.load(std::memory_order_relaxed); }

 private:
  void live();  // a helper's thread
  bool enter(int& worker);
  bool leave(int worker);
  bool start_thread() HEADWAY_REQUIRES(mutex_);
  void count_absent() HEADWAY_REQUIRES(mutex_);

  TeamWork& work_;
  Mutex mutex_;
  std::condition_variable_any invited_;   // for helpers
  std::condition_variable_any returned_;  // for worker 0: invited, over, or a helper has left
  std::vector<std::thread> threads_ HEADWAY_GUARDED_BY(mutex_);
  std::vector<int> free_workers_ HEADWAY_GUARDED_BY(mutex_);  // numbers of helpers not inside
  int inside_ HEADWAY_GUARDED_BY(mutex_) = 0;                 // helpers
  int leaving_ HEADWAY_GUARDED_BY(mutex_) = 0;                // of those inside, looking once more
  int invitations_ HEADWAY_GUARDED_BY(mutex_) = 0;            // to helpers, not yet taken
  int most_inside_ HEADWAY_GUARDED_BY(mutex_) = 0;
  bool is_caller_asleep_ HEADWAY_GUARDED_BY(mutex_) = false;
  bool is_over_ HEADWAY_GUARDED_BY(mutex_) = true;
  bool is_stopping_ HEADWAY_GUARDED_BY(mutex_) = false;
  bool can_start_threads_ HEADWAY_GUARDED_BY(mutex_) = true;
  std::atomic<int> absent_{0};
  std::atomic<int> helpers_seen_{0};
};

}  // namespace headway
