// Threads coming, leaving, sleeping. Knows nothing of tasks or graphs.
#include "execution/worker_team.hpp"

#include "base/signals_blocked.hpp"

#include <algorithm>
#include <system_error>

namespace headway {

WorkerTeam::~WorkerTeam() {
  std::vector<std::thread> threads;
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    threads.swap(threads_);
  }
  invited_.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
}

void WorkerTeam::open(int helpers) {
  const MutexLock lock(mutex_);
  free_workers_.clear();
  for (int worker = helpers; worker > 0; --worker) {
    free_workers_.push_back(worker);  // the lowest is given first
  }
  is_over_ = false;
  can_start_threads_ = true;
  most_inside_ = 0;
  count_absent();
}

void WorkerTeam::close() {
  mutex_.lock();
  is_over_ = true;
  invitations_ = 0;
  count_absent();
  while (inside_ > 0) {
    returned_.wait(mutex_);
  }
  helpers_seen_.store(most_inside_, std::memory_order_relaxed);
  mutex_.unlock();
}

void WorkerTeam::invite(int count) {
  const MutexLock lock(mutex_);
  if (is_over_) {
    return;
  }
  if (is_caller_asleep_ && count > 0) {
    is_caller_asleep_ = false;
    --count;
    returned_.notify_all();
  }
  const int free = static_cast<int>(free_workers_.size()) - invitations_;
  for (int i = std::min(count, free); i > 0; --i) {
    const bool has_thread = static_cast<int>(threads_.size()) > inside_ - leaving_ + invitations_;
    if (!has_thread && !start_thread()) {
      break;
    }
    ++invitations_;
    invited_.notify_one();
  }
  count_absent();
}

void WorkerTeam::sleep_as_caller() {
  mutex_.lock();
  is_caller_asleep_ = !is_over_;
  count_absent();
  mutex_.unlock();
  const bool must_look = work_.has_work();
  mutex_.lock();
  while (is_caller_asleep_ && !is_over_ && !must_look) {
    returned_.wait(mutex_);
  }
  is_caller_asleep_ = false;
  count_absent();
  mutex_.unlock();
}

void WorkerTeam::end_work() {
  const MutexLock lock(mutex_);
  is_over_ = true;
  count_absent();
  returned_.notify_all();
}

void WorkerTeam::live() {
  int worker = 0;
  while (enter(worker)) {
    do {
      work_.help(worker);
    } while (!leave(worker));
  }
}

// Waits for an invitation and takes it; false when the team ends.
bool WorkerTeam::enter(int& worker) {
  mutex_.lock();
  while (!is_stopping_ && invitations_ == 0) {
    invited_.wait(mutex_);
  }
  const bool may_enter = !is_stopping_;
  if (may_enter) {
    --invitations_;
    worker = free_workers_.back();
    free_workers_.pop_back();
    ++inside_;
    most_inside_ = std::max(most_inside_, inside_);
    count_absent();
  }
  mutex_.unlock();
  return may_enter;
}

// False where the helper must look again: what was made visible while it left would wait for
// nobody.
bool WorkerTeam::leave(int worker) {
  {
    const MutexLock lock(mutex_);
    free_workers_.push_back(worker);
    ++leaving_;
    count_absent();
  }
  const bool must_look = work_.has_work();
  const MutexLock lock(mutex_);
  --leaving_;
  const auto own = std::find(free_workers_.begin(), free_workers_.end(), worker);
  const bool is_wanted = static_cast<int>(free_workers_.size()) > invitations_;
  if (must_look && !is_over_ && is_wanted && own != free_workers_.end()) {
    free_workers_.erase(own);
    count_absent();
    return false;
  }
  --inside_;
  if (is_over_ && inside_ == 0) {
    returned_.notify_all();
  }
  return true;
}

bool WorkerTeam::start_thread() {
  if (can_start_threads_) {
    const SignalsBlocked blocked;
    try {
      threads_.emplace_back([this] { live(); });
      return true;
    } catch (const std::system_error&) {
      can_start_threads_ = false;  // until the next session
    }
  }
  return false;
}

void WorkerTeam::count_absent() {
  const int helpers =
      can_start_threads_ ? static_cast<int>(free_workers_.size()) - invitations_ : 0;
  absent_.store(is_over_ ? 0 : helpers + (is_caller_asleep_ ? 1 : 0), std::memory_order_seq_cst);
}

}  // namespace headway
