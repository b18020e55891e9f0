// What a change is, which lane it takes, and whether a commit message is as it should be, with a
// status file that says how far this is: the parts of the library without a run.
#include <cstdio>
#include <headway/commits.hpp>
#include <headway/lanes.hpp>
#include <headway/status.hpp>

using namespace headway;

// Checks one message and says what could stand there.
static bool check_message(const char* message) {
  const CommitValidator validator({.needs_issue = true});
  const CommitReport report = validator.check(message);
  for (const CommitIssue& issue : report.issues) {
    std::printf("%d:%d %s\n", issue.at.line, issue.at.column, issue.text.c_str());
  }
  if (!report.valid()) {
    std::printf("try: %s\n", validator.propose(message).message.c_str());
  }
  return report.valid();
}

// Says which lane the change takes, and which code is in it; the lane.
static Result<LaneConfig> tell_lane(const char* directory) {
  const auto change = read_change(directory);
  if (!change) {
    return change.error();
  }
  const LaneDecision decision = choose_lane(*change);
  std::printf("lane %s (%s)\n", decision.lane.c_str(), decision.why.c_str());
  for (const auto& [language, files] : code_in(*change)) {
    std::printf("%d x %.*s\n", files, static_cast<int>(language.size()), language.data());
  }
  return LaneRegistry().get(decision.lane);
}

static int fail(const Error& error) {
  std::fprintf(stderr, "failed to %s\n", error.message.c_str());
  return 2;
}

int main(int count, char** words) {
  const auto lane = tell_lane(".");
  if (!lane) {
    return fail(lane.error());
  }
  auto status = StatusTracker::create("status.json",
                                      {.workflow_id = "change-check",
                                       .lane = lane->name,
                                       .sla_target = lane->max_duration,
                                       .stages = {{.stage_id = 10, .name = "Git Operations"}}});
  if (!status) {
    return fail(status.error());
  }
  bool good = true;
  if (const auto started = status->start_stage(10); !started) {
    return fail(started.error());
  }
  if (count > 1) {
    good = check_message(words[1]);
  }
  const StageStatus end = good ? StageStatus::completed : StageStatus::failed;
  if (const auto ended = status->complete_stage(10, end); !ended) {
    return fail(ended.error());
  }
  if (const auto ended = status->finish(end); !ended) {
    return fail(ended.error());
  }
  const auto written = read_status("status.json");  // as another program would
  std::printf("%zu stage, target %.0f s, %s\n",
              written->stages.size(),
              written->sla_target->count(),
              written->within_sla.value_or(false) ? "kept" : "missed");
  return good ? 0 : 1;
}
