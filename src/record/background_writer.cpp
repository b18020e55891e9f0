// The thread that waits for the disk. Knows nothing of what is in the files.
#include "record/background_writer.hpp"

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <map>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace headway {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// What is to be done. Bounded by the number of files and descriptors, not of requests.
struct Work {
  std::map<std::string, PendingFile> files;  // by path, the newest
  std::vector<int> descriptors;

  bool empty() const { return files.empty() && descriptors.empty(); }
};

// The first trouble while doing it, or empty.
std::string do_work(Work& work) {
  std::string trouble;
  const auto keep_first = [&trouble](std::string text) {
    if (trouble.empty()) {
      trouble = std::move(text);
    }
  };
  for (auto& [path, file] : work.files) {
    if (const auto done = file.commit(Durability::power); !done) {
      keep_first(done.error().message);
    }
  }
  for (const int descriptor : work.descriptors) {
    if (::fdatasync(descriptor) != 0) {
      const std::string what = fmt::format("sync of descriptor {}", descriptor);
      keep_first(system_message(what, errno));
    }
  }
  return trouble;
}

}  // namespace

struct BackgroundWriter::State {
  void start_thread() HEADWAY_REQUIRES(mutex);
  void loop() HEADWAY_EXCLUDES(mutex);
  // Does all that is due; true where there was something.
  bool step(bool everything) HEADWAY_REQUIRES(mutex);
  Work take_due(bool everything) HEADWAY_REQUIRES(mutex);
  void wait_for_work() HEADWAY_REQUIRES(mutex);

  mutable Mutex mutex;
  std::condition_variable_any asked;  // the thread waits for it
  std::condition_variable_any done;   // flush() waits for it
  Work pending HEADWAY_GUARDED_BY(mutex);
  SteadyTime sync_at HEADWAY_GUARDED_BY(mutex);
  bool busy HEADWAY_GUARDED_BY(mutex) = false;
  bool hurry HEADWAY_GUARDED_BY(mutex) = false;  // somebody is in flush()
  bool stopping HEADWAY_GUARDED_BY(mutex) = false;
  bool tried_thread HEADWAY_GUARDED_BY(mutex) = false;
  std::string trouble HEADWAY_GUARDED_BY(mutex);
  std::thread thread;  // touched by start_thread() and the destructor alone
};

void BackgroundWriter::State::start_thread() {
  if (tried_thread) {
    return;
  }
  tried_thread = true;
  const SignalsBlocked blocked;
  try {
    thread = std::thread([this] { loop(); });
  } catch (const std::system_error& error) {
    trouble = fmt::format("no thread for writing: {}", error.what());
  }
}

Work BackgroundWriter::State::take_due(bool everything) {
  Work due;
  due.files.swap(pending.files);
  if (everything || std::chrono::steady_clock::now() >= sync_at) {
    due.descriptors.swap(pending.descriptors);
  }
  return due;
}

bool BackgroundWriter::State::step(bool everything) {
  Work due = take_due(everything);
  if (due.empty()) {
    return false;
  }
  busy = true;
  mutex.unlock();
  std::string found = do_work(due);
  mutex.lock();
  busy = false;
  if (trouble.empty()) {
    trouble = std::move(found);
  }
  return true;
}

void BackgroundWriter::State::wait_for_work() {
  if (pending.empty()) {
    asked.wait(mutex);
  } else {
    asked.wait_until(mutex, sync_at);
  }
}

void BackgroundWriter::State::loop() {
  const MutexLock lock(mutex);
  while (true) {
    if (step(hurry || stopping)) {
      continue;
    }
    // Nothing is due; and where somebody hurries, nothing is left.
    done.notify_all();
    if (stopping) {
      return;
    }
    wait_for_work();
  }
}

BackgroundWriter::BackgroundWriter() : state_(std::make_unique<State>()) {}

BackgroundWriter::~BackgroundWriter() {
  flush();
  {
    const MutexLock lock(state_->mutex);
    state_->stopping = true;
    state_->asked.notify_one();
  }
  if (state_->thread.joinable()) {
    state_->thread.join();
  }
}

void BackgroundWriter::replace_file(PendingFile file) {
  const MutexLock lock(state_->mutex);
  state_->start_thread();
  state_->pending.files.erase(file.path());
  std::string path = file.path();
  state_->pending.files.emplace(std::move(path), std::move(file));
  state_->asked.notify_one();
}

void BackgroundWriter::sync(int fd) {
  const MutexLock lock(state_->mutex);
  state_->start_thread();
  std::vector<int>& descriptors = state_->pending.descriptors;
  if (std::find(descriptors.begin(), descriptors.end(), fd) != descriptors.end()) {
    return;
  }
  if (descriptors.empty()) {
    state_->sync_at = std::chrono::steady_clock::now() + kSyncDelay;
  }
  descriptors.push_back(fd);
  state_->asked.notify_one();
}

void BackgroundWriter::flush() {
  const MutexLock lock(state_->mutex);
  if (!state_->thread.joinable()) {
    state_->step(true);
    return;
  }
  state_->hurry = true;
  state_->asked.notify_one();
  while (state_->busy || !state_->pending.empty()) {
    state_->done.wait(state_->mutex);
  }
  state_->hurry = false;
}

std::string BackgroundWriter::trouble() const {
  const MutexLock lock(state_->mutex);
  return state_->trouble;
}

}  // namespace headway
