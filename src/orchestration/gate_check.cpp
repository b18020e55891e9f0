// See gate_check.hpp.
#include "orchestration/gate_check.hpp"

#include "base/text.hpp"
#include "execution/shell_command.hpp"
#include "orchestration/gate_evaluation.hpp"
#include "orchestration/stage_environment.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace headway {
namespace {

// How the command ended; nothing where a signal came first.
std::optional<Exit> run_command(const Launch& launch, Backend& backend, int& signal) {
  Exit exit;
  if (const auto started = backend.start(launch); !started) {
    exit.start_failed = true;
    exit.error = started.error().message;
    return exit;
  }
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
  while (exits.empty() && wakeups.empty()) {
    backend.wait(std::nullopt, exits, wakeups);
  }
  if (!exits.empty()) {
    return exits.front();
  }
  signal = wakeups.front().signal;
  backend.kill_everything();
  return std::nullopt;
}

}  // namespace

GateCheck check_gates(const Workflow& workflow,
                      const std::vector<int>& gates,
                      const GateCheckOptions& options) {
  StageEnvironment environment(
      options.environment, workflow.env, {"", workflow.name, options.lane.key, "", "", ""});
  GateCheck check;
  WriteWatch watch;
  for (const int number : gates) {
    const Gate& gate = workflow.gates[static_cast<std::size_t>(number)];
    GateCase gate_case;
    gate_case.gate = &gate;
    gate_case.directory = workflow.directory;
    gate_case.thresholds = thresholds_of(workflow, options.lane, number);
    if (gate.run) {
      if (!gate.report.empty()) {
        gate_case.before = std::make_shared<ReportMarks>(watch, workflow.directory, gate.report);
      }
      gate_case.output = fmt::format("{}/{}.log", options.folder, percent_encode(gate.key));
      Launch launch;
      launch.task = number;
      launch.argv = gate.run->is_script() ? script_argv(gate.run->script) : gate.run->argv;
      launch.directory = workflow.directory;
      launch.environment = &environment.of(Stage(), 1);
      launch.log_path = gate_case.output;
      gate_case.ended = run_command(launch, options.backend, check.signal);
      if (!gate_case.ended) {
        return check;
      }
    }
    auto results = evaluate_gate(gate_case);
    std::move(results.begin(), results.end(), std::back_inserter(check.results));
  }
  return check;
}

}  // namespace headway
