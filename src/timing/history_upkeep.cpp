// Runs that come from elsewhere, and runs that go. The tables: history_schema.cpp.
#include "timing/history_rows.hpp"

namespace headway {
namespace {

// Numbers every run anew, by its time of day. Below zero first: no number is there twice meanwhile.
constexpr const char* kOrderByTime = R"sql(
CREATE TEMP TABLE in_order(old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
INSERT INTO in_order SELECT id, row_number() OVER (ORDER BY started_us, id) FROM runs;
UPDATE runs SET id = -(SELECT new FROM in_order WHERE old = id);
UPDATE runs SET id = -id;
UPDATE stages SET run = -(SELECT new FROM in_order WHERE old = run);
UPDATE stages SET run = -run;
UPDATE metadata SET run = -(SELECT new FROM in_order WHERE old = run);
UPDATE metadata SET run = -run;
DROP TABLE in_order;
)sql";

constexpr const char* kOutOfOrder =
    "SELECT count(*) FROM (SELECT started_us < lag(started_us) OVER (ORDER BY id) AS is_earlier "
    "FROM runs) WHERE is_earlier";

// ?1: how many of each lane stay; ?2: what started before goes; null: that bound is not set.
constexpr const char* kChosen =
    "CREATE TEMP TABLE chosen AS SELECT id FROM (SELECT id, started_us, row_number() OVER "
    "(PARTITION BY workflow, lane ORDER BY id DESC) AS place FROM runs) WHERE ((?1 IS NOT NULL AND "
    "place > ?1) OR (?2 IS NOT NULL AND started_us < ?2)) AND id NOT IN (SELECT max(id) FROM runs "
    "WHERE is_complete = 1 GROUP BY workflow, lane)";

constexpr const char* kRemoveChosen = R"sql(
DELETE FROM stages WHERE run IN (SELECT id FROM chosen);
DELETE FROM metadata WHERE run IN (SELECT id FROM chosen);
DELETE FROM runs WHERE id IN (SELECT id FROM chosen);
DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM stages WHERE stages.series = series.id);
)sql";

}  // namespace

Result<bool> History::has(const WorkflowTimingProfile& profile) const {
  const HistoryFacts facts = facts_of(profile);
  if (!facts.run_id.empty()) {
    return state_->has_run(facts.run_id);
  }
  auto found = state_->database.prepare(
      "SELECT 1 FROM runs WHERE workflow_id = ?1 AND started_us = ?2 AND workflow = (SELECT id "
      "FROM "
      "names WHERE name = ?3) AND lane = (SELECT id FROM names WHERE name = ?4)");
  if (!found) {
    return std::move(found).error();
  }
  return found->bind(1, profile.workflow_id)
      .bind(2, to_micros(profile.start_time))
      .bind(3, profile.workflow)
      .bind(4, profile.lane)
      .next();
}

Result<int> History::add_missing(const std::vector<WorkflowTimingProfile>& profiles) {
  int added = 0;
  for (const WorkflowTimingProfile& profile : profiles) {
    const auto known = has(profile);
    if (!known) {
      return known.error();
    }
    if (*known) {
      continue;
    }
    if (auto saved = save(profile); !saved) {
      return std::move(saved).error();
    }
    ++added;
  }
  auto ordered = added > 0 ? order_by_time() : Result<void>();
  return ordered ? Result<int>(added) : Result<int>(std::move(ordered).error());
}

Result<void> History::order_by_time() {
  auto transaction = SqliteTransaction::begin(state_->database);
  if (!transaction) {
    return std::move(transaction).error();
  }
  const auto displaced = state_->database.integer(kOutOfOrder);
  if (!displaced) {
    return displaced.error();
  }
  if (*displaced > 0) {
    if (auto ordered = state_->database.execute(kOrderByTime); !ordered) {
      return ordered;
    }
  }
  auto committed = transaction->commit();
  state_->database.bound_wal();
  return committed;
}

Result<int> History::prune(const HistoryBounds& bounds, bool only_count) {
  auto transaction = SqliteTransaction::begin(state_->database);
  if (!transaction) {
    return std::move(transaction).error();
  }
  auto choose = state_->database.prepare(kChosen);
  if (!choose) {
    return std::move(choose).error();
  }
  std::optional<std::int64_t> before;
  if (bounds.started_before) {
    before = to_micros(*bounds.started_before);
  }
  if (auto chosen = choose->bind(1, bounds.most_runs).bind(2, before).run(); !chosen) {
    return std::move(chosen).error();
  }
  const auto count = state_->database.integer("SELECT count(*) FROM chosen");
  if (!count || only_count) {
    return count ? Result<int>(static_cast<int>(*count)) : Result<int>(count.error());
  }
  auto removed = state_->database.execute(kRemoveChosen);
  removed = removed ? state_->database.execute("DROP TABLE chosen") : std::move(removed);
  removed = removed ? transaction->commit() : std::move(removed);
  if (!removed) {
    return std::move(removed).error();
  }
  (void)state_->database.execute("VACUUM");  // somebody may be reading: then the next time
  state_->database.bound_wal();
  return static_cast<int>(*count);
}

}  // namespace headway
