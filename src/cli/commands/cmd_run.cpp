// `headway run`: plans, then runs in a watched worker, with a view, and tells how it ended.
// Decides nothing about the run.
#include "cli/commands/cmd_run.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/commands/cmd_plan.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/dead_runs.hpp"
#include "cli/project/prepared_plan.hpp"
#include "cli/project/report_files.hpp"
#include "cli/project/saved_paths.hpp"
#include "cli/text/failure_screen.hpp"
#include "cli/text/gate_table.hpp"
#include "cli/text/hook_table.hpp"
#include "cli/text/lane_text.hpp"
#include "cli/text/offered_command.hpp"
#include "cli/text/regressions_text.hpp"
#include "cli/text/run_text.hpp"
#include "cli/views/run_view.hpp"
#include "cli/views/view_writer.hpp"
#include "execution/watcher.hpp"
#include "orchestration/session.hpp"
#include "record/run_document.hpp"
#include "record/run_reader.hpp"
#include "record/run_state.hpp"
#include "timing/history_rebuild.hpp"

#include <fmt/format.h>

#include <malloc.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace headway::cli {
namespace {

constexpr int kLargePlan = 1000;
constexpr int kMostJudged = 300;  // stages whose changes are looked for after a run
constexpr std::size_t kMostLeftOutNamed = 8;
constexpr int kStillNews = 10;  // runs with the new level; then `headway stats` alone tells of it

// Gives the reader time to take what was written, as long as it takes it at all: a stage that gets
// the terminal then prints below it.
void let_reader_catch_up(const ViewWriter& writer) {
  constexpr timespec kPause{0, 1'000'000};
  constexpr int kPauses = 200;
  for (int pause = 0; pause < kPauses && !writer.idle(); ++pause) {
    ::nanosleep(&kPause, nullptr);
  }
}

// Everything that the worker needs; made before the fork.
struct PreparedRun {
  const GlobalOptions& options;
  const RunOptions& asked;
  const PreparedPlan& prepared;
  OutputKind output;

  const RunPlan& plan() const { return prepared.plan; }
  const SecretSet& secrets() const { return prepared.secrets; }
};

// With events on stdout, people's text goes where it goes with --json.
GlobalOptions people_options(const PreparedRun& run) {
  GlobalOptions options = run.options;
  options.json = options.json || run.output == OutputKind::events;
  return options;
}

int view_fd(const PreparedRun& run, const Console& console) {
  return run.output == OutputKind::events ? STDOUT_FILENO : console.people_fd();
}

ViewOptions view_options(const PreparedRun& run, const Console& console, ViewWriter& writer) {
  ViewOptions view;
  if (run.output == OutputKind::events) {
    view.write = [&writer](std::string_view text) { writer.write(text); };  // masked already
  } else {
    view.write = [&writer, secrets = run.secrets()](std::string_view text) {
      writer.write(secrets.mask(text));
    };
  }
  view.idle = [&writer] { return writer.idle(); };
  view.size = [fd = view_fd(run, console)] { return terminal_size(fd); };
  view.paint = console.paint();
  view.verbose = run.options.verbose > 0;
  view.secrets = run.secrets();
  for (int at = 0; at < run.plan().size(); ++at) {
    const StageDistribution& known = run.plan().durations.of(run.plan().stage(at).key);
    view.expected.push_back(
        known.samples > 0
            ? std::optional<Nanos>(std::chrono::duration_cast<Nanos>(Seconds(known.median)))
            : std::nullopt);
  }
  return view;
}

FailureScreenOptions screen_options(const PreparedRun& run,
                                    const Console& console,
                                    const std::string& folder) {
  FailureScreenOptions screen{.run_folder = folder, .program = program_words(run.options)};
  // (what the change was a moment ago need not be what it is when the command is repeated)
  const Lane* lane = run.plan().selection.lane;
  const RequestFlags& asked = run.asked.request;
  const bool is_default = lane == &run.plan().workflow->default_lane();
  const bool is_named =
      !asked.lane.empty() && asked.lane != "auto" && run.plan().resumed_from.empty();
  screen.resume_flags = how_flags(asked);
  screen.run_flags = is_default && !is_named ? "" : " --lane " + typed_word(lane->key);
  screen.run_flags += asked.base.empty() ? "" : " --base " + typed_word(asked.base);
  screen.run_flags += screen.resume_flags;
  screen.paint = console.paint();
  screen.width = console.width();
  return screen;
}

// Gives the exit code on, or 70 where the document that was asked for did not get out.
int tell_end(const PreparedRun& run, const RunState& state, const std::string& folder, int code) {
  Console console(people_options(run), run.secrets());
  FailureScreenOptions shown = screen_options(run, console, folder);
  shown.checkpoint = saved_before_failure(state, folder);
  const std::string screen = failure_screen(state, shown);
  if (!screen.empty()) {
    console.say_always("\n" + screen + "\n");
  } else if (state.status > RunStatus::completed) {
    console.say_always("\n" + go_on_line(state, shown) + "\n");
  }
  if (const std::string hooks =
          hook_table(state, console.paint(), run.options.verbose > 0, console.width());
      !hooks.empty()) {
    console.say_always(hooks);
  }
  if (!state.gates.empty()) {
    console.say(gate_table(state.gates, console.paint(), run.options.verbose > 0, console.width()));
  }
  console.say_always(final_line(state, console.paint()));
  if (run.options.json) {
    console.document(run_document(state, folder, run.secrets()));
    const int written = console.finish(0);
    code = code == 0 ? written : code;
  }
  // How the run went does not depend on them: what fails is told.
  if (!run.asked.reports.empty()) {
    (void)write_report_files(run.asked.reports, {folder}, run.options, console);
  }
  if (run.asked.github) {
    (void)write_github_report({folder}, console);
  }
  return code;
}

// What this run belongs to that became slower for good lately; a line each, the largest first.
// Nothing is said of a history that cannot be read: that was told at its saving.
void tell_regressions(const PreparedRun& run, const RunState& state) {
  if (run.options.quiet || run.plan().size() > kMostJudged) {
    return;
  }
  Regressions found;
  std::string notice;
  (void)read_history(run.plan().state, notice, [&](const History& history) {
    constexpr int kWindow = RegressionOptions().window;
    const auto runs = history.runs(state.start.workflow, state.start.lane, kWindow);
    const auto samples = history.samples(state.start.workflow, state.start.lane, kWindow);
    if (!runs || !samples) {
      return Result<void>(runs ? samples.error() : runs.error());
    }
    found = find_regressions(*samples, *runs);
    return Result<void>();
  });
  Console console(people_options(run), run.secrets());
  for (const LevelChange& change : found.regressions) {
    const bool has_run =
        std::any_of(state.stages.begin(), state.stages.end(), [&change](const StageState& stage) {
          return stage.attempts > 0 && (change.key == "*" || stage.plan->key == change.key);
        });
    if (has_run && change.runs_since <= kStillNews) {
      console.say(change_line(change) + "\n");
    }
  }
}

// After the run: who ends it once more will not wait for a reader that does not read either.
bool is_ended_once_more() {
  const sigset_t wanted = worker_signals();
  const timespec at_once{};
  return ::sigtimedwait(&wanted, nullptr, &at_once) > 0;
}

int work(const PreparedRun& run, const WatcherLink& link) {
  ::signal(SIGPIPE, SIG_IGN);  // a reader that leaves must not end the run
  const SystemClock clock;
  Console console(people_options(run), run.secrets());
  SessionOptions session;
  session.run_id = new_uuid_v7(clock.wall());
  const std::string folder = run.plan().state.run(session.run_id);
  ViewWriter writer({.fd = view_fd(run, console), .spill_folder = folder});
  ViewOptions options = view_options(run, console, writer);
  options.clock = &clock;
  options.run_folder = folder;
  const std::unique_ptr<RunView> view = make_view(run.output, std::move(options));
  session.observers = {view.get()};
  session.listener = view.get();
  session.on_folder = [&](const std::string& made) { link.announce(made); };
  session.on_trouble = [&](const std::string& text) { console.tell(text); };
  session.before_terminal = [&writer] { let_reader_catch_up(writer); };
  session.secrets = run.secrets();
  session.environment = run.prepared.environment;
  const auto result = run_session(run.plan(), std::move(session));
  view->close();
  if (!writer.flush(is_ended_once_more)) {
    return result ? result->outcome.exit_code : exit_code_of(result.error());
  }
  if (writer.dropped_bytes() > 0) {
    console.tell(fmt::format("output: {} was not read in time and is not shown; the logs have it",
                             format_size(writer.dropped_bytes())));
  }
  if (!result) {
    return console.refuse(result.error());
  }
  const int code = tell_end(run, result->state, result->folder.path, result->outcome.exit_code);
  tell_regressions(run, result->state);
  return code;
}

// In the watcher, after the worker died.
void after_death(const PreparedRun& run, const std::string& folder, int signal) {
  Console console(people_options(run), run.secrets());
  if (run.output == OutputKind::live) {
    write_fully(console.people_fd(), "\x1b[?25h\n");  // the worker may have hidden the cursor
  }
  close_after_death(folder, signal, console);
  if (folder.empty()) {
    return;
  }
  if (const auto state = read_run(RunFolder{folder})) {
    (void)tell_end(run, *state, folder, static_cast<int>(ExitCode::internal));
  }
}

// The view that flags and environment ask for; nothing where that is a mistake, which is told.
std::optional<OutputKind> wanted_output(const RunOptions& asked,
                                        const GlobalOptions& options,
                                        Console& console) {
  const std::string& set = options.settings.output;
  const std::string text = !asked.output.empty() ? asked.output
                           : options.quiet       ? "quiet"
                           : set.empty()         ? "auto"
                                                 : set;
  const auto kind = choose_output(text, options.terminal, console.people_stream());
  if (!kind) {
    console.tell(fmt::format(
        "'{}' is no value of 'HEADWAY_OUTPUT': one of {}", text, join(output_spellings(), ", ")));
  } else if (*kind == OutputKind::events && options.json) {
    console.tell("output 'events' and '--json' exclude each other: both want stdout");
    return std::nullopt;
  }
  for (const std::string* file :
       {&asked.reports.html, &asked.reports.junit, &asked.reports.trace}) {
    if (*file == "-") {
      console.tell(
          "a report cannot go to stdout beside the run: name a file, or ask 'headway report' "
          "for it afterwards");
      return std::nullopt;
    }
  }
  return kind;
}

int start(const PreparedRun& run) {
  return run_watched(
      [&](WatcherLink link) { return work(run, link); },
      [&](const std::string& folder, int signal) { after_death(run, folder, signal); });
}

// Beside its stages Headway needs little time and should need little memory: one arena for its few
// threads, and large blocks given back at once rather than kept as holes.
void keep_memory_small() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, 64 << 10);
}

// Which lane, where it is not the default one, why, and what it leaves out.
void tell_lane(const RunPlan& plan, Console& console) {
  const Lane& lane = *plan.selection.lane;
  const auto& change = plan.request.change;
  if (change && &lane != &plan.workflow->default_lane()) {
    console.tell(fmt::format("lane '{}': {}", lane.key, lane_reason(*change)));
  }
  std::vector<std::string> left_out;
  for (std::size_t stage = 0; stage < plan.workflow->stages.size(); ++stage) {
    const auto& kept = lane.stages;
    if (!std::binary_search(kept.begin(), kept.end(), static_cast<int>(stage))) {
      left_out.push_back(plan.workflow->stages[stage].key);
    }
  }
  if (left_out.empty() || !plan.request.selection.stages.empty()) {
    return;
  }
  const std::size_t named = std::min(left_out.size(), kMostLeftOutNamed);
  const std::size_t others = left_out.size() - named;
  left_out.resize(named);
  console.tell(fmt::format("lane '{}' leaves out {}{}",
                           lane.key,
                           join(left_out, ", "),
                           others == 0 ? "" : fmt::format(" and {} more", others)));
}

// What follows the plan: the same for --dry-run as `headway plan`, else the run itself.
int go_on(const RunOptions& asked,
          OutputKind output,
          PreparedPlan& prepared,
          const GlobalOptions& options) {
  if (asked.dry_run) {
    return show_plan(prepared, options);
  }
  Console console(options, prepared.secrets);
  close_dead_runs(prepared.plan.state, console);
  if (!options.quiet) {
    tell_lane(prepared.plan, console);
  }
  const Lane& lane = *prepared.plan.selection.lane;
  if (prepared.plan.request.enforce_sla && !lane.sla) {
    console.tell(fmt::format("lane '{}' has no 'sla': '--enforce-sla' enforces nothing", lane.key));
  }
  if (prepared.plan.size() > kLargePlan) {
    ::malloc_trim(0);  // what reading file and history took, before the worker has it too
  }
  // A nested headway has a state folder of its own.
  std::erase_if(prepared.environment,
                [](const std::string& entry) { return entry.starts_with("HEADWAY_STATE_DIR="); });
  return start({options, asked, prepared, output});
}

// Whether a person sits at the terminal and would see a question. A job in the background that
// reads from the terminal would be stopped.
bool may_ask(const GlobalOptions& options) {
  return ::isatty(STDERR_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp() &&
         !options.json && !options.quiet && !options.terminal.ci;
}

}  // namespace

int run_planned(const RunOptions& asked, const GlobalOptions& options, const PlanStep& before) {
  keep_memory_small();
  Console errors(options);
  const auto output = wanted_output(asked, options, errors);
  if (!output) {
    return static_cast<int>(ExitCode::usage);
  }
  RequestFlags flags = asked.request;
  flags.offers_lane = flags.offers_lane && !asked.dry_run && may_ask(options);
  return with_plan(flags, options, [&](PreparedPlan& prepared) {
    const std::optional<int> code = before(prepared);
    return code ? *code : go_on(asked, *output, prepared, options);
  });
}

std::vector<Flag> run_flags(RunOptions& asked) {
  RequestFlags& flags = asked.request;
  return {
      {.names = "-k,--keep-going",
       .value_name = "",
       .help = "after a failure, skip only what depends on it",
       .on = &flags.keep_going},
      {.names = "--fail-fast",
       .value_name = "kill",
       .help = "after a failure start nothing new (default); kill: end what runs",
       .text = &flags.fail_fast,
       .optional_value = "wait",
       .choices = {"kill"}},
      {.names = "-n,--dry-run",
       .value_name = "",
       .help = "show the plan, run nothing",
       .on = &asked.dry_run},
      {.names = "--timeout",
       .value_name = "D",
       .help = "of the whole run: 90s, 10m, 1h30m",
       .text = &flags.timeout},
      {.names = "--output",
       .value_name = "KIND",
       .help = "auto, live, plain, stream, quiet or events",
       .text = &asked.output,
       .choices = output_spellings()},
      {.names = "--change-id",
       .value_name = "ID",
       .help = "of the change, for the record",
       .text = &flags.change_id},
      {.names = "--title",
       .value_name = "T",
       .help = "of the change, for the record",
       .text = &flags.title},
      {.names = "--owner",
       .value_name = "O",
       .help = "of the change, for the record",
       .text = &flags.owner},
      {.names = "--force-hooks",
       .value_name = "",
       .help = "start what a hook refuses all the same; the record says so",
       .on = &flags.force_hooks},
      {.names = "--enforce-sla",
       .value_name = "",
       .help = "exit code 5 where the run takes longer than its lane's target",
       .on = &flags.enforce_sla},
      {.names = "--junit",
       .value_name = "F",
       .help = "write a test case for each stage, as JUnit XML",
       .text = &asked.reports.junit},
      {.names = "--html",
       .value_name = "F",
       .help = "write one page: timeline, first failure, machine, stages",
       .text = &asked.reports.html},
      {.names = "--trace",
       .value_name = "F",
       .help = "write attempts, CPUs and memory over time, for Perfetto",
       .text = &asked.reports.trace},
      {.names = "--github",
       .value_name = "",
       .help = "annotate failures and write the job summary of a GitHub workflow",
       .on = &asked.github},
  };
}

Command run_command() {
  const auto asked = std::make_shared<RunOptions>();
  asked->request.offers_lane = true;
  Command command;
  command.name = "run";
  command.summary = "Run the lane, or named stages with what they need";
  command.positional = "[STAGE...] [-- ARGS]";
  command.arguments = &asked->request.stages;
  command.passed = &asked->request.arguments;
  command.takes_json = true;
  command.flags = request_flags(asked->request);
  const std::vector<Flag> own = run_flags(*asked);
  command.flags.insert(command.flags.end(), own.begin(), own.end());
  command.run = [asked](const GlobalOptions& options) {
    return run_planned(*asked, options, [](PreparedPlan&) { return std::nullopt; });
  };
  return command;
}

}  // namespace headway::cli
