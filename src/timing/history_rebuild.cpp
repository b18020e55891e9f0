// See history_rebuild.hpp.
#include "timing/history_rebuild.hpp"

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/units.hpp"
#include "record/event_reader.hpp"
#include "timing/timing_observer.hpp"

#include <fmt/format.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace headway {
namespace {

constexpr int kLockTries = 1000;
constexpr timespec kLockPause{0, 5'000'000};  // 5 s in all

Result<UniqueFd> wait_for_lock(const std::string& path) {
  auto lock = try_lock_file(path);
  for (int tries = 1; !lock && lock.error().code == ErrorCode::conflict && tries < kLockTries;
       ++tries) {
    ::nanosleep(&kLockPause, nullptr);
    lock = try_lock_file(path);
  }
  return lock;
}

Result<void> try_reading(const StateFolder& state,
                         const std::function<Result<void>(const History&)>& read) {
  const auto history = History::open_read_only(state.history());
  return history ? read(*history) : Result<void>(history.error());
}

bool is_damage(const Result<void>& result) {
  return !result && result.error().code == ErrorCode::parse;
}

// "history.db.damaged-20261123T081500Z".
std::string name_aside(const std::string& path) {
  std::string stamp = to_rfc3339(SystemClock().wall());
  stamp.resize(std::min(stamp.size(), stamp.find('.')));
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::string aside = fmt::format("{}.damaged-{}Z", path, stamp);
  for (int again = 2; path_exists(aside); ++again) {
    aside = fmt::format("{}.damaged-{}Z-{}", path, stamp, again);
  }
  return aside;
}

// The damaged file keeps its bytes, and what SQLite keeps beside it, under the new name; in its
// place comes `fresh`. There is always one of both: who opens the history meanwhile finds the
// damage, and waits.
Result<void> replace(const std::string& path, const std::string& aside, const std::string& fresh) {
  if (::link(path.c_str(), aside.c_str()) != 0) {
    return Error{ErrorCode::io, "set aside " + system_message(path, errno)};
  }
  for (const char* part : {"-wal", "-shm"}) {
    const std::string from = path + part;
    if (::rename(from.c_str(), (aside + part).c_str()) != 0 && errno != ENOENT) {
      return Error{ErrorCode::io, "set aside " + system_message(from, errno)};
    }
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    return Error{ErrorCode::io, system_message(fresh, errno)};
  }
  return {};
}

struct Rebuilt {
  int runs = 0;
  int unreadable = 0;
};

// Under another name: nobody sees half of it.
Result<Rebuilt> rebuild(const StateFolder& state, const std::string& fresh) {
  for (const char* part : {"", "-wal", "-shm"}) {
    ::remove((fresh + part).c_str());  // of a rebuild that died
  }
  Rebuilt rebuilt;
  std::vector<std::string> runs = list_runs(state);
  std::reverse(runs.begin(), runs.end());  // oldest first
  for (const std::string& run : runs) {
    const auto added = add_recorded_run(RunFolder{state.run(run)}, fresh);
    rebuilt.runs += added && *added ? 1 : 0;
    rebuilt.unreadable += added ? 0 : 1;
  }
  if (auto made = History::open(fresh); !made) {  // also where there was no run
    return std::move(made).error();
  }
  if (auto closed = close_journal(fresh); !closed) {
    return std::move(closed).error();
  }
  return rebuilt;
}

Result<std::string> mend(const StateFolder& state, const Error& damage) {
  const std::string fresh = state.history() + ".new";
  const auto rebuilt = rebuild(state, fresh);
  if (!rebuilt) {
    return rebuilt.error();
  }
  const std::string aside = name_aside(state.history());
  if (auto replaced = replace(state.history(), aside, fresh); !replaced) {
    return std::move(replaced).error();
  }
  std::string notice = fmt::format("{}; it was set aside as {} and made anew from {} recorded {}",
                                   damage.message,
                                   aside,
                                   rebuilt->runs,
                                   rebuilt->runs == 1 ? "run" : "runs");
  if (rebuilt->unreadable > 0) {
    notice += fmt::format(" ({} could not be read)", rebuilt->unreadable);
  }
  return notice;
}

}  // namespace

Result<bool> add_recorded_run(const RunFolder& run, const std::string& history_path) {
  if (!read_last_run_finished(run.events())) {
    return false;
  }
  TimingObserver observer(history_path);
  auto read = for_each_event(run.events(), [&observer](const RunEvent& event) {
    observer.on_event(event);
    return true;
  });
  if (!read) {
    return std::move(read).error();
  }
  if (!observer.trouble().empty()) {
    return Error{ErrorCode::io, observer.trouble()};
  }
  return true;
}

Result<void> read_history(const StateFolder& state,
                          std::string& notice,
                          const std::function<Result<void>(const History&)>& read) {
  auto result = try_reading(state, read);
  if (!is_damage(result)) {
    return result;
  }
  const auto lock = wait_for_lock(state.history() + ".lock");
  if (!lock) {
    return lock.error();
  }
  result = try_reading(state, read);  // somebody else may have done it meanwhile
  if (!is_damage(result)) {
    return result;
  }
  auto mended = mend(state, result.error());
  if (!mended) {
    return std::move(mended).error();
  }
  notice = std::move(*mended);
  return try_reading(state, read);
}

}  // namespace headway
