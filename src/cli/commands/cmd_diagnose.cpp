// `headway diagnose`: one redacted report of a run and its machine, or a bundle of it. Decides
// nothing.
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/project/doctor_request.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "diagnostics/bundle.hpp"
#include "diagnostics/usual_tools.hpp"

#include <fmt/format.h>

#include <memory>

namespace headway::cli {
namespace {

struct DiagnoseOptions {
  std::vector<std::string> run;
  std::string bundle;
};

// Line by line as a terminal may have it.
std::string shown(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(trim(text), '\n')) {
    out += printable(line) + "\n";
  }
  return out;
}

int write(const std::string& file,
          const DiagnosisRequest& request,
          const Diagnosis& diagnosis,
          const SecretSet& secrets,
          Console& console) {
  const WallTime now = SystemClock().wall();
  Redactor redactor(secrets, Identity::here());
  const auto files = bundle_files(diagnosis, request.run, redactor, now);
  if (const auto written = write_bundle(file, files, now); !written) {
    return console.refuse(written.error());
  }
  int replaced = 0;
  for (const auto& [kind, count] : redactor.counts()) {
    replaced += count;
  }
  console.say(fmt::format("{}: {} files, {} places redacted. Look at it before you give it away.\n",
                          printable(short_path(file)),
                          files.size(),
                          replaced));
  return 0;
}

int tell(const DiagnoseOptions& asked,
         const GlobalOptions& options,
         const std::optional<RunFolder>& run,
         Console& plain) {
  auto prepared = prepare_doctor(options, "");
  if (!prepared) {
    return plain.refuse(prepared.error());
  }
  Console console(options, prepared->secrets);
  DiagnosisRequest request;
  request.doctor = prepared->request;
  request.doctor.other_tools = usual_tools();
  request.run = run;
  const auto diagnosis = diagnose(request);
  if (!diagnosis) {
    return console.refuse(diagnosis.error());
  }
  Redactor redactor(prepared->secrets);
  if (!asked.bundle.empty()) {
    if (const int code = write(absolute_path(options.start, asked.bundle),
                               request,
                               *diagnosis,
                               prepared->secrets,
                               console);
        code != 0) {
      return code;
    }
  } else {
    console.say(shown(redactor.redact(diagnosis_text(*diagnosis))));
  }
  if (options.json) {
    console.document(redactor.redact_json(diagnosis_document(*diagnosis)));
  }
  return console.finish(0);
}

int run(const DiagnoseOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const auto none = [&] { return tell(asked, options, std::nullopt, console); };
  const auto use = [&](const RunFolder& folder) { return tell(asked, options, folder, console); };
  return with_chosen_run(options, console, asked.run, {.none = none, .run = use});
}

}  // namespace

Command diagnose_command() {
  const auto asked = std::make_shared<DiagnoseOptions>();
  Command command = run_reading_command(
      "diagnose", "Tell all about a run and its machine, without secrets", &asked->run);
  command.flags = {{.names = "--bundle",
                    .value_name = "F.tar.gz",
                    .help = "write report, events, status and failing logs to that file",
                    .text = &asked->bundle}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
