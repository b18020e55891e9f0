// Every kind of event as a line and back.
#include "model/run_event_json.hpp"

#include "base/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace headway {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

RunStarted run_started() {
  RunStarted body;
  body.workflow = "change";
  body.workflow_file = "/repo/headway.yaml";
  body.lane = "standard";
  body.change_id = "c1";
  body.title = "A \"title\"";
  body.owner = "me";
  body.version = "0.1.0";
  body.user = "someone";
  body.trace_parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  PlannedStage build{"build", 2, "Build it", {}, false, true};
  PlannedStage clean{"clean", 5, "Clean up", {0}, true, false};
  build.definition = 0x0123456789abcdef;
  build.environment = 0xf;
  build.finished_before = true;
  build.once = true;
  build.interactive = true;
  body.stages = {build, clean};
  body.asked = {"", {"build"}, {"a"}, {"b"}, {"c"}, {"d", "e"}};
  body.arguments = {"-k", ""};
  body.resumed_from = "0193a1b2";
  body.side_effects = {{"gone", true}, {"clean", false}};
  body.left_out = {{"docs", "lane 'standard' leaves it out"}};
  body.jobs = 4;
  body.sla = milliseconds(900'000);
  body.machine = {"host", "6.1.0", 1.5, 8'000'000'000};
  body.repository = {"abc123", "main"};
  body.pid = 4711;
  return body;
}

StageFinished stage_finished() {
  StageFinished body;
  body.stage = 1;
  body.attempt = 2;
  body.status = StageStatus::failed;
  body.failure = FailureKind::signal;
  body.exit_code = 0;
  body.signal = 9;
  body.reason = "killed";
  body.duration = nanoseconds(1'234'567'891);
  body.queue_wait = nanoseconds(7);
  body.usage = {nanoseconds(99), 1'048'576, "sampled"};
  body.output_bytes = 12;
  body.lost_bytes = 3;
  return body;
}

// One of each kind, in the order of RunEventBody.
std::vector<RunEventBody> every_body() {
  return {
      run_started(),
      StageReady{1},
      StageStarted{1, 2, 4712, 3, "stages/clean.2.log"},
      StageOutputAt{1, 65'536},
      StageRetrying{1, 1, FailureKind::exit_code, 75, 0, nanoseconds(1'500'000'001)},
      stage_finished(),
      StageSkipped{0, StageStatus::skipped, "up to date", true, nanoseconds(77)},
      EstimateUpdated{{milliseconds(5), milliseconds(4), milliseconds(9), 0.75, 12, 0.25, 20, 17}},
      ResourcesSampled{1.25, 123'456, 2},
      JobsChanged{3, "memory is short"},
      RunCancelling{"Ctrl-C", 2, true},
      RunFinished{RunStatus::interrupted, 130, "the watcher died"},
      StagePaused{0, "memory runs short"},
      StageContinued{0},
      GateChecked{1, "tests", "junit", "pass_rate", 87.5, ">= 90", false, "is 87.5, not >= 90"},
      RunResumed{"0193a1b2", 2},
      CommitMoved{1, "aa", "bb"},
      HookChecked{1, 2, "tool git >= 2.30", "error", false, true, "2.20.1", ">= 2.30", "upgrade"},
      FailureExplained{
          .stage = 1,
          .attempt = 2,
          .category = "lint",
          .confidence = 0.5,
          .lines = 9,
          .anchor_line = 3,
          .excerpt = {{.first = 3, .last = 3, .text = "a.py:1:1: E128"}},
          .suggestions =
              {{.id = "diff.new_line", .text = "look", .command = "", .source = "diff"}}},
      ChangeFacts{"docs",
                  "only_documents",
                  "2 of 2 files are documents",
                  "abc",
                  "the last commit",
                  2,
                  3,
                  4,
                  {{"docs", 2}}}};
}

RunEvent event_of(RunEventBody body) {
  RunEvent event;
  event.seq = 7;
  event.time = WallTime(milliseconds(1'795'345'200'123));
  event.elapsed = nanoseconds(42'000'000'001);
  event.run_id = "0193-run";
  event.body = std::move(body);
  return event;
}

std::string line_of(const RunEvent& event, const SecretSet& secrets = {}) {
  std::string line;
  append_event_line(line, event, {"build", "clean"}, secrets);
  return line;
}

// A reader that has seen run_started.
RunEventReader started_reader() {
  RunEventReader reader;
  EXPECT_TRUE(reader.read(line_of(event_of(run_started()))).has_value());
  return reader;
}

TEST(RunEventJson, every_kind_comes_back_as_it_was) {
  const auto bodies = every_body();
  ASSERT_EQ(bodies.size(), std::variant_size_v<RunEventBody>);
  RunEventReader reader;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    ASSERT_EQ(bodies[i].index(), i);
    const std::string line = line_of(event_of(bodies[i]));
    const auto read = reader.read(line);
    ASSERT_TRUE(read.has_value() && read->has_value()) << line;
    EXPECT_EQ((*read)->body.index(), i);
    EXPECT_EQ(line_of(**read), line);
  }
}

TEST(RunEventJson, envelope_comes_back) {
  RunEventReader reader = started_reader();
  const auto read = reader.read(line_of(event_of(StageReady{1})));
  ASSERT_TRUE(read.has_value() && read->has_value());
  EXPECT_EQ((*read)->seq, 7);
  EXPECT_EQ((*read)->time, WallTime(milliseconds(1'795'345'200'123)));
  EXPECT_EQ((*read)->elapsed, nanoseconds(42'000'000'001));
  EXPECT_EQ((*read)->run_id, "0193-run");
  EXPECT_EQ(std::get<StageReady>((*read)->body).stage, 1);
}

TEST(RunEventJson, plan_of_run_started_comes_back) {
  RunEventReader reader;
  const auto read = reader.read(line_of(event_of(run_started())));
  ASSERT_TRUE(read.has_value() && read->has_value());
  const auto& body = std::get<RunStarted>((*read)->body);
  ASSERT_EQ(body.stages.size(), 2U);
  EXPECT_EQ(body.stages[0].key, "build");
  EXPECT_EQ(body.stages[0].stage_id, 2);
  EXPECT_TRUE(body.stages[0].allow_failure);
  EXPECT_EQ(body.stages[1].needs, std::vector<int>{0});
  EXPECT_TRUE(body.stages[1].always);
  EXPECT_EQ(body.sla, milliseconds(900'000));
  EXPECT_EQ(body.machine.cpus, 1.5);
  EXPECT_EQ(body.repository.branch, "main");
  EXPECT_EQ(body.left_out, run_started().left_out);
}

TEST(RunEventJson, fields_of_stage_finished_are_the_documented_ones) {
  EXPECT_EQ(line_of(event_of(stage_finished())),
            R"({"format":1,"seq":7,"ts":"2026-11-22T11:00:00.123Z","elapsed_ns":42000000001,)"
            R"("event":"stage_finished","run_id":"0193-run","stage":"clean","attempt":2,)"
            R"("status":"FAILED","failure":"signal","exit_code":0,"signal":9,"reason":"killed",)"
            R"("duration_ns":1234567891,"queue_wait_ns":7,"cpu_ns":99,"peak_memory_bytes":1048576,)"
            R"("peak_memory_source":"sampled","output_bytes":12,"lost_bytes":3})"
            "\n");
}

TEST(RunEventJson, free_text_is_masked_and_keys_are_not) {
  RunCancelling body{"because of build-secret", 0, false};
  const std::string line = line_of(event_of(body), SecretSet({"build-secret"}));
  EXPECT_EQ(line.find("build-secret"), std::string::npos);
  EXPECT_NE(line.find("because of ***"), std::string::npos);
  const std::string ready = line_of(event_of(StageReady{1}), SecretSet({"clean"}));
  EXPECT_NE(ready.find(R"("stage":"clean")"), std::string::npos);
}

TEST(RunEventReader, event_of_an_unknown_kind_is_passed_over) {
  RunEventReader reader = started_reader();
  const auto read = reader.read(R"({"format":2,"seq":9,"event":"moon_landed","ts":"soon"})");
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->has_value());
}

TEST(RunEventReader, unknown_fields_are_passed_over) {
  RunEventReader reader = started_reader();
  std::string line = line_of(event_of(StageReady{1}));
  line.replace(line.rfind('}'), 1, R"(,"mood":{"deep":[1]}})");
  const auto read = reader.read(line);
  ASSERT_TRUE(read.has_value() && read->has_value());
  EXPECT_EQ(std::get<StageReady>((*read)->body).stage, 1);
}

TEST(RunEventReader, stage_that_the_plan_lacks_is_an_error) {
  RunEventReader reader;
  const auto read = reader.read(line_of(event_of(StageReady{1})));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::parse);
  EXPECT_NE(read.error().message.find("'clean'"), std::string::npos);
}

TEST(RunEventReader, need_that_the_plan_lacks_is_an_error) {
  RunEventReader reader;
  EXPECT_FALSE(reader
                   .read(R"({"seq":1,"ts":"2026-11-22T11:00:00Z","event":"run_started",)"
                         R"("stages":[{"key":"a","needs":["b"]}]})")
                   .has_value());
}

TEST(RunEventReader, half_a_line_and_other_values_are_errors) {
  RunEventReader reader = started_reader();
  const std::string line = line_of(event_of(StageReady{1}));
  EXPECT_FALSE(reader.read(line.substr(0, line.size() / 2)).has_value());
  EXPECT_FALSE(reader.read("").has_value());
  EXPECT_FALSE(reader.read("[]").has_value());
  EXPECT_FALSE(reader.read(R"({"event":"stage_ready","stage":"clean"})").has_value());
  EXPECT_FALSE(reader.read(R"({"seq":1,"event":"stage_ready","stage":"clean"})").has_value());
}

TEST(RunEventReader, outcome_of_a_newer_headway_does_not_pass_for_success) {
  RunEventReader reader = started_reader();
  const auto read = reader.read(
      R"({"seq":1,"ts":"2026-11-22T11:00:00Z","event":"stage_finished","stage":"clean","status":"ODD"})");
  ASSERT_TRUE(read.has_value() && read->has_value());
  EXPECT_EQ(std::get<StageFinished>((*read)->body).status, StageStatus::failed);
}

TEST(RunEventReader, numbers_out_of_range_are_held_at_the_end) {
  RunEventReader reader = started_reader();
  const auto read = reader.read(
      R"({"seq":1,"ts":"2026-11-22T11:00:00Z","event":"jobs_changed","jobs":99999999999})");
  ASSERT_TRUE(read.has_value() && read->has_value());
  EXPECT_EQ(std::get<JobsChanged>((*read)->body).jobs, std::numeric_limits<int>::max());
}

TEST(RunEventJson, cause_of_a_start_comes_back) {
  StageCause cause;
  cause.kind = CauseKind::outputs_changed;
  cause.inputs = 214;
  cause.detail = "x";
  for (int i = 0; i < 7; ++i) {
    cause.add({ChangedThing::output, ChangeKind::removed, "app" + std::to_string(i)});
  }
  StageStarted started{1, 1, 4711, 0, "stages/clean.1.log"};
  started.cause = std::make_shared<const StageCause>(cause);
  const std::string line = line_of(event_of(started));
  EXPECT_NE(line.find(R"("cause":{"kind":"outputs_changed","inputs":214,"count":7)"),
            std::string::npos)
      << line;
  const auto event = started_reader().read(line);
  ASSERT_TRUE(event.has_value() && event->has_value());
  const auto& read = std::get<StageStarted>((*event)->body).cause;
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->count, 7);
  EXPECT_EQ(read->inputs, 214);
  EXPECT_EQ(read->changes, cause.changes);
}

}  // namespace
}  // namespace headway
