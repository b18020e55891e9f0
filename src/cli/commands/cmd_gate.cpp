// `headway gate`: evaluates gates alone, outside of any run. Records nothing.
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/checked_workflow.hpp"
#include "cli/project/lane_request.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/gate_table.hpp"
#include "execution/process_backend.hpp"
#include "execution/watcher.hpp"
#include "orchestration/gate_check.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/session.hpp"
#include "record/gate_document.hpp"

#include <fmt/format.h>

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <numeric>
#include <system_error>

namespace headway::cli {
namespace {

struct GateCommandOptions {
  std::vector<std::string> names;
  std::string lane;
};

// A folder for what commands print, removed at the end.
class OutputFolder {
 public:
  OutputFolder() {
    const char* base = ::getenv("TMPDIR");
    path_ = std::string(base == nullptr || *base == '\0' ? "/tmp" : base) + "/headway-gate-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) {
      path_.clear();
    }
  }
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder() {
    std::error_code ignored;
    if (!path_.empty()) {
      std::filesystem::remove_all(path_, ignored);
    }
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <typename T>
Error unknown(std::string_view kind, const std::string& name, const std::vector<T>& things) {
  std::vector<std::string_view> known;
  for (const T& each : things) {
    known.push_back(each.key);
  }
  if (known.empty()) {
    return {ErrorCode::not_found, fmt::format("the workflow declares no {}s", kind)};
  }
  const auto nearest = nearest_name(name, known);
  return {ErrorCode::not_found,
          fmt::format("the workflow has no {} '{}'{}",
                      kind,
                      name,
                      nearest ? fmt::format(" (did you mean '{}'?)", *nearest) : ""),
          fmt::format("one of {}", fmt::join(known, ", "))};
}

// By number in Workflow::gates, each once; all of them where none is named.
Result<std::vector<int>> chosen_gates(const Workflow& workflow,
                                      const std::vector<std::string>& names) {
  std::vector<int> gates(names.empty() ? workflow.gates.size() : 0);
  std::iota(gates.begin(), gates.end(), 0);
  for (const std::string& name : names) {
    const Gate* gate = workflow.find_gate(name);
    if (gate == nullptr) {
      return unknown("gate", name, workflow.gates);
    }
    const int number = static_cast<int>(gate - workflow.gates.data());
    if (std::find(gates.begin(), gates.end(), number) == gates.end()) {
      gates.push_back(number);
    }
  }
  return gates;
}

// The lane of that name; the default one where none is named, and with "auto" that of the change.
Result<const Lane*> chosen_lane(const Workflow& workflow, std::string name, Console& console) {
  if (name == "auto") {
    RequestFlags flags;
    flags.chooses_lane = true;
    RunRequest request;
    const auto settled = settle_lane({flags, workflow, process_environment()}, request, console);
    if (!settled) {
      return settled.error();
    }
    name = request.selection.lane;
  }
  const Lane* lane = name.empty() ? &workflow.default_lane() : workflow.find_lane(name);
  return lane == nullptr ? unknown("lane", name, workflow.lanes) : Result<const Lane*>(lane);
}

std::vector<GateChecked> as_events(const Workflow& workflow,
                                   const std::vector<GateResult>& results) {
  std::vector<GateChecked> out;
  for (const GateResult& result : results) {
    const Gate* gate = workflow.find_gate(result.gate);
    out.push_back({0,
                   result.gate,
                   std::string(to_string(gate->format)),
                   result.metric,
                   result.value,
                   result.threshold,
                   result.passed,
                   result.reason});
  }
  return out;
}

std::string gates_document(const Lane& lane,
                           const std::vector<GateChecked>& gates,
                           bool passed,
                           const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1).field("lane", lane.key).field("passed", passed);
  json.key("metrics");
  write_run_metrics(json, gates);
  json.key("gates");
  write_gates(json, gates);
  json.end_object();
  return text;
}

// In the worker.
int evaluate(const Workflow& workflow,
             const Lane& lane,
             const std::vector<int>& gates,
             const GlobalOptions& options) {
  const SystemClock clock;
  const std::vector<std::string> environment = process_environment();
  const SecretSet secrets = workflow_secrets(workflow, environment);
  Console console(options, secrets);
  const OutputFolder folder;
  if (folder.path().empty()) {
    return console.refuse({ErrorCode::io, "make a folder for the output of gates", "set TMPDIR"});
  }
  ProcessBackendOptions backend_options;
  backend_options.secrets = secrets;
  backend_options.own_process = true;
  auto backend = ProcessBackend::create(std::move(backend_options), clock);
  if (!backend) {
    return console.refuse(backend.error());
  }
  const GateCheck check =
      check_gates(workflow, gates, {lane, environment, **backend, clock, folder.path()});
  if (check.signal != 0) {
    console.tell("interrupted: not all gates were evaluated");
    return static_cast<int>(check.signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated);
  }
  const auto events = as_events(workflow, check.results);
  const bool passed = all_passed(check.results);
  console.say_always(gate_table(events, console.paint(), !options.quiet, console.width()));
  console.say(fmt::format("{} in lane {}: {}\n",
                          count_of(static_cast<int>(gates.size()), "gate"),
                          printable(lane.key),
                          passed ? "passed" : "not passed"));
  if (options.json) {
    console.document(gates_document(lane, events, passed, secrets));
  }
  return console.finish(passed ? 0 : static_cast<int>(ExitCode::gate_failed));
}

int run(const GateCommandOptions& asked, const Workflow& workflow, const GlobalOptions& options) {
  Console errors(options);
  const auto lane = chosen_lane(workflow, asked.lane, errors);
  const auto gates = chosen_gates(workflow, asked.names);
  if (!lane || !gates) {
    return errors.refuse(lane ? gates.error() : lane.error());
  }
  return run_watched(
      [&](const WatcherLink&) { return evaluate(workflow, **lane, *gates, options); },
      [](const std::string&, int) {});
}

}  // namespace

Command gate_command() {
  const auto asked = std::make_shared<GateCommandOptions>();
  Command command;
  command.name = "gate";
  command.summary = "Evaluate quality gates alone: their reports and what the lane asks of them";
  command.positional = "[NAME...]";
  command.arguments = &asked->names;
  command.takes_json = true;
  command.flags = {
      {.names = "--lane",
       .value_name = "NAME",
       .help = "whose thresholds count (default: the default lane; auto: by what changed)",
       .text = &asked->lane}};
  command.run = [asked](const GlobalOptions& options) {
    return with_workflow(options,
                         [&](const Workflow& workflow) { return run(*asked, workflow, options); });
  };
  return command;
}

}  // namespace headway::cli
