// Where the files of a run lie, found and created. Reads no content.
#include "record/run_folder.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace headway {
namespace {

constexpr std::size_t kShortestTail = 4;
// An unlinked lock file is met only while its run is being removed: once is the rule.
constexpr int kMaxReopens = 3;

Error io_error(const std::string& path, int error_number) {
  return Error{ErrorCode::io, system_message(path, error_number)};
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

int flock_through_signals(int fd, int operation) {
  int result = 0;
  do {
    result = ::flock(fd, operation);
  } while (result != 0 && errno == EINTR);
  return result;
}

bool is_unlinked(int fd) {
  struct stat facts {};
  return ::fstat(fd, &facts) == 0 && facts.st_nlink == 0;
}

Error unknown_run(std::string_view text, const std::vector<std::string>& runs) {
  std::vector<std::string> tails;
  tails.reserve(runs.size());
  for (const std::string& run : runs) {
    tails.push_back(short_id(run));
  }
  const std::vector<std::string_view> candidates(tails.begin(), tails.end());
  const auto nearest = nearest_name(text, candidates);
  std::string message = fmt::format("no run ends in '{}'", text);
  if (nearest) {
    message += fmt::format(" (did you mean '{}'?)", *nearest);
  }
  return Error{
      ErrorCode::not_found, std::move(message), "see `headway runs` for the runs there are"};
}

Error ambiguous_run(std::string_view text, const std::vector<std::string>& matches) {
  std::string names;
  for (const std::string& match : matches) {
    names += (names.empty() ? "" : ", ") + short_id(match);
  }
  return Error{ErrorCode::invalid_argument,
               fmt::format("'{}' fits {} runs: {}", text, matches.size(), names),
               "give more characters of the run's id"};
}

}  // namespace

std::string StateFolder::history() const {
  return path + "/history.db";
}

std::string StateFolder::runs() const {
  return path + "/runs";
}

std::string StateFolder::run(std::string_view run_id) const {
  return runs() + "/" + std::string(run_id);
}

std::string StateFolder::lock_file(std::string_view lock) const {
  return path + "/locks/" + percent_encode(lock);
}

Result<void> StateFolder::create() const {
  for (const std::string& folder : {path, runs(), path + "/locks"}) {
    if (auto made = make_directories(folder); !made) {
      return made;
    }
  }
  const std::string ignore = path + "/.gitignore";
  if (path_exists(ignore)) {
    return {};
  }
  return write_file_atomically(ignore, "*\n", Durability::process);
}

StateFolder state_folder(std::string_view workflow_directory, std::string_view override_path) {
  return StateFolder{
      absolute_path(workflow_directory, override_path.empty() ? ".headway" : override_path)};
}

std::string RunFolder::id() const {
  return path.substr(path.rfind('/') + 1);
}

std::string RunFolder::events() const {
  return path + "/events.jsonl";
}

std::string RunFolder::status() const {
  return path + "/status.json";
}

std::string RunFolder::log() const {
  return path + "/log.jsonl";
}

std::string RunFolder::machine() const {
  return path + "/machine.json";
}

std::string RunFolder::lock() const {
  return path + "/lock";
}

std::string RunFolder::stage_log(std::string_view key, int attempt) const {
  return path + "/" + stage_log_name(key, attempt);
}

std::string RunFolder::stage_log_name(std::string_view key, int attempt) {
  std::string name = "stages/";
  name.append(percent_encode(key)).append(".").append(std::to_string(attempt)).append(".log");
  return name;
}

std::string RunFolder::gate_log_name(std::string_view key, int attempt, std::string_view gate) {
  std::string name = stage_log_name(key, attempt);
  name.resize(name.size() - std::string_view(".log").size());
  return name.append(".gate-").append(percent_encode(gate)).append(".log");
}

std::string RunFolder::quality_metrics() const {
  return path + "/quality_metrics.json";
}

Result<void> RunFolder::create() const {
  return make_directories(path + "/stages");
}

std::vector<std::string> list_runs(const StateFolder& state) {
  std::vector<std::string> runs;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(state.runs().c_str()), ::closedir);
  if (folder == nullptr) {
    return runs;
  }
  while (const dirent* entry = ::readdir(folder.get())) {
    if (is_uuid_v7(entry->d_name)) {
      runs.emplace_back(entry->d_name);
    }
  }
  // UUIDv7 sorts by time as text.
  std::sort(runs.begin(), runs.end(), std::greater<>());
  return runs;
}

Result<std::string> resolve_run(const StateFolder& state, std::string_view text) {
  std::vector<std::string> runs = list_runs(state);
  if (text.empty()) {  // one that was killed before its first event is none
    std::erase_if(runs, [&](const std::string& run) {
      return !path_exists(RunFolder{state.run(run)}.events());
    });
  }
  if (runs.empty()) {
    return Error{ErrorCode::not_found,
                 fmt::format("there is no run in '{}' yet", state.runs()),
                 "start one with `headway run`"};
  }
  if (text.empty()) {
    return std::move(runs.front());
  }
  const std::string tail = lower(text);
  if (tail.size() < kShortestTail) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' is too short for a run", text),
                 fmt::format("give the last {} or more characters of its id", kShortestTail)};
  }
  std::vector<std::string> matches;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(matches), [&](const std::string& run) {
    return run.ends_with(tail);
  });
  if (matches.empty()) {
    return unknown_run(text, runs);
  }
  if (matches.size() > 1) {
    return ambiguous_run(text, matches);
  }
  return std::move(matches.front());
}

Result<UniqueFd> try_lock_file(const std::string& path) {
  for (int attempt = 0; attempt < kMaxReopens; ++attempt) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!fd) {
      return io_error(path, errno);
    }
    if (flock_through_signals(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        return Error{ErrorCode::conflict, fmt::format("'{}' is held by another process", path)};
      }
      return io_error(path, errno);
    }
    // Somebody may have removed the file between open and flock: such a lock binds nobody.
    if (!is_unlinked(fd.get())) {
      return fd;
    }
  }
  return Error{ErrorCode::conflict, fmt::format("'{}' is being removed", path)};
}

bool is_locked(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && flock_through_signals(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace headway
