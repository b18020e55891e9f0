// The innermost loop, and what happens beside the ordinary: a throw, a stop, a task to pass over.
#include "execution/task_runner.hpp"

#include <utility>

namespace headway {

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
const StopFlag kNeverRaised;

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

}  // namespace

TaskRunner::TaskRunner(TaskBodies bodies, const CsrGraph& graph)
    : graph_(graph),
      bodies_(std::move(bodies)),
      stamps_(std::make_unique_for_overwrite<TaskStamp[]>(bodies_.size())),
      marks_(std::make_unique<std::atomic<std::uint8_t>[]>(bodies_.size())) {}

void TaskRunner::begin(const StopFlag* stop) {
  stop_ = stop != nullptr ? stop : &kNeverRaised;
  if (has_marks_.exchange(false, kRelaxed)) {
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      marks_[i].store(kPlain, kRelaxed);
    }
  }
  has_passed_over_.store(false, kRelaxed);
  {
    const MutexLock lock(mutex_);
    failures_.clear();
  }
  started_at_ = read_ticks();
}

Ticks TaskRunner::run_range(int first, int last, Ticks now) noexcept {
  std::atomic<std::uint8_t>* const marks = marks_.get();
  TaskStamp* const stamps = stamps_.get();
  const StopFlag& stop = *stop_;
  int task = first;
  while (task < last) {
    try {
      for (; task < last; ++task) {
        if (marks[at(task)].load(kRelaxed) != kPlain || stop.is_raised()) [[unlikely]] {
          pass_over(task);
          continue;
        }
        bodies_.invoke(task);
        const Ticks end = read_ticks();
        stamps[at(task)] = {now, end};
        now = end;
      }
    } catch (...) {
      now = fail(task, now);
      ++task;
    }
  }
  return now;
}

void TaskRunner::mark_done(int task) noexcept {
  if (marks_[at(task)].load(kRelaxed) == kPlain) {
    marks_[at(task)].store(kDone, kRelaxed);
    has_marks_.store(true, kRelaxed);
  }
}

// Tasks that need this one learn it through the same order that makes them wait for it.
void TaskRunner::pass_over(int task) noexcept {
  if (marks_[at(task)].load(kRelaxed) == kDone) {
    return;
  }
  has_marks_.store(true, kRelaxed);
  has_passed_over_.store(true, kRelaxed);
  marks_[at(task)].store(kPassed, kRelaxed);
  for (const int next : graph_.successors(task)) {
    marks_[at(next)].store(kPassed, kRelaxed);
  }
}

Ticks TaskRunner::fail(int task, Ticks start) noexcept {
  const Ticks end = read_ticks();
  stamps_[at(task)] = {start, end};
  {
    const MutexLock lock(mutex_);
    failures_.push_back({task, std::current_exception()});
  }
  for (const int next : graph_.successors(task)) {
    has_marks_.store(true, kRelaxed);
    marks_[at(next)].store(kPassed, kRelaxed);
  }
  return end;
}

bool TaskRunner::has_run(int task) const noexcept {
  return has_begun() && marks_[at(task)].load(kRelaxed) != kPassed;
}

const TaskStamp& TaskRunner::stamp(int task) const noexcept {
  return stamps_[at(task)];
}

std::vector<NumberedFailure> TaskRunner::take_failures() {
  const MutexLock lock(mutex_);
  return std::exchange(failures_, {});
}

std::size_t TaskRunner::bytes() const noexcept {
  return sizeof(*this) + bodies_.bytes() +
         bodies_.size() * (sizeof(TaskStamp) + sizeof(std::uint8_t));
}

}  // namespace headway
