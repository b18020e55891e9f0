// The document status.json, read back.
#include "record/status_document.hpp"

#include "base/json.hpp"
#include "record/run_state.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunState fold(const RunScript& script) {
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  return state;
}

Json document_of(const RunScript& script) {
  auto json = Json::parse(status_document(fold(script), SecretSet()));
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

RunScript two_stages(std::optional<Nanos> sla = std::nullopt) {
  return RunScript().start_run({planned("todos", 0), planned("version", 1, {0})}, sla);
}

TEST(StatusDocument, has_every_field_of_the_reference_and_no_other) {
  const Json json = document_of(two_stages());
  EXPECT_EQ(keys_of(json),
            (std::vector<std::string>{"exit_code",
                                      "first_failure",
                                      "format",
                                      "lane",
                                      "metrics",
                                      "run_id",
                                      "stage",
                                      "stages",
                                      "started_at",
                                      "status",
                                      "timing",
                                      "updated_at",
                                      "workflow",
                                      "workflow_id"}));
  EXPECT_EQ(keys_of(json["stages"].items().at(0)),
            (std::vector<std::string>{"attempts",
                                      "completed_at",
                                      "duration_seconds",
                                      "exit_code",
                                      "key",
                                      "metrics",
                                      "name",
                                      "stage_id",
                                      "started_at",
                                      "status"}));
  EXPECT_EQ(keys_of(json["timing"]),
            (std::vector<std::string>{"estimated_finish_at",
                                      "estimated_remaining_p10_seconds",
                                      "estimated_remaining_p90_seconds",
                                      "estimated_remaining_seconds",
                                      "sla_risk",
                                      "sla_target_seconds",
                                      "total_elapsed_seconds",
                                      "within_sla"}));
}

TEST(StatusDocument, is_one_line_with_a_newline) {
  const std::string text = status_document(fold(two_stages()), SecretSet());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(StatusDocument, large_one_comes_in_pieces_that_make_the_whole) {
  RunScript script;
  script.start_run(
      std::vector<PlannedStage>(2000, PlannedStage{"stage", 0, "stage", {}, false, false}));
  const RunState state = fold(script);
  std::string whole;
  std::size_t largest = 0;
  int pieces = 0;
  write_status_document(state, SecretSet(), [&](std::string_view piece) {
    whole += piece;
    largest = std::max(largest, piece.size());
    ++pieces;
  });
  EXPECT_EQ(whole, status_document(state, SecretSet()));
  EXPECT_GT(pieces, 4);
  EXPECT_LT(largest, 70'000U);
  EXPECT_EQ(Json::parse(whole)->operator[]("stages").items().size(), 2000U);
}

TEST(StatusDocument, running_run_says_where_it_is) {
  RunScript script = two_stages();
  script.at(1s).start(0).at(6012ms).complete(0, 5012ms).at(7s).start(1).at(9s);
  const Json json = document_of(script.add(StageOutputAt{1, 5}));
  EXPECT_EQ(json["workflow_id"].as_string(), "change-123");
  EXPECT_EQ(json["status"].as_string(), "RUNNING");
  EXPECT_TRUE(json["exit_code"].is_null());
  EXPECT_EQ(json["stage"].as_integer(-1), 1);
  EXPECT_EQ(json["started_at"].as_string(), "2026-11-22T11:00:00.000Z");
  EXPECT_EQ(json["updated_at"].as_string(), "2026-11-22T11:00:09.000Z");
  EXPECT_DOUBLE_EQ(json["timing"]["total_elapsed_seconds"].as_number(), 9);
  const Json done = json["stages"].items().at(0);
  EXPECT_EQ(done["status"].as_string(), "COMPLETED");
  EXPECT_EQ(done["completed_at"].as_string(), "2026-11-22T11:00:06.012Z");
  EXPECT_DOUBLE_EQ(done["duration_seconds"].as_number(), 5.012);
  const Json running = json["stages"].items().at(1);
  EXPECT_TRUE(running["completed_at"].is_null());
  EXPECT_DOUBLE_EQ(running["duration_seconds"].as_number(), 2);
}

TEST(StatusDocument, run_without_a_change_has_its_own_id_as_workflow_id) {
  RunStarted body;
  body.workflow = "demo";
  const RunScript script = RunScript().add(std::move(body));
  EXPECT_EQ(document_of(script)["workflow_id"].as_string(), script.run_id());
}

TEST(StatusDocument, run_that_has_started_nothing_has_no_stage) {
  EXPECT_TRUE(document_of(two_stages())["stage"].is_null());
}

TEST(StatusDocument, run_that_ended_stands_at_the_stage_that_ended_last) {
  RunScript script = two_stages().start(0).at(1s).complete(0, 1s).start(1).at(2s).fail(1, 1s, 3);
  const Json json = document_of(script.finish_run(RunStatus::failed, 1));
  EXPECT_EQ(json["stage"].as_integer(-1), 1);
  EXPECT_EQ(json["exit_code"].as_integer(-1), 1);
  EXPECT_EQ(json["stages"].items().at(1)["exit_code"].as_integer(), 3);
}

TEST(StatusDocument, estimate_shrinks_with_the_time_since_it_was_made) {
  RunScript script = two_stages().at(10s).add(EstimateUpdated{{100s, 5s, 200s, 0.8, 9}}).at(20s);
  const Json timing = document_of(script.start(0))["timing"];
  EXPECT_DOUBLE_EQ(timing["estimated_remaining_seconds"].as_number(), 90);
  EXPECT_DOUBLE_EQ(timing["estimated_remaining_p10_seconds"].as_number(-1), 0);
  EXPECT_DOUBLE_EQ(timing["estimated_remaining_p90_seconds"].as_number(), 190);
  EXPECT_EQ(timing["estimated_finish_at"].as_string(), "2026-11-22T11:01:50.000Z");
}

TEST(StatusDocument, estimate_without_confidence_is_no_number) {
  RunScript script = two_stages(900s).add(EstimateUpdated{{0s, 0s, 0s, 0, 0}});
  const Json timing = document_of(script)["timing"];
  EXPECT_TRUE(timing["estimated_remaining_seconds"].is_null());
  EXPECT_TRUE(timing["estimated_finish_at"].is_null());
  EXPECT_TRUE(timing["sla_risk"].is_null());
  EXPECT_TRUE(timing["within_sla"].as_bool(false));
}

TEST(StatusDocument, without_a_target_there_is_no_risk) {
  const Json timing = document_of(two_stages())["timing"];
  EXPECT_TRUE(timing["sla_target_seconds"].is_null());
  EXPECT_TRUE(timing["within_sla"].is_null());
  EXPECT_TRUE(timing["sla_risk"].is_null());
}

TEST(StatusDocument, expected_end_beyond_the_target_is_not_within_it) {
  RunScript script = two_stages(900s).at(1s).add(EstimateUpdated{{1000s, 800s, 1200s, 0.8, 9}});
  const Json timing = document_of(script)["timing"];
  EXPECT_FALSE(timing["within_sla"].as_bool(true));
  EXPECT_GT(timing["sla_risk"].as_number(), 0.5);
  EXPECT_LT(timing["sla_risk"].as_number(), 0.9);
}

TEST(StatusDocument, run_that_ended_late_missed_for_certain_and_has_nothing_left) {
  RunScript script = two_stages(10s).add(EstimateUpdated{{5s, 4s, 6s, 1, 9}}).at(11s);
  const Json timing = document_of(script.finish_run(RunStatus::completed, 5))["timing"];
  EXPECT_FALSE(timing["within_sla"].as_bool(true));
  EXPECT_DOUBLE_EQ(timing["sla_risk"].as_number(), 1);
  EXPECT_DOUBLE_EQ(timing["estimated_remaining_seconds"].as_number(-1), 0);
  EXPECT_TRUE(timing["estimated_finish_at"].is_null());
}

TEST(RiskOfExceeding, at_the_quantiles_of_the_estimate_is_what_they_say) {
  const RemainingEstimate estimate{100s, 80s, 150s, 0.8, 9};
  EXPECT_NEAR(risk_of_exceeding(estimate, 80s), 0.9, 1e-9);
  EXPECT_NEAR(risk_of_exceeding(estimate, 100s), 0.5, 1e-9);
  EXPECT_NEAR(risk_of_exceeding(estimate, 150s), 0.1, 1e-9);
}

TEST(RiskOfExceeding, of_a_certain_estimate_is_zero_or_one) {
  const RemainingEstimate estimate{100s, 100s, 100s, 1, 9};
  EXPECT_EQ(risk_of_exceeding(estimate, 100s), 0);
  EXPECT_EQ(risk_of_exceeding(estimate, 99s), 1);
}

}  // namespace
}  // namespace headway
