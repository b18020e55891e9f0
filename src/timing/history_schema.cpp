// The schema (docs/reference/history.md) and the journal mode.
#include "timing/history_schema.hpp"

#include <fmt/format.h>

#include <time.h>

#include <string>

namespace headway {

namespace {

// Pages kept in memory: a run of thousands of stages spills into the log instead of growing the
// process.
constexpr int kCacheKibibytes = 512;

constexpr int kApplicationId = 0x48644877;  // "HdHw"
constexpr int kMostModeTries = 500;
constexpr long kModeRetryNanoseconds = 10'000'000;

// Times are microseconds. A series is one stage of one workflow and lane; its rows lie side by
// side, oldest first. `at` keeps the order of a run's stages. Status is the number of StageStatus.
constexpr const char* kTables = R"sql(
CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE series(
  id INTEGER PRIMARY KEY, workflow INTEGER NOT NULL, lane INTEGER NOT NULL, stage_key TEXT NOT NULL,
  UNIQUE(workflow, lane, stage_key));
CREATE TABLE runs(
  id INTEGER PRIMARY KEY AUTOINCREMENT, workflow INTEGER NOT NULL, lane INTEGER NOT NULL,
  workflow_id TEXT NOT NULL, started_us INTEGER NOT NULL, ended_us INTEGER,
  total_us INTEGER NOT NULL, is_complete INTEGER NOT NULL, stages INTEGER NOT NULL);
CREATE INDEX runs_of_lane ON runs(workflow, lane, is_complete);
CREATE TABLE metadata(
  run INTEGER NOT NULL, name INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run, name))
  WITHOUT ROWID;
CREATE TABLE stages(
  series INTEGER NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL, stage_id INTEGER NOT NULL,
  name INTEGER NOT NULL, started_us INTEGER NOT NULL, ended_us INTEGER,
  duration_us INTEGER NOT NULL, queue_us INTEGER NOT NULL, status INTEGER NOT NULL,
  attempt INTEGER NOT NULL, cpu_us INTEGER NOT NULL, peak_bytes INTEGER NOT NULL,
  PRIMARY KEY(series, run, at)) WITHOUT ROWID;
)sql";

Error not_ours(const SqliteDatabase& database) {
  return {ErrorCode::parse,
          fmt::format("{}: a database, but no history of Headway", database.path()),
          "name another file; it was left as it is"};
}

// Another process that does the same at the same moment makes SQLite say "busy" at once, without
// waiting: asked again for a while. A file system without shared memory refuses: then the classic
// journal does.
Result<void> choose_journal(SqliteDatabase& database) {
  Result<std::string> mode = std::string();
  for (int tries = 0; tries < kMostModeTries; ++tries) {
    mode = database.text("PRAGMA journal_mode=WAL");
    if (mode || mode.error().code != ErrorCode::conflict) {
      break;
    }
    const timespec pause{0, kModeRetryNanoseconds};
    nanosleep(&pause, nullptr);
  }
  if (mode && *mode == "wal") {
    return database.execute(
        fmt::format("PRAGMA synchronous=NORMAL;PRAGMA cache_size=-{}", kCacheKibibytes));
  }
  if (!mode && mode.error().code == ErrorCode::parse) {
    return std::move(mode).error();
  }
  auto classic = database.text("PRAGMA journal_mode=DELETE");
  if (!classic) {
    return std::move(classic).error();
  }
  return {};
}

Result<void> make_tables(SqliteDatabase& database) {
  auto transaction = SqliteTransaction::begin(database);
  if (!transaction) {
    return std::move(transaction).error();
  }
  // Somebody else may have been faster.
  auto version = database.integer("PRAGMA user_version");
  if (!version) {
    return std::move(version).error();
  }
  if (*version == 0) {
    if (auto made = database.execute(kTables); !made) {
      return made;
    }
    if (auto marked = database.execute(fmt::format("PRAGMA application_id={};"
                                                   "PRAGMA user_version={}",
                                                   kApplicationId,
                                                   kHistoryVersion));
        !marked) {
      return marked;
    }
  }
  return transaction->commit();
}

}  // namespace

Result<bool> check_history(const SqliteDatabase& database) {
  auto version = database.integer("PRAGMA user_version");
  if (!version) {
    return std::move(version).error();
  }
  auto tables = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) {
    return std::move(tables).error();
  }
  auto application = database.integer("PRAGMA application_id");
  if (!application) {
    return std::move(application).error();
  }
  if (*version == 0 && *tables == 0) {
    return false;
  }
  if (*application != kApplicationId) {
    return not_ours(database);
  }
  if (*version > kHistoryVersion) {
    return Error{ErrorCode::unsupported,
                 fmt::format("{}: a history of version {}, made by a newer Headway (this one knows "
                             "{})",
                             database.path(),
                             *version,
                             kHistoryVersion),
                 "update Headway, or go on without the history; it was left as it is"};
  }
  return true;
}

Result<void> prepare_history(SqliteDatabase& database, bool has_tables) {
  if (auto chosen = choose_journal(database); !chosen) {
    return chosen;
  }
  return has_tables ? Result<void>() : make_tables(database);
}

}  // namespace headway
