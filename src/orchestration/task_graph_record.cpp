// Turns the story of a TaskGraph run into a profile or into events. Reads the clock only where
// nobody says when the run began. (Declared in headway/task_graph_record.hpp.)
#include "headway/task_graph_record.hpp"

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/run_event.hpp"
#include "orchestration/graph_story.hpp"
#include "orchestration/parallel_results.hpp"
#include "orchestration/run_verdict.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace headway {
namespace {

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

WallTime time_at(WallTime start, Nanos elapsed) {
  return start + std::chrono::duration_cast<WallTime::duration>(elapsed);
}

WallTime start_of(const GraphStory& story, const GraphRunFacts& facts) {
  return facts.started.value_or(time_at(SystemClock().wall(), -story.length));
}

// Something of a task that is told.
struct Moment {
  enum class Kind : std::uint8_t { ready, start, end, skip };
  Nanos at{};
  bool frees_first = false;  // the end of what began earlier: its slot is free for what begins now
  int place = 0;             // of the task in an order that keeps the needs
  Kind kind{};
  int task = 0;

  auto key() const { return std::tuple(at, !frees_first, place, kind); }
};

std::vector<Moment> moments_of(const GraphStory& story) {
  std::vector<Moment> moments;
  moments.reserve(3 * story.tasks.size());
  for (int place = 0; place < static_cast<int>(story.order.size()); ++place) {
    const int task = story.order[at(place)];
    const TaskStory& told = story.tasks[at(task)];
    if (told.has_run()) {
      moments.push_back({told.ready, false, place, Moment::Kind::ready, task});
      moments.push_back({told.start, false, place, Moment::Kind::start, task});
      moments.push_back({told.end, told.start < told.end, place, Moment::Kind::end, task});
    } else {
      moments.push_back({story.length, false, place, Moment::Kind::skip, task});
    }
  }
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return a.key() < b.key();
  });
  return moments;
}

// Numbers that are free for use again, the lowest first.
class Slots {
 public:
  explicit Slots(std::size_t tasks) : slot_of_(tasks) {}

  int take(int task) {
    const auto free = std::find(used_.begin(), used_.end(), false);
    const auto slot = static_cast<int>(free - used_.begin());
    free == used_.end() ? used_.push_back(true) : static_cast<void>(*free = true);
    slot_of_[at(task)] = slot;
    return slot;
  }
  void give(int task) { used_[at(slot_of_[at(task)])] = false; }

 private:
  std::vector<bool> used_;
  std::vector<int> slot_of_;
};

// Numbers the events of one run and hands them on.
class Telling {
 public:
  Telling(const GraphStory& story, WallTime start, RunObserver& observer)
      : story_(story), start_(start), observer_(observer), slots_(story.tasks.size()) {
    event_.run_id = new_uuid_v7(start);
  }

  void tell(Nanos elapsed, RunEventBody body) {
    ++event_.seq;
    event_.elapsed = elapsed;
    event_.time = time_at(start_, elapsed);
    event_.body = std::move(body);
    observer_.on_event(event_);
  }

  void tell(const Moment& moment) {
    const int task = moment.task;
    const TaskStory& told = story_.tasks[at(task)];
    switch (moment.kind) {
      case Moment::Kind::ready:
        tell(moment.at, StageReady{task});
        break;
      case Moment::Kind::start:
        tell(moment.at, StageStarted{task, 1, 0, slots_.take(task), ""});
        break;
      case Moment::Kind::end:
        slots_.give(task);
        tell(moment.at, end_of(task, told));
        break;
      case Moment::Kind::skip:
        tell(moment.at, StageSkipped{task, told.status, told.reason});
        break;
    }
  }

 private:
  static StageFinished end_of(int task, const TaskStory& told) {
    const bool threw = told.status == StageStatus::failed;
    StageFinished body;
    body.stage = task;
    body.status = told.status;
    body.failure = threw ? FailureKind::exception : FailureKind::none;
    body.exit_code = threw ? kThrewExitCode : 0;
    body.reason = told.reason;
    body.duration = told.end - told.start;
    body.queue_wait = told.start - told.ready;
    return body;
  }

  const GraphStory& story_;
  const WallTime start_;
  RunObserver& observer_;
  RunEvent event_;
  Slots slots_;
};

RunStarted begin_event(const GraphStory& story, const GraphRun& run, const GraphRunFacts& facts) {
  std::vector<PlannedStage> stages;
  stages.reserve(story.tasks.size());
  for (int task = 0; task < static_cast<int>(story.tasks.size()); ++task) {
    const std::string& name = story.names[at(task)];
    stages.push_back({name, task, name, story.needs[at(task)], false, false});
  }
  RunStarted body;
  body.workflow = facts.workflow;
  body.lane = facts.lane;
  body.change_id = facts.workflow_id;
  body.version = HEADWAY_VERSION;
  body.stages = std::move(stages);
  body.jobs = run.workers;
  return body;
}

RunFinished end_event(const GraphRun& run) {
  switch (run.status) {
    case GraphRunStatus::failed:
      return judge_run({.stage_failed = true});
    case GraphRunStatus::cancelled:
      return {
          RunStatus::cancelled, static_cast<int>(ExitCode::terminated), "cancelled by the program"};
    default:
      return judge_run({});
  }
}

}  // namespace

WorkflowTimingProfile profile_of(const FrozenTaskGraph& graph,
                                 const GraphRun& run,
                                 const GraphRunFacts& facts) {
  const GraphStory story = story_of(graph, run);
  WorkflowTimingProfile profile;
  profile.workflow = facts.workflow;
  profile.lane = facts.lane;
  profile.start_time = start_of(story, facts);
  profile.end_time = time_at(profile.start_time, story.length);
  profile.workflow_id =
      facts.workflow_id.empty() ? new_uuid_v7(profile.start_time) : facts.workflow_id;
  Nanos first = story.length;
  for (const Moment& moment : moments_of(story)) {
    if (moment.kind != Moment::Kind::start) {
      continue;
    }
    const TaskStory& told = story.tasks[at(moment.task)];
    first = std::min(first, told.start);
    StageTimingData& stage = profile.stages.emplace_back();
    stage.stage_id = moment.task;
    stage.stage_name = story.names[at(moment.task)];
    stage.start_time = time_at(profile.start_time, told.start);
    stage.end_time = time_at(profile.start_time, told.end);
    stage.duration = to_seconds(told.end - told.start);
    stage.queue_wait = to_seconds(told.start - told.ready);
    stage.status = told.status;
    stage.failure = told.status == StageStatus::failed ? FailureKind::exception : FailureKind::none;
  }
  profile.total_duration = to_seconds(story.length - first);
  return profile;
}

void tell_events(const FrozenTaskGraph& graph,
                 const GraphRun& run,
                 const GraphRunFacts& facts,
                 RunObserver& observer) {
  const GraphStory story = story_of(graph, run);
  Telling telling(story, start_of(story, facts), observer);
  telling.tell(Nanos{0}, begin_event(story, run, facts));
  for (const Moment& moment : moments_of(story)) {
    telling.tell(moment);
  }
  telling.tell(story.length, end_event(run));
}

}  // namespace headway
