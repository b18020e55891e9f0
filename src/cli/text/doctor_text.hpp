// What doctor found, in words. Pure; knows no stream.
#pragma once

#include "cli/terminal/paint.hpp"
#include "diagnostics/doctor.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// How it is told.
struct DoctorTextOptions {
  Paint paint;
  bool verbose = false;  // also what is well
  int width = 0;         // columns; 0: no limit
};

// Failures first, each with why it matters and what to do; what is well is only counted; what has
// changed since the last green run; one line that sums up.
std::string doctor_text(const DoctorReport& report, const DoctorTextOptions& options);

// The checks alone, and the changes alone; newlines included.
std::string checks_text(const std::vector<CheckResult>& checks, const DoctorTextOptions& options);
std::string changes_text(const DoctorReport& report, const DoctorTextOptions& options);

}  // namespace headway::cli
