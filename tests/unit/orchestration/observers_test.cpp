// The folds that write: timing history, status file and log, each fed with the events of one small
// run.
#include "base/files.hpp"
#include "base/json.hpp"
#include "model/trace_context.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/held_locks.hpp"
#include "orchestration/log_observer.hpp"
#include "orchestration/status_observer.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"
#include "timing/history.hpp"
#include "timing/timing_observer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

// Emits a run of two stages: "ok" completes, "bad" fails and was tried twice.
class ObserversTest : public testing::Test {
 protected:
  void emit_run(std::vector<RunObserver*> observers) {
    EventEmitter emitter("0193a1b2-0000-7000-8000-0123456789ab", clock_, std::move(observers));
    RunStarted started;
    started.workflow = "ci";
    started.lane = "heavy";
    started.stages = {{"ok", 0, "Fine", {}, false, false}, {"bad", 3, "Broken", {0}, false, false}};
    started.jobs = 2;
    started.repository.commit = "abc";
    emitter.emit(started);
    emitter.emit(StageStarted{0, 1, 11, 0, "stages/ok.1.log"});
    clock_.advance(2s);
    emitter.emit(finished(0, 1, StageStatus::completed, 2s));
    emitter.emit(StageStarted{1, 1, 12, 0, "stages/bad.1.log"});
    clock_.advance(1s);
    emitter.emit(StageRetrying{1, 1, FailureKind::exit_code, 7, 0, 1s});
    emitter.emit(StageStarted{1, 2, 13, 0, "stages/bad.2.log"});
    clock_.advance(3s);
    emitter.emit(finished(1, 2, StageStatus::failed, 3s));
    emitter.emit(RunFinished{RunStatus::failed, 1, "a stage failed"});
  }

  static StageFinished finished(int stage, int attempt, StageStatus status, Nanos duration) {
    StageFinished body;
    body.stage = stage;
    body.attempt = attempt;
    body.status = status;
    body.failure = status == StageStatus::failed ? FailureKind::exit_code : FailureKind::none;
    body.exit_code = status == StageStatus::failed ? 7 : 0;
    body.reason = status == StageStatus::failed ? "exit code 7" : "";
    body.duration = duration;
    body.usage.cpu = 1500ms;
    body.usage.peak_memory_bytes = 1 << 20;
    return body;
  }

  std::vector<Json> records(const std::string& path) {
    std::vector<Json> out;
    const auto text = read_file(path);
    EXPECT_TRUE(text.has_value());
    std::size_t begin = 0;
    for (std::size_t end = 0; text && (end = text->find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      auto record = Json::parse(text->substr(begin, end - begin));
      EXPECT_TRUE(record.has_value());
      out.push_back(std::move(*record));
    }
    return out;
  }

  TempFolder directory_;
  FakeClock clock_;
};

TEST_F(ObserversTest, a_run_is_in_the_history_with_its_keys_and_measures) {
  const std::string path = directory_.path() + "/history.db";
  TimingObserver timing(path);
  emit_run({&timing});
  EXPECT_EQ(timing.trouble(), "");
  auto history = History::open_read_only(path);
  ASSERT_TRUE(history.has_value());
  const auto samples = history->samples("ci", "heavy", 10);
  ASSERT_TRUE(samples.has_value());
  ASSERT_EQ(samples->size(), 2U);
  for (const auto& [key, of_stage] : *samples) {
    ASSERT_EQ(of_stage.size(), 1U) << key;
    EXPECT_NEAR(of_stage[0].duration.count(), key == "ok" ? 2.0 : 3.0, 1e-6);
    EXPECT_EQ(of_stage[0].status, key == "ok" ? StageStatus::completed : StageStatus::failed);
    EXPECT_NEAR(of_stage[0].cpu_time.count(), 1.5, 1e-6);
    EXPECT_EQ(of_stage[0].peak_memory_bytes, 1 << 20);
  }
}

TEST_F(ObserversTest, a_history_that_cannot_be_written_is_trouble_and_nothing_else) {
  TimingObserver timing(directory_.path() + "/no/such/folder/history.db");
  emit_run({&timing});
  EXPECT_NE(timing.trouble().find("history.db"), std::string::npos);
}

TEST_F(ObserversTest, the_status_file_tells_how_the_run_ended) {
  const std::string path = directory_.path() + "/status.json";
  {
    BackgroundWriter writer;
    StatusObserver status({path, -1, {}}, writer, clock_);
    emit_run({&status});
    writer.flush();
    EXPECT_EQ(status.state().status, RunStatus::failed);
  }
  const auto text = read_file(path);
  ASSERT_TRUE(text.has_value());
  const auto document = Json::parse(*text);
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ((*document)["status"].as_string(), "FAILED");
  EXPECT_EQ((*document)["lane"].as_string(), "heavy");
  EXPECT_EQ((*document)["stages"].items().size(), 2U);
  EXPECT_EQ((*document)["stages"].items()[1]["stage_id"].as_integer(), 3);
}

TEST_F(ObserversTest, the_log_has_a_record_for_each_thing_worth_reading) {
  const std::string path = directory_.path() + "/log.jsonl";
  const SecretSet secrets({"Broken"});
  {
    LogObserver log(path, secrets);
    emit_run({&log});
    EXPECT_EQ(log.dropped(), 0);
  }
  const auto got = records(path);
  ASSERT_EQ(got.size(), 5U);
  EXPECT_EQ(got[0]["msg"].as_string(), "run started");
  EXPECT_EQ(got[0]["lane"].as_string(), "heavy");
  EXPECT_EQ(got[0]["run"].as_string(), "0193a1b2-0000-7000-8000-0123456789ab");
  EXPECT_EQ(got[2]["attr"]["exit_code"].as_integer(), 7);
  EXPECT_EQ(got[3]["sev"].as_integer(), 17);
  EXPECT_EQ(got[3]["stage_name"].as_string().find("Broken"), std::string::npos)
      << "a secret came through";
  EXPECT_EQ(got[4]["attr"]["status"].as_string(), "FAILED");
}

TEST_F(ObserversTest, log_records_carry_the_trace_and_the_span_they_belong_to) {
  const std::string run_id = "0193a1b2-0000-7000-8000-0123456789ab";
  const std::string path = directory_.path() + "/log.jsonl";
  const SecretSet secrets;
  {
    LogObserver log(path, secrets);
    emit_run({&log});
  }
  const auto got = records(path);
  ASSERT_EQ(got.size(), 5U);
  for (const Json& record : got) {
    EXPECT_EQ(record["trace_id"].as_string(), "0193a1b20000700080000123456789ab");
  }
  EXPECT_EQ(got[0]["span_id"].as_string(), span_id_of(run_id, {}));
  const auto id = static_cast<int>(got[3]["stage_id"].as_integer());
  const auto attempt = static_cast<int>(got[3]["attempt"].as_integer());
  EXPECT_GE(attempt, 1);
  EXPECT_EQ(got[3]["span_id"].as_string(), span_id_of(run_id, {id, attempt}));
}

TEST(HeldLocks, all_or_none_are_taken) {
  TempFolder directory;
  const StateFolder state{directory.path()};
  HeldLocks first(state, {"a", "b"});
  HeldLocks second(state, {"a", "b"});
  EXPECT_EQ(first.acquire(0, {1}), std::nullopt);
  EXPECT_EQ(second.acquire(0, {0, 1}), std::optional<int>(1));
  EXPECT_TRUE(first.is_free(0)) << "the second must not keep what it took before it was refused";
  EXPECT_FALSE(second.is_free(1));
  first.release(0);
  EXPECT_EQ(second.acquire(0, {0, 1}), std::nullopt);
}

TEST(HeldLocks, lock_of_another_is_waited_for_until_it_is_free) {
  const TempFolder folder;
  const StateFolder state{folder.path()};
  HeldLocks first(state, {"a", "b"});
  HeldLocks second(state, {"a", "b"});
  ASSERT_EQ(first.acquire(0, {0, 1}), std::nullopt);
  EXPECT_FALSE(second.is_waiting());
  ASSERT_EQ(second.acquire(0, {1}), 1);
  EXPECT_TRUE(second.is_waiting());
  EXPECT_TRUE(second.freed().empty());
  first.release(0);
  EXPECT_EQ(second.freed(), std::vector<int>{1});
  EXPECT_FALSE(second.is_waiting());
}

TEST(HeldLocks, names_with_slashes_stay_inside_the_folder) {
  TempFolder directory;
  const StateFolder state{directory.path() + "/state"};
  HeldLocks locks(state, {"../../escape"});
  EXPECT_EQ(locks.acquire(0, {0}), std::nullopt);
  EXPECT_FALSE(path_exists(directory.path() + "/escape"));
  EXPECT_FALSE(locks.is_free(0));
}

// Remembers what it was told.
struct Listener final : RunObserver {
  void on_event(const RunEvent& event) override { told.push_back(event); }
  std::vector<RunEvent> told;
};

TEST(EventEmitter, stamps_events_with_both_clocks_when_they_are_made) {
  FakeClock clock;
  Listener observer;
  EventEmitter emitter("run", clock, {&observer});
  clock.advance(1500ms);
  const WallTime made = clock.wall();
  emitter.emit(StageReady{2});
  clock.advance(1s);
  emitter.flush();
  ASSERT_EQ(observer.told.size(), 1U);
  const RunEvent& event = observer.told.front();
  EXPECT_EQ(event.seq, 1);
  EXPECT_EQ(event.elapsed, 1500ms);
  EXPECT_EQ(event.time, made);
  EXPECT_EQ(event.run_id, "run");
  EXPECT_EQ(std::get<StageReady>(event.body).stage, 2);
}

TEST(EventEmitter, tells_in_order_and_once_whatever_waits) {
  FakeClock clock;
  Listener observer;
  constexpr int kEvents = 3 * static_cast<int>(EventEmitter::kMaxPending) / 2;
  {
    EventEmitter emitter("run", clock, {&observer});
    for (int stage = 0; stage < kEvents; ++stage) {
      emitter.emit(StageReady{stage});
    }
    EXPECT_EQ(observer.told.size(), EventEmitter::kMaxPending) << "it does not grow without bound";
    emitter.flush();
    emitter.flush();
    emitter.emit(StageReady{kEvents});
  }
  ASSERT_EQ(observer.told.size(), static_cast<std::size_t>(kEvents) + 1)
      << "the end tells the rest";
  for (int at = 0; at <= kEvents; ++at) {
    EXPECT_EQ(observer.told[static_cast<std::size_t>(at)].seq, at + 1);
    EXPECT_EQ(std::get<StageReady>(observer.told[static_cast<std::size_t>(at)].body).stage, at);
  }
}

}  // namespace
}  // namespace headway
