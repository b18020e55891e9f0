// See hook_check.hpp.
#include "diagnostics/hook_check.hpp"

#include "base/files.hpp"
#include "base/path_patterns.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "diagnostics/tool_probe.hpp"
#include "host/disk_space.hpp"
#include "host/git.hpp"
#include "host/git_status.hpp"
#include "host/port_holder.hpp"
#include "host/program_lookup.hpp"
#include "host/system_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kMostShownPaths = 3;
constexpr std::size_t kMostShownBytes = 200;

// What the checks of each kind look at.
struct Case {
  const Hook& hook;
  const HookPlace& place;
  const std::vector<std::string>& argv;
  const std::atomic<bool>* stop;
};

std::string value_of(const HookPlace& place, std::string_view name) {
  for (const std::string& entry : place.environment) {
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name)) {
      return entry.substr(name.size() + 1);
    }
  }
  return "";
}

std::string late_text(const Hook& hook) {
  return fmt::format("no answer within {}", format_duration(hook.timeout));
}

// A finding that is not met unless `passed` is set.
HookFinding finding(std::string found, std::string expected, std::string hint) {
  return {false, std::move(found), std::move(expected), std::move(hint)};
}

HookFinding check_tool(const Case& at) {
  const Hook& hook = at.hook;
  const bool wants_version = !hook.version.is_any();
  ToolQuestion question;
  question.name = hook.name;
  question.path = value_of(at.place, "PATH");
  question.directory = at.place.directory;
  question.environment = at.place.environment;
  question.patience = hook.timeout;
  question.stop = at.stop;
  question.unasked_folder = at.place.unasked_folder;
  if (wants_version) {
    question.version_words = version_arguments(hook.name);
    if (question.version_words.empty() && question.unasked_folder.empty()) {
      question.version_words = {"--version"};
    }
  }
  const ToolFacts tool = look_at_tool(question);
  HookFinding result;
  result.expected = wants_version ? hook.version.text() : "a program in PATH";
  if (tool.file.empty()) {
    result.found = tool.trouble;
    result.hint = fmt::format("install {}, or add its folder to PATH", hook.name);
  } else if (!wants_version) {
    result.passed = true;
    result.found = tool.file;
  } else if (tool.version.empty() && !tool.was_asked) {
    result.is_answered = false;
    result.found = fmt::format("{}, not asked for its version here", tool.file);
  } else if (tool.version.empty()) {
    result.is_answered = !tool.is_late;
    result.found = tool.is_late ? late_text(hook)
                                : fmt::format("{}, which does not tell its version", tool.file);
    result.hint = fmt::format(
        "see what it says: {} {}", shell_quote(tool.file), join(question.version_words, " "));
  } else {
    result.passed = hook.version.holds(tool.version);
    result.found = fmt::format("{} ({})", tool.version, tool.file);
    result.hint = fmt::format("install {} {}", hook.name, hook.version.text());
  }
  return result;
}

HookFinding check_env(const Case& at) {
  HookFinding result =
      finding("not set",
              "set and not empty",
              fmt::format("export {}=..., or set it under 'env' of the workflow", at.hook.name));
  const std::string prefix = at.hook.name + "=";
  const auto entry = std::find_if(at.place.environment.begin(),
                                  at.place.environment.end(),
                                  [&](const auto& one) { return one.starts_with(prefix); });
  if (entry != at.place.environment.end()) {
    result.passed = entry->size() > prefix.size();
    result.found = result.passed ? "set" : "empty";  // (never its value)
  }
  return result;
}

HookFinding check_file(const Case& at) {
  const std::string path = absolute_path(at.place.directory, at.hook.name);
  HookFinding result = finding("not there",
                               "a file or folder",
                               fmt::format("create {}, or run what makes it", at.hook.name));
  if (path_exists(path)) {
    result.passed = true;
    result.found = "there";
  }
  return result;
}

HookFinding check_disk(const Case& at) {
  const DiskSpace space = disk_space(at.place.directory);
  HookFinding result = finding("the file system does not tell",
                               fmt::format("at least {} free", format_size(at.hook.bytes)),
                               fmt::format("free space where {} lies", at.place.directory));
  if (space.free_bytes >= 0) {
    result.passed = space.free_bytes >= at.hook.bytes;
    result.found = fmt::format("{} free", format_size(space.free_bytes));
  }
  return result;
}

HookFinding check_memory(const Case& at) {
  const ResourceSample sample = SystemProbe(at.place.sysroot).sample();
  const std::int64_t room = memory_room_bytes(sample);
  HookFinding result = finding("the kernel does not tell",
                               fmt::format("at least {} available", format_size(at.hook.bytes)),
                               "end what takes memory, or raise the limit of the container");
  if (sample.memory_available_bytes) {
    result.passed = room >= at.hook.bytes;
    result.found = fmt::format("{} available", format_size(room));
  }
  return result;
}

HookFinding check_port(const Case& at) {
  const std::string proc = at.place.sysroot + "/proc";
  HookFinding result = finding("free", "free", "");
  result.passed = true;
  if (is_port_taken(at.hook.port, proc)) {
    result.passed = false;
    const auto holder = find_port_holder(at.hook.port, proc);
    result.found = holder
                       ? fmt::format("{} (process {}) listens on it", holder->program, holder->pid)
                       : "a process of another user listens on it";
    result.hint =
        holder ? fmt::format("end it: kill {}", holder->pid) : "see who it is: sudo ss -ltnp";
  }
  return result;
}

// ---- git

// "a.cpp, b.cpp and 4 more".
std::string some_of(const std::vector<std::string>& paths) {
  const std::size_t shown = std::min(paths.size(), kMostShownPaths);
  std::string text =
      join({paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ");
  return paths.size() == shown ? text : fmt::format("{} and {} more", text, paths.size() - shown);
}

// Globs are relative to the workflow file's folder, what git says to the root of the work tree.
void leave_out_excepted(const Case& at, const std::string& root, std::vector<std::string>& paths) {
  const auto patterns = PathPatterns::parse(at.hook.except);
  if (!patterns || patterns->empty()) {
    return;
  }
  const std::string below = at.place.directory.starts_with(root + "/")
                                ? at.place.directory.substr(root.size() + 1) + "/"
                                : "";
  std::erase_if(paths, [&](const std::string& path) {
    return path.starts_with(below) &&
           patterns->matches(std::string_view(path).substr(below.size()));
  });
}

HookFinding judge_clean(const Case& at, const std::string& root, const GitStatus& status) {
  std::vector<std::string> paths = status.unmerged;
  paths.insert(paths.end(), status.changed.begin(), status.changed.end());
  paths.insert(paths.end(), status.untracked.begin(), status.untracked.end());
  leave_out_excepted(at, root, paths);
  HookFinding result = finding(
      "clean", "nothing uncommitted or untracked", "commit, stash or remove it: git status");
  result.passed = paths.empty();
  if (!result.passed) {
    result.found = fmt::format("{} not clean: {}", paths.size(), some_of(paths));
  }
  return result;
}

HookFinding judge_branch(const Case& at, const GitStatus& status) {
  const Hook& hook = at.hook;
  HookFinding result = finding("detached HEAD, no branch", "a branch", "git switch -c NAME");
  if (!hook.match.empty()) {
    result.expected = fmt::format("a branch like {}", hook.match);
  }
  if (!hook.except.empty()) {
    result.expected += fmt::format(", not {}", join(hook.except, ", "));
  }
  if (status.branch.empty()) {
    return result;
  }
  result.found = status.branch;
  const auto wanted = PathPatterns::parse({hook.match.empty() ? "**" : hook.match});
  const auto unwanted = PathPatterns::parse(hook.except);
  result.passed =
      wanted && unwanted && wanted->matches(status.branch) && !unwanted->matches(status.branch);
  return result;
}

HookFinding judge_conflicts(const GitStatus& status) {
  HookFinding result = finding("none", "nothing unmerged", "resolve the conflicts: git status");
  result.passed = status.unmerged.empty();
  if (!result.passed) {
    result.found = fmt::format("{} unmerged: {}", status.unmerged.size(), some_of(status.unmerged));
  }
  return result;
}

HookFinding judge_pushed(const GitStatus& status) {
  HookFinding result = finding("", "every commit is in the upstream branch", "git push");
  if (status.branch.empty()) {
    result.found = "detached HEAD, no branch";
    result.hint = "git switch NAME";
  } else if (status.upstream.empty()) {
    result.found = fmt::format("branch {} has no upstream", status.branch);
    result.hint = fmt::format("git push -u origin {}", shell_quote(status.branch));
  } else {
    result.passed = status.ahead == 0;
    result.found = result.passed ? fmt::format("{} has all", status.upstream)
                                 : fmt::format("{} {} not in {}",
                                               status.ahead,
                                               status.ahead == 1 ? "commit is" : "commits are",
                                               status.upstream);
  }
  return result;
}

// `clean` in words of the repository; every wish needs git and a repository first.
HookFinding check_git(const Case& at) {
  const auto git = find_program("git", {value_of(at.place, "PATH"), at.place.directory});
  if (!git) {
    return finding("git is not found in PATH", "a git repository", "install git");
  }
  if (!may_be_started(*git, at.place.unasked_folder)) {
    HookFinding unasked = finding(fmt::format("{}, not asked here", *git), "a git repository", "");
    unasked.is_answered = false;
    return unasked;
  }
  const std::string root = read_git_facts(at.place.directory).root;
  if (root.empty()) {
    return finding("not a git repository", "a git repository", "git init, or work in a clone");
  }
  GitQuestion question;
  question.git = *git;
  question.directory = at.place.directory;
  question.environment = at.place.environment;
  question.patience = at.hook.timeout;
  question.each_untracked = !at.hook.except.empty();
  question.stop = at.stop;
  const GitStatus status = ask_git_status(question);
  if (!status.is_answered) {
    HookFinding silent =
        finding(status.is_late ? late_text(at.hook) : fmt::format("git says: {}", status.trouble),
                "an answer of git status",
                "run it by hand: git status");
    silent.is_answered = !status.is_late;
    return silent;
  }
  switch (at.hook.git) {
    case GitWish::clean:
      return judge_clean(at, root, status);
    case GitWish::branch:
      return judge_branch(at, status);
    case GitWish::no_conflicts:
      return judge_conflicts(status);
    case GitWish::pushed:
      return judge_pushed(status);
  }
  return {};
}

// ---- commands

// The last line of what a command printed, as far as it is good for a person.
std::string last_line(std::string_view output) {
  output = trim(output);
  const std::size_t at = output.rfind('\n');
  const std::string_view line = trim(at == std::string_view::npos ? output : output.substr(at));
  return to_valid_utf8(line.substr(0, kMostShownBytes));
}

HookFinding check_run(const Case& at) {
  HookFinding result =
      finding("", "exit code 0", fmt::format("run it by hand: {}", title_of(at.hook).substr(4)));
  const auto program =
      find_program(at.argv.front(), {value_of(at.place, "PATH"), at.place.directory});
  if (!program) {
    result.found = program.error().message;
    result.hint = fmt::format("install {}, or add its folder to PATH", at.argv.front());
    return result;
  }
  QuickCommand command;
  command.argv = at.argv;
  command.argv.front() = absolute_path(at.place.directory, *program);
  command.environment = at.place.environment;
  command.directory = at.place.directory;
  command.patience = at.hook.timeout;
  command.stop = at.stop;
  const QuickAnswer answer = run_quick_command(command);
  result.passed = answer.is_good();
  if (answer.is_late) {
    result.found = late_text(at.hook) + ": killed";
  } else if (answer.exit_code < 0) {
    result.found = "killed by a signal";
  } else {
    result.found = fmt::format("exit code {}", answer.exit_code);
  }
  if (const std::string line = last_line(answer.output); !result.passed && !line.empty()) {
    result.found += fmt::format(": {}", line);
  }
  return result;
}

HookFinding check(const Case& at) {
  switch (at.hook.kind) {
    case HookKind::tool:
      return check_tool(at);
    case HookKind::env:
      return check_env(at);
    case HookKind::file:
      return check_file(at);
    case HookKind::disk:
      return check_disk(at);
    case HookKind::memory:
      return check_memory(at);
    case HookKind::git:
      return check_git(at);
    case HookKind::port:
      return check_port(at);
    case HookKind::run:
      return check_run(at);
  }
  return {};
}

}  // namespace

HookFinding check_hook(const HookQuestion& question, const std::atomic<bool>* stop) {
  HookFinding result = check({question.hook, *question.place, question.argv, stop});
  if (result.passed) {
    result.hint.clear();
  } else if (!question.hook.hint.empty()) {
    result.hint = question.hook.hint;
  }
  return result;
}

HookFinding late_finding(const Hook& hook) {
  return {
      false,
      late_text(hook),
      "an answer",
      hook.hint.empty() ? "see whether a disk or a program hangs, or raise its timeout" : hook.hint,
      false};
}

}  // namespace headway
