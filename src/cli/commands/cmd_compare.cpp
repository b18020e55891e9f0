// `headway compare`: two recorded runs side by side. Runs nothing.
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/text/comparison_text.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/run_reader.hpp"
#include "timing/history_rebuild.hpp"
#include "timing/regressions.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>

namespace headway::cli {
namespace {

using RunWords = std::vector<std::string>;
using Noise = std::map<std::string, double, std::less<>>;

// Of every stage of that run's lane; none where there is no history, which is no mistake here.
Noise read_noise(const RunState& run, const StateFolder& state, Console& console) {
  Noise noise;
  std::string notice;
  const auto read = read_history(state, notice, [&](const History& history) {
    const auto samples =
        history.samples(run.start.workflow, run.start.lane, RegressionOptions().window);
    if (!samples) {
      return Result<void>(samples.error());
    }
    for (const auto& [key, newest_first] : *samples) {
      if (const auto known = stage_noise(newest_first)) {
        noise[key] = *known;
      }
    }
    return Result<void>();
  });
  if (!notice.empty()) {
    console.tell("history: " + notice);
  }
  if (!read && read.error().code != ErrorCode::not_found) {
    console.tell(read.error());
  }
  return noise;
}

// The two runs that are meant, by their folders.
Result<std::pair<RunFolder, RunFolder>> chosen_runs(const RunWords& words,
                                                    const StateFolder& state) {
  if (words.size() != 2) {
    const std::size_t count = list_runs(state).size();
    return Error{ErrorCode::invalid_argument,
                 fmt::format("compare needs two runs{}",
                             count == 0   ? ", and there is none yet"
                             : count == 1 ? ", and there is only one yet"
                                          : ""),
                 "name them as 'headway runs' shows them"};
  }
  const auto first = resolve_run(state, words[0]);
  if (!first) {
    return first.error();
  }
  const auto second = resolve_run(state, words[1]);
  if (!second) {
    return second.error();
  }
  if (*first == *second) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' and '{}' are the same run", words[0], words[1]),
                 "name two runs as 'headway runs' shows them"};
  }
  return std::pair{RunFolder{state.run(*first)}, RunFolder{state.run(*second)}};
}

int run(const RunWords& words, const GlobalOptions& options) {
  Console console(options);
  const auto project = open_for_reading(options, console);
  if (!project) {
    return static_cast<int>(ExitCode::usage);
  }
  const auto folders = chosen_runs(words, project->state);
  if (!folders) {
    return console.refuse(folders.error());
  }
  const auto first = read_run(folders->first);
  if (!first) {
    return console.refuse(first.error());
  }
  const auto second = read_run(folders->second);
  if (!second) {
    return console.refuse(second.error());
  }
  const Noise noise = read_noise(*second, project->state, console);
  const RunComparison compared = compare_runs(*first, *second, [&noise](std::string_view key) {
    const auto found = noise.find(key);
    return found == noise.end() ? std::nullopt : std::optional<double>(found->second);
  });
  console.say(comparison_text(compared, console.paint(), console.width()));
  if (options.quiet) {
    console.say_always(change_text(compared.elapsed_seconds[0], compared.elapsed_seconds[1]) +
                       "\n");
  }
  if (options.json) {
    console.document(comparison_document(compared));
  }
  return console.finish(0);
}

}  // namespace

Command compare_command() {
  const auto words = std::make_shared<RunWords>();
  Command command;
  command.name = "compare";
  command.summary = "Compare two runs, and tell what explains the difference";
  command.positional = "RUN RUN";
  command.arguments = words.get();
  command.max_arguments = 2;
  command.takes_json = true;
  command.run = [words](const GlobalOptions& options) { return run(*words, options); };
  return command;
}

}  // namespace headway::cli
