// LogRenderer: the one thread of a process that moves records from rings into logs. Knows nothing
// of records.
#pragma once

#include "base/mutex.hpp"
#include "logging/fork_guard.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace headway {

// Something that wants to be drained from time to time.
class Drainable {
 public:
  // Called by the renderer's thread, never by two at once. Whether there is much more to do.
  virtual bool drain() noexcept = 0;
  // The process ends: what is there goes out now.
  virtual void drain_for_exit() noexcept = 0;

 protected:
  ~Drainable() = default;
};

// Drains all that is attached: at once where there is much to do or somebody wakes it, else every
// 50 ms, and not at all after a second in which there was nothing. Its thread runs while something
// is attached, without signals; a forked child starts its own. Safe from any thread.
class LogRenderer {
 public:
  static LogRenderer& instance();

  // False: no thread could be started.
  bool attach(Drainable& drainable) HEADWAY_EXCLUDES(mutex_);
  // Afterwards it is not touched any more. Not to be called while a lock is held that drain()
  // takes.
  void detach(Drainable& drainable) HEADWAY_EXCLUDES(mutex_);

  // Ends a nap.
  void wake() noexcept;
  // Whether it sleeps until it is woken. A producer looks after each record.
  static bool sleeps_deeply() noexcept { return deep_.load(std::memory_order_relaxed); }

 private:
  LogRenderer();
  void run();
  bool drain_attached();
  void nap(int idle_rounds);
  void sleep(std::uint32_t seen, bool forever) noexcept;
  void force_wake() noexcept;
  void take_process() HEADWAY_REQUIRES(mutex_);
  bool start() HEADWAY_REQUIRES(mutex_);
  void drain_for_exit() noexcept;

  static std::atomic<bool> deep_;
  std::atomic<std::uint32_t> wakes_{0};  // a futex
  std::atomic<bool> naps_{false};
  std::atomic<bool> stops_{false};
  std::atomic<const Drainable*> current_{nullptr};  // being drained
  std::uint32_t generation_ = 0;
  Mutex mutex_;
  std::vector<Drainable*> attached_ HEADWAY_GUARDED_BY(mutex_);
  std::thread* thread_ HEADWAY_GUARDED_BY(mutex_) = nullptr;
  ForkGuard fork_guard_{mutex_};
};

}  // namespace headway
