// `headway resume`: a new run that goes on where an earlier one stopped. Decides nothing about what
// still holds (orchestration/resume.hpp does).
#include "base/uuid.hpp"
#include "cli/commands/cmd_run.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/project/dead_runs.hpp"
#include "headway/lanes.hpp"
#include "host/git.hpp"
#include "orchestration/resume.hpp"
#include "record/event_reader.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <time.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace headway::cli {
namespace {

// How masked text reads in the record.
constexpr std::string_view kMasked = "***";

struct ResumeOptions {
  RunOptions run;
  std::vector<std::string> words;  // the run that is meant
};

// The run to go on from, and what keeps others from doing the same at once.
struct EarlierRun {
  RunState state;
  UniqueFd lock;
};

// The named run; else the newest that began: one that was killed before its first event left a
// folder, and nothing to go on from.
Result<std::string> meant_run(const StateFolder& folder, const std::vector<std::string>& words) {
  if (words.empty()) {
    for (const std::string& run_id : list_runs(folder)) {
      const auto state = read_run(RunFolder{folder.run(run_id)});
      if (state && !state->stages.empty()) {
        return run_id;
      }
    }
  }
  return resolve_run(folder, words.empty() ? "" : words.front());
}

// A newer run that went on from that one already; empty: none.
std::string resumed_by(const StateFolder& folder, const std::string& run_id) {
  for (const std::string& newer : list_runs(folder)) {
    if (newer == run_id) {
      break;
    }
    const auto state = read_run(RunFolder{folder.run(newer)});
    if (state && state->start.resumed_from == run_id) {
      return newer;
    }
  }
  return {};
}

// A run whose watcher was killed a moment ago still ends what it left, and closes its record.
void await_end(const StateFolder& folder, const std::string& run_id, Console& console) {
  constexpr timespec kPause{0, 10'000'000};
  constexpr int kPauses = 100;  // a second in all
  const std::string lock = RunFolder{folder.run(run_id)}.lock();
  if (!is_locked(lock)) {
    return;
  }
  for (int pause = 0; pause < kPauses && is_locked(lock); ++pause) {
    ::nanosleep(&kPause, nullptr);
  }
  close_dead_runs(folder, console);
}

Result<EarlierRun> open_earlier(const StateFolder& folder,
                                const std::string& run_id,
                                const ResumeOptions& asked) {
  const RunFolder run{folder.run(run_id)};
  auto lock = try_lock_file(run.lock());
  if (!lock && lock.error().code == ErrorCode::conflict) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("go on from run {}: it still runs, or is being gone on with", short_id(run_id)),
        "headway status tells how far it is"};
  }
  if (!lock) {
    return std::move(lock).error();
  }
  auto state = read_run(run);
  if (!state) {
    return std::move(state).error();
  }
  if (state->stages.empty()) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("go on from run {}: it ended before it began", short_id(run_id)),
                 "start anew: headway run"};
  }
  if (const std::string newer = resumed_by(folder, run_id);
      !newer.empty() && !asked.run.request.force) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format(
            "go on from run {}: run {} did that already", short_id(run_id), short_id(newer)),
        fmt::format("go on from that one: headway resume {}", short_id(newer))};
  }
  return EarlierRun{std::move(*state), std::move(*lock)};
}

// What was asked for then, with what is asked for now in its place.
Result<RunOptions> options_for(const RunState& earlier, RunOptions asked) {
  RequestFlags& flags = asked.request;
  const SelectionRequest then = selection_of(earlier);
  const bool is_new_choice = !flags.only.empty() || !flags.from.empty() || !flags.until.empty();
  flags.lane = then.lane;
  flags.stages = then.stages;
  if (!is_new_choice) {
    flags.from = then.from;
    flags.until = then.until;
    flags.only = then.only;
  } else if (!flags.only.empty()) {
    flags.stages.clear();
  }
  flags.skip.insert(flags.skip.end(), then.skip.begin(), then.skip.end());
  flags.arguments = earlier.start.arguments;
  const bool is_masked =
      std::any_of(flags.arguments.begin(), flags.arguments.end(), [](const std::string& argument) {
        return argument.find(kMasked) != std::string::npos;
      });
  if (is_masked) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("go on from run {}: its arguments hold a secret, which is not recorded",
                    short_id(earlier.run_id)),
        "run it again: headway run STAGE -- ARGS"};
  }
  const auto keep = [](std::string& now, const std::string& before) {
    now = now.empty() ? before : now;
  };
  keep(flags.change_id, earlier.start.change_id);
  keep(flags.title, earlier.start.title);
  keep(flags.owner, earlier.start.owner);
  return asked;
}

// The commit that the run counted changes from; empty where nobody asked, or none was known.
std::string base_of(const RunFolder& folder) {
  std::string base;
  (void)for_each_event(folder.events(), [&base](const RunEvent& event) {
    if (const auto* facts = std::get_if<ChangeFacts>(&event.body)) {
      base = facts->base;
    }
    return !std::holds_alternative<ChangeFacts>(event.body) &&
           !std::holds_alternative<StageReady>(event.body);
  });
  return base;
}

// What the run counted from, this one counts from too: stages of it may have made commits, and a
// condition on what changed must not fall because of them. Nothing where git does not know that
// commit any more.
std::string base_to_go_on(const Project& project, const std::string& run_id) {
  std::string base = base_of(RunFolder{project.state.run(run_id)});
  const bool is_known =
      !base.empty() &&
      read_change(project.directory, {.base = base, .with_messages = false}).has_value();
  return is_known ? base : "";
}

// Exit code 0 where nothing is left to be done.
std::optional<int> go_on(PreparedPlan& prepared,
                         const RunState& earlier,
                         const ResumeOptions& asked,
                         const GlobalOptions& options) {
  Console console(options, prepared.secrets);
  RunPlan& plan = prepared.plan;
  const std::string commit = read_git_facts(plan.workflow->directory).commit;
  if (const auto done = go_on_from(plan, earlier, commit); !done) {
    return console.refuse(done.error());
  }
  if (asked.run.dry_run) {
    return std::nullopt;  // the plan looks itself
  }
  look_at_inputs(plan);  // what there is to tell of them the run tells
  if (is_anything_left(plan)) {
    return std::nullopt;
  }
  console.say_always(
      fmt::format("nothing to do: all of run {} is finished\n", short_id(earlier.run_id)));
  if (options.json) {
    console.document(run_document(earlier, plan.state.run(earlier.run_id), prepared.secrets));
  }
  return console.finish(0);
}

int resume(const ResumeOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const auto project = open_for_reading(options, console);
  if (!project) {
    return static_cast<int>(ExitCode::usage);
  }
  const auto run_id = meant_run(project->state, asked.words);
  if (!run_id) {
    return console.refuse(run_id.error());
  }
  await_end(project->state, *run_id, console);
  const auto earlier = open_earlier(project->state, *run_id, asked);
  if (!earlier) {
    return console.refuse(earlier.error());
  }
  auto run = options_for(earlier->state, asked.run);
  if (!run) {
    return console.refuse(run.error());
  }
  run->request.base = base_to_go_on(*project, *run_id);
  return run_planned(*run, options, [&](PreparedPlan& prepared) {
    return go_on(prepared, earlier->state, asked, options);
  });
}

// All of `run` but the choice of a lane.
std::vector<Flag> resume_flags(RunOptions& asked) {
  std::vector<Flag> flags = request_flags(asked.request);
  std::erase_if(flags, [](const Flag& flag) {
    const std::string_view name = long_name(flag);
    return name == "--lane" || name == "--lane-fallback" || name == "--base";
  });
  for (Flag& flag : flags) {
    if (flag.names == "--force") {
      flag.help = "nothing counts as finished or up to date";
    }
  }
  const std::vector<Flag> own = run_flags(asked);
  flags.insert(flags.end(), own.begin(), own.end());
  return flags;
}

}  // namespace

Command resume_command() {
  const auto asked = std::make_shared<ResumeOptions>();
  Command command;
  command.name = "resume";
  command.summary = "Go on where the newest (or the named) run stopped";
  command.positional = "[RUN]";
  command.arguments = &asked->words;
  command.max_arguments = 1;
  command.takes_json = true;
  command.flags = resume_flags(asked->run);
  command.run = [asked](const GlobalOptions& options) { return resume(*asked, options); };
  return command;
}

}  // namespace headway::cli
