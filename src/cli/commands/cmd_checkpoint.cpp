// `headway checkpoint`: paths are saved, listed, shown, restored and forgotten. Knows no git.
#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/checkpoint_text.hpp"
#include "host/checkpoints.hpp"
#include "orchestration/orchestrator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

namespace headway::cli {
namespace {

constexpr const char* kActions =
    "headway checkpoint create PATH..., list, show ID, restore ID or delete ID...";

struct CheckpointOptions {
  std::vector<std::string> words;
  std::string label;
  bool dry_run = false;
};

// One command at work.
struct Work {
  const CheckpointOptions& asked;
  const GlobalOptions& options;
  const Project& project;
  Checkpoints& checkpoints;
  Console& console;

  std::vector<std::string> arguments() const {
    return {asked.words.begin() + 1, asked.words.end()};
  }
};

Error usage(std::string message, std::string next_step) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(next_step)};
}

void tell_trouble(Console& console, const std::string& trouble) {
  if (!trouble.empty()) {
    console.tell("checkpoints: " + trouble);
  }
}

// The checkpoints that the words name. A damaged one, of which only the id is known, can be named
// to be deleted.
Result<std::vector<Checkpoint>> chosen(const Work& work, bool may_be_damaged = false) {
  std::vector<std::string> damaged;
  auto all = work.checkpoints.list(&damaged);
  if (!all) {
    return all.error();
  }
  for (const std::string& id : damaged) {
    all->emplace_back().id = id;
  }
  std::vector<Checkpoint> out;
  for (const std::string& word : work.arguments()) {
    auto found = choose_checkpoint(*all, word);
    if (!found) {
      return std::move(found).error();
    }
    if (!may_be_damaged && std::count(damaged.begin(), damaged.end(), found->id) > 0) {
      return damaged_checkpoint(found->id);
    }
    out.push_back(std::move(*found));
  }
  return out;
}

int create(const Work& work) {
  SaveRequest request;
  request.label = work.asked.label;
  request.must_exist = true;
  for (const std::string& word : work.arguments()) {
    auto path = work.checkpoints.relative(work.options.start, word);
    if (!path) {
      return work.console.refuse(path.error());
    }
    request.paths.push_back(std::move(*path));
  }
  if (request.paths.empty()) {
    return work.console.refuse(
        usage("checkpoint create needs paths", "headway checkpoint create PATH..., or . for all"));
  }
  if (const auto made = work.project.state.create(); !made) {
    return work.console.refuse(made.error());
  }
  std::string trouble;
  const auto saved = work.checkpoints.save(request, SystemClock(), trouble);
  if (!saved) {
    return work.console.refuse(saved.error());
  }
  tell_trouble(work.console, trouble);
  work.console.say(fmt::format("checkpoint {}: {}\n", short_id(saved->id), amount_of(*saved)));
  if (saved->skipped > 0) {
    work.console.tell(
        fmt::format("{} not saved: no file, folder or link", count_of(saved->skipped, "name")));
  }
  if (work.options.json) {
    work.console.document(checkpoint_document(*saved));
  } else if (work.options.quiet) {
    work.console.say_always(saved->id + "\n");
  }
  return work.console.finish(0);
}

int list(const Work& work) {
  std::vector<std::string> damaged;
  const auto all = work.checkpoints.list(&damaged);
  if (!all) {
    return work.console.refuse(all.error());
  }
  Console& console = work.console;
  if (work.options.quiet && !work.options.json) {
    for (const Checkpoint& each : *all) {
      console.say_always(each.id + "\n");
    }
  }
  const bool is_verbose = work.options.verbose > 0;
  console.say(all->empty() ? "no checkpoints yet\n"
                           : checkpoints_text(*all, console.paint(), console.width(), is_verbose));
  if (work.options.json) {
    console.document(checkpoints_document(*all));
  }
  for (const std::string& id : damaged) {
    const Error error = damaged_checkpoint(id);
    console.tell(error.message + ": " + error.next_step);
  }
  return console.finish(0);
}

int show(const Work& work) {
  const auto found = chosen(work);
  if (!found) {
    return work.console.refuse(found.error());
  }
  const auto entries = work.checkpoints.entries(found->front());
  if (!entries) {
    return work.console.refuse(entries.error());
  }
  work.console.say(entries_text(found->front(), *entries, work.console.paint()));
  if (work.options.json) {
    work.console.document(entries_document(found->front(), *entries));
  }
  return work.console.finish(0);
}

int restore(const Work& work) {
  const auto found = chosen(work);
  if (!found) {
    return work.console.refuse(found.error());
  }
  const auto report = work.checkpoints.restore(found->front(), SystemClock(), work.asked.dry_run);
  if (!report) {
    return work.console.refuse(report.error());
  }
  tell_trouble(work.console, report->trouble);
  work.console.say(restore_text(found->front(), *report, work.options.verbose > 0));
  if (work.options.json) {
    work.console.document(restore_document(found->front(), *report));
  }
  return work.console.finish(0);
}

int remove(const Work& work) {
  const auto found = chosen(work, true);
  if (!found) {
    return work.console.refuse(found.error());
  }
  std::vector<std::string> ids;
  for (const Checkpoint& each : *found) {
    ids.push_back(each.id);
  }
  std::string trouble;
  if (const auto removed = work.checkpoints.remove(ids, trouble); !removed) {
    return work.console.refuse(removed.error());
  }
  tell_trouble(work.console, trouble);
  work.console.say(
      fmt::format("{} deleted\n", count_of(static_cast<long long>(ids.size()), "checkpoint")));
  if (work.options.json) {
    work.console.document(checkpoints_document(*found));
  }
  return work.console.finish(0);
}

// A kill in the middle of a restore: said until that is mended.
void tell_cut_restore(const Checkpoints& checkpoints, Console& console) {
  if (const auto cut = checkpoints.cut_restore()) {
    console.tell(
        fmt::format("the restore of {} was cut off: `headway checkpoint restore {}` goes "
                    "on, `headway checkpoint restore {}` goes back",
                    short_id(cut->restored),
                    short_id(cut->restored),
                    short_id(cut->before)));
  }
}

struct Action {
  const char* name;
  std::size_t min_words, max_words;  // with the action itself; 0: any number
  std::function<int(const Work&)> run;
};

int run(const CheckpointOptions& asked, const GlobalOptions& options) {
  const Action actions[] = {{"create", 1, 0, create},
                            {"list", 1, 1, list},
                            {"show", 2, 2, show},
                            {"restore", 2, 2, restore},
                            {"delete", 2, 0, remove}};
  Console console(options);
  const std::string name = asked.words.empty() ? "" : asked.words[0];
  const auto* action = std::find_if(std::begin(actions),
                                    std::end(actions),
                                    [&](const Action& each) { return name == each.name; });
  if (action == std::end(actions)) {
    return console.refuse(usage(name.empty() ? "checkpoint needs to know what to do"
                                             : fmt::format("checkpoint does not know '{}'", name),
                                kActions));
  }
  if (asked.words.size() < action->min_words ||
      (action->max_words != 0 && asked.words.size() > action->max_words)) {
    return console.refuse(
        usage(fmt::format("checkpoint {} {}",
                          name,
                          action->max_words == 1 ? "takes no further word"
                                                 : "needs the id of a checkpoint"),
              kActions));
  }
  if ((asked.dry_run && name != "restore") || (!asked.label.empty() && name != "create")) {
    return console.refuse(usage("'--dry-run' belongs to restore, '--message' to create", kActions));
  }
  const auto project = find_project(options, false);
  if (!project) {
    return console.refuse(project.error());
  }
  auto checkpoints = Checkpoints::open(project->directory, project->state.path);
  if (!checkpoints) {
    return console.refuse(checkpoints.error());
  }
  const int code = action->run({asked, options, *project, *checkpoints, console});
  tell_cut_restore(*checkpoints, console);
  return code;
}

}  // namespace

Command checkpoint_command() {
  const auto asked = std::make_shared<CheckpointOptions>();
  Command command;
  command.name = "checkpoint";
  command.summary = "Saved paths: create PATH..., list, show ID, restore ID, delete ID...";
  command.positional = "ACTION [PATH|ID...]";
  command.arguments = &asked->words;
  command.takes_json = true;
  command.flags = {{.names = "-m,--message",
                    .value_name = "TEXT",
                    .help = "create: what it is for",
                    .text = &asked->label},
                   {.names = "-n,--dry-run",
                    .value_name = "",
                    .help = "restore: only say what would change",
                    .on = &asked->dry_run}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
