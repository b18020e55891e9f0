// The document of `run --json`, read back.
#include "record/run_document.hpp"

#include "base/json.hpp"
#include "record/run_state.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

using namespace std::chrono_literals;

Json document_of(const RunScript& script, const SecretSet& secrets = SecretSet()) {
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  auto json = Json::parse(run_document(state, "/s/runs/r", secrets));
  EXPECT_TRUE(json) << json.error().message;
  return json ? *std::move(json) : Json();
}

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.members()) {
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

StageFinished failure(FailureKind kind, int exit_code, int signal) {
  StageFinished body;
  body.status = StageStatus::failed;
  body.failure = kind;
  body.exit_code = exit_code;
  body.signal = signal;
  body.duration = 1200ms;
  return body;
}

std::string explanation_of(StageFinished body) {
  RunScript script;
  script.start_run({planned("build", 0)}).start(0).finish(0, std::move(body));
  return document_of(script)["first_failure"]["explanation"].as_string();
}

// build, then test; build takes 2 s, test fails after 1 s.
RunScript failed_run() {
  RunScript script;
  script.start_run({planned("build", 0), planned("test", 1, {0})}, 10s);
  StageFinished built;
  built.duration = 2s;
  built.queue_wait = 250ms;
  built.usage = {1500ms, 4096, "wait4"};
  script.at(500ms).start(0).at(2500ms).finish(0, built).start(1);
  return script.at(3500ms).fail(1, 1s, 2).finish_run(RunStatus::failed, 1);
}

TEST(RunDocument, has_every_field_of_the_reference_and_no_other) {
  const std::vector<std::string> run{"critical_path",
                                     "critical_path_seconds",
                                     "elapsed_seconds",
                                     "exit_code",
                                     "first_failure",
                                     "format",
                                     "gates",
                                     "hooks",
                                     "jobs",
                                     "lane",
                                     "paths",
                                     "peak_running",
                                     "resumed_from",
                                     "run_id",
                                     "saved_seconds",
                                     "sla",
                                     "stages",
                                     "status",
                                     "work_seconds",
                                     "workflow"};
  const std::vector<std::string> stage{"attempts",
                                       "cpu_seconds",
                                       "duration_seconds",
                                       "exit_code",
                                       "key",
                                       "log",
                                       "name",
                                       "peak_memory_bytes",
                                       "peak_memory_source",
                                       "queue_seconds",
                                       "reason",
                                       "saved_seconds",
                                       "signal",
                                       "stage_id",
                                       "started_offset_seconds",
                                       "status"};
  const Json of_failed = document_of(failed_run());
  EXPECT_EQ(keys_of(of_failed), run);
  EXPECT_EQ(keys_of(of_failed["stages"].items().at(0)), stage);
  const Json of_begun = document_of(RunScript().start_run({planned("build", 0)}));
  EXPECT_EQ(keys_of(of_begun), run);
  EXPECT_EQ(keys_of(of_begun["stages"].items().at(0)), stage);
}

TEST(RunDocument, ended_run_tells_how_it_went) {
  const Json json = document_of(failed_run());
  EXPECT_EQ(json["format"].as_integer(), 1);
  EXPECT_EQ(json["workflow"].as_string(), "demo");
  EXPECT_EQ(json["lane"].as_string(), "standard");
  EXPECT_EQ(json["status"].as_string(), "FAILED");
  EXPECT_EQ(json["exit_code"].as_integer(-1), 1);
  EXPECT_DOUBLE_EQ(json["elapsed_seconds"].as_number(), 3.5);
  EXPECT_DOUBLE_EQ(json["work_seconds"].as_number(), 3);
  EXPECT_DOUBLE_EQ(json["critical_path_seconds"].as_number(), 3);
  EXPECT_EQ(json["critical_path"].dump(), R"(["build","test"])");
  EXPECT_EQ(json["peak_running"].as_integer(), 1);
  EXPECT_EQ(json["jobs"].as_integer(), 4);
  EXPECT_TRUE(json["gates"].is_array());
  EXPECT_TRUE(json["resumed_from"].is_null());
}

TEST(RunDocument, stage_that_ended_tells_what_it_used) {
  const Json stage = document_of(failed_run())["stages"].items().at(0);
  EXPECT_EQ(stage["key"].as_string(), "build");
  EXPECT_EQ(stage["name"].as_string(), "The build");
  EXPECT_EQ(stage["status"].as_string(), "COMPLETED");
  EXPECT_TRUE(stage["reason"].is_null());
  EXPECT_EQ(stage["exit_code"].as_integer(-1), 0);
  EXPECT_TRUE(stage["signal"].is_null());
  EXPECT_DOUBLE_EQ(stage["started_offset_seconds"].as_number(), 0.5);
  EXPECT_DOUBLE_EQ(stage["duration_seconds"].as_number(), 2);
  EXPECT_DOUBLE_EQ(stage["queue_seconds"].as_number(), 0.25);
  EXPECT_DOUBLE_EQ(stage["cpu_seconds"].as_number(), 1.5);
  EXPECT_EQ(stage["peak_memory_bytes"].as_integer(), 4096);
  EXPECT_EQ(stage["peak_memory_source"].as_string(), "wait4");
  EXPECT_EQ(stage["log"].as_string(), "stages/build.1.log");
}

TEST(RunDocument, what_is_not_known_is_null) {
  RunScript script;
  script.start_run({planned("build", 0), planned("test", 1, {0})}).at(1s).start(0).at(3s);
  script.add(StageOutputAt{0, 10});
  const Json json = document_of(script);
  EXPECT_TRUE(json["exit_code"].is_null());
  EXPECT_TRUE(json["sla"].is_null());
  EXPECT_TRUE(json["first_failure"].is_null());
  const Json running = json["stages"].items().at(0);
  EXPECT_DOUBLE_EQ(running["duration_seconds"].as_number(), 2);
  EXPECT_TRUE(running["exit_code"].is_null());
  EXPECT_TRUE(running["cpu_seconds"].is_null());
  EXPECT_TRUE(running["peak_memory_bytes"].is_null());
  const Json pending = json["stages"].items().at(1);
  EXPECT_TRUE(pending["started_offset_seconds"].is_null());
  EXPECT_TRUE(pending["duration_seconds"].is_null());
  EXPECT_TRUE(pending["log"].is_null());
}

TEST(RunDocument, sla_is_within_only_where_the_run_ended_in_time) {
  const Json in_time = document_of(failed_run())["sla"];
  EXPECT_DOUBLE_EQ(in_time["target_seconds"].as_number(), 10);
  EXPECT_TRUE(in_time["within"].as_bool());
  RunScript going;
  going.start_run({}, 10s).at(5s).add(JobsChanged{1, ""});
  EXPECT_TRUE(document_of(going)["sla"]["within"].is_null());
  going.at(11s).add(JobsChanged{2, ""});
  EXPECT_FALSE(document_of(going)["sla"]["within"].as_bool(true));
}

TEST(RunDocument, critical_path_counts_retries_and_their_delays) {
  RunScript script;
  script.start_run({planned("flaky", 0)}).at(1s).start(0).at(2s);
  script.add(StageRetrying{0, 1, FailureKind::exit_code, 7, 0, 1s}).at(3s).start(0, 2);
  script.at(5s).complete(0, 2s).finish_run(RunStatus::completed, 0);
  EXPECT_DOUBLE_EQ(document_of(script)["critical_path_seconds"].as_number(), 4);
}

TEST(RunDocument, first_failure_is_named_and_explained) {
  const Json failure = document_of(failed_run())["first_failure"];
  EXPECT_EQ(failure["stage"].as_string(), "test");
  EXPECT_TRUE(failure["explanation"].as_string().starts_with("exit code 2 after "));
}

TEST(RunDocument, first_failure_has_what_was_explained_of_it) {
  RunScript script = failed_run();
  script.add(
      FailureExplained{.stage = 1, .category = "network", .confidence = 0.9, .anchor_line = 7});
  const Json failure = document_of(script)["first_failure"];
  EXPECT_TRUE(failure["explanation"].as_string().starts_with("exit code 2 after "));
  EXPECT_EQ(failure["category"].as_string(), "network");
  EXPECT_EQ(failure["anchor_line"].as_integer(), 7);
  EXPECT_TRUE(failure.contains("suggestions"));
}

TEST(RunDocument, explanation_says_what_ended_the_stage) {
  EXPECT_TRUE(
      explanation_of(failure(FailureKind::signal, 139, 11)).starts_with("ended by SIGSEGV after "));
  EXPECT_TRUE(
      explanation_of(failure(FailureKind::timeout, 143, 15)).starts_with("timed out after "));
  EXPECT_TRUE(
      explanation_of(failure(FailureKind::oom, 137, 9)).starts_with("killed by the kernel"));
  StageFinished thrown = failure(FailureKind::exception, 1, 0);
  thrown.reason = "";
  EXPECT_TRUE(explanation_of(thrown).starts_with("threw an exception after "));
  thrown.reason = "threw std::bad_alloc";
  EXPECT_EQ(explanation_of(thrown), "threw std::bad_alloc");
  StageFinished unstarted = failure(FailureKind::start_failed, 0, 0);
  unstarted.reason = "nosuch: No such file or directory";
  EXPECT_EQ(explanation_of(unstarted), "nosuch: No such file or directory");
}

TEST(RunDocument, paths_are_those_of_the_folder) {
  const Json paths = document_of(failed_run())["paths"];
  EXPECT_EQ(paths["dir"].as_string(), "/s/runs/r");
  EXPECT_EQ(paths["events"].as_string(), "/s/runs/r/events.jsonl");
  EXPECT_EQ(paths["status"].as_string(), "/s/runs/r/status.json");
}

TEST(RunDocument, secret_in_a_reason_is_masked) {
  RunScript script;
  script.start_run({planned("build", 0)}).skip(0, "password hunter2hunter2 refused");
  const Json json = document_of(script, SecretSet({"hunter2hunter2"}));
  EXPECT_EQ(json["stages"].items().at(0)["reason"].as_string(), "password *** refused");
}

TEST(RunDocument, stage_that_is_up_to_date_tells_what_was_saved) {
  RunScript script;
  script.start_run({planned("build", 0), planned("test", 1, {0})});
  script.add(StageSkipped{0, StageStatus::skipped, "up to date: ...", true, 7s});
  script.add(StageSkipped{1, StageStatus::skipped, "needs 'x', which failed"});
  const Json json = document_of(script);
  EXPECT_EQ(json["saved_seconds"].as_number(), 7);
  EXPECT_EQ(json["stages"].items()[0]["saved_seconds"].as_number(), 7);
  EXPECT_TRUE(json["stages"].items()[1]["saved_seconds"].is_null());
}

}  // namespace
}  // namespace headway
