// Opening a history, and values as its tables hold them. The tables: history_schema.cpp.
#include "timing/history.hpp"

#include "base/files.hpp"
#include "model/run_event.hpp"
#include "timing/history_rows.hpp"
#include "timing/history_schema.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace headway {

namespace {

using Micros = std::chrono::microseconds;

// In KiB: rows are read in the order they lie, so a page is needed once.
constexpr const char* kSmallCache = "PRAGMA cache_size=-256";

}  // namespace

std::int64_t to_micros(Seconds span) {
  constexpr double kMost = 9e18;
  const double micros = std::round(span.count() * 1e6);
  return std::isnan(micros) ? 0 : static_cast<std::int64_t>(std::clamp(micros, -kMost, kMost));
}

std::int64_t to_micros(WallTime time) {
  return std::chrono::duration_cast<Micros>(time.time_since_epoch()).count();
}

Seconds from_micros(std::int64_t micros) {
  return std::chrono::duration_cast<Seconds>(Micros(micros));
}

WallTime wall_time(std::int64_t micros) {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(Micros(micros)));
}

HistoryFacts facts_of(const WorkflowTimingProfile& profile) {
  HistoryFacts facts;
  for (const auto& fact : profile.metadata) {
    const auto& [key, value] = fact;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool is_number = error == std::errc{} && fmt::to_string(number) == value;
    const RunStatus status = run_status_named(value);
    if (key == "run_id" && !value.empty()) {
      facts.run_id = value;
    } else if (key == "commit" && !value.empty()) {
      facts.commit = value;
    } else if (key == "host" && !value.empty()) {
      facts.host = value;
    } else if (key == "jobs" && is_number) {
      facts.jobs = number;
    } else if (key == "status" && status != RunStatus::none) {
      facts.status = static_cast<std::int64_t>(status);
    } else {
      facts.others.push_back(&fact);
    }
  }
  return facts;
}

void PackedText::bind(SqliteStatement& statement, int index) const noexcept {
  if (packed_) {
    statement.bind_blob(index, *packed_);
  } else if (text_.empty()) {
    statement.bind(index, std::optional<std::int64_t>());
  } else {
    statement.bind(index, text_);
  }
}

std::string unpacked(const SqliteStatement& row,
                     int column,
                     std::string (*unpack)(std::string_view)) {
  const auto packed = row.blob(column);
  return packed ? unpack(*packed) : row.text(column);
}

// Where the run says how it ended, that counts (a failure may have been allowed); else its stages.
bool is_complete_run(const WorkflowTimingProfile& profile) {
  for (const auto& [key, value] : profile.metadata) {
    if (key == "status") {
      return value == "COMPLETED" && !profile.stages.empty();
    }
  }
  return !profile.stages.empty() && profile.end_time &&
         std::all_of(profile.stages.begin(), profile.stages.end(), [](const auto& stage) {
           return stage.status == StageStatus::completed;
         });
}

bool is_whole_run(const WorkflowTimingProfile& profile) {
  return is_complete_run(profile) &&
         std::none_of(profile.metadata.begin(), profile.metadata.end(), [](const auto& fact) {
           return fact.first == kUpToDateFact;
         });
}

History::History(std::unique_ptr<State> state) : state_(std::move(state)) {}
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;
History::~History() = default;

Result<History> History::open(const std::string& path) {
  auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::create);
  if (!database) {
    return std::move(database).error();
  }
  auto tables = check_history(*database);
  if (!tables) {
    return std::move(tables).error();
  }
  if (auto prepared = prepare_history(*database, *tables); !prepared) {
    return std::move(prepared).error();
  }
  auto state = std::make_unique<State>();
  state->database = std::move(*database);
  return History(std::move(state));
}

// Made anew in this version's shape first: all that reads knows one shape.
Result<History> History::upgraded(const std::string& path) {
  auto history = open(path);
  if (!history) {
    Error error = std::move(history).error();
    error.message += "; it is of an older Headway, and cannot be brought to this one's version";
    return error;
  }
  return history;
}

Result<History> History::open_read_only(const std::string& path) {
  if (!path_exists(path)) {
    return Error{ErrorCode::not_found, fmt::format("{}: no such history", path)};
  }
  auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::read_only);
  if (!database) {
    return std::move(database).error();
  }
  if (auto bounded = database->execute(kSmallCache); !bounded) {
    return std::move(bounded).error();
  }
  auto tables = check_history(*database);
  if (!tables) {
    return std::move(tables).error();
  }
  if (*tables == HistoryTables::none) {
    return Error{ErrorCode::not_found, fmt::format("{}: an empty history", path)};
  }
  if (*tables == HistoryTables::old) {
    return upgraded(path);
  }
  auto state = std::make_unique<State>();
  state->database = std::move(*database);
  return History(std::move(state));
}

Result<void> close_journal(const std::string& history_path) {
  auto history = SqliteDatabase::open(history_path, SqliteDatabase::Mode::read_write);
  if (!history) {
    return std::move(history).error();
  }
  auto mode = history->text("PRAGMA journal_mode=DELETE");
  return mode ? Result<void>() : Result<void>(std::move(mode).error());
}

void shorten_wal(const std::string& history_path) noexcept {
  struct stat status {};
  if (stat((history_path + "-wal").c_str(), &status) != 0 || status.st_size < kShortWalBytes) {
    return;
  }
  if (auto history = SqliteDatabase::open(history_path, SqliteDatabase::Mode::read_write)) {
    (void)history->integer("PRAGMA wal_checkpoint(TRUNCATE)");
    history->bound_wal();
  }
}

}  // namespace headway
