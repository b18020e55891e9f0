// `gates` of the file, of stages and of lanes: what is read, and every mistake in its place.
#include "model/gate_reader.hpp"

#include "model/workflow_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

LoadedWorkflow load(const std::string& text) {
  return parse_workflow("version: 1\n" + text, "w.yaml", "/");
}

Workflow good(const std::string& text) {
  auto loaded = load(text);
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem);
  }
  return std::move(loaded.workflow);
}

// The only problem of the text.
std::string problem(const std::string& text) {
  const auto problems = load(text).problems;
  EXPECT_EQ(problems.size(), 1U) << text;
  return problems.empty() ? "" : to_string(problems.front());
}

std::string gate_problem(const std::string& gate) {
  return problem("stages: {a: {run: x}}\ngates: {g: " + gate + "}\n");
}

constexpr const char* kGates = R"(stages: {a: {run: x, gates: [size, tests]}}
gates:
  tests: {report: build/junit.xml, format: junit}
  tests.more: {report: more.xml, format: junit}
  coverage: {report: c.xml, format: cobertura}
  security: {run: [bandit, -o, b.sarif], report: b.sarif, format: sarif}
  lint: {run: "ruff check ."}
  size: {run: wc -c app, format: regex, metrics: {bytes: '^(\d+)'}}
  speed: {report: b.json, format: json, metrics: {p50: /latency/p50, all: ""}}
)";

TEST(ReadGates, every_form_of_the_contract_is_read) {
  const Workflow workflow = good(kGates);
  ASSERT_EQ(workflow.gates.size(), 7U);
  EXPECT_EQ(workflow.find_gate("tests")->report, "build/junit.xml");
  EXPECT_EQ(workflow.find_gate("security")->run->argv.size(), 3U);
  EXPECT_EQ(workflow.find_gate("lint")->format, ReportFormat::exit);
  EXPECT_EQ(workflow.find_gate("size")->metrics.at(0).where, R"(^(\d+))");
  EXPECT_THAT(metric_names(*workflow.find_gate("speed")), ElementsAre("p50", "all"));
  EXPECT_THAT(workflow.stages[0].gates, ElementsAre(5, 0));
}

TEST(ReadGates, mistakes_are_told_in_their_place) {
  EXPECT_EQ(gate_problem("{report: r.xml}"),
            "w.yaml:3:9: gate 'g' has no 'format': say what its report is, such as junit or lcov");
  EXPECT_THAT(gate_problem("{report: r.xml, format: junits}"), HasSubstr("did you mean 'junit'?"));
  EXPECT_THAT(gate_problem("{format: junit}"), HasSubstr("has neither a 'report' nor a 'run'"));
  EXPECT_THAT(gate_problem("{run: x, report: r, format: exit}"), HasSubstr("reads no 'report'"));
  EXPECT_THAT(gate_problem("{report: r, format: junit, metrics: {a: /b}}"),
              HasSubstr("those of junit are known"));
  EXPECT_THAT(gate_problem("{report: r, format: json}"), HasSubstr("has no 'metrics'"));
  EXPECT_THAT(gate_problem("{report: r, format: json, metrics: {}}"), HasSubstr("empty 'metrics'"));
  EXPECT_THAT(gate_problem("{report: r, format: json, metrics: {a: b}}"),
              HasSubstr("'b' is no JSON pointer"));
  EXPECT_THAT(gate_problem("{report: r, format: regex, metrics: {a: '('}}"),
              HasSubstr("missing )"));
  EXPECT_THAT(gate_problem("{report: r, format: regex, metrics: {a: '\\d+'}}"),
              HasSubstr("captures nothing"));
  EXPECT_THAT(gate_problem("{report: '!r', format: junit}"), HasSubstr("only leaves out"));
  EXPECT_THAT(gate_problem("{reprot: r, run: x}"), HasSubstr("did you mean 'report'?"));
  EXPECT_THAT(gate_problem("3"), HasSubstr("gate 'g' must be a mapping"));
}

TEST(ReadGates, stage_names_gates_that_there_are_each_once) {
  EXPECT_THAT(problem("stages: {a: {run: x, gates: [tets]}}\ngates: {tests: {run: x}}\n"),
              HasSubstr("stage 'a' has unknown gate 'tets' (did you mean 'tests'?)"));
  EXPECT_THAT(problem("stages: {a: {run: x, gates: [g, g]}}\ngates: {g: {run: x}}\n"),
              HasSubstr("has gate 'g' twice"));
  EXPECT_THAT(problem("stages: {a: {run: x, gates: g}}\ngates: {g: {run: x}}\n"),
              HasSubstr("a list of gates"));
}

TEST(ReadThresholds, metric_belongs_to_the_gate_with_the_longest_name) {
  const Workflow workflow = good(std::string(kGates) +
                                 "lanes: {l: {gates: {tests.pass_rate: '>= 80', "
                                 "tests.more.total: '> 3', lint.exit_code: == 0}}}\n");
  const auto& thresholds = workflow.lanes.at(0).thresholds;
  ASSERT_EQ(thresholds.size(), 3U);
  EXPECT_EQ(thresholds[0].gate, 0);
  EXPECT_EQ(thresholds[0].metric, "pass_rate");
  EXPECT_EQ(thresholds[1].gate, 1);
  EXPECT_EQ(thresholds[1].metric, "total");
  EXPECT_EQ(to_string(thresholds[1].threshold), "> 3");
}

TEST(ReadThresholds, mistakes_are_told_in_their_place) {
  const auto lane = [](const std::string& gates) {
    return problem(
        "stages: {a: {run: x}}\ngates: {t: {report: r, format: junit}}\nlanes: {l: "
        "{gates: " +
        gates + "}}\n");
  };
  EXPECT_THAT(lane("{t.passrate: '>= 80'}"),
              HasSubstr("lane 'l' has unknown metric 't.passrate': gate 't' (junit) has no such "
                        "metric: it has pass_rate, total"));
  EXPECT_THAT(lane("{x.y: '>= 80'}"), HasSubstr("it is GATE.METRIC"));
  EXPECT_THAT(lane("{t.total: 80}"), HasSubstr("must be one of >= > <= < == != and a number"));
  EXPECT_THAT(lane("true"), HasSubstr("or false"));
}

TEST(ReadThresholds, false_turns_the_gates_of_a_lane_off) {
  EXPECT_FALSE(good("stages: {a: {run: x}}\nlanes: {l: {gates: false}}\n").lanes[0].has_gates);
}

TEST(BuiltInLanes, ask_only_for_gates_that_there_are) {
  const Workflow workflow = good(
      "stages: {a: {run: x}}\ngates: {tests: {report: r, format: junit}, lint: {run: x}, "
      "security: {report: s, format: sarif}}\n");
  EXPECT_FALSE(workflow.find_lane("docs")->has_gates);
  const auto& standard = workflow.find_lane("standard")->thresholds;
  ASSERT_EQ(standard.size(), 2U);
  EXPECT_EQ(standard[0].metric, "pass_rate");
  EXPECT_EQ(to_string(standard[0].threshold), ">= 80");
  EXPECT_EQ(standard[1].metric, "high");
  EXPECT_EQ(workflow.find_lane("heavy")->thresholds[0].threshold.limit, 100);
}

}  // namespace
}  // namespace headway
