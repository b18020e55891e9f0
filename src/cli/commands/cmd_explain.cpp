// `headway explain`: the failing part of a log, its cause, what to try. Of a file, of standard
// input, or of the newest failed run. Changes nothing. The one command that may ask a language
// model.
#include "base/files.hpp"
#include "base/units.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/project/model_asking.hpp"
#include "cli/project/model_request.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/explanation_brief.hpp"
#include "cli/text/explanation_text.hpp"
#include "diagnostics/explanation.hpp"
#include "diagnostics/failed_stage.hpp"
#include "diagnostics/failure_history.hpp"
#include "diagnostics/line_signals.hpp"
#include "diagnostics/rule_description.hpp"
#include "diagnostics/rule_pack.hpp"
#include "orchestration/orchestrator.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace headway::cli {
namespace {

constexpr int kUsage = static_cast<int>(ExitCode::usage);
constexpr int kMaxLines = 1000;

struct ExplainFlags {
  std::vector<std::string> file;
  std::string run, stage, rule, max_lines, exit_code, signal, disk_free, passing_log;
  bool timed_out = false, oom = false, dry_run = false, no_model = false;
};

// What is asked, in numbers.
struct ExplainRequest {
  FailureFacts facts;
  int max_lines = 30;
  bool has_max_lines = false;  // as asked for, not the default
  bool dry_run = false;        // show what a model would be asked, and explain nothing
  bool asks_model = false;     // where one is configured
};

Result<int> number_of(std::string_view text, std::string_view flag, int least, int most) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < least ||
      number > most) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format(
                     "read {} '{}': must be a number from {} to {}", flag, text, least, most)};
  }
  return number;
}

// Plain bytes or a size with a unit.
Result<std::int64_t> bytes_of(std::string_view text) {
  std::int64_t bytes = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (problem == std::errc() && end == text.data() + text.size() && bytes >= 0) {
    return bytes;
  }
  return parse_size(text);
}

Result<ExplainRequest> request_of(const ExplainFlags& flags) {
  ExplainRequest request;
  request.has_max_lines = !flags.max_lines.empty();
  request.facts.timed_out = flags.timed_out;
  request.facts.out_of_memory = flags.oom;
  request.dry_run = flags.dry_run;
  request.asks_model = !flags.no_model;
  const auto read = [](const std::string& text, std::string_view flag, int most, auto store) {
    if (text.empty()) {
      return Result<void>();
    }
    const auto number = number_of(text, flag, 0, most);
    if (!number) {
      return Result<void>(number.error());
    }
    store(*number);
    return Result<void>();
  };
  if (auto ok =
          read(flags.exit_code, "--exit-code", 255, [&](int n) { request.facts.exit_code = n; });
      !ok) {
    return std::move(ok).error();
  }
  if (auto ok = read(flags.signal, "--signal", 64, [&](int n) { request.facts.signal = n; }); !ok) {
    return std::move(ok).error();
  }
  if (auto ok =
          read(flags.max_lines, "--max-lines", kMaxLines, [&](int n) { request.max_lines = n; });
      !ok) {
    return std::move(ok).error();
  }
  if (!flags.disk_free.empty()) {
    const auto bytes = bytes_of(flags.disk_free);
    if (!bytes) {
      return bytes.error();
    }
    request.facts.disk_free_bytes = *bytes;
  }
  return request;
}

// The rules that hold here; what is wrong with users' files is told.
RuleSet rules_here(const GlobalOptions& options, Console& console) {
  const auto project = find_project(options, false);
  LoadedRules loaded = load_rules(rule_folders(project ? project->directory : options.start));
  for (const Problem& problem : loaded.problems) {
    console.tell(to_string(problem));
  }
  return std::move(loaded.rules);
}

int tell_rule(const std::string& id, const GlobalOptions& options, Console& console) {
  const RuleSet rules = rules_here(options, console);
  const Rule* rule = rules.find(id);
  if (rule == nullptr) {
    console.tell(unknown_rule_message(rules, id));
    return kUsage;
  }
  console.say_always(describe_rule(*rule));
  if (options.json) {
    console.document(rule_document(*rule));
  }
  return console.finish(0);
}

Result<LogSource> open_log(const std::string& name) {
  return name == "-" ? LogSource::of_stream(0) : LogSource::open(name);
}

// A log and what is known around it.
struct ExplainInput {
  LogSource log;
  std::string stage;        // whose log it is; empty: not known
  std::string passing_log;  // empty: none is known
  FailureFacts facts;
  std::vector<PastFailure> past;  // of the same stage
};

// Where the cause is clear, the few lines that tell it; all that were asked for with --max-lines.
std::string text_of(const Explanation& explanation,
                    const ExplainRequest& request,
                    const Console& console) {
  const ExplanationLook look{.paint = console.paint(), .width = console.width()};
  if (request.has_max_lines) {
    return explained_text(told(explanation), look);
  }
  const BriefExplanation brief = brief_of(told(explanation));
  std::string text = explained_text(brief.explained, look);
  if (brief.left_out > 0) {
    text += fmt::format(
        "\n{} more with --max-lines {}\n", count_of(brief.left_out, "line"), request.max_lines);
  }
  return text;
}

Result<Explanation> explanation_of(ExplainInput& input,
                                   const ExplainRequest& request,
                                   const RuleSet& rules) {
  if (is_green(input.facts)) {
    return explain(input.facts, {});
  }
  const auto patterns = LineSignals::patterns();  // of this log and of earlier ones
  std::optional<LogDifference> difference;
  if (!input.passing_log.empty()) {
    auto passing = open_log(input.passing_log);
    if (!passing) {
      return passing.error();
    }
    auto read = LogDifference::against(*passing);
    if (!read) {
      return read.error();
    }
    difference = std::move(*read);
  }
  auto excerpt = find_failing_part(input.log,
                                   {.max_lines = static_cast<std::size_t>(request.max_lines),
                                    .passing = difference ? &*difference : nullptr,
                                    .rules = &rules});
  if (!excerpt) {
    return excerpt.error();
  }
  std::vector<Suggestion> history;
  if (auto seen = suggestion_of_history(*excerpt, input.past)) {
    history.push_back(std::move(*seen));
  }
  return explain(input.facts, std::move(*excerpt), std::move(history));
}

int explain_log(ExplainInput& input,
                const ExplainRequest& request,
                const GlobalOptions& options,
                Console& console) {
  const RuleSet rules = rules_here(options, console);
  auto explanation = explanation_of(input, request, rules);
  if (!explanation) {
    return console.refuse(explanation.error());
  }
  const bool has_failed = !is_green(explanation->facts);
  if (request.dry_run && has_failed) {
    return show_model_question(*explanation, input.stage, options, console);
  }
  console.say_always(has_failed ? text_of(*explanation, request, console)
                                : "nothing failed: there is nothing to explain\n");
  // (The rest is shown by now: a slow model keeps nobody from reading it.)
  if (has_failed && request.asks_model && !options.settings.model.address.empty()) {
    add_model_advice(*explanation, input.stage, options, console);
  }
  if (options.json) {
    console.document(explanation_document(*explanation));
  }
  return console.finish(0);
}

// What the record says, and above it what the command line says.
FailureFacts together(FailureFacts facts, const FailureFacts& given) {
  facts.exit_code = given.exit_code ? given.exit_code : facts.exit_code;
  facts.signal = given.signal ? given.signal : facts.signal;
  facts.timed_out = facts.timed_out || given.timed_out;
  facts.out_of_memory = facts.out_of_memory || given.out_of_memory;
  facts.disk_free_bytes = given.disk_free_bytes ? given.disk_free_bytes : facts.disk_free_bytes;
  return facts;
}

int explain_run(const ExplainFlags& flags,
                ExplainRequest request,
                const GlobalOptions& options,
                Console& console) {
  const auto project = open_for_reading(options, console);
  if (!project) {
    return kUsage;
  }
  const auto failed = find_failed_stage(project->state, flags.run, flags.stage);
  if (!failed) {
    return console.refuse(failed.error());
  }
  console.say(failed->log.empty() ? fmt::format("{} of run {}: it was never started\n\n",
                                                printable(failed->key),
                                                failed->run_id)
                                  : fmt::format("{} of run {}, attempt {}: {}\n\n",
                                                printable(failed->key),
                                                failed->run_id,
                                                failed->attempt,
                                                printable(short_path(failed->log))));
  // What printed nothing has no log.
  auto log = LogSource::open(path_exists(failed->log) ? failed->log : "/dev/null");
  if (!log) {
    return console.refuse(log.error());
  }
  ExplainInput input{
      .log = std::move(*log),
      .stage = failed->key,
      .passing_log = flags.passing_log.empty() ? failed->passing_log : flags.passing_log,
      .facts = together(failed->facts, request.facts),
      .past = past_failures(project->state, *failed)};
  return explain_log(input, request, options, console);
}

bool is_rule_alone(const ExplainFlags& flags) {
  return flags.file.empty() && flags.run.empty() && flags.stage.empty() &&
         flags.max_lines.empty() && flags.exit_code.empty() && flags.signal.empty() &&
         flags.disk_free.empty() && flags.passing_log.empty() && !flags.timed_out && !flags.oom &&
         !flags.dry_run && !flags.no_model;
}

// Paths count from where -C says.
void resolve_paths(ExplainFlags& flags, const GlobalOptions& options) {
  const auto resolve = [&options](std::string& path) {
    if (!path.empty() && path != "-") {
      path = short_path(absolute_path(options.start, path));
    }
  };
  resolve(flags.passing_log);
  if (!flags.file.empty()) {
    resolve(flags.file.front());
  }
}

int run(ExplainFlags flags, const GlobalOptions& options) {
  Console console(options);
  resolve_paths(flags, options);
  if (!flags.rule.empty() && !is_rule_alone(flags)) {
    console.tell("'--rule' tells what a rule says and takes neither a log nor other flags");
    return kUsage;
  }
  if (flags.dry_run && flags.no_model) {
    console.tell("'--dry-run' shows what a language model would be asked: without '--no-model'");
    return kUsage;
  }
  if (flags.dry_run && options.settings.model.address.empty()) {
    return console.refuse(no_model_configured(options.settings));
  }
  if (!flags.rule.empty()) {
    return tell_rule(flags.rule, options, console);
  }
  const auto request = request_of(flags);
  if (!request) {
    console.tell(request.error());
    return kUsage;
  }
  if (flags.file.empty()) {
    return explain_run(flags, *request, options, console);
  }
  if (!flags.run.empty() || !flags.stage.empty()) {
    console.tell("'explain' takes a FILE, or --run and --stage, not both");
    return kUsage;
  }
  auto log = open_log(flags.file.front());
  if (!log) {
    return console.refuse(log.error());
  }
  ExplainInput input{.log = std::move(*log),
                     .stage = {},
                     .passing_log = flags.passing_log,
                     .facts = request->facts,
                     .past = {}};
  return explain_log(input, *request, options, console);
}

std::vector<Flag> flags_of(ExplainFlags& to) {
  return {
      {.names = "-n,--dry-run",
       .value_name = "",
       .help = "show what the language model would be asked, and where; send nothing",
       .on = &to.dry_run},
      {.names = "--no-model",
       .value_name = "",
       .help = "ask no language model, though one is configured",
       .on = &to.no_model},
      {.names = "--run",
       .value_name = "RUN",
       .help = "the stage that failed first in that run (default: the newest that failed)",
       .text = &to.run},
      {.names = "--stage",
       .value_name = "KEY",
       .help = "that stage, in the newest run in which it failed or in RUN",
       .text = &to.stage},
      {.names = "--rule", .value_name = "ID", .help = "tell what a rule says", .text = &to.rule},
      {.names = "--max-lines",
       .value_name = "N",
       .help = "lines of the log shown at most (default: 30, fewer where the cause is clear)",
       .text = &to.max_lines},
      {.names = "--exit-code",
       .value_name = "N",
       .help = "with which the program ended; 0: nothing failed",
       .text = &to.exit_code},
      {.names = "--signal",
       .value_name = "N",
       .help = "the signal that ended it",
       .text = &to.signal},
      {.names = "--timed-out",
       .value_name = "",
       .help = "it ran into a timeout",
       .on = &to.timed_out},
      {.names = "--oom",
       .value_name = "",
       .help = "the kernel ended it for want of memory",
       .on = &to.oom},
      {.names = "--disk-free",
       .value_name = "BYTES",
       .help = "free disk space when it ended",
       .text = &to.disk_free},
      {.names = "--passing-log",
       .value_name = "FILE",
       .help = "what the same printed when it passed",
       .text = &to.passing_log}};
}

}  // namespace

Command explain_command() {
  const auto flags = std::make_shared<ExplainFlags>();
  Command command;
  command.name = "explain";
  command.summary = "Show the failing part of a log, its cause, and what to try";
  command.positional = "FILE";
  command.arguments = &flags->file;
  command.max_arguments = 1;
  command.takes_json = true;
  command.flags = flags_of(*flags);
  command.run = [flags](const GlobalOptions& options) { return run(*flags, options); };
  return command;
}

}  // namespace headway::cli
