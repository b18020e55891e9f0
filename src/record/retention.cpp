// Removing old runs. Reads of a run only how it ended.
#include "record/retention.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"
#include "record/event_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRemovingPrefix = ".removing-";

std::int64_t bytes_in(const std::string& folder) {
  std::int64_t bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  while (!error && entry != fs::recursive_directory_iterator()) {
    std::error_code not_a_file;
    if (entry->is_regular_file(not_a_file)) {
      const std::uintmax_t size = entry->file_size(not_a_file);
      bytes += not_a_file ? 0 : static_cast<std::int64_t>(size);
    }
    entry.increment(error);
  }
  return bytes;
}

// Sizes of the runs that ended, remembered in runs/.sizes ("<run-id> <bytes>" a line): a run of
// thousands of stages is walked once. Only a cache: what is wrong or missing in it is measured.
class RunSizes {
 public:
  explicit RunSizes(const StateFolder& state) : state_(state), path_(state.runs() + "/.sizes") {
    const auto text = read_file(path_);
    if (!text) {
      return;
    }
    for (const std::string_view line : split(*text, '\n')) {
      const std::size_t space = line.find(' ');
      std::int64_t bytes = 0;
      if (space != std::string_view::npos && is_uuid_v7(line.substr(0, space)) &&
          std::from_chars(line.data() + space + 1, line.data() + line.size(), bytes).ec ==
              std::errc()) {
        old_[std::string(line.substr(0, space))] = bytes;
      }
    }
  }

  std::int64_t of(const std::string& run) {
    if (const auto known = old_.find(run); known != old_.end()) {
      return new_[run] = known->second;
    }
    const RunFolder folder{state_.run(run)};
    // Without events it may be about to take its lock, and must not find ours.
    const bool ended = path_exists(folder.events()) && !is_locked(folder.lock());
    const std::int64_t bytes = bytes_in(folder.path);
    if (ended) {
      new_[run] = bytes;
    }
    return bytes;
  }

  void forget(const std::string& run) { new_.erase(run); }

  // A cache that cannot be written costs time, nothing else.
  void save() const {
    if (new_ == old_) {
      return;
    }
    std::string text;
    for (const auto& [run, bytes] : new_) {
      text += fmt::format("{} {}\n", run, bytes);
    }
    static_cast<void>(write_file_atomically(path_, text, Durability::process).has_value());
  }

 private:
  const StateFolder& state_;
  std::string path_;
  std::map<std::string, std::int64_t> old_, new_;
};

// The time in a UUIDv7: its first 48 bits are milliseconds. They reach further than nanoseconds do:
// an id from beyond the year 2262 counts as of then.
WallTime time_of(const std::string& run) {
  std::string digits = run.substr(0, 8) + run.substr(9, 4);
  std::int64_t milliseconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds, 16);
  constexpr std::int64_t kLast =
      std::chrono::duration_cast<std::chrono::milliseconds>(Nanos::max()).count();
  return WallTime(std::chrono::milliseconds(std::min(milliseconds, kLast)));
}

// Those beyond a bound, newest first. The newest run is never among them.
std::vector<std::string> beyond_bounds(const std::vector<std::string>& runs,
                                       const RetentionPolicy& policy,
                                       WallTime now,
                                       RunSizes& sizes) {
  std::vector<std::string> beyond;
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    // What is beyond the bytes makes all older ones so too: they need no measuring.
    if (bytes <= policy.max_bytes) {
      bytes += sizes.of(runs[i]);
    }
    const bool is_old = now - time_of(runs[i]) > policy.max_age;
    const bool is_much = bytes > policy.max_bytes || i >= static_cast<std::size_t>(policy.max_runs);
    if (i > 0 && (is_old || is_much)) {
      beyond.push_back(runs[i]);
    }
  }
  return beyond;
}

std::string newest_green(const StateFolder& state, const std::vector<std::string>& runs) {
  for (const std::string& run : runs) {
    const auto end = read_last_run_finished(RunFolder{state.run(run)}.events());
    if (end && end->status == RunStatus::completed) {
      return run;
    }
  }
  return {};
}

// Renamed first: whoever lists runs sees a run whole or not at all.
bool remove_run(const StateFolder& state, const std::string& run) {
  const RunFolder folder{state.run(run)};
  const auto lock = try_lock_file(folder.lock());
  if (!lock) {
    return false;
  }
  const std::string aside = state.run(std::string(kRemovingPrefix) + run);
  std::error_code error;
  fs::rename(folder.path, aside, error);
  if (error) {
    return false;
  }
  fs::remove_all(aside, error);
  return true;
}

// What a removal that was cut off has left.
void remove_leftovers(const StateFolder& state) {
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(state.runs(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with(kRemovingPrefix)) {
      left.push_back(entry->path());
    }
  }
  for (const fs::path& path : left) {
    fs::remove_all(path, error);
  }
}

}  // namespace

int apply_retention(const StateFolder& state, const RetentionPolicy& policy, WallTime now) {
  remove_leftovers(state);
  const std::vector<std::string> runs = list_runs(state);
  RunSizes sizes(state);
  const std::vector<std::string> beyond = beyond_bounds(runs, policy, now, sizes);
  const std::string green = beyond.empty() ? std::string() : newest_green(state, runs);
  int removed = 0;
  for (auto run = beyond.rbegin(); run != beyond.rend(); ++run) {
    if (*run != green && remove_run(state, *run)) {
      sizes.forget(*run);
      ++removed;
    }
  }
  sizes.save();
  return removed;
}

}  // namespace headway
