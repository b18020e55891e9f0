// Diagnosis: all that is known of a run and its machine in one place, as JSON and as text. Redacts
// nothing: what it gives passes a Redactor before anybody sees it.
#pragma once

#include "diagnostics/doctor.hpp"
#include "diagnostics/log_summary.hpp"
#include "headway/diagnostics.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// What is told of.
struct DiagnosisRequest {
  DoctorRequest doctor;
  std::optional<RunFolder> run;  // empty: none
  std::string log_folder;        // of a program's logs, where there is no run; may be empty
  std::string status_file;       // the same
};

// The end of what a stage that failed printed.
struct FailingLog {
  std::string stage;
  int attempt = 1;
  std::string name;  // relative to the run's folder
  std::string text;  // bounded
};

// One stage in the newest runs of the history.
struct StageHistory {
  std::string key;
  int runs = 0, failures = 0;
  double median_seconds = 0;
};

// Everything.
struct Diagnosis {
  DoctorReport doctor;
  std::string platform, user, directory;
  std::string workflow_state;            // a JSON value: status.json, corrected; or null
  std::vector<std::string> state_lines;  // the same in words
  std::string run_id;                    // empty: there is no run
  LogSummary logs;
  std::vector<FailingLog> failing;
  std::vector<Suggestion> advice;  // for what failed, then of the checks
  int history_runs = 0, history_succeeded = 0;
  std::vector<StageHistory> history;
};

// Errors: those of examine(); a run that cannot be read.
Result<Diagnosis> diagnose(const DiagnosisRequest& request);

// The document of `diagnose --json`, without a trailing newline.
std::string diagnosis_document(const Diagnosis& diagnosis);
// The same for people.
std::string diagnosis_text(const Diagnosis& diagnosis);

}  // namespace headway
