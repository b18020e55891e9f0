// Rows of the history to profiles and samples, and back. The tables: history_schema.cpp.
#include "timing/history.hpp"

#include "base/files.hpp"
#include "timing/history_schema.hpp"
#include "timing/sqlite_database.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace headway {

namespace {

using Micros = std::chrono::microseconds;

// In KiB: rows are read in the order they lie, so a page is needed once.
constexpr const char* kSmallCache = "PRAGMA cache_size=-256";

constexpr const char* kStageColumns =
    "k.stage_key, s.stage_id, n.name, s.started_us, s.ended_us, s.duration_us, s.queue_us, "
    "s.status, s.attempt, s.cpu_us, s.peak_bytes";

constexpr const char* kSampleColumns =
    "s.run, s.duration_us, s.queue_us, s.status, s.peak_bytes, s.cpu_us";

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

StageStatus stage_status(std::int64_t number) {
  const bool known = number >= 0 && number <= static_cast<std::int64_t>(StageStatus::interrupted);
  return known ? static_cast<StageStatus>(number) : StageStatus::interrupted;
}

const std::string& key_of(const StageTimingData& stage) {
  return stage.stage_key.empty() ? stage.stage_name : stage.stage_key;
}

// In the order of their keys stages lie side by side in every index: a run of thousands writes each
// page once instead of as often as the cache forgets it.
std::vector<std::size_t> order_of_keys(const std::vector<StageTimingData>& stages) {
  std::vector<std::size_t> order(stages.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&stages](std::size_t a, std::size_t b) {
    return key_of(stages[a]) < key_of(stages[b]);
  });
  return order;
}

}  // namespace

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

struct History::State {
  SqliteDatabase database;
  std::unordered_map<std::string, std::int64_t> names;  // seen in this transaction
  SqliteStatement find_name, add_name, find_series, add_series, add_stage;

  Result<void> prepare_writing();
  Result<std::int64_t> name_id(const std::string& name);
  Result<std::int64_t> series_id(std::int64_t workflow, std::int64_t lane, std::string_view key);
  Result<std::int64_t> save_run(const WorkflowTimingProfile& profile,
                                std::int64_t workflow,
                                std::int64_t lane);
  Result<void> save_metadata(std::int64_t run, const WorkflowTimingProfile& profile);
  Result<void> save_stages(std::int64_t run,
                           const WorkflowTimingProfile& profile,
                           std::int64_t workflow,
                           std::int64_t lane);
  static Result<std::vector<StageSample>> read_samples(SqliteStatement& rows);
  Result<WorkflowTimingProfile> load_run(std::int64_t run) const;
  Result<void> load_stages(std::int64_t run, WorkflowTimingProfile& profile) const;
};

History::History(std::unique_ptr<State> state) : state_(std::move(state)) {}
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;
History::~History() = default;

Result<History> History::open(const std::string& path) {
  auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::create);
  if (!database) {
    return std::move(database).error();
  }
  auto has_tables = check_history(*database);
  if (!has_tables) {
    return std::move(has_tables).error();
  }
  if (auto prepared = prepare_history(*database, *has_tables); !prepared) {
    return std::move(prepared).error();
  }
  auto state = std::make_unique<State>();
  state->database = std::move(*database);
  return History(std::move(state));
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
  auto has_tables = check_history(*database);
  if (!has_tables) {
    return std::move(has_tables).error();
  }
  if (!*has_tables) {
    return Error{ErrorCode::not_found, fmt::format("{}: an empty history", path)};
  }
  auto state = std::make_unique<State>();
  state->database = std::move(*database);
  return History(std::move(state));
}

// ---- saving

Result<void> History::State::prepare_writing() {
  const std::pair<SqliteStatement*, const char*> statements[] = {
      {&find_name, "SELECT id FROM names WHERE name = ?1"},
      {&add_name, "INSERT INTO names(name) VALUES(?1)"},
      {&find_series, "SELECT id FROM series WHERE workflow = ?1 AND lane = ?2 AND stage_key = ?3"},
      {&add_series, "INSERT INTO series(workflow, lane, stage_key) VALUES(?1, ?2, ?3)"},
      {&add_stage,
       "INSERT INTO stages VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = database.prepare(sql);
    if (!prepared) {
      return std::move(prepared).error();
    }
    *statement = std::move(*prepared);
  }
  names.clear();
  return {};
}

Result<std::int64_t> History::State::name_id(const std::string& name) {
  if (const auto known = names.find(name); known != names.end()) {
    return known->second;
  }
  auto found = find_name.bind(1, name).next();
  if (!found) {
    return std::move(found).error();
  }
  std::int64_t id = 0;
  if (*found) {
    id = find_name.integer(0);
    find_name.reset();
  } else {
    if (auto added = add_name.bind(1, name).run(); !added) {
      return std::move(added).error();
    }
    id = database.last_insert_id();
  }
  names.emplace(name, id);
  return id;
}

Result<std::int64_t> History::State::series_id(std::int64_t workflow,
                                               std::int64_t lane,
                                               std::string_view key) {
  auto found = find_series.bind(1, workflow).bind(2, lane).bind(3, key).next();
  if (!found) {
    return std::move(found).error();
  }
  if (*found) {
    const std::int64_t id = find_series.integer(0);
    find_series.reset();
    return id;
  }
  if (auto added = add_series.bind(1, workflow).bind(2, lane).bind(3, key).run(); !added) {
    return std::move(added).error();
  }
  return database.last_insert_id();
}

Result<std::int64_t> History::State::save_run(const WorkflowTimingProfile& profile,
                                              std::int64_t workflow,
                                              std::int64_t lane) {
  auto statement = database.prepare(
      "INSERT INTO runs(workflow, lane, workflow_id, started_us, ended_us, total_us, is_complete, "
      "stages) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!statement) {
    return std::move(statement).error();
  }
  std::optional<std::int64_t> ended;
  if (profile.end_time) {
    ended = to_micros(*profile.end_time);
  }
  auto added = statement->bind(1, workflow)
                   .bind(2, lane)
                   .bind(3, profile.workflow_id)
                   .bind(4, to_micros(profile.start_time))
                   .bind(5, ended)
                   .bind(6, to_micros(profile.total_duration))
                   .bind(7, std::int64_t{is_complete_run(profile)})
                   .bind(8, static_cast<std::int64_t>(profile.stages.size()))
                   .run();
  if (!added) {
    return std::move(added).error();
  }
  return database.last_insert_id();
}

Result<void> History::State::save_metadata(std::int64_t run, const WorkflowTimingProfile& profile) {
  auto statement = database.prepare("INSERT OR REPLACE INTO metadata VALUES(?1, ?2, ?3)");
  if (!statement) {
    return std::move(statement).error();
  }
  for (const auto& [key, value] : profile.metadata) {
    auto name = name_id(key);
    if (!name) {
      return std::move(name).error();
    }
    if (auto added = statement->bind(1, run).bind(2, *name).bind(3, value).run(); !added) {
      return added;
    }
  }
  return {};
}

Result<void> History::State::save_stages(std::int64_t run,
                                         const WorkflowTimingProfile& profile,
                                         std::int64_t workflow,
                                         std::int64_t lane) {
  const std::int64_t origin = to_micros(profile.start_time);
  for (const std::size_t position : order_of_keys(profile.stages)) {
    const StageTimingData& stage = profile.stages[position];
    auto series = series_id(workflow, lane, key_of(stage));
    if (!series) {
      return std::move(series).error();
    }
    auto name = name_id(stage.stage_name);
    if (!name) {
      return std::move(name).error();
    }
    std::optional<std::int64_t> ended;
    if (stage.end_time) {
      ended = to_micros(*stage.end_time) - origin;
    }
    auto added = add_stage.bind(1, *series)
                     .bind(2, run)
                     .bind(3, static_cast<std::int64_t>(position))
                     .bind(4, std::int64_t{stage.stage_id})
                     .bind(5, *name)
                     .bind(6, to_micros(stage.start_time) - origin)
                     .bind(7, ended)
                     .bind(8, to_micros(stage.duration))
                     .bind(9, to_micros(stage.queue_wait))
                     .bind(10, static_cast<std::int64_t>(stage.status))
                     .bind(11, std::int64_t{stage.attempt})
                     .bind(12, to_micros(stage.cpu_time))
                     .bind(13, stage.peak_memory_bytes)
                     .run();
    if (!added) {
      return added;
    }
  }
  return {};
}

Result<void> History::save(const WorkflowTimingProfile& profile) {
  auto transaction = SqliteTransaction::begin(state_->database);
  if (!transaction) {
    return std::move(transaction).error();
  }
  if (auto prepared = state_->prepare_writing(); !prepared) {
    return prepared;
  }
  auto workflow = state_->name_id(profile.workflow);
  if (!workflow) {
    return std::move(workflow).error();
  }
  auto lane = state_->name_id(profile.lane);
  if (!lane) {
    return std::move(lane).error();
  }
  auto run = state_->save_run(profile, *workflow, *lane);
  if (!run) {
    return std::move(run).error();
  }
  if (auto saved = state_->save_metadata(*run, profile); !saved) {
    return saved;
  }
  if (auto saved = state_->save_stages(*run, profile, *workflow, *lane); !saved) {
    return saved;
  }
  auto committed = transaction->commit();
  state_->database.bound_wal();
  return committed;
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

// ---- reading

Result<std::vector<StageSample>> History::State::read_samples(SqliteStatement& rows) {
  std::vector<StageSample> samples;
  for (;;) {
    auto row = rows.next();
    if (!row) {
      return std::move(row).error();
    }
    if (!*row) {
      return samples;
    }
    samples.push_back({from_micros(rows.integer(1)),
                       from_micros(rows.integer(2)),
                       stage_status(rows.integer(3)),
                       rows.integer(0),
                       rows.integer(4),
                       from_micros(rows.integer(5))});
  }
}

Result<std::vector<std::pair<std::string, std::vector<StageSample>>>> History::samples(
    std::string_view workflow, std::string_view lane, int limit) const {
  std::vector<std::pair<std::string, std::vector<StageSample>>> found;
  auto series = state_->database.prepare(
      "SELECT id, stage_key FROM series WHERE workflow = (SELECT id FROM names WHERE name = ?1) "
      "AND lane = (SELECT id FROM names WHERE name = ?2) ORDER BY stage_key");
  auto rows = state_->database.prepare(
      fmt::format("SELECT {} FROM stages s WHERE s.series = ?1 ORDER BY s.run DESC, s.at DESC "
                  "LIMIT ?2",
                  kSampleColumns));
  if (!series || !rows) {
    return series ? std::move(rows).error() : std::move(series).error();
  }
  series->bind(1, workflow).bind(2, lane);
  for (;;) {
    auto another = series->next();
    if (!another) {
      return std::move(another).error();
    }
    if (!*another) {
      return found;
    }
    rows->bind(1, series->integer(0)).bind(2, std::int64_t{limit});
    auto samples = State::read_samples(*rows);
    if (!samples) {
      return std::move(samples).error();
    }
    found.emplace_back(series->text(1), std::move(*samples));
  }
}

Result<std::vector<StageSample>> History::samples_of_number(int stage_id,
                                                            std::string_view lane,
                                                            int limit) const {
  auto rows = state_->database.prepare(fmt::format(
      "SELECT {} FROM stages s WHERE s.stage_id = ?1 AND s.series IN (SELECT id FROM "
      "series WHERE lane = (SELECT id FROM names WHERE name = ?2)) ORDER BY s.run DESC, "
      "s.at DESC LIMIT ?3",
      kSampleColumns));
  if (!rows) {
    return std::move(rows).error();
  }
  rows->bind(1, std::int64_t{stage_id}).bind(2, lane).bind(3, std::int64_t{limit});
  return State::read_samples(*rows);
}

Result<void> History::State::load_stages(std::int64_t run, WorkflowTimingProfile& profile) const {
  auto rows = database.prepare(
      fmt::format("SELECT {}, s.at FROM runs r JOIN series k ON k.workflow = r.workflow AND k.lane "
                  "= r.lane JOIN stages s ON s.series = k.id AND s.run = r.id JOIN names n ON n.id "
                  "= s.name WHERE r.id = ?1 ORDER BY s.at",
                  kStageColumns));
  if (!rows) {
    return std::move(rows).error();
  }
  const std::int64_t origin = to_micros(profile.start_time);
  rows->bind(1, run);
  for (;;) {
    auto row = rows->next();
    if (!row) {
      return std::move(row).error();
    }
    if (!*row) {
      return {};
    }
    StageTimingData& stage = profile.stages.emplace_back();
    stage.stage_key = rows->text(0);
    stage.stage_id = static_cast<int>(rows->integer(1));
    stage.stage_name = rows->text(2);
    stage.start_time = wall_time(origin + rows->integer(3));
    if (const auto ended = rows->optional_integer(4)) {
      stage.end_time = wall_time(origin + *ended);
    }
    stage.duration = from_micros(rows->integer(5));
    stage.queue_wait = from_micros(rows->integer(6));
    stage.status = stage_status(rows->integer(7));
    stage.attempt = static_cast<int>(rows->integer(8));
    stage.cpu_time = from_micros(rows->integer(9));
    stage.peak_memory_bytes = rows->integer(10);
  }
}

Result<WorkflowTimingProfile> History::State::load_run(std::int64_t run) const {
  WorkflowTimingProfile profile;
  auto head = database.prepare(
      "SELECT r.workflow_id, w.name, l.name, r.started_us, r.ended_us, r.total_us FROM runs r JOIN "
      "names w ON w.id = r.workflow JOIN names l ON l.id = r.lane WHERE r.id = ?1");
  auto facts = database.prepare(
      "SELECT n.name, m.value FROM metadata m JOIN names n ON n.id = m.name WHERE m.run = ?1");
  if (!head || !facts) {
    return head ? std::move(facts).error() : std::move(head).error();
  }
  auto row = head->bind(1, run).next();
  if (!row) {
    return std::move(row).error();
  }
  profile.workflow_id = head->text(0);
  profile.workflow = head->text(1);
  profile.lane = head->text(2);
  profile.start_time = wall_time(head->integer(3));
  if (const auto ended = head->optional_integer(4)) {
    profile.end_time = wall_time(*ended);
  }
  profile.total_duration = from_micros(head->integer(5));
  facts->bind(1, run);
  for (;;) {
    auto fact = facts->next();
    if (!fact) {
      return std::move(fact).error();
    }
    if (!*fact) {
      break;
    }
    profile.metadata.emplace_back(facts->text(0), facts->text(1));
  }
  if (auto loaded = load_stages(run, profile); !loaded) {
    return std::move(loaded).error();
  }
  return profile;
}

Result<WorkflowTimingProfile> History::newest_complete_run(std::string_view workflow,
                                                           std::string_view lane) const {
  auto newest = state_->database.prepare(
      "SELECT max(id) FROM runs WHERE workflow = (SELECT id FROM names WHERE name = ?1) AND lane = "
      "(SELECT id FROM names WHERE name = ?2) AND is_complete = 1");
  if (!newest) {
    return std::move(newest).error();
  }
  auto row = newest->bind(1, workflow).bind(2, lane).next();
  if (!row) {
    return std::move(row).error();
  }
  const std::int64_t run = newest->integer(0);
  newest->reset();
  return run == 0 ? WorkflowTimingProfile() : state_->load_run(run);
}

Result<int> History::count_runs(std::string_view workflow, std::string_view lane) const {
  auto count = state_->database.prepare(
      "SELECT count(*) FROM runs WHERE (?1 = '' OR workflow = (SELECT id FROM names WHERE name = "
      "?1)) AND (?2 = '' OR lane = (SELECT id FROM names WHERE name = ?2))");
  if (!count) {
    return std::move(count).error();
  }
  auto row = count->bind(1, workflow).bind(2, lane).next();
  if (!row) {
    return std::move(row).error();
  }
  return static_cast<int>(count->integer(0));
}

Result<std::vector<WorkflowTimingProfile>> History::profiles(int limit) const {
  std::vector<WorkflowTimingProfile> found;
  auto ids = state_->database.prepare("SELECT id FROM runs ORDER BY id DESC LIMIT ?1");
  if (!ids) {
    return std::move(ids).error();
  }
  ids->bind(1, std::int64_t{limit});
  for (;;) {
    auto another = ids->next();
    if (!another) {
      return std::move(another).error();
    }
    if (!*another) {
      return found;
    }
    auto profile = state_->load_run(ids->integer(0));
    if (!profile) {
      return std::move(profile).error();
    }
    found.push_back(std::move(*profile));
  }
}

}  // namespace headway
