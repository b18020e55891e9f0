// See report_files.hpp. What the reports say: src/report.
#include "cli/project/report_files.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/log_tail.hpp"
#include "record/event_reader.hpp"
#include "report/chrome_trace.hpp"
#include "report/html_report.hpp"
#include "report/junit_report.hpp"
#include "report/markdown_report.hpp"
#include "report/otlp_report.hpp"
#include "report/wf_report.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>

namespace headway::cli {
namespace {

constexpr int kDetailLines = 50;

Result<RunAttempts> read_attempts(const RunFolder& folder) {
  RunAttempts run;
  const auto read = for_each_event(folder.events(), [&run](const RunEvent& event) {
    run.apply(event);
    return true;
  });
  if (!read) {
    return read.error();
  }
  return run;
}

// The last lines of what a stage printed.
StageDetail detail_of(const RunFolder& folder, const RunState& state) {
  return [&folder, &state](int position) {
    const StageState& stage = state.stages[static_cast<std::size_t>(position)];
    const auto tail = read_log_tail(folder.path + "/" + stage.log(), kDetailLines);
    return stage.log().empty() || !tail ? std::string() : join({tail->lines}, "\n");
  };
}

// One report: its file, and how it is made.
struct Report {
  const std::string& file;
  std::function<Result<std::string>()> make;
};

bool put(const Report& report, const GlobalOptions& options, Console& console) {
  const auto text = report.make();
  if (!text) {
    (void)console.refuse(text.error());
    return false;
  }
  if (report.file == "-") {
    console.bytes(*text);
    return console.finish(0) == 0;
  }
  const std::string path = short_path(absolute_path(options.start, report.file));
  if (const auto written = write_file_atomically(path, *text, Durability::process); !written) {
    (void)console.refuse(written.error());
    return false;
  }
  console.say(fmt::format("wrote {}\n", printable(path)));
  return true;
}

// The message and properties of a workflow command must not end it.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += "%3A";
        break;
      case ',':
        out += "%2C";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool append(const char* path, std::string_view text, Console& console) {
  const UniqueFd file(::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!file || !write_fully(file.get(), text)) {
    console.tell(fmt::format("append to '{}', which GITHUB_STEP_SUMMARY names: {}",
                             printable(path),
                             std::strerror(errno)));
    return false;
  }
  return true;
}

}  // namespace

bool write_report_files(const ReportFiles& files,
                        const RunFolder& folder,
                        const GlobalOptions& options,
                        Console& console) {
  const auto run = read_attempts(folder);
  if (!run) {
    (void)console.refuse(run.error());
    return false;
  }
  const RunState& state = run->state();
  const StageDetail detail = detail_of(folder, state);
  using Text = Result<std::string>;
  const Report reports[] = {
      {files.html, [&] { return Text(html_report(*run, detail)); }},
      {files.junit, [&] { return Text(junit_report(state, detail)); }},
      {files.trace, [&] { return Text(chrome_trace(*run)); }},
      {files.otlp, [&] { return Text(otlp_report(*run)); }},
      {files.markdown, [&] { return Text(markdown_report(state, detail)); }},
      {files.wfformat, [&] { return wf_report(state); }},
  };
  bool good = true;
  for (const Report& report : reports) {
    good = (report.file.empty() || put(report, options, console)) && good;
  }
  return good;
}

bool write_github_report(const RunFolder& folder, Console& console) {
  const auto run = read_attempts(folder);
  if (!run) {
    (void)console.refuse(run.error());
    return false;
  }
  const RunState& state = run->state();
  std::string annotations;
  for (const StageState& stage : state.stages) {
    if (stage.status == StageStatus::failed) {
      annotations += fmt::format("::{} title={}::{}\n",
                                 stage.plan->allow_failure ? "warning" : "error",
                                 escaped(fmt::format("stage {}", stage.plan->key)),
                                 escaped(stage.reason));
    }
  }
  if (!annotations.empty()) {
    console.say_always(annotations);  // GitHub reads both streams; --json wants stdout
  }
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  return summary == nullptr || *summary == '\0' ||
         append(summary, markdown_report(state, detail_of(folder, state)), console);
}

}  // namespace headway::cli
