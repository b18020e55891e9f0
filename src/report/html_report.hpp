// A run as one HTML page that needs nothing else: a timeline, the first failure, the machine and a
// table of the stages. Pure; the page itself is assets/report.
#pragma once

#include "report/run_attempts.hpp"
#include "report/stage_detail.hpp"

#include <string>

namespace headway {

// The page. What stages are called or say is data in it, never markup or code; it loads nothing.
std::string html_report(const RunAttempts& run, const StageDetail& detail = {});

}  // namespace headway
