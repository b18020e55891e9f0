// See report_files.hpp. What the reports say: src/report.
#include "cli/project/report_files.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/explanation_text.hpp"
#include "cli/text/log_tail.hpp"
#include "diagnostics/failure_excerpt.hpp"
#include "diagnostics/line_signals.hpp"
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
#include <memory>

namespace headway::cli {
namespace {

constexpr int kDetailLines = 50;
// So many failures of one run are looked into; of the rest the last lines are quoted.
constexpr int kMaxExcerpts = 20;

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

// The lines that matter of a log; nothing where there are none.
std::optional<std::string> lines_that_matter(const std::string& log) {
  auto source = LogSource::open(log);
  auto excerpt = source ? find_failing_part(*source, {}) : source.error();
  if (!excerpt || excerpt->blocks.empty()) {
    return std::nullopt;
  }
  FailureExplained shown;
  shown.excerpt = std::move(excerpt->blocks);
  shown.lines = excerpt->lines;
  shown.anchor_line = excerpt->anchor_line;
  return excerpt_text(shown, {});
}

// What the record says of the failure that came first; of others the lines that matter, else the
// last ones.
StageDetail detail_of(const RunFolder& folder, const RunState& state) {
  std::shared_ptr<const LineSignals::Patterns>
      patterns;  // compiled for the first log, kept for all
  return [&folder, &state, patterns, left = kMaxExcerpts](int position) mutable {
    const StageState& stage = state.stages[static_cast<std::size_t>(position)];
    if (state.explained && state.first_failure == position) {
      return explained_text(*state.explained, {});
    }
    const std::string log = folder.path + "/" + stage.log();
    if (stage.log().empty()) {
      return std::string();
    }
    if (left > 0) {
      --left;
      patterns = LineSignals::patterns();
      if (auto lines = lines_that_matter(log)) {
        return *std::move(lines);
      }
    }
    const auto tail = read_log_tail(log, kDetailLines);
    return tail ? join({tail->lines}, "\n") : std::string();
  };
}

// One report: its file, and how it is made.
struct Report {
  const std::string& file;
  std::function<Result<std::string>()> make;
};

// 0, or the exit code of what failed, which is told. `is_alone`: no report goes to stdout, so that
// people may be told there.
int put(const Report& report, bool is_alone, const GlobalOptions& options, Console& console) {
  const auto text = report.make();
  if (!text) {
    return console.refuse(text.error());
  }
  if (report.file == "-") {
    console.bytes(*text);
    return console.finish(0);
  }
  const std::string path = short_path(absolute_path(options.start, report.file));
  if (const auto written = write_file_atomically(path, *text, Durability::process); !written) {
    return console.refuse(written.error());
  }
  if (is_alone) {
    console.say(fmt::format("wrote {}\n", printable(path)));
  }
  return 0;
}

// As GitHub's runner decodes workflow commands: of the message only what would end it, of a
// property what would end that, too.
std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

constexpr std::string_view kSpecialInMessage = "%\r\n";
constexpr std::string_view kSpecialInProperty = "%\r\n:,";

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

int write_report_files(const ReportFiles& files,
                       const RunFolder& folder,
                       const GlobalOptions& options,
                       Console& console) {
  const auto run = read_attempts(folder);
  if (!run) {
    return console.refuse(run.error());
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
  const bool is_alone = std::none_of(std::begin(reports),
                                     std::end(reports),
                                     [](const Report& report) { return report.file == "-"; });
  int code = 0;
  for (const Report& report : reports) {
    const int put_code = report.file.empty() ? 0 : put(report, is_alone, options, console);
    code = code == 0 ? put_code : code;
  }
  return code;
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
                                 escaped("stage " + stage.plan->key, kSpecialInProperty),
                                 escaped(stage.reason, kSpecialInMessage));
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
