// See deadline.hpp. Threads that are late are left behind; the end of the process ends them.
#include "host/deadline.hpp"

#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <thread>

namespace headway {
namespace {

// What the caller and its threads share; the last one out destroys it.
struct Progress {
  explicit Progress(std::size_t count) : is_done(count, false), left(count) {}

  Mutex mutex;
  std::condition_variable_any changed;
  std::vector<bool> is_done HEADWAY_GUARDED_BY(mutex);
  std::size_t left HEADWAY_GUARDED_BY(mutex);

  void finish(std::size_t number) {
    {
      const MutexLock lock(mutex);
      is_done[number] = true;
      --left;
    }
    changed.notify_all();
  }
  std::vector<bool> wait_until(std::chrono::steady_clock::time_point end) {
    const MutexLock lock(mutex);
    while (left > 0 && changed.wait_until(mutex.native(), end) != std::cv_status::timeout) {
    }
    return is_done;
  }
};

}  // namespace

std::vector<bool> do_by_deadline(std::vector<std::function<void()>> work, Nanos patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto progress = std::make_shared<Progress>(work.size());
  const SignalsBlocked blocked;
  for (std::size_t number = 0; number < work.size(); ++number) {
    const auto piece = std::make_shared<std::function<void()>>(std::move(work[number]));
    const auto task = [progress, piece, number] {
      (*piece)();
      progress->finish(number);
    };
    try {
      std::thread(task).detach();
    } catch (const std::system_error&) {
      task();
    }
  }
  return progress->wait_until(end);
}

}  // namespace headway
