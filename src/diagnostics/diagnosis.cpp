// See diagnosis.hpp.
#include "diagnostics/diagnosis.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "host/machine.hpp"
#include "record/run_reader.hpp"
#include "timing/change_points.hpp"
#include "timing/history.hpp"

#include <fmt/format.h>

#include <sys/utsname.h>

#include <algorithm>

namespace headway {
namespace {

constexpr int kHistoryRuns = 50;
constexpr std::size_t kMostFailing = 5;
constexpr std::size_t kMostStateLines = 20;
constexpr std::int64_t kMostStatusBytes = std::int64_t{16} << 20;
constexpr TextBounds kShownOfLog{2 << 10, 6 << 10};

std::string platform_name() {
  utsname names{};
  return ::uname(&names) == 0 ? names.machine : "";
}

void read_state_of(const RunFolder& run, const RunState& state, Diagnosis& diagnosis) {
  diagnosis.run_id = state.run_id;
  diagnosis.workflow_state = status_document(state, {});
  diagnosis.logs = summarize_logs(run.path);
  const LogSummary stages = summarize_logs(run.path + "/stages");
  for (const auto& [name, bytes] : stages.files) {
    diagnosis.logs.files.emplace_back("stages/" + name, bytes);
  }
  for (const StageState& stage : state.stages) {
    const bool is_bad = stage.status == StageStatus::failed ||
                        stage.status == StageStatus::interrupted ||
                        (stage.status == StageStatus::cancelled && stage.attempts > 0);
    if (is_bad && diagnosis.failing.size() < kMostFailing) {
      diagnosis.failing.push_back({stage.plan->key,
                                   stage.attempts,
                                   stage.log(),
                                   read_bounded(run.path + "/" + stage.log(), kShownOfLog)});
    }
  }
}

// A status file of ours, or of somebody else: any JSON value will do.
std::string json_in(const std::string& path) {
  const auto text =
      path.empty() ? Result<std::string>(std::string()) : read_file(path, kMostStatusBytes);
  const auto json = text ? Json::parse(*text) : Result<Json>(Json());
  return json ? json->dump() : "null";
}

// What a status document says, a line for the run and one for each stage that did not complete.
std::vector<std::string> lines_of(const std::string& status) {
  const auto json = Json::parse(status);
  if (!json || !json->is_object()) {
    return {};
  }
  const Json& root = *json;
  const std::string& lane = root["lane"].as_string();
  std::vector<std::string> lines{fmt::format("{}{}, {:.1f} s",
                                             root["status"].as_string(),
                                             lane.empty() ? "" : " in lane " + lane,
                                             root["timing"]["total_elapsed_seconds"].as_number())};
  for (const Json& stage : root["stages"].items()) {
    const std::string& state = stage["status"].as_string();
    if (state == "COMPLETED" || lines.size() > kMostStateLines) {
      continue;
    }
    const bool has_code = stage["exit_code"].is_integer();
    lines.push_back(fmt::format(
        "{} {}{}",
        state,
        stage["key"].as_string().empty() ? stage["name"].as_string() : stage["key"].as_string(),
        has_code ? fmt::format(", exit code {}", stage["exit_code"].as_integer()) : ""));
  }
  return lines;
}

void read_history_of(const DiagnosisRequest& request, Diagnosis& diagnosis) {
  const WorkflowNeeds& needs = diagnosis.doctor.facts.needs;
  const auto history = History::open_read_only(request.doctor.state.history());
  if (!history || needs.name.empty()) {
    return;
  }
  if (const auto runs = history->runs(needs.name, needs.lane, kHistoryRuns)) {
    diagnosis.history_runs = static_cast<int>(runs->size());
    diagnosis.history_succeeded = static_cast<int>(std::count_if(
        runs->begin(), runs->end(), [](const PastRun& run) { return run.is_complete; }));
  }
  const auto samples = history->samples(needs.name, needs.lane, kHistoryRuns);
  if (!samples) {
    return;
  }
  for (const auto& [key, all] : *samples) {
    StageHistory stage;
    stage.key = key;
    std::vector<double> seconds;
    for (const StageSample& sample : all) {
      ++stage.runs;
      stage.failures += sample.status == StageStatus::failed ? 1 : 0;
      seconds.push_back(sample.duration.count());
    }
    stage.median_seconds = median_of(seconds);
    diagnosis.history.push_back(std::move(stage));
  }
}

// What the rules know of the logs that are shown; each once.
void add_advice_of_logs(Diagnosis& diagnosis) {
  for (const FailingLog& log : diagnosis.failing) {
    auto advice = TroubleshootingSuggestions::get_suggestion(log.text);
    const bool is_new =
        advice && std::none_of(diagnosis.advice.begin(),
                               diagnosis.advice.end(),
                               [&](const Suggestion& other) { return other.id == advice->id; });
    if (is_new) {
      diagnosis.advice.push_back(*std::move(advice));
    }
  }
}

// What the checks say is something to try, too: they look at what is there.
void add_advice_of_checks(Diagnosis& diagnosis) {
  for (const CheckResult& check : diagnosis.doctor.checks) {
    const bool is_bad = check.status == CheckStatus::fail || check.status == CheckStatus::warn;
    if (is_bad && !check.fix.empty()) {
      diagnosis.advice.push_back({check.id,
                                  fmt::format("{}: {}", check.value, check.why),
                                  check.fix,
                                  "fact",
                                  check.status == CheckStatus::fail ? 0.9 : 0.3});
    }
  }
}

}  // namespace

Result<Diagnosis> diagnose(const DiagnosisRequest& request) {
  Diagnosis diagnosis;
  DoctorRequest doctor = request.doctor;
  if (request.run) {
    const auto state = read_run(*request.run);
    if (!state) {
      return state.error();
    }
    read_state_of(*request.run, *state, diagnosis);
    // (the file may have lost that lane since)
    const std::string& lane = state->start.lane;
    if (doctor.workflow != nullptr && doctor.workflow->find_lane(lane) != nullptr) {
      doctor.lane = lane;
    }
  } else {
    diagnosis.workflow_state = json_in(request.status_file);
    diagnosis.logs = summarize_logs(request.log_folder);
  }
  auto report = examine(doctor);
  if (!report) {
    return std::move(report).error();
  }
  diagnosis.doctor = std::move(*report);
  DoctorFacts& facts = diagnosis.doctor.facts;
  std::erase_if(facts.other_tools, [&](const ToolFacts& tool) {
    return std::any_of(facts.tools.begin(), facts.tools.end(), [&](const ToolFacts& needed) {
      return needed.name == tool.name;
    });
  });
  diagnosis.platform = platform_name();
  diagnosis.user = user_name();
  diagnosis.directory = current_directory();
  diagnosis.state_lines = lines_of(diagnosis.workflow_state);
  read_history_of(request, diagnosis);
  add_advice_of_logs(diagnosis);
  add_advice_of_checks(diagnosis);
  return diagnosis;
}

}  // namespace headway
