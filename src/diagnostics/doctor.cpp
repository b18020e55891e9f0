// See doctor.hpp.
#include "diagnostics/doctor.hpp"

#include "base/files.hpp"
#include "diagnostics/doctor_probe.hpp"
#include "host/deadline.hpp"
#include "host/machine.hpp"
#include "record/event_reader.hpp"
#include "timing/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace headway {
namespace {

constexpr Nanos kForNeeds = std::chrono::milliseconds(80);
constexpr Nanos kForGreen = std::chrono::milliseconds(150);
constexpr std::size_t kMostRunsLooked = 100;
constexpr int kMostSamples = 20;
constexpr std::int64_t kMostPrintFileBytes = 1 << 16;

// The largest memory of each stage in the newest runs.
std::map<std::string, std::int64_t> memory_peaks(const std::string& history_path,
                                                 const std::string& workflow,
                                                 const std::string& lane) {
  std::map<std::string, std::int64_t> peaks;
  const auto history = History::open_read_only(history_path);
  if (!history) {
    return peaks;
  }
  const auto samples = history->samples(workflow, lane, kMostSamples);
  if (!samples) {
    return peaks;
  }
  for (const auto& [key, all] : *samples) {
    for (const StageSample& sample : all) {
      peaks[key] = std::max(peaks[key], sample.peak_memory_bytes);
    }
  }
  return peaks;
}

Result<WorkflowNeeds> needs_for(const DoctorRequest& request) {
  WorkflowNeeds needs;
  if (request.workflow != nullptr) {
    const Workflow& workflow = *request.workflow;
    const Lane* lane =
        request.lane.empty() ? &workflow.default_lane() : workflow.find_lane(request.lane);
    if (lane == nullptr) {
      return Error{ErrorCode::not_found,
                   fmt::format("unknown lane '{}'", request.lane),
                   "see `headway` for the lanes there are"};
    }
    const auto peaks = made_by_deadline<std::map<std::string, std::int64_t>>(
        [history = request.state.history(), name = workflow.name, key = lane->key] {
          return memory_peaks(history, name, key);
        },
        kForNeeds);
    needs = needs_of(workflow, *lane, peaks.value_or(std::map<std::string, std::int64_t>{}));
  }
  needs.file = request.workflow_file;
  needs.directory = request.directory;
  needs.problems = request.problems;
  needs.jobs = request.jobs > 0 ? request.jobs : needs.jobs;
  return needs;
}

// The environment with what the file sets in it.
std::vector<std::string> with_variables(std::vector<std::string> environment,
                                        const EnvironmentList& variables) {
  for (const auto& [name, value] : variables) {
    const std::string prefix = name + "=";
    std::erase_if(environment, [&](const std::string& one) { return one.starts_with(prefix); });
    environment.push_back(prefix + value);
  }
  return environment;
}

// The hooks of all stages; their order is that of the file.
std::vector<HookFacts> hooks_for(const DoctorRequest& request) {
  std::vector<HookFacts> all;
  if (request.workflow == nullptr) {
    return all;
  }
  const Workflow& workflow = *request.workflow;
  const Lane* lane =
      request.lane.empty() ? &workflow.default_lane() : workflow.find_lane(request.lane);
  for (const Stage& stage : workflow.stages) {
    const bool is_in_lane =
        lane != nullptr && std::binary_search(lane->stages.begin(),
                                              lane->stages.end(),
                                              static_cast<int>(&stage - workflow.stages.data()));
    const auto place = std::make_shared<const HookPlace>(
        HookPlace{workflow.directory,
                  with_variables(with_variables(request.environment, workflow.env), stage.env)});
    for (const Hook& hook : stage.hooks) {
      const int number = static_cast<int>(&hook - stage.hooks.data()) + 1;
      all.push_back(
          {stage.key, number, is_in_lane && !stage.allow_failure, HookQuestion{hook, {}, place}});
    }
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> variables_of(
    const std::vector<std::string>& environment) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) {
      variables.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  return variables;
}

// The machine as it is now, from what was gathered: nothing is asked twice, and nothing can hang.
MachinePrint print_now(const DoctorRequest& request, const DoctorFacts& facts) {
  MachineFacts machine;
  machine.hostname = host_name();
  machine.kernel = facts.surroundings.kernel;
  if (facts.sample) {
    machine.cpus = facts.sample->usable_cpus;
    machine.memory_bytes = memory_limit_bytes(*facts.sample);
  }
  RepositoryFacts repository;
  if (facts.git) {
    repository = {facts.git->commit, facts.git->branch};
  }
  const std::vector<ToolNeed> no_tools;
  MachinePrint print = take_machine_print({no_tools,
                                           request.directory,
                                           request.state,
                                           request.environment,
                                           std::move(machine),
                                           std::move(repository)});
  for (const ToolFacts& tool : facts.tools) {
    print.tools.push_back({tool.name, {tool.file, tool.size, tool.modified_ns}});
  }
  return print;
}

// Versions that are known now, or were asked for earlier.
class KnownVersions {
 public:
  KnownVersions(const DoctorFacts& facts, VersionCache cache)
      : facts_(facts), cache_(std::move(cache)) {}

  std::string of(const ToolFile& file) const {
    for (const ToolFacts& tool : facts_.tools) {
      if (file == ToolFile{tool.file, tool.size, tool.modified_ns}) {
        return tool.version;
      }
    }
    return cache_.find(file).value_or("");
  }

 private:
  const DoctorFacts& facts_;
  VersionCache cache_;
};

// What there is to compare, read where it cannot hold anybody up.
struct Earlier {
  std::optional<GreenRun> green;
  MachinePrint now;
  VersionCache cache;
};

void compare_with_green(const DoctorRequest& request, DoctorReport& report) {
  auto earlier = made_by_deadline<Earlier>(
      [request, facts = report.facts] {
        Earlier found;
        found.green = newest_green_run(request.state, facts.needs.name, facts.needs.lane);
        if (found.green) {
          found.now = print_now(request, facts);
          found.cache = VersionCache::read(version_cache_path(request.state));
        }
        return found;
      },
      kForGreen);
  if (!earlier || !earlier->green) {
    return;
  }
  const KnownVersions versions(report.facts, std::move(earlier->cache));
  report.changes = changes_between(earlier->green->print,
                                   earlier->now,
                                   [&versions](const ToolFile& file) { return versions.of(file); });
  report.green = std::move(earlier->green);
}

}  // namespace

Result<DoctorReport> examine(const DoctorRequest& request) {
  auto needs = needs_for(request);
  if (!needs) {
    return std::move(needs).error();
  }
  DoctorReport report;
  DoctorProbe probe;
  probe.needs = std::move(*needs);
  probe.workspace = request.directory;
  probe.state = request.state;
  probe.hooks = hooks_for(request);
  probe.environment = variables_of(request.environment);
  probe.other_tools = request.other_tools;
  report.facts = gather_doctor_facts(probe);
  report.checks = run_checks(report.facts);
  if (request.workflow != nullptr) {
    compare_with_green(request, report);
  }
  return report;
}

std::optional<GreenRun> newest_green_run(const StateFolder& state,
                                         std::string_view workflow,
                                         std::string_view lane) {
  const std::vector<std::string> runs = list_runs(state);
  for (std::size_t at = 0; at < std::min(runs.size(), kMostRunsLooked); ++at) {
    const RunFolder folder{state.run(runs[at])};
    const auto finished = read_last_run_finished(folder.events());
    if (!finished || finished->status != RunStatus::completed) {
      continue;
    }
    std::optional<GreenRun> green;
    (void)for_each_event(folder.events(), [&](const RunEvent& event) {
      const auto* start = std::get_if<RunStarted>(&event.body);
      if (start != nullptr && start->workflow == workflow && start->lane == lane) {
        green = GreenRun{event.run_id, event.time, print_of(*start)};
      }
      return false;
    });
    if (green) {
      auto text = read_file(folder.machine(), kMostPrintFileBytes);
      if (auto print = text ? decode_print(*text) : std::nullopt) {
        green->print = *std::move(print);
      }
      return green;
    }
  }
  return std::nullopt;
}

void write_changes(JsonWriter& json, const std::vector<MachineChange>& changes) {
  const auto text_or_null = [&json](std::string_view name, const std::string& text) {
    json.key(name);
    text.empty() ? json.null() : json.string(text);
  };
  json.begin_array();
  for (const MachineChange& change : changes) {
    json.begin_object().field_token("kind", change.kind).field("name", change.name);
    text_or_null("before", change.before);
    text_or_null("after", change.after);
    json.end_object();
  }
  json.end_array();
}

std::string doctor_document(const DoctorReport& report, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1).key("checks");
  write_checks(json, report.checks);
  json.key("changed_since_green");
  write_changes(json, report.changes);
  json.key("green_run");
  report.green ? json.token(report.green->run_id) : json.null();
  json.end_object();
  return text;
}

}  // namespace headway
