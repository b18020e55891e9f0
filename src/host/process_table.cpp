// See process_table.hpp. Formats: proc_pid_stat(5), proc_pid_statm(5), proc_tid_children(5).
#include "host/process_table.hpp"

#include "base/unique_fd.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <ctime>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace headway {
namespace {

// A file of /proc, whole (its size is not known before); "" where the process is gone or another
// user's.
std::string proc_file(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::size_t size = 0;
  while (fd) {
    text.resize(std::max<std::size_t>(4096, 2 * size));
    const ssize_t got = read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

std::string proc_path(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

// Names in a folder of /proc that are numbers.
std::vector<pid_t> numbers_in(const std::string& folder) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(folder.c_str()), closedir);
  while (dir != nullptr) {
    const dirent* entry = readdir(dir.get());
    if (entry == nullptr) {
      break;
    }
    const std::string_view name = static_cast<const char*>(entry->d_name);
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

// The kernel may be built without /proc/PID/task/TID/children (CONFIG_PROC_CHILDREN).
bool has_children_files() {
  static const bool has = access("/proc/thread-self/children", F_OK) == 0;
  return has;
}

void add_numbers(std::string_view text, std::vector<pid_t>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    pid_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc()) {
      numbers.push_back(number);
    }
    at = next < end ? next + 1 : end;
  }
}

// Children by parent, over all processes: the way without the children files.
std::unordered_map<pid_t, std::vector<pid_t>> scan_children() {
  std::unordered_map<pid_t, std::vector<pid_t>> children;
  for (const pid_t pid : numbers_in("/proc")) {
    if (const auto facts = parse_process_stat(proc_file(proc_path(pid, "stat")))) {
      children[facts->parent].push_back(pid);
    }
  }
  return children;
}

std::vector<pid_t> listed_children(pid_t pid) {
  std::vector<pid_t> children;
  const std::string tasks = proc_path(pid, "task");
  for (const pid_t thread : numbers_in(tasks)) {
    add_numbers(proc_file(tasks + "/" + std::to_string(thread) + "/children"), children);
  }
  return children;
}

std::int64_t memory_of(pid_t pid) {
  const std::string text = proc_file(proc_path(pid, "statm"));
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) {
    return 0;
  }
  std::int64_t pages = 0;
  std::from_chars(text.data() + space + 1, text.data() + text.size(), pages);
  return pages * sysconf(_SC_PAGESIZE);
}

bool has_environment_entry(pid_t pid, std::string_view entry) {
  const std::string environment = proc_file(proc_path(pid, "environ"));
  std::string_view rest = environment;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (rest.substr(0, end) == entry) {
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

// SIGKILL to `pid` if `is_meant` still holds once a pidfd pins the process: a number that has been
// given to another process meanwhile is spared.
template <typename Predicate>
bool kill_pinned(pid_t pid, const Predicate& is_meant) {
  const UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  return pidfd && is_meant() &&
         syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0) == 0;
}

void pause_briefly() {
  const timespec pause{0, 1'000'000};
  nanosleep(&pause, nullptr);
}

// It may outlive its run; so may what has ended below it, which it will reap itself.
bool is_spared(pid_t pid, const std::unordered_set<pid_t>& spared) {
  if (has_environment_entry(pid, kKeepBackground)) {
    return true;
  }
  const auto facts = process_stat(pid);
  return facts && facts->state == 'Z' && spared.count(facts->parent) > 0;
}

// SIGKILL to all that live below this process just now; false where all of them are spared.
bool kill_living_descendants(std::unordered_set<pid_t>& killed) {
  std::vector<pid_t> below = descendants_of(getpid());
  std::unordered_set<pid_t> ours(below.begin(), below.end());
  ours.insert(getpid());
  std::unordered_set<pid_t> spared;
  for (const pid_t pid : below) {
    if (is_spared(pid, spared)) {
      spared.insert(pid);
      continue;
    }
    const auto is_ours = [&] {
      const auto facts = parse_process_stat(proc_file(proc_path(pid, "stat")));
      return facts && facts->state != 'Z' && facts->state != 'X' && ours.count(facts->parent) > 0;
    };
    if (kill_pinned(pid, is_ours)) {
      killed.insert(pid);
    }
  }
  return below.empty() || spared.size() < below.size();
}

// Reaps what has ended; false where there is no child at all any more.
bool reap_some() {
  pid_t reaped = 1;
  while (reaped > 0 || (reaped < 0 && errno == EINTR)) {
    reaped = waitpid(-1, nullptr, WNOHANG | __WALL);
  }
  return reaped == 0;
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  // "PID (comm) S PPID PGRP ...": comm may hold anything, so what counts is the last parenthesis.
  const std::size_t close = text.rfind(") ");
  if (close == std::string_view::npos || close + 3 >= text.size()) {
    return std::nullopt;
  }
  ProcessStat facts;
  facts.state = text[close + 2];
  std::vector<pid_t> numbers;
  const std::string_view rest = text.substr(close + 4, 24);
  add_numbers(rest, numbers);
  if (numbers.size() < 2) {
    return std::nullopt;
  }
  facts.parent = numbers[0];
  facts.group = numbers[1];
  return facts;
}

std::optional<ProcessStat> process_stat(pid_t pid) {
  return parse_process_stat(proc_file(proc_path(pid, "stat")));
}

bool runs_this_program(pid_t pid) {
  struct stat other {};
  struct stat own {};
  return stat(proc_path(pid, "exe").c_str(), &other) == 0 && stat("/proc/self/exe", &own) == 0 &&
         other.st_dev == own.st_dev && other.st_ino == own.st_ino;
}

std::vector<pid_t> children_of(pid_t pid) {
  if (has_children_files()) {
    return listed_children(pid);
  }
  return scan_children()[pid];
}

std::vector<pid_t> descendants_of(pid_t pid) {
  if (!has_children_files()) {
    return descendants_by_scan(pid);
  }
  std::vector<pid_t> below = listed_children(pid);
  for (std::size_t i = 0; i < below.size(); ++i) {
    const std::vector<pid_t> children = listed_children(below[i]);
    below.insert(below.end(), children.begin(), children.end());
  }
  return below;
}

std::vector<pid_t> descendants_by_scan(pid_t pid) {
  auto children = scan_children();
  std::vector<pid_t> below = children[pid];
  for (std::size_t i = 0; i < below.size(); ++i) {
    const std::vector<pid_t> next = children[below[i]];
    below.insert(below.end(), next.begin(), next.end());
  }
  return below;
}

std::int64_t tree_memory_bytes(pid_t pid) {
  std::int64_t bytes = memory_of(pid);
  for (const pid_t below : descendants_of(pid)) {
    bytes += memory_of(below);
  }
  return bytes;
}

std::vector<pid_t> processes_with_environment(std::string_view entry) {
  std::vector<pid_t> found = numbers_in("/proc");
  const pid_t self = getpid();
  std::erase_if(found,
                [&](pid_t pid) { return pid == self || !has_environment_entry(pid, entry); });
  return found;
}

int kill_descendants(int rounds) {
  std::unordered_set<pid_t> killed;
  for (int round = 0; round < rounds && reap_some(); ++round) {
    if (!kill_living_descendants(killed)) {
      break;
    }
    pause_briefly();
  }
  return static_cast<int>(killed.size());
}

int kill_marked(std::string_view entry) {
  constexpr int kRounds = 1000;
  std::unordered_set<pid_t> killed;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<pid_t> marked = processes_with_environment(entry);
    std::erase_if(marked, [](pid_t pid) { return has_environment_entry(pid, kKeepBackground); });
    if (marked.empty()) {
      break;
    }
    for (const pid_t pid : marked) {
      if (kill_pinned(pid, [&] { return has_environment_entry(pid, entry); })) {
        killed.insert(pid);
      }
    }
    pause_briefly();
  }
  return static_cast<int>(killed.size());
}

}  // namespace headway
