// The thread that drains rings: when it runs and when it sleeps. Knows nothing of records.
#include "logging/log_renderer.hpp"

#include "base/signals_blocked.hpp"

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <system_error>

namespace headway {
namespace {

constexpr long kNapNs = 50'000'000;
constexpr int kRoundsToDeepSleep = 20;  // of naps with nothing to do: a second

long membarrier(int command) noexcept {
  return syscall(SYS_membarrier, command, 0, 0);
}

}  // namespace

std::atomic<bool> LogRenderer::deep_{false};

// Never destroyed: static objects may log while the program ends.
LogRenderer& LogRenderer::instance() {
  static auto* const renderer = new LogRenderer;
  return *renderer;
}

LogRenderer::LogRenderer() : generation_(fork_generation()) {
  atexit([] { instance().drain_for_exit(); });
}

bool LogRenderer::attach(Drainable& drainable) {
  const MutexLock lock(mutex_);
  take_process();
  if (thread_ == nullptr && !start()) {
    return false;
  }
  attached_.push_back(&drainable);
  return true;
}

void LogRenderer::detach(Drainable& drainable) {
  std::unique_ptr<std::thread> last;
  {
    const MutexLock lock(mutex_);
    take_process();
    std::erase(attached_, &drainable);
    if (attached_.empty() && thread_ != nullptr) {
      last.reset(thread_);
      thread_ = nullptr;
      stops_.store(true);
    }
  }
  while (current_.load() == &drainable) {
    std::this_thread::yield();
  }
  if (last) {
    force_wake();
    last->join();
  }
}

// In a forked child the thread is not there, and what was attached is the parent's.
void LogRenderer::take_process() {
  if (generation_ != fork_generation()) {
    generation_ = fork_generation();
    thread_ = nullptr;  // (its object is given up: a thread that is not there cannot be joined)
    attached_.clear();
    current_ = nullptr;
    naps_ = false;
    deep_ = false;
  }
}

bool LogRenderer::start() {
  try {
    membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
    stops_ = false;
    const SignalsBlocked blocked;
    thread_ = new std::thread([this] { run(); });
    return true;
  } catch (const std::exception&) {  // no memory, or no more threads
    return false;
  }
}

void LogRenderer::run() {
  prctl(PR_SET_NAME, "headway-log");
  int idle_rounds = 0;
  while (!stops_.load()) {
    if (drain_attached()) {
      idle_rounds = 0;
    } else {
      nap(idle_rounds++);
    }
  }
}

bool LogRenderer::drain_attached() {
  bool more = false;
  for (std::size_t i = 0;; ++i) {
    Drainable* next = nullptr;
    {
      const MutexLock lock(mutex_);
      if (i >= attached_.size()) {
        break;
      }
      next = attached_[i];
      current_.store(next);
    }
    more = next->drain() || more;
    current_.store(nullptr);
  }
  return more;
}

void LogRenderer::nap(int idle_rounds) {
  const std::uint32_t seen = wakes_.load();
  if (idle_rounds < kRoundsToDeepSleep) {
    sleep(seen, false);
    return;
  }
  // A producer that does not see `deep_` after its record must have shown that record before: the
  // barrier runs on all its processors, so that producers need none (membarrier(2)).
  deep_.store(true);
  if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0) {
    sleep(seen, false);
  } else if (!drain_attached()) {
    sleep(seen, true);
  }
  deep_.store(false);
}

// Until a wake after `seen`, 50 ms or forever.
void LogRenderer::sleep(std::uint32_t seen, bool forever) noexcept {
  naps_.store(true);
  if (!stops_.load()) {
    const timespec nap{0, kNapNs};
    syscall(SYS_futex, &wakes_, FUTEX_WAIT_PRIVATE, seen, forever ? nullptr : &nap, nullptr, 0);
  }
  naps_.store(false);
}

void LogRenderer::wake() noexcept {
  if (deep_.load(std::memory_order_relaxed) || naps_.load(std::memory_order_relaxed)) {
    force_wake();
  }
}

// One of all who see it asleep wakes it.
void LogRenderer::force_wake() noexcept {
  deep_.store(false, std::memory_order_relaxed);
  naps_.store(false, std::memory_order_relaxed);
  wakes_.fetch_add(1);
  syscall(SYS_futex, &wakes_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

void LogRenderer::drain_for_exit() noexcept {
  std::vector<Drainable*> all;
  {
    const MutexLock lock(mutex_);
    if (generation_ == fork_generation()) {
      all = attached_;
    }
  }
  for (Drainable* each : all) {
    each->drain_for_exit();
  }
}

}  // namespace headway
