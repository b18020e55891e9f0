// The files of a finished run in the formats of other tools, as flags ask for them.
#pragma once

#include "cli/console.hpp"
#include "record/run_folder.hpp"

#include <string>

namespace headway::cli {

// Where each report goes; empty: it is not wanted; "-": standard output. Paths count from where the
// command was given.
struct ReportFiles {
  std::string html, junit, trace, otlp, markdown, wfformat;

  bool empty() const noexcept {
    return html.empty() && junit.empty() && trace.empty() && otlp.empty() && markdown.empty() &&
           wfformat.empty();
  }
};

// Writes them all, each replaced whole; what fails is told and does not keep the others back. 0, or
// the exit code of the first that failed. What reports quote of a log was masked when it was
// written.
int write_report_files(const ReportFiles& files,
                       const RunFolder& folder,
                       const GlobalOptions& options,
                       Console& console);

// For a job on GitHub: annotations of the stages that failed where people are told, and the
// Markdown report appended to the file that $GITHUB_STEP_SUMMARY names. False where that could not
// be written, which is told.
bool write_github_report(const RunFolder& folder, Console& console);

}  // namespace headway::cli
