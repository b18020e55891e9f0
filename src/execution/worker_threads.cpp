// See worker_threads.hpp.
#include "execution/worker_threads.hpp"

#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace headway {
struct WorkerThreads::State {
  Result<void> start_thread(std::function<void()> job) HEADWAY_REQUIRES(mutex);
  void loop(std::function<void()> job) HEADWAY_EXCLUDES(mutex);

  Mutex mutex;
  std::condition_variable_any asked;
  std::deque<std::function<void()>> jobs HEADWAY_GUARDED_BY(mutex);  // each with an idle thread
  std::size_t idle HEADWAY_GUARDED_BY(mutex) = 0;
  bool stopping HEADWAY_GUARDED_BY(mutex) = false;
  std::vector<std::thread> threads HEADWAY_GUARDED_BY(mutex);
};

Result<void> WorkerThreads::State::start_thread(std::function<void()> job) {
  const SignalsBlocked blocked;
  try {
    threads.emplace_back([this, first = std::move(job)]() mutable { loop(std::move(first)); });
    return {};
  } catch (const std::system_error& error) {
    return Error{ErrorCode::io,
                 fmt::format("start a thread: {}", error.what()),
                 "fewer workers, or a higher limit of threads (ulimit -u)"};
  }
}

void WorkerThreads::State::loop(std::function<void()> job) {
  while (job) {
    job();
    job = nullptr;  // what it holds goes before the thread counts as idle
    const MutexLock lock(mutex);
    ++idle;
    while (jobs.empty() && !stopping) {
      asked.wait(mutex);
    }
    --idle;
    if (!jobs.empty()) {
      job = std::move(jobs.front());
      jobs.pop_front();
    }
  }
}

WorkerThreads::WorkerThreads() : state_(std::make_unique<State>()) {}

WorkerThreads::~WorkerThreads() {
  while (true) {  // a job that still runs may start more threads
    std::vector<std::thread> threads;
    {
      const MutexLock lock(state_->mutex);
      state_->stopping = true;
      threads.swap(state_->threads);
    }
    if (threads.empty()) {
      return;
    }
    state_->asked.notify_all();
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
}

Result<void> WorkerThreads::run(std::function<void()> job) {
  {
    const MutexLock lock(state_->mutex);
    if (state_->idle <= state_->jobs.size()) {
      return state_->start_thread(std::move(job));
    }
    state_->jobs.push_back(std::move(job));
  }
  state_->asked.notify_one();
  return {};
}

}  // namespace headway
