// TimingTracker: stage timers of one run. Knows nothing of estimating or file formats
// (profile_store.hpp keeps what it measured).
#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/mutex.hpp"
#include "headway/timing.hpp"
#include "model/workflow_file.hpp"
#include "record/run_folder.hpp"
#include "timing/profile_store.hpp"

#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <tuple>
#include <utility>

namespace headway {

namespace {

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

// Where the tracker of a program without options saves: the history of the repository around the
// working directory; empty where there is none.
std::string repository_history() {
  const char* override_path = getenv("HEADWAY_STATE_DIR");
  const std::string state = override_path == nullptr ? "" : override_path;
  std::string directory = current_directory();
  if (auto file = find_workflow_file(directory)) {
    directory = file->substr(0, file->rfind('/'));
  } else if (state.empty()) {
    return {};
  }
  const StateFolder folder = state_folder(directory.empty() ? "/" : directory, state);
  if (auto made = folder.create(); !made) {
    return folder.history();  // saving there will say what is wrong
  }
  return folder.history();
}

void say_once_that_nothing_is_saved() {
  static std::atomic_flag said;
  if (!said.test_and_set()) {
    fputs(
        "headway: timings are not saved: no headway.yaml here or above, and no history was named\n",
        stderr);
  }
}

}  // namespace

// What is guarded is the run so far; the clock and the options never change.
struct TimingTracker::State {
  State(TrackerOptions the_options, const Clock& the_clock)
      : options(std::move(the_options)), clock(the_clock), begun(the_clock.monotonic()) {}

  // Of a stage that this tracker measures itself, beside its entry in the profile.
  struct Timer {
    std::size_t entry = 0;
    Nanos started{};
  };

  void start(int stage_id, std::string name) HEADWAY_REQUIRES(mutex);
  bool complete(std::vector<Timer>::iterator timer, StageStatus status) HEADWAY_REQUIRES(mutex);
  void first_start(WallTime wall, Nanos monotonic) HEADWAY_REQUIRES(mutex);
  WorkflowTimingProfile snapshot() const HEADWAY_REQUIRES(mutex);
  Result<void> finish() HEADWAY_EXCLUDES(mutex);

  const TrackerOptions options;
  const Clock& clock;
  const Nanos begun;  // where no stage was started: the run's beginning

  mutable Mutex mutex;
  WorkflowTimingProfile profile HEADWAY_GUARDED_BY(mutex);
  std::vector<Timer> running HEADWAY_GUARDED_BY(mutex);  // oldest start first
  std::optional<Nanos> first_started HEADWAY_GUARDED_BY(mutex);
  bool was_recorded HEADWAY_GUARDED_BY(mutex) = false;
  bool is_finished HEADWAY_GUARDED_BY(mutex) = false;
};

void TimingTracker::State::first_start(WallTime wall, Nanos monotonic) {
  if (!first_started) {
    first_started = monotonic;
    profile.start_time = wall;
  }
}

void TimingTracker::State::start(int stage_id, std::string name) {
  const Nanos now = clock.monotonic();
  const WallTime wall = clock.wall();
  first_start(wall, now);
  auto entry = std::find_if(
      profile.stages.begin(), profile.stages.end(), [stage_id](const StageTimingData& stage) {
        return stage.stage_id == stage_id;
      });
  if (entry == profile.stages.end()) {
    entry = profile.stages.emplace(profile.stages.end());
    entry->stage_id = stage_id;
  } else {
    ++entry->attempt;
  }
  const auto position = static_cast<std::size_t>(entry - profile.stages.begin());
  entry->stage_name = std::move(name);
  entry->start_time = wall;
  entry->end_time.reset();
  entry->duration = Seconds{0};
  entry->status = StageStatus::running;
  std::erase_if(running, [position](const Timer& timer) { return timer.entry == position; });
  running.push_back({position, now});
}

bool TimingTracker::State::complete(std::vector<Timer>::iterator timer, StageStatus status) {
  if (timer == running.end()) {
    return false;
  }
  StageTimingData& stage = profile.stages[timer->entry];
  stage.duration = to_seconds(std::max(Nanos{0}, clock.monotonic() - timer->started));
  stage.end_time = clock.wall();
  stage.status = status;
  running.erase(timer);
  return true;
}

WorkflowTimingProfile TimingTracker::State::snapshot() const {
  WorkflowTimingProfile now = profile;
  if (!is_finished) {
    const Nanos time = clock.monotonic();
    now.total_duration = to_seconds(time - first_started.value_or(time));
    for (const Timer& timer : running) {
      now.stages[timer.entry].duration = to_seconds(std::max(Nanos{0}, time - timer.started));
    }
  }
  return now;
}

// Saves under the lock: nothing changes any more, and a large profile is not copied for it.
Result<void> TimingTracker::State::finish() {
  const MutexLock lock(mutex);
  if (is_finished) {
    return {};
  }
  while (!running.empty()) {
    complete(running.end() - 1, StageStatus::cancelled);
  }
  const Nanos now = clock.monotonic();
  profile.end_time = clock.wall();
  profile.total_duration = to_seconds(now - first_started.value_or(now));
  if (was_recorded) {  // told in the order of the ends
    std::sort(profile.stages.begin(),
              profile.stages.end(),
              [](const StageTimingData& a, const StageTimingData& b) {
                return std::tie(a.start_time, a.stage_id) < std::tie(b.start_time, b.stage_id);
              });
  }
  is_finished = true;
  const std::string path = options.history.empty() ? repository_history() : options.history;
  if (path.empty()) {
    say_once_that_nothing_is_saved();
    return {};
  }
  return add_profile(path, profile);
}

TimingTracker::TimingTracker(std::string workflow_id, std::string lane, TrackerOptions options)
    : TimingTracker(std::move(workflow_id), std::move(lane), std::move(options), system_clock()) {}

TimingTracker::TimingTracker(std::string workflow_id,
                             std::string lane,
                             TrackerOptions options,
                             const Clock& clock)
    : state_(std::make_unique<State>(std::move(options), clock)) {
  const MutexLock lock(state_->mutex);
  state_->profile.workflow_id = std::move(workflow_id);
  state_->profile.lane = std::move(lane);
  state_->profile.workflow = state_->options.workflow;
  state_->profile.start_time = clock.wall();
}

TimingTracker::TimingTracker(TimingTracker&& other) noexcept = default;

TimingTracker& TimingTracker::operator=(TimingTracker&& other) noexcept {
  if (this != &other) {
    const TimingTracker old(std::move(*this));  // saves what was here
    state_ = std::move(other.state_);
  }
  return *this;
}

TimingTracker::~TimingTracker() {
  if (!state_) {
    return;
  }
  if (auto saved = state_->finish(); !saved) {
    fprintf(stderr, "headway: timings are not saved: %s\n", saved.error().message.c_str());
  }
}

void TimingTracker::start_stage(int stage_id, std::string stage_name) {
  const MutexLock lock(state_->mutex);
  if (!state_->is_finished) {
    state_->start(stage_id, std::move(stage_name));
  }
}

bool TimingTracker::complete_stage(StageStatus status) {
  const MutexLock lock(state_->mutex);
  auto& running = state_->running;
  return state_->complete(running.empty() ? running.end() : running.end() - 1, status);
}

bool TimingTracker::complete_stage(int stage_id, StageStatus status) {
  const MutexLock lock(state_->mutex);
  auto& running = state_->running;
  auto timer = running.begin();
  while (timer != running.end() && state_->profile.stages[timer->entry].stage_id != stage_id) {
    ++timer;
  }
  return state_->complete(timer, status);
}

void TimingTracker::expect_stages(std::size_t count) {
  const MutexLock lock(state_->mutex);
  constexpr std::size_t kMost = 1U << 20U;
  state_->profile.stages.reserve(std::min(count, kMost));
}

void TimingTracker::record_stage(StageTimingData data) {
  const MutexLock lock(state_->mutex);
  if (!state_->is_finished) {
    state_->first_start(state_->profile.start_time, state_->begun);
    state_->profile.stages.push_back(std::move(data));
    state_->was_recorded = true;
  }
}

void TimingTracker::set_metadata(std::string key, std::string value) {
  const MutexLock lock(state_->mutex);
  if (state_->is_finished) {
    return;
  }
  for (auto& [known, old] : state_->profile.metadata) {
    if (known == key) {
      old = std::move(value);
      return;
    }
  }
  state_->profile.metadata.emplace_back(std::move(key), std::move(value));
}

Result<void> TimingTracker::complete_workflow() {
  return state_->finish();
}

WorkflowTimingProfile TimingTracker::profile() const {
  const MutexLock lock(state_->mutex);
  return state_->snapshot();
}

WorkflowTimingProfile TimingTracker::get_summary() const {
  return profile();
}

}  // namespace headway
