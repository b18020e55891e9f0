// Rows to profiles, runs and samples. The tables: history_schema.cpp.
#include "model/run_event.hpp"
#include "timing/history_rows.hpp"
#include "timing/packed_id.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace headway {

namespace {

constexpr const char* kStageColumns =
    "k.stage_key, s.stage_id, n.name, s.started_us, s.ended_us, s.duration_us, s.queue_us, "
    "s.status, s.attempt, s.cpu_us, s.peak_bytes, s.failure";

constexpr const char* kSampleColumns =
    "s.run, s.duration_us, s.queue_us, s.status, s.peak_bytes, s.cpu_us, s.attempt, s.failure, "
    "s.started_us";

StageStatus stage_status(std::int64_t number) {
  const bool known = number >= 0 && number <= static_cast<std::int64_t>(StageStatus::interrupted);
  return known ? static_cast<StageStatus>(number) : StageStatus::interrupted;
}

FailureKind failure_kind(std::int64_t number) {
  const bool known = number >= 0 && number <= static_cast<std::int64_t>(FailureKind::hook);
  return known ? static_cast<FailureKind>(number) : FailureKind::exit_code;
}

// Empty where there is none.
std::string status_text(const SqliteStatement& row, int column) {
  const auto number = row.optional_integer(column);
  const bool known =
      number && *number > 0 && *number <= static_cast<std::int64_t>(RunStatus::interrupted);
  return known ? std::string(to_string(static_cast<RunStatus>(*number))) : std::string();
}

// Calls `use` at each row that is left.
template <typename Use>
Result<void> for_each_row(SqliteStatement& rows, Use use) {
  for (;;) {
    auto row = rows.next();
    if (!row) {
      return std::move(row).error();
    }
    if (!*row) {
      return {};
    }
    use();
  }
}

// The facts that have columns of their own, as metadata again.
void read_own_facts(const SqliteStatement& head, WorkflowTimingProfile& profile) {
  std::string run_id = unpacked(head, 6, unpack_uuid);
  profile.workflow_id = head.is_null(0) ? run_id : head.text(0);
  const auto add = [&profile](const char* name, std::string value) {
    if (!value.empty()) {
      profile.metadata.emplace_back(name, std::move(value));
    }
  };
  const auto jobs = head.optional_integer(10);
  add("run_id", std::move(run_id));
  add("jobs", jobs ? fmt::to_string(*jobs) : std::string());
  add("commit", unpacked(head, 7, unpack_hex));
  add("host", head.text(8));
  add("status", status_text(head, 9));
}

}  // namespace

Result<std::vector<StageSample>> History::State::read_samples(SqliteStatement& rows) {
  std::vector<StageSample> samples;
  const auto read = for_each_row(rows, [&] {
    samples.push_back({from_micros(rows.integer(1)),
                       from_micros(rows.integer(2)),
                       stage_status(rows.integer(3)),
                       rows.integer(0),
                       rows.integer(4),
                       from_micros(rows.integer(5)),
                       static_cast<int>(rows.integer(6)),
                       failure_kind(rows.integer(7)),
                       from_micros(rows.integer(8))});
  });
  return read ? Result<std::vector<StageSample>>(std::move(samples)) : read.error();
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
  return for_each_row(*rows, [&] {
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
    stage.failure = failure_kind(rows->integer(11));
  });
}

Result<WorkflowTimingProfile> History::State::load_run(std::int64_t run) const {
  WorkflowTimingProfile profile;
  auto head = database.prepare(
      "SELECT r.workflow_id, w.name, l.name, r.started_us, r.ended_us, r.total_us, r.run_id, "
      "r.commit_id, h.name, r.status, r.jobs FROM runs r JOIN names w ON w.id = r.workflow JOIN "
      "names l ON l.id = r.lane LEFT JOIN names h ON h.id = r.host WHERE r.id = ?1");
  auto facts = database.prepare(
      "SELECT n.name, m.value FROM metadata m JOIN names n ON n.id = m.name WHERE m.run = ?1");
  if (!head || !facts) {
    return head ? std::move(facts).error() : std::move(head).error();
  }
  auto row = head->bind(1, run).next();
  if (!row) {
    return std::move(row).error();
  }
  profile.workflow = head->text(1);
  profile.lane = head->text(2);
  profile.start_time = wall_time(head->integer(3));
  if (const auto ended = head->optional_integer(4)) {
    profile.end_time = wall_time(*ended);
  }
  profile.total_duration = from_micros(head->integer(5));
  read_own_facts(*head, profile);
  facts->bind(1, run);
  const auto read =
      for_each_row(*facts, [&] { profile.metadata.emplace_back(facts->text(0), facts->text(1)); });
  if (!read) {
    return read.error();
  }
  if (auto loaded = load_stages(run, profile); !loaded) {
    return std::move(loaded).error();
  }
  return profile;
}

Result<WorkflowTimingProfile> History::newest_complete_run(std::string_view workflow,
                                                           std::string_view lane) const {
  constexpr const char* kComplete =
      "SELECT id FROM runs WHERE workflow = (SELECT id FROM names WHERE name = ?1) AND lane = "
      "(SELECT id FROM names WHERE name = ?2) AND is_complete = 1";
  const std::string whole = fmt::format(
      "{} AND NOT EXISTS (SELECT 1 FROM metadata m WHERE m.run = runs.id AND m.name = (SELECT id "
      "FROM names WHERE name = '{}'))",
      kComplete,
      kUpToDateFact);
  for (const std::string& runs : {whole, std::string(kComplete)}) {
    auto newest = state_->database.prepare(runs + " ORDER BY id DESC LIMIT 1");
    if (!newest) {
      return std::move(newest).error();
    }
    auto row = newest->bind(1, workflow).bind(2, lane).next();
    if (!row) {
      return std::move(row).error();
    }
    if (*row) {
      const std::int64_t run = newest->integer(0);
      newest->reset();
      return state_->load_run(run);
    }
  }
  return WorkflowTimingProfile();
}

Result<int> History::count_runs(std::string_view workflow, std::string_view lane, int limit) const {
  // Where both are named, by the index alone.
  const bool is_one_lane = !workflow.empty() && !lane.empty();
  auto count = state_->database.prepare(
      is_one_lane
          ? "SELECT count(*) FROM (SELECT 1 FROM runs WHERE workflow = (SELECT id FROM names WHERE "
            "name = ?1) AND lane = (SELECT id FROM names WHERE name = ?2) LIMIT ?3)"
          : "SELECT count(*) FROM (SELECT 1 FROM runs WHERE (?1 = '' OR workflow = (SELECT id FROM "
            "names WHERE name = ?1)) AND (?2 = '' OR lane = (SELECT id FROM names WHERE name = "
            "?2)) LIMIT ?3)");
  if (!count) {
    return std::move(count).error();
  }
  auto row = count->bind(1, workflow).bind(2, lane).bind(3, std::int64_t{limit}).next();
  if (!row) {
    return std::move(row).error();
  }
  return static_cast<int>(count->integer(0));
}

Result<std::vector<PastRun>> History::runs(std::string_view workflow,
                                           std::string_view lane,
                                           int limit) const {
  // The two kinds of is_complete side by side in the index: the newest of each, then of both.
  auto rows = state_->database.prepare(
      "SELECT r.id, r.run_id, r.commit_id, h.name, r.status, r.jobs, r.started_us, r.total_us, "
      "r.is_complete FROM (SELECT id FROM (SELECT id FROM runs WHERE workflow = (SELECT id FROM "
      "names WHERE name = ?1) AND lane = (SELECT id FROM names WHERE name = ?2) AND is_complete = "
      "0 "
      "ORDER BY id DESC LIMIT ?3) UNION ALL SELECT id FROM (SELECT id FROM runs WHERE workflow = "
      "(SELECT id FROM names WHERE name = ?1) AND lane = (SELECT id FROM names WHERE name = ?2) "
      "AND "
      "is_complete = 1 ORDER BY id DESC LIMIT ?3)) f JOIN runs r ON r.id = f.id LEFT JOIN names h "
      "ON h.id = r.host ORDER BY r.id DESC LIMIT ?3");
  if (!rows) {
    return std::move(rows).error();
  }
  rows->bind(1, workflow).bind(2, lane).bind(3, std::int64_t{limit});
  std::vector<PastRun> found;
  const auto read = for_each_row(*rows, [&] {
    PastRun& run = found.emplace_back();
    run.run = rows->integer(0);
    run.run_id = unpacked(*rows, 1, unpack_uuid);
    run.commit = unpacked(*rows, 2, unpack_hex);
    run.host = rows->text(3);
    run.status = status_text(*rows, 4);
    run.jobs = static_cast<int>(rows->integer(5));
    run.started = wall_time(rows->integer(6));
    run.took = from_micros(rows->integer(7));
    run.is_complete = rows->integer(8) != 0;
  });
  return read ? Result<std::vector<PastRun>>(std::move(found)) : read.error();
}

Result<std::vector<MetricSeries>> History::metrics(std::string_view workflow,
                                                   std::string_view lane,
                                                   int limit) const {
  auto rows = state_->database.prepare(fmt::format(
      "SELECT n.name, m.value FROM (SELECT id FROM runs WHERE workflow = (SELECT id FROM names "
      "WHERE name = ?1) AND lane = (SELECT id FROM names WHERE name = ?2) ORDER BY id DESC LIMIT "
      "?3) r JOIN metadata m ON m.run = r.id JOIN names n ON n.id = m.name WHERE n.name GLOB "
      "'{}*' ORDER BY n.name, r.id DESC",
      kMetricFact));
  if (!rows) {
    return std::move(rows).error();
  }
  rows->bind(1, workflow).bind(2, lane).bind(3, std::int64_t{limit});
  std::vector<MetricSeries> found;
  const auto read = for_each_row(*rows, [&] {
    std::string name = rows->text(0).substr(kMetricFact.size());
    if (found.empty() || found.back().name != name) {
      found.push_back({std::move(name), {}});
    }
    found.back().values.push_back(std::strtod(rows->text(1).c_str(), nullptr));
  });
  return read ? Result<std::vector<MetricSeries>>(std::move(found)) : read.error();
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
