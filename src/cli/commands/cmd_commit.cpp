// `headway commit`: checks and mends commit messages, and installs the git hook that does. Knows no
// rule for messages.
#include "base/files.hpp"
#include "base/text.hpp"
#include "change/commit_hook.hpp"
#include "change/commit_log.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/commit_text.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/session.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>

namespace headway::cli {
namespace {

constexpr int kFound = 1;
constexpr std::int64_t kMostMessageBytes = std::int64_t{16} << 20;

struct CommitOptions {
  std::vector<std::string> words;
  std::string range;
  bool write = false;
};

Error usage(std::string message, std::string next_step) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(next_step)};
}

// What the workflow file says of commits, and its secrets.
struct CommitProject {
  CommitSettings settings;
  SecretSet secrets;
};

// A file with mistakes must not keep the commit back that mends it: the default rules hold then.
Result<CommitProject> open_project(const GlobalOptions& options, Console& console) {
  const auto project = find_project(options, false);
  if (!project) {
    return project.error();
  }
  if (project->file.empty()) {
    return CommitProject();
  }
  auto loaded = load_workflow(project->file);
  if (!loaded || !loaded->valid()) {
    console.tell(fmt::format("{} cannot be used (headway validate): the default rules hold",
                             short_path(project->file)));
    return CommitProject();
  }
  return CommitProject{loaded->workflow.commits,
                       workflow_secrets(loaded->workflow, process_environment())};
}

Result<std::string> read_stdin() {
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (count == 0) {
      return text;
    }
    if (count < 0 && errno != EINTR) {
      return Error{ErrorCode::io, system_message("stdin", errno)};
    }
    text.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

// What cannot be read was named wrongly: no fault of ours.
Result<std::string> read_message(const std::string& file, const GlobalOptions& options) {
  if (file == "-") {
    return read_stdin();
  }
  auto text = read_file(absolute_path(options.start, file), kMostMessageBytes);
  if (!text) {
    return usage(std::move(text).error().message, "");
  }
  return text;
}

std::string first_line(std::string_view message) {
  return std::string(trim(message.substr(0, message.find('\n'))));
}

CheckedCommit check_one(const CommitValidator& validator,
                        std::string id,
                        std::string_view message) {
  CheckedCommit checked{std::move(id), first_line(message), validator.check(message), {}};
  if (!checked.report.valid()) {
    const CommitProposal proposal = validator.propose(message);
    const std::string proposed = first_line(proposal.message);
    checked.suggestion = proposed == checked.first_line ? "" : proposed;
  }
  return checked;
}

// Merges with words of their own are merges too.
std::vector<CheckedCommit> check_log(const CommitLog& log, const CommitSettings& settings) {
  const CommitValidator validator(commit_rules(settings, CommitPlace::range));
  std::vector<CheckedCommit> all;
  for (const LoggedCommit& commit : log.commits) {
    if (commit.is_merge && validator.rules().merge == CommitPolicy::accept) {
      CheckedCommit merge{std::string(commit.id), first_line(commit.message), {}, {}};
      merge.report.message.kind = CommitKind::merge;
      merge.report.message.subject = merge.first_line;
      all.push_back(std::move(merge));
    } else {
      all.push_back(check_one(validator, std::string(commit.id), commit.message));
    }
  }
  return all;
}

int tell_checked(const std::vector<CheckedCommit>& commits,
                 const GlobalOptions& options,
                 const SecretSet& secrets) {
  Console console(options, secrets);
  for (const CheckedCommit& commit : commits) {
    console.say_always(issues_text(commit, console.paint()));
  }
  const auto bad = std::count_if(
      commits.begin(), commits.end(), [](const auto& commit) { return !commit.report.valid(); });
  const auto count = static_cast<long long>(commits.size());
  console.say(count == 0 ? "no commits\n"
              : bad == 0 ? fmt::format("{}: all valid\n", count_of(count, "message"))
                         : fmt::format("{}: {} not valid\n", count_of(count, "message"), bad));
  if (options.json) {
    console.document(commits_document(commits, secrets));
  }
  return console.finish(bad == 0 ? 0 : kFound);
}

int check(const CommitOptions& asked, const GlobalOptions& options, Console& console) {
  const bool has_file = asked.words.size() > 1;
  if (has_file == !asked.range.empty()) {
    return console.refuse(
        usage(has_file ? "'commit check' takes a file or '--range', not both"
                       : "'commit check' needs a file with a message, or '--range'",
              "headway commit check FILE, or: headway commit check --range main..HEAD"));
  }
  const auto project = open_project(options, console);
  if (!project) {
    return console.refuse(project.error());
  }
  if (!has_file) {
    const auto log = read_commit_log(options.start, asked.range);
    return log ? tell_checked(check_log(*log, project->settings), options, project->secrets)
               : console.refuse(log.error());
  }
  const auto text = read_message(asked.words[1], options);
  if (!text) {
    return console.refuse(text.error());
  }
  const CommitValidator validator(commit_rules(project->settings, CommitPlace::file));
  return tell_checked({check_one(validator, asked.words[1], without_git_comments(*text))},
                      options,
                      project->secrets);
}

// The comments of the file stay below the message: an editor may still have it open.
std::string with_comments_of(const std::string& text, const std::string& message) {
  const std::string kept = without_git_comments(text);
  const std::size_t at = kept.empty() ? std::string::npos : text.find(kept);
  if (at == std::string::npos) {
    return message + "\n";
  }
  return text.substr(0, at) + message + text.substr(at + kept.size());
}

int fix(const CommitOptions& asked, const GlobalOptions& options, Console& console) {
  if (asked.words.size() != 2 || !asked.range.empty()) {
    return console.refuse(
        usage("'commit fix' needs a file with a message", "headway commit fix FILE [--write]"));
  }
  const std::string& file = asked.words[1];
  const auto project = open_project(options, console);
  if (!project) {
    return console.refuse(project.error());
  }
  const auto text = read_message(file, options);
  if (!text) {
    return console.refuse(text.error());
  }
  const CommitValidator validator(commit_rules(project->settings, CommitPlace::file));
  const CommitProposal proposal = validator.propose(without_git_comments(*text));
  if (asked.write && file == "-") {
    return console.refuse(usage("'--write' needs a file", "headway commit fix FILE --write"));
  }
  if (asked.write && proposal.changed) {
    const auto written = write_file_atomically(absolute_path(options.start, file),
                                               with_comments_of(*text, proposal.message),
                                               Durability::process);
    if (!written) {
      return console.refuse(written.error());
    }
    console.say(fmt::format("{}: {}\n", printable(file), printable(first_line(proposal.message))));
  } else if (!asked.write) {
    console.bytes(proposal.message + "\n");
  }
  if (!proposal.valid) {
    const CheckedCommit left{
        file, first_line(proposal.message), validator.check(proposal.message), {}};
    console.tell("what is left must be mended by hand:");
    for (const CommitIssue& issue : left.report.issues) {
      console.tell_line(
          fmt::format("  {}:{} {} [{}]", issue.at.line, issue.at.column, issue.text, issue.rule));
    }
  }
  return console.finish(proposal.valid ? 0 : kFound);
}

int install_hook(const CommitOptions& asked, const GlobalOptions& options, Console& console) {
  if (asked.words.size() != 1 || !asked.range.empty()) {
    return console.refuse(usage("'commit install-hook' takes nothing more", ""));
  }
  std::array<char, PATH_MAX> program{};
  const ssize_t length = ::readlink("/proc/self/exe", program.data(), program.size());
  const auto hook = install_commit_hook(
      options.start,
      length > 0 ? std::string(program.data(), static_cast<std::size_t>(length)) : "headway");
  if (!hook) {
    return console.refuse(hook.error());
  }
  console.say(fmt::format("{}: every message is checked now, before its commit is made\n",
                          printable(short_path(hook->path))));
  return console.finish(0);
}

int run(const CommitOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const std::string action = asked.words.empty() ? "" : asked.words.front();
  if (asked.write && action != "fix") {
    return console.refuse(usage("'--write' belongs to fix", "headway commit fix FILE --write"));
  }
  if (options.json && action != "check") {
    return console.refuse(usage("'--json' belongs to check", "headway commit check FILE --json"));
  }
  if (action == "check") {
    return check(asked, options, console);
  }
  if (action == "fix") {
    return fix(asked, options, console);
  }
  if (action == "install-hook") {
    return install_hook(asked, options, console);
  }
  return console.refuse(usage(action.empty() ? "commit needs to know what to do"
                                             : fmt::format("commit does not know '{}'", action),
                              "headway commit check FILE, fix FILE or install-hook"));
}

}  // namespace

Command commit_command() {
  const auto asked = std::make_shared<CommitOptions>();
  Command command;
  command.name = "commit";
  command.summary = "Commit messages: check [FILE], fix FILE, install-hook";
  command.positional = "ACTION [FILE]";
  command.arguments = &asked->words;
  command.max_arguments = 2;
  command.takes_json = true;
  command.flags = {{.names = "--range",
                    .value_name = "A..B",
                    .help = "check: the commits of a range of git, as main..HEAD",
                    .text = &asked->range},
                   {.names = "--write",
                    .value_name = "",
                    .help = "fix: write what is proposed to the file",
                    .on = &asked->write}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
