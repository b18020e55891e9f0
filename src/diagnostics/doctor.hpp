// Doctor: looks at machine and repository, judges them for a workflow, and tells what has changed
// since it last ran well. The one entry for `headway doctor`, `headway diagnose` and programs.
#pragma once

#include "base/secrets.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/machine_print.hpp"
#include "model/workflow.hpp"
#include "record/run_folder.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

// What is looked at.
struct DoctorRequest {
  const Workflow* workflow = nullptr;  // null: none, or it has mistakes
  std::string workflow_file;           // empty: there is none
  std::vector<std::string> problems;   // its mistakes
  std::string lane;                    // empty: the default one
  std::string directory;  // absolute: of the workflow file, or where one was looked for
  StateFolder state;
  int jobs = 0;                          // as asked for; 0: as the machine allows
  std::vector<std::string> environment;  // "NAME=value"
  std::vector<std::string> other_tools;  // looked at for a report alone
};

// The newest run that ended well.
struct GreenRun {
  std::string run_id;
  WallTime started_at{};
  MachinePrint print;
};

// What was found.
struct DoctorReport {
  DoctorFacts facts;
  std::vector<CheckResult> checks;     // failures first
  std::optional<GreenRun> green;       // empty: there is none of this workflow and lane
  std::vector<MachineChange> changes;  // since that run
};

// Takes less than about a second, whatever hangs. Error not_found: no such lane.
Result<DoctorReport> examine(const DoctorRequest& request);

// The newest completed run of that workflow and lane, of the newest 100; nothing where there is
// none.
std::optional<GreenRun> newest_green_run(const StateFolder& state,
                                         std::string_view workflow,
                                         std::string_view lane);

// The document of `doctor --json`.
std::string doctor_document(const DoctorReport& report, const SecretSet& secrets);
// The array "changed_since_green".
void write_changes(JsonWriter& json, const std::vector<MachineChange>& changes);

}  // namespace headway
