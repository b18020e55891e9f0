// From the options of a command to what doctor looks at. Looks at nothing itself but the workflow
// file.
#pragma once

#include "base/secrets.hpp"
#include "cli/console.hpp"
#include "diagnostics/doctor.hpp"

#include <memory>
#include <string>

namespace headway::cli {

// What doctor and diagnose begin with. The request points to the workflow.
struct PreparedDoctor {
  std::unique_ptr<const Workflow> workflow;  // null: none, or it has mistakes
  DoctorRequest request;
  SecretSet secrets;
};

// A missing workflow file is none; mistakes in one are part of what is found. Error not_found where
// -f names no file; invalid_argument for a mistake in HEADWAY_JOBS.
Result<PreparedDoctor> prepare_doctor(const GlobalOptions& options, const std::string& lane);

}  // namespace headway::cli
