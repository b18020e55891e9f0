// A long history: 100,000 runs of 13 stages. What a run costs on disk, what opening it and a first
// estimate cost, and the memory of that, each measured in a process of its own; beside it a bare
// SQLite table of seven columns, clustered by stage, with the same runs.
#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/uuid.hpp"
#include "headway/timing.hpp"
#include "timing/history.hpp"
#include "timing/sqlite_database.hpp"

#include <fmt/format.h>

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace headway {
namespace {

constexpr int kRuns = 100'000;
constexpr int kStages = 13;
constexpr int kRounds = 7;

double seconds_now() {
  return to_seconds(SystemClock().monotonic()).count();
}

// Two lanes in turn; every run another commit.
class Runs {
 public:
  WorkflowTimingProfile next() {
    WorkflowTimingProfile run;
    run.workflow = "ci";
    run.lane = number_ % 4 == 3 ? "heavy" : "standard";
    run.start_time =
        WallTime(std::chrono::seconds(1'700'000'000) + std::chrono::seconds(600 * number_));
    const std::string id = new_uuid_v7(run.start_time);
    run.workflow_id = id;
    std::string commit;
    while (commit.size() < 40) {
      commit += "0123456789abcdef"[random_() % 16];
    }
    run.metadata = {{"run_id", id},
                    {"host", "builder"},
                    {"jobs", "4"},
                    {"commit", commit},
                    {"status", "COMPLETED"}};
    double at = 0;
    for (int i = 0; i < kStages; ++i) {
      StageTimingData stage;
      stage.stage_id = i;
      stage.stage_key = fmt::format("stage_{}", i);
      stage.stage_name = fmt::format("Stage number {}", i);
      stage.start_time = run.start_time + std::chrono::microseconds(static_cast<long>(at * 1e6));
      stage.duration = Seconds((5 + 7 * i) * noise_(random_));
      at += stage.duration.count();
      stage.end_time = run.start_time + std::chrono::microseconds(static_cast<long>(at * 1e6));
      stage.queue_wait = Seconds(0.0004 * noise_(random_));
      stage.status = StageStatus::completed;
      stage.cpu_time = stage.duration * 0.9;
      stage.peak_memory_bytes = static_cast<std::int64_t>(3e8 * noise_(random_));
      run.stages.push_back(std::move(stage));
    }
    run.total_duration = Seconds(at);
    run.end_time = run.start_time + std::chrono::microseconds(static_cast<long>(at * 1e6));
    ++number_;
    return run;
  }

 private:
  std::mt19937_64 random_{7};
  std::lognormal_distribution<double> noise_{0, 0.1};
  int number_ = 0;
};

struct Cost {
  double milliseconds = 0;
  double memory_mib = 0;
};

// What `work` costs a process that does nothing else, its start left out; memory above what the
// process had before.
Cost cost_of(const std::function<void()>& work) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) {
    std::abort();
  }
  const pid_t child = fork();
  if (child == 0) {
    const auto peak = [] {
      rusage usage{};
      getrusage(RUSAGE_SELF, &usage);
      return static_cast<double>(usage.ru_maxrss) / 1024;
    };
    Cost cost;
    const double before = seconds_now();
    work();
    cost.milliseconds = (seconds_now() - before) * 1e3;
    cost.memory_mib = peak();
    const ssize_t written = write(pipe_ends[1], &cost, sizeof cost);
    _exit(written == sizeof cost ? 0 : 1);
  }
  close(pipe_ends[1]);
  Cost cost;
  if (read(pipe_ends[0], &cost, sizeof cost) != sizeof cost) {
    std::abort();
  }
  close(pipe_ends[0]);
  waitpid(child, nullptr, 0);
  return cost;
}

void print_cost(const char* what, const std::function<void()>& work) {
  std::vector<double> times;
  double memory = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Cost cost = cost_of(work);
    times.push_back(cost.milliseconds);
    memory = std::max(memory, cost.memory_mib);
  }
  std::sort(times.begin(), times.end());
  fmt::print("{:<52} {:8.2f} ms (median of {}), {:5.1f} MiB at most\n",
             what,
             times[kRounds / 2],
             kRounds,
             memory);
}

void need(bool good, const char* what) {
  if (!good) {
    fmt::print(stderr, "failed: {}\n", what);
    std::exit(1);
  }
}

void fill(const std::string& path) {
  Runs runs;
  auto history = History::open(path);
  need(history.has_value(), "open");
  const double begun = seconds_now();
  for (int i = 0; i < kRuns; ++i) {
    need(history->save(runs.next()).has_value(), "save");
  }
  const double took = seconds_now() - begun;
  fmt::print("{:<52} {:8.1f} us a run\n", "saving", took / kRuns * 1e6);
}

void fill_bare(const std::string& path) {
  Runs runs;
  auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::create);
  need(database && database->text("PRAGMA journal_mode=WAL").has_value() &&
           database->execute("PRAGMA synchronous=NORMAL;CREATE TABLE stages(series INTEGER, run "
                             "INTEGER, start INTEGER, "
                             "duration INTEGER, status INTEGER, cpu INTEGER, memory INTEGER, "
                             "PRIMARY KEY(series, run)) "
                             "WITHOUT ROWID"),
       "open bare");
  auto add = database->prepare("INSERT INTO stages VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  const double begun = seconds_now();
  for (int i = 0; i < kRuns; ++i) {
    const WorkflowTimingProfile run = runs.next();
    auto transaction = SqliteTransaction::begin(*database);
    for (const StageTimingData& stage : run.stages) {
      const auto micros = [](Seconds span) {
        return static_cast<std::int64_t>(span.count() * 1e6);
      };
      need(add->bind(1, std::int64_t{stage.stage_id})
               .bind(2, std::int64_t{i})
               .bind(3, micros(stage.start_time - run.start_time))
               .bind(4, micros(stage.duration))
               .bind(5, static_cast<std::int64_t>(stage.status))
               .bind(6, micros(stage.cpu_time))
               .bind(7, stage.peak_memory_bytes)
               .run()
               .has_value(),
           "insert");
    }
    need(transaction->commit().has_value(), "commit");
  }
  fmt::print("{:<52} {:8.1f} us a run\n", "the same, bare", (seconds_now() - begun) / kRuns * 1e6);
}

double bytes_a_run(const std::string& path) {
  need(close_journal(path).has_value(), "close");
  return static_cast<double>(std::filesystem::file_size(path)) / kRuns;
}

void estimate(const std::string& path) {
  auto estimator = PerformanceEstimator::open(path);
  need(estimator.has_value(), "open");
  EstimateQuery query;
  query.current_profile.workflow = "ci";
  query.current_profile.lane = "standard";
  query.lane = "standard";
  query.workers = 4;
  const auto answer = estimator->estimate_remaining_time(query);
  need(answer && answer->confidence > 0, "estimate");
}

void measure(const std::string& folder) {
  const std::string path = folder + "/history.db";
  const std::string bare = folder + "/bare.db";
  fill(path);
  fill_bare(bare);
  fmt::print("{:<52} {:8.0f} bytes a run\n", "on disk", bytes_a_run(path));
  fmt::print("{:<52} {:8.0f} bytes a run\n", "the same, bare", bytes_a_run(bare));
  print_cost("a process that does nothing", [] {});
  print_cost("open and first estimate (PerformanceEstimator)", [&] { estimate(path); });
  print_cost("open and the newest samples of a lane", [&] {
    const auto history = History::open_read_only(path);
    need(history && history->samples("ci", "standard", 64).has_value(), "samples");
  });
  print_cost("the newest 100 runs of a lane", [&] {
    const auto history = History::open_read_only(path);
    need(history && history->runs("ci", "standard", 100)->size() == 100, "runs");
  });
  print_cost("the newest 64 samples of 13 stages, bare", [&] {
    const auto database = SqliteDatabase::open(bare, SqliteDatabase::Mode::read_only);
    auto rows = database->prepare(
        "SELECT run, duration FROM stages WHERE series = ?1 ORDER BY run DESC LIMIT 64");
    for (std::int64_t series = 0; series < kStages; ++series) {
      rows->bind(1, series);
      while (*rows->next()) {
      }
    }
  });
}

void history_of_100000_runs(benchmark::State& state) {
  for (auto _ : state) {
    std::string folder =
        (std::filesystem::temp_directory_path() / "headway-history-XXXXXX").string();
    need(mkdtemp(folder.data()) != nullptr, "temporary folder");
    measure(folder);
    std::filesystem::remove_all(folder);
  }
}
BENCHMARK(history_of_100000_runs)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace headway
