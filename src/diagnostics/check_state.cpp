// Checks of what Headway itself rests on: the workflow file, the state folder, the history. Gathers
// nothing.
#include "diagnostics/check.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

std::vector<CheckResult> judge_workflow(const DoctorFacts& facts) {
  const WorkflowNeeds& needs = facts.needs;
  CheckResult result{"workflow.file", CheckStatus::ok, "", needs.file, "it says what runs", ""};
  if (!needs.is_there()) {
    result.status = CheckStatus::info;
    result.value = "none here or above: only the machine is looked at";
    result.source = needs.directory;
    result.why = "";
    return {result};
  }
  if (!needs.problems.empty()) {
    result.status = CheckStatus::fail;
    result.value =
        needs.problems.size() == 1
            ? needs.problems.front()
            : fmt::format("{} mistakes, first: {}", needs.problems.size(), needs.problems.front());
    result.why = "nothing runs until it is right";
    result.fix = "headway validate";
    return {result};
  }
  result.value = fmt::format(
      "{} {} in lane {}", needs.stages, needs.stages == 1 ? "stage" : "stages", needs.lane);
  return {result};
}

std::vector<CheckResult> judge_folder(const DoctorFacts& facts) {
  CheckResult result{"state.folder", CheckStatus::ok, "", "", "", ""};
  result.why = "every run is recorded there; a run that cannot be recorded does not start";
  if (!facts.state || !facts.state->can_write) {
    result.status = CheckStatus::unknown;
    result.value = "the file system did not answer in time";
    return {result};
  }
  result.source = facts.state->path;
  if (!*facts.state->can_write) {
    result.status = facts.needs.is_there() ? CheckStatus::fail : CheckStatus::info;
    result.value = facts.state->write_trouble;
    result.fix = "see its owner and mode, or set HEADWAY_STATE_DIR";
    return {result};
  }
  result.value =
      facts.state->runs == 0 ? "no runs yet" : fmt::format("{} runs kept", facts.state->runs);
  return {result};
}

std::vector<CheckResult> judge_history(const DoctorFacts& facts) {
  if (!facts.state) {
    return {};
  }
  CheckResult result{
      "state.history", CheckStatus::ok, "", facts.state->path + "/history.db", "", ""};
  result.why = "estimates, priorities and advice rest on it; without it a run goes on all the same";
  if (!facts.state->history_trouble.empty()) {
    result.status = CheckStatus::warn;
    result.value = facts.state->history_trouble;
    result.fix =
        "the next run sets a damaged history aside and makes it anew from the recorded runs";
  } else if (facts.state->history_runs == 0) {
    result.status = CheckStatus::info;
    result.value = facts.needs.lane.empty()
                       ? "no runs yet"
                       : fmt::format("no runs of lane {} yet", facts.needs.lane);
  } else {
    result.value = fmt::format("{} runs of lane {}", facts.state->history_runs, facts.needs.lane);
  }
  return {result};
}

}  // namespace

std::vector<Check> state_checks() {
  return {{"workflow.file", "the workflow file and its mistakes", judge_workflow},
          {"state.folder", "whether the state folder can be written", judge_folder},
          {"state.history", "whether the history can be read", judge_history}};
}

}  // namespace headway
