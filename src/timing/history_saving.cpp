// Profiles to rows. The tables: history_schema.cpp.
#include "timing/history_rows.hpp"
#include "timing/packed_id.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace headway {

namespace {

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

Result<void> History::State::prepare_writing() {
  const std::pair<SqliteStatement*, const char*> statements[] = {
      {&find_name, "SELECT id FROM names WHERE name = ?1"},
      {&add_name, "INSERT INTO names(name) VALUES(?1)"},
      {&find_series, "SELECT id FROM series WHERE workflow = ?1 AND lane = ?2 AND stage_key = ?3"},
      {&add_series, "INSERT INTO series(workflow, lane, stage_key) VALUES(?1, ?2, ?3)"},
      {&add_stage,
       "INSERT INTO stages(series, run, at, stage_id, name, started_us, ended_us, duration_us, "
       "queue_us, status, attempt, cpu_us, peak_bytes, failure) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, "
       "?8, ?9, ?10, ?11, ?12, ?13, ?14)"},
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

Result<bool> History::State::has_run(std::string_view run_id) const {
  auto found = database.prepare("SELECT 1 FROM runs WHERE run_id = ?1");
  if (!found) {
    return std::move(found).error();
  }
  const PackedText packed(run_id, pack_uuid);
  packed.bind(*found, 1);
  return found->next();
}

Result<std::int64_t> History::State::save_run(const WorkflowTimingProfile& profile,
                                              const HistoryFacts& facts,
                                              std::int64_t workflow,
                                              std::int64_t lane) {
  auto statement = database.prepare(
      "INSERT INTO runs(workflow, lane, workflow_id, started_us, ended_us, total_us, is_complete, "
      "stages, run_id, commit_id, host, status, jobs) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
      "?10, ?11, ?12, ?13)");
  if (!statement) {
    return std::move(statement).error();
  }
  std::optional<std::int64_t> ended, host;
  if (profile.end_time) {
    ended = to_micros(*profile.end_time);
  }
  if (!facts.host.empty()) {
    auto name = name_id(std::string(facts.host));
    if (!name) {
      return std::move(name).error();
    }
    host = *name;
  }
  const PackedText run_id(facts.run_id, pack_uuid);
  const PackedText commit(facts.commit, pack_hex);
  run_id.bind(*statement, 9);
  commit.bind(*statement, 10);
  if (facts.run_id.empty() || facts.run_id != profile.workflow_id) {
    statement->bind(3, profile.workflow_id);
  }
  auto added = statement->bind(1, workflow)
                   .bind(2, lane)
                   .bind(4, to_micros(profile.start_time))
                   .bind(5, ended)
                   .bind(6, to_micros(profile.total_duration))
                   .bind(7, std::int64_t{is_complete_run(profile)})
                   .bind(8, static_cast<std::int64_t>(profile.stages.size()))
                   .bind(11, host)
                   .bind(12, facts.status)
                   .bind(13, facts.jobs)
                   .run();
  if (!added) {
    return std::move(added).error();
  }
  return database.last_insert_id();
}

Result<void> History::State::save_metadata(std::int64_t run, const HistoryFacts& facts) {
  auto statement = database.prepare("INSERT OR REPLACE INTO metadata VALUES(?1, ?2, ?3)");
  if (!statement) {
    return std::move(statement).error();
  }
  for (const auto* fact : facts.others) {
    auto name = name_id(fact->first);
    if (!name) {
      return std::move(name).error();
    }
    if (auto added = statement->bind(1, run).bind(2, *name).bind(3, fact->second).run(); !added) {
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
                     .bind(14, static_cast<std::int64_t>(stage.failure))
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
  const HistoryFacts facts = facts_of(profile);
  if (!facts.run_id.empty()) {
    const auto known = state_->has_run(facts.run_id);
    if (!known || *known) {
      return known ? Result<void>() : known.error();
    }
  }
  auto workflow = state_->name_id(profile.workflow);
  if (!workflow) {
    return std::move(workflow).error();
  }
  auto lane = state_->name_id(profile.lane);
  if (!lane) {
    return std::move(lane).error();
  }
  auto run = state_->save_run(profile, facts, *workflow, *lane);
  if (!run) {
    return std::move(run).error();
  }
  if (auto saved = state_->save_metadata(*run, facts); !saved) {
    return saved;
  }
  if (auto saved = state_->save_stages(*run, profile, *workflow, *lane); !saved) {
    return saved;
  }
  auto committed = transaction->commit();
  state_->database.bound_wal();
  return committed;
}

}  // namespace headway
