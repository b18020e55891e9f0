// The schema (docs/reference/history.md) and the journal mode.
#include "timing/history_schema.hpp"

#include "timing/history_rows.hpp"
#include "timing/packed_id.hpp"

#include <fmt/format.h>

#include <sys/vfs.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

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
CREATE TABLE metadata(
  run INTEGER NOT NULL, name INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run, name))
  WITHOUT ROWID;
CREATE TABLE stages(
  series INTEGER NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL, stage_id INTEGER NOT NULL,
  name INTEGER NOT NULL, started_us INTEGER NOT NULL, ended_us INTEGER,
  duration_us INTEGER NOT NULL, queue_us INTEGER NOT NULL, status INTEGER NOT NULL,
  attempt INTEGER NOT NULL, cpu_us INTEGER NOT NULL, peak_bytes INTEGER NOT NULL,
  failure INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(series, run, at)) WITHOUT ROWID;
)sql";

// `run_id` and `commit_id` are the bytes of a UUID or a commit, or a text that is neither;
// `workflow_id` is null where it is the run's id.
constexpr const char* kRuns = R"sql(
CREATE TABLE runs(
  id INTEGER PRIMARY KEY AUTOINCREMENT, workflow INTEGER NOT NULL, lane INTEGER NOT NULL,
  workflow_id TEXT, started_us INTEGER NOT NULL, ended_us INTEGER,
  total_us INTEGER NOT NULL, is_complete INTEGER NOT NULL, stages INTEGER NOT NULL,
  run_id, commit_id, host INTEGER, status INTEGER, jobs INTEGER);
CREATE INDEX runs_of_lane ON runs(workflow, lane, is_complete);
CREATE UNIQUE INDEX runs_by_id ON runs(run_id) WHERE run_id IS NOT NULL;
)sql";

// What version 1 (of the first months) had as rows of `metadata` becomes columns.
constexpr const char* kBeforeUpgrade = R"sql(
ALTER TABLE stages ADD COLUMN failure INTEGER NOT NULL DEFAULT 0;
DROP INDEX runs_of_lane;
ALTER TABLE runs RENAME TO old_runs;
)sql";

constexpr const char* kAfterUpgrade = R"sql(
INSERT INTO runs(id, workflow, lane, workflow_id, started_us, ended_us, total_us, is_complete, stages)
  SELECT id, workflow, lane, workflow_id, started_us, ended_us, total_us, is_complete, stages
  FROM old_runs;
DROP TABLE old_runs;
)sql";

Error not_ours(const SqliteDatabase& database) {
  return {ErrorCode::unsupported,
          fmt::format("{}: a database, but no history of Headway", database.path()),
          "name another file; it was left as it is"};
}

// Another process that does the same at the same moment makes SQLite say "busy" at once, without
// waiting: asked again for a while. A file system without shared memory refuses: then the classic
// journal does.
Result<void> choose_journal(SqliteDatabase& database) {
  Result<std::string> mode = std::string();
  struct statfs status {};
  const bool is_shared =
      ::statfs(database.path().c_str(), &status) == 0 && is_network_file_system(status.f_type);
  for (int tries = is_shared ? kMostModeTries : 0; tries < kMostModeTries; ++tries) {
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

Result<void> mark_version(SqliteDatabase& database) {
  return database.execute(fmt::format(
      "PRAGMA application_id={};PRAGMA user_version={}", kApplicationId, kHistoryVersion));
}

// One run at a time, so that a long history takes no memory.
class FactsMover {
 public:
  explicit FactsMover(SqliteDatabase& database) : database_(database) {}

  Result<void> move_all() {
    for (const auto& [statement, sql] :
         {std::pair{&next_, "SELECT min(id) FROM runs WHERE id > ?1"},
          std::pair{&facts_,
                    "SELECT n.name, m.value FROM metadata m JOIN names n ON n.id = m.name WHERE "
                    "m.run = ?1 AND n.name IN ('run_id', 'commit', 'jobs', 'status')"},
          std::pair{&update_,
                    "UPDATE OR IGNORE runs SET run_id = ?2, commit_id = ?3, jobs = ?4, status = ?5 "
                    "WHERE id = ?1"},
          std::pair{&remove_,
                    "DELETE FROM metadata WHERE run = ?1 AND name = (SELECT id FROM names WHERE "
                    "name = ?2)"}}) {
      auto prepared = database_.prepare(sql);
      if (!prepared) {
        return std::move(prepared).error();
      }
      *statement = std::move(*prepared);
    }
    std::int64_t run = 0;
    for (;;) {
      auto found = next_.bind(1, run).next();
      if (!found) {
        return std::move(found).error();
      }
      run = next_.integer(0);
      next_.reset();
      if (run == 0) {
        return {};
      }
      if (auto moved = move(run); !moved) {
        return moved;
      }
    }
  }

 private:
  Result<void> move(std::int64_t run) {
    WorkflowTimingProfile profile;
    facts_.bind(1, run);
    for (;;) {
      auto row = facts_.next();
      if (!row) {
        return std::move(row).error();
      }
      if (!*row) {
        break;
      }
      profile.metadata.emplace_back(facts_.text(0), facts_.text(1));
    }
    const HistoryFacts facts =
        facts_of(profile);  // what is no such number or status stays as it is
    const PackedText run_id(facts.run_id, pack_uuid);
    const PackedText commit(facts.commit, pack_hex);
    run_id.bind(update_, 2);
    commit.bind(update_, 3);
    if (auto moved = update_.bind(1, run).bind(4, facts.jobs).bind(5, facts.status).run(); !moved) {
      return moved;
    }
    for (const auto& fact : profile.metadata) {
      const bool stays =
          std::find(facts.others.begin(), facts.others.end(), &fact) != facts.others.end();
      if (auto removed = stays ? Result<void>() : remove_.bind(1, run).bind(2, fact.first).run();
          !removed) {
        return removed;
      }
    }
    return {};
  }

  SqliteDatabase& database_;
  SqliteStatement next_, facts_, update_, remove_;
};

Result<void> upgrade_tables(SqliteDatabase& database) {
  for (const char* sql : {kBeforeUpgrade, kRuns, kAfterUpgrade}) {
    if (auto changed = database.execute(sql); !changed) {
      return changed;
    }
  }
  // (`workflow_id` that is the run's id stays: it is only longer.)
  return FactsMover(database).move_all();
}

Result<void> make_tables(SqliteDatabase& database) {
  for (const char* sql : {kTables, kRuns}) {
    if (auto made = database.execute(sql); !made) {
      return made;
    }
  }
  return {};
}

// Somebody else may have been faster: what is there is looked at again.
Result<void> bring_to_this_version(SqliteDatabase& database) {
  auto transaction = SqliteTransaction::begin(database);
  if (!transaction) {
    return std::move(transaction).error();
  }
  auto version = database.integer("PRAGMA user_version");
  if (!version || *version >= kHistoryVersion) {
    return version ? Result<void>() : version.error();
  }
  auto changed = *version == 0 ? make_tables(database) : upgrade_tables(database);
  if (changed) {
    changed = mark_version(database);
  }
  return changed ? transaction->commit() : changed;
}

}  // namespace

Result<HistoryTables> check_history(const SqliteDatabase& database) {
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
    return HistoryTables::none;
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
  return *version < kHistoryVersion ? HistoryTables::old : HistoryTables::current;
}

bool is_network_file_system(long type) noexcept {
  // linux/magic.h, and of those that are not in it: Lustre, GPFS, BeeGFS, GlusterFS and others by
  // way of FUSE.
  constexpr std::array<unsigned long, 13> kTypes{0x6969 /* NFS */,
                                                 0xFF534D42 /* CIFS */,
                                                 0xFE534D42 /* SMB2 */,
                                                 0x517B /* SMB */,
                                                 0x564C /* NCP */,
                                                 0x5346414F /* AFS */,
                                                 0x6B414653 /* kAFS */,
                                                 0x73757245 /* Coda */,
                                                 0x00C36400 /* Ceph */,
                                                 0x01021997 /* 9P */,
                                                 0x0BD00BD0 /* Lustre */,
                                                 0x47504653 /* GPFS */,
                                                 0x65735546 /* FUSE */};
  const auto low = static_cast<unsigned long>(type) & 0xFFFFFFFFUL;
  return std::find(kTypes.begin(), kTypes.end(), low) != kTypes.end();
}

Result<void> prepare_history(SqliteDatabase& database, HistoryTables tables) {
  if (auto chosen = choose_journal(database); !chosen) {
    return chosen;
  }
  return tables == HistoryTables::current ? Result<void>() : bring_to_this_version(database);
}

}  // namespace headway
