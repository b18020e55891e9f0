// From main's arguments to an exit code; see program.hpp. Does not know what the commands do.
#include "cli/program.hpp"

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "cli/argument_parser.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/help.hpp"
#include "cli/project/user_config.hpp"
#include "cli/terminal/text_layout.hpp"
#include "orchestration/orchestrator.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iterator>

namespace headway::cli {
namespace {

constexpr int kUsage = static_cast<int>(ExitCode::usage);
constexpr std::int64_t kMaxConfigBytes = 1 << 20;
// The command that a mistake in the user's configuration does not stop: as a git hook it would hold
// up a commit.
constexpr std::string_view kBearsMistakes = "commit";
constexpr const char* kVersionLine = "headway " HEADWAY_VERSION "\n";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

EnvironmentSettings read_settings() {
  return {.jobs = variable("HEADWAY_JOBS"),
          .output = variable("HEADWAY_OUTPUT"),
          .state_directory = variable("HEADWAY_STATE_DIR"),
          .color = variable("HEADWAY_COLOR"),
          .config = variable("HEADWAY_CONFIG")};
}

std::vector<Command> command_table() {
  std::vector<Command> table;
  table.push_back(list_command());
  table.push_back(init_command());
  table.push_back(validate_command());
  table.push_back(plan_command());
  table.push_back(run_command());
  table.push_back(resume_command());
  table.push_back(status_command());
  table.push_back(runs_command());
  table.push_back(show_command());
  table.push_back(logs_command());
  table.push_back(compare_command());
  table.push_back(history_command());
  table.push_back(report_command());
  table.push_back(stats_command());
  table.push_back(simulate_command());
  table.push_back(why_command());
  table.push_back(explain_command());
  table.push_back(gate_command());
  table.push_back(checkpoint_command());
  table.push_back(hooks_command());
  table.push_back(backtest_command());
  table.push_back(commit_command());
  table.push_back(doctor_command());
  table.push_back(diagnose_command());
  table.push_back(lane_command());
  return table;
}

void tell_mistakes(const std::vector<std::string>& mistakes) {
  std::string text;
  for (const std::string& mistake : mistakes) {
    text += fmt::format("headway: {}\n", printable(mistake));
  }
  write_fully(STDERR_FILENO, text);
}

int refuse(const std::string& message, const Command* command) {
  const std::string name =
      command == nullptr || command->name.empty() || !command->run ? "" : " " + command->name;
  tell_mistakes({message});
  write_fully(STDERR_FILENO, fmt::format("See 'headway{} --help'.\n", name));
  return kUsage;
}

// Fills what the environment does not set; every mistake in the file.
std::vector<std::string> apply_user_config(EnvironmentSettings& settings) {
  const std::string path = user_config_path(settings);
  if (path.empty()) {
    return {};
  }
  const auto text = read_file(path, kMaxConfigBytes);
  if (!text) {
    return {text.error().message};
  }
  std::vector<std::string> mistakes;
  for (const Problem& problem : read_user_config(*text, path, settings)) {
    mistakes.push_back(to_string(problem));
  }
  return mistakes;
}

// Applies what the environment and the user's configuration set; the mistakes in them.
std::vector<std::string> apply_settings(ParsedArguments& parsed) {
  GlobalOptions& options = parsed.options;
  options.settings = read_settings();
  options.terminal = read_terminal_facts();
  const std::string& color = options.settings.color;
  std::vector<std::string> mistakes = apply_user_config(options.settings);
  if (parsed.color_given || color.empty() || color == "auto") {
    return mistakes;
  }
  if (color != "always" && color != "never") {
    mistakes.push_back(
        fmt::format("'{}' is no value of 'HEADWAY_COLOR': one of auto, always, never", color));
  } else {
    options.color = color == "always" ? ColorMode::always : ColorMode::never;
  }
  return mistakes;
}

// Where commands look for the workflow. The working directory stays as it is, so that every path
// that is shown can be opened from where the reader stands.
Result<std::string> start_directory(const std::string& asked) {
  if (asked.empty()) {
    return current_directory();
  }
  const UniqueFd folder(::open(asked.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::array<char, PATH_MAX> path{};
  if (!folder || ::realpath(asked.c_str(), path.data()) == nullptr) {
    return Error{ErrorCode::not_found, system_message(asked, errno)};
  }
  return std::string(path.data());
}

int run_command_of(ParsedArguments parsed) {
  const Command& command = *parsed.command;
  if (const std::vector<std::string> mistakes = apply_settings(parsed); !mistakes.empty()) {
    tell_mistakes(mistakes);
    if (command.name != kBearsMistakes) {
      write_fully(STDERR_FILENO, "See 'headway --help'.\n");
      return kUsage;
    }
  }
  GlobalOptions& options = parsed.options;
  auto start = start_directory(options.directory);
  if (!start) {
    return refuse("-C " + start.error().message, nullptr);
  }
  options.start = std::move(*start);
  return command.run(options);
}

}  // namespace

int run_program(const std::vector<std::string>& words) {
  if (words.size() == 1 && words.front() == "--version") {
    return write_fully(STDOUT_FILENO, kVersionLine) ? 0 : static_cast<int>(ExitCode::internal);
  }
  std::vector<Command> table = command_table();
  std::vector<Command> missing = missing_commands();
  table.reserve(table.size() + missing.size() + 1);
  table.push_back(completion_command(table));
  std::move(missing.begin(), missing.end(), std::back_inserter(table));

  ParsedArguments parsed = parse_arguments(words, table);
  switch (parsed.kind) {
    case ParsedArguments::Kind::usage_error:
      return refuse(parsed.message, parsed.command);
    case ParsedArguments::Kind::version:
      return write_fully(STDOUT_FILENO, kVersionLine) ? 0 : static_cast<int>(ExitCode::internal);
    case ParsedArguments::Kind::help: {
      const Command& command = *parsed.command;
      const std::string text = command.name.empty() ? program_help(table) : command_help(command);
      return write_fully(STDOUT_FILENO, text) ? 0 : static_cast<int>(ExitCode::internal);
    }
    case ParsedArguments::Kind::run:
      break;
  }
  return run_command_of(std::move(parsed));
}

}  // namespace headway::cli
