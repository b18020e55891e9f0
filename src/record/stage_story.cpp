// See stage_story.hpp.
#include "record/stage_story.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace headway {
namespace {

constexpr Nanos kWorthTelling = std::chrono::milliseconds(1);

std::size_t at(int position) {
  return static_cast<std::size_t>(position);
}

// How long two spans of time have in common.
Nanos overlap(Nanos begin, Nanos end, Nanos other_begin, Nanos other_end) {
  return std::max(Nanos{}, std::min(end, other_end) - std::max(begin, other_begin));
}

bool share_a_lock(const Stage& a, const Stage& b) {
  const auto& other = b.resources.locks;
  return std::any_of(
      a.resources.locks.begin(), a.resources.locks.end(), [&other](const std::string& lock) {
        return std::find(other.begin(), other.end(), lock) != other.end();
      });
}

void keep(std::vector<std::string>& names, const std::string& name) {
  if (names.size() < StageWait::kMaxNamed) {
    names.push_back(name);
  }
}

}  // namespace

std::string_view to_string(WaitKind kind) noexcept {
  switch (kind) {
    case WaitKind::needs:
      return "needs";
    case WaitKind::slot:
      return "slot";
    case WaitKind::lock:
      return "lock";
    case WaitKind::room:
      return "room";
  }
  return "room";
}

void StageStory::apply(const RunEvent& event) {
  const Nanos before = state_.elapsed;
  const bool was_full = state_.jobs > 0 && state_.running >= state_.jobs;
  state_.apply(event);
  if (ready_ && !began_ && was_full) {
    full_ += state_.elapsed - before;
  }
  if (std::holds_alternative<RunStarted>(event.body)) {
    const auto& stages = state_.stages;
    const auto found = std::find_if(stages.begin(), stages.end(), [this](const StageState& stage) {
      return stage.plan->key == key_;
    });
    position_ = found == stages.end() ? -1 : static_cast<int>(found - stages.begin());
  } else if (const auto* ready = std::get_if<StageReady>(&event.body)) {
    if (ready->stage == position_ && !ready_) {
      ready_ = state_.elapsed;
      holders_ = running_now();
    }
  } else if (const auto* started = std::get_if<StageStarted>(&event.body)) {
    if (started->stage == position_ && !began_) {
      began_ = state_.elapsed;
    }
  } else if (const auto* retrying = std::get_if<StageRetrying>(&event.body)) {
    if (retrying->stage == position_) {
      retries_.push_back(*retrying);
    }
  }
}

const StageState* StageStory::stage() const noexcept {
  return position_ < 0 ? nullptr : &state_.stages[at(position_)];
}

std::optional<std::string> StageStory::left_out() const {
  for (const auto& [key, reason] : state_.start.left_out) {
    if (key == key_) {
      return reason;
    }
  }
  return std::nullopt;
}

std::vector<std::string> StageStory::running_now() const {
  std::vector<std::string> names;
  for (const StageState& stage : state_.stages) {
    if (stage.attempt_running) {
      keep(names, stage.plan->key);
    }
  }
  return names;
}

std::vector<StageWait> StageStory::waits(const Workflow* workflow) const {
  std::vector<StageWait> waits{wait_for_needs()};
  if (ready_) {
    const StageState& stage = state_.stages[at(position_)];
    const Nanos until = began_               ? *began_
                        : stage.completed_at ? stage.finished_offset
                                             : state_.elapsed;
    const Nanos slot = std::min(full_, until - *ready_);
    waits.push_back({WaitKind::slot, slot, holders_});
    StageWait lock;
    if (workflow != nullptr) {
      lock = wait_for_locks(*workflow, until);
      lock.span = std::min(lock.span, until - *ready_ - slot);
    }
    const Nanos rest = until - *ready_ - slot - lock.span;
    waits.push_back(std::move(lock));
    waits.push_back({WaitKind::room, rest, {}});
  }
  std::erase_if(waits, [](const StageWait& wait) { return wait.span < kWorthTelling; });
  return waits;
}

// From the start of the run until all it needs was done, and who was done last (or is not yet).
StageWait StageStory::wait_for_needs() const {
  StageWait wait;
  if (position_ < 0 || state_.stages[at(position_)].plan->needs.empty()) {
    return wait;
  }
  wait.span = ready_.value_or(state_.elapsed);
  const StageState* last = nullptr;
  for (const int need : state_.stages[at(position_)].plan->needs) {
    const StageState& stage = state_.stages[at(need)];
    if (!stage.completed_at) {
      keep(wait.stages, stage.plan->key);
    } else if (last == nullptr || stage.finished_offset > last->finished_offset) {
      last = &stage;
    }
  }
  if (wait.stages.empty() && last != nullptr) {
    keep(wait.stages, last->plan->key);
  }
  return wait;
}

// The longest time that one other stage with a lock of this one ran while it could have begun.
StageWait StageStory::wait_for_locks(const Workflow& workflow, Nanos until) const {
  StageWait wait{WaitKind::lock, {}, {}};
  const Stage* own = workflow.find_stage(key_);
  for (std::size_t i = 0; own != nullptr && i < state_.stages.size(); ++i) {
    const StageState& stage = state_.stages[i];
    const Stage* other = workflow.find_stage(stage.plan->key);
    if (static_cast<int>(i) == position_ || other == nullptr || !stage.started_offset ||
        !share_a_lock(*own, *other)) {
      continue;
    }
    const Nanos end = stage.completed_at ? stage.finished_offset : state_.elapsed;
    const Nanos common = overlap(*ready_, until, *stage.started_offset, end);
    if (common >= kWorthTelling) {
      wait.span += common;  // never two at once: that is what a lock is
      keep(wait.stages, stage.plan->key);
    }
  }
  return wait;
}

}  // namespace headway
