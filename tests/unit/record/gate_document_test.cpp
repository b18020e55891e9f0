// What gates came to, as JSON.
#include "record/gate_document.hpp"

#include "base/json.hpp"
#include "record/run_state.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

GateChecked checked(
    int stage, const char* gate, const char* format, const char* metric, double value) {
  return {stage, gate, format, metric, value, "", true};
}

std::string metrics(const std::vector<GateChecked>& gates) {
  std::string text;
  JsonWriter json(text);
  write_run_metrics(json, gates);
  return text;
}

TEST(GateDocument, tests_are_added_up_over_gates_and_coverage_is_that_of_the_first) {
  EXPECT_EQ(metrics({checked(0, "unit", "junit", "passed", 3),
                     checked(0, "unit", "junit", "failed", 1),
                     checked(0, "unit", "junit", "errors", 2),
                     checked(1, "it", "junit", "passed", 4),
                     checked(1, "it", "junit", "passed", 4),
                     checked(1, "cov", "lcov", "line", 87.5),
                     checked(1, "cov2", "lcov", "line", 50)}),
            R"({"tests_passed":7,"tests_failed":3,"coverage_percent":87.5})");
}

TEST(GateDocument, what_no_gate_tells_is_not_there) {
  GateChecked unknown = checked(0, "cov", "lcov", "line", 0);
  unknown.value.reset();
  EXPECT_EQ(metrics({checked(0, "j", "json", "passed", 3), unknown}), "{}");
}

TEST(GateDocument, values_of_a_stage_are_its_own) {
  std::string text;
  JsonWriter json(text);
  write_gate_values(json,
                    {checked(0, "a", "junit", "total", 3),
                     checked(1, "b", "junit", "total", 4),
                     {1, "b", "junit", "pass_rate", std::nullopt, ">= 1", false, "x"}},
                    1);
  EXPECT_EQ(text, R"({"b.total":4})");
}

TEST(GateDocument, results_of_an_attempt_that_was_repeated_are_gone) {
  RunState state;
  RunScript script;
  script.start_run({planned("a", 0)}).start(0).add(checked(0, "t", "junit", "total", 1));
  script.start(0, 2).add(checked(0, "t", "junit", "total", 2)).finish_run(RunStatus::completed, 0);
  script.tell([&](const RunEvent& event) { state.apply(event); });
  ASSERT_EQ(state.gates.size(), 1U);
  const auto document = Json::parse(quality_document(state, {}));
  ASSERT_TRUE(document);
  EXPECT_TRUE((*document)["passed"].as_bool());
  EXPECT_EQ((*document)["gates"].items().at(0)["value"].as_number(), 2);
  EXPECT_TRUE((*document)["gates"].items().at(0)["threshold"].is_null());
}

}  // namespace
}  // namespace headway
