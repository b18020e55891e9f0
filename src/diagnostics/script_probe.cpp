// See script_probe.hpp. Formats: execve(2) (interpreter scripts), git-status(1),
// gitrepository-layout(5).
#include "diagnostics/script_probe.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "host/git.hpp"
#include "host/program_lookup.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kHeadBytes = 4096;

std::string head_of(const std::string& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::string head(kHeadBytes, '\0');
  const ssize_t count = fd ? ::read(fd.get(), head.data(), head.size()) : 0;
  head.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return head;
}

// The git folder of a work tree; of a worktree or submodule the one that its file names.
std::string git_folder_of(const std::string& root) {
  constexpr std::string_view kKey = "gitdir:";
  const std::string entry = root + "/.git";
  struct stat facts {};
  if (::stat(entry.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) {
    return entry;
  }
  const std::string text = head_of(entry);
  return text.starts_with(kKey)
             ? absolute_path(root, trim(std::string_view(text).substr(kKey.size())))
             : entry;
}

std::string operation_in(const std::string& folder) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kMarks{
      {{"/MERGE_HEAD", "merge"},
       {"/rebase-merge", "rebase"},
       {"/rebase-apply", "rebase"},
       {"/CHERRY_PICK_HEAD", "cherry-pick"},
       {"/REVERT_HEAD", "revert"},
       {"/BISECT_LOG", "bisect"}}};
  for (const auto& [mark, operation] : kMarks) {
    if (path_exists(folder + mark)) {
      return operation;
    }
  }
  return "";
}

}  // namespace

Shebang shebang_of(std::string_view head) {
  Shebang shebang;
  const std::size_t end = head.find('\n');
  shebang.has_crlf = end != std::string_view::npos && end > 0 && head[end - 1] == '\r';
  if (!head.starts_with("#!")) {
    return shebang;
  }
  const std::string_view line = trim(head.substr(2, end == std::string_view::npos ? end : end - 2));
  shebang.line = line;
  bool after_env = false;
  for (const std::string_view word : split(line, ' ')) {
    const bool is_option = word.starts_with('-') || word.find('=') != std::string_view::npos;
    if (word.empty() || (after_env && is_option)) {
      continue;
    }
    if (!after_env && (word == "/usr/bin/env" || word == "/bin/env")) {
      after_env = true;
      shebang.is_looked_up = true;
      continue;
    }
    shebang.interpreter = word;
    break;
  }
  return shebang;
}

ScriptFacts look_at_script(const std::string& file, std::string_view path) {
  ScriptFacts facts;
  struct stat status {};
  facts.is_there = ::stat(file.c_str(), &status) == 0;
  if (!facts.is_there) {
    return facts;
  }
  facts.is_file = S_ISREG(status.st_mode);
  facts.is_executable = ::faccessat(AT_FDCWD, file.c_str(), X_OK, AT_EACCESS) == 0;
  if (!facts.is_file) {
    return facts;
  }
  const Shebang shebang = shebang_of(head_of(file));
  facts.shebang = shebang.line;
  facts.has_crlf = shebang.has_crlf;
  facts.interpreter = shebang.interpreter;
  if (shebang.interpreter.starts_with('/')) {
    facts.is_interpreter_there = path_exists(shebang.interpreter);
  } else if (!shebang.interpreter.empty() && shebang.is_looked_up) {
    facts.is_interpreter_there = find_program(shebang.interpreter, {path, "/"}).has_value();
  }
  return facts;
}

GitState look_at_repository(const std::string& directory, WallTime now) {
  GitState state;
  const GitFacts facts = read_git_facts(directory);
  state.root = facts.root;
  state.branch = facts.branch;
  state.commit = facts.commit;
  if (state.root.empty()) {
    return state;
  }
  const std::string folder = git_folder_of(state.root);
  state.is_shallow = path_exists(folder + "/shallow");
  state.operation = operation_in(folder);
  struct stat status {};
  if (::stat(state.root.c_str(), &status) == 0) {
    state.is_owned = status.st_uid == ::geteuid();
  }
  if (::stat((folder + "/index.lock").c_str(), &status) == 0) {
    const WallTime made{std::chrono::seconds(status.st_mtim.tv_sec)};
    state.lock_age = std::chrono::duration_cast<Nanos>(now - made);
  }
  return state;
}

}  // namespace headway
