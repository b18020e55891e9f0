// What counts as a difference between two states of a stage.
#include "orchestration/imprint_comparison.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

FileFact file(const std::string& path, std::string_view content = "x") {
  return {path, FileKind::regular, false, digest_of(content)};
}

StageImprint sample() {
  StageImprint imprint;
  imprint.run_id = "01a20775-436d-7df4-a866-c61fc7abfaf1";
  imprint.definition = {{"run", false, digest_of("make")}, {"CC", true, digest_of("gcc")}};
  imprint.inputs = {file("a.c"), file("b.c")};
  imprint.outputs = {file("app")};
  return imprint;
}

StageCause after(void (*change)(StageImprint&)) {
  StageImprint now = sample();
  change(now);
  return compare_imprints(sample(), now);
}

TEST(CompareImprints, nothing_changed_is_up_to_date_with_that_run) {
  const StageCause cause = compare_imprints(sample(), sample());
  EXPECT_EQ(cause.kind, CauseKind::up_to_date);
  EXPECT_EQ(cause.inputs, 2);
  EXPECT_EQ(cause.detail, "c7abfaf1");
}

TEST(CompareImprints, inputs_changed_new_gone_and_of_another_mode) {
  StageCause cause = after([](StageImprint& now) { now.inputs[1] = file("b.c", "y"); });
  EXPECT_EQ(cause.kind, CauseKind::inputs_changed);
  EXPECT_EQ(cause.changes.at(0), (StageChange{ChangedThing::input, ChangeKind::content, "b.c"}));
  cause = after([](StageImprint& now) { now.inputs.push_back(file("c.c")); });
  EXPECT_EQ(cause.changes.at(0), (StageChange{ChangedThing::input, ChangeKind::added, "c.c"}));
  cause = after([](StageImprint& now) { now.inputs.erase(now.inputs.begin()); });
  EXPECT_EQ(cause.changes.at(0), (StageChange{ChangedThing::input, ChangeKind::removed, "a.c"}));
  cause = after([](StageImprint& now) { now.inputs[0].is_executable = true; });
  EXPECT_EQ(cause.changes.at(0), (StageChange{ChangedThing::input, ChangeKind::executable, "a.c"}));
  cause = after([](StageImprint& now) { now.inputs[0].kind = FileKind::link; });
  EXPECT_EQ(cause.changes.at(0), (StageChange{ChangedThing::input, ChangeKind::kind, "a.c"}));
}

TEST(CompareImprints, renamed_input_is_gone_and_new) {
  const StageCause cause = after([](StageImprint& now) { now.inputs[1].path = "z.c"; });
  EXPECT_EQ(cause.count, 2);
  EXPECT_EQ(cause.changes.at(0).kind, ChangeKind::removed);
  EXPECT_EQ(cause.changes.at(1).kind, ChangeKind::added);
}

TEST(CompareImprints, output_counts_where_it_is_gone_or_changed_not_where_it_is_new) {
  EXPECT_EQ(after([](StageImprint& now) { now.outputs.clear(); }).kind, CauseKind::outputs_changed);
  EXPECT_EQ(after([](StageImprint& now) { now.outputs[0] = file("app", "y"); }).kind,
            CauseKind::outputs_changed);
  EXPECT_EQ(after([](StageImprint& now) { now.outputs.push_back(file("zoo")); }).kind,
            CauseKind::up_to_date);
}

TEST(CompareImprints, definition_comes_first_then_variables_then_files) {
  const StageCause cause = after([](StageImprint& now) {
    now.definition[0].digest = {};
    now.definition[1].digest = {};
    now.inputs.clear();
  });
  EXPECT_EQ(cause.kind, CauseKind::definition_changed);
  EXPECT_EQ(cause.count, 4);
  EXPECT_EQ(cause.changes.at(1).thing, ChangedThing::environment);
  EXPECT_EQ(after([](StageImprint& now) { now.definition.pop_back(); }).kind,
            CauseKind::environment_changed);
}

TEST(DefinitionOf, has_command_folder_and_variables_of_both_levels_by_name) {
  Workflow workflow;
  workflow.env = {{"B", "1"}, {"A", "1"}};
  Stage stage;
  stage.run.script = "make";
  stage.env = {{"B", "2"}};
  const auto parts = definition_of(workflow, {}, stage);
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].name + parts[1].name + parts[2].name + parts[3].name, "dirrunAB");
  EXPECT_EQ(parts[3].digest, digest_of("2"));
  Stage other = stage;
  other.run = {"", {"make"}};
  EXPECT_NE(definition_of(workflow, {}, other)[1], parts[1]) << "a list meets no shell";
  Stage apart = other;
  apart.run.argv = {"ma", "ke"};
  EXPECT_NE(definition_of(workflow, {}, apart)[1], definition_of(workflow, {}, other)[1]);
}

TEST(DefinitionOf, has_the_gates_with_what_the_lane_asks_of_them) {
  Workflow workflow;
  Gate& gate = workflow.gates.emplace_back();
  gate.key = "tests";
  gate.format = ReportFormat::junit;
  gate.report = "j.xml";
  Stage stage;
  stage.gates = {0};
  Lane lane;
  lane.thresholds = {{0, "pass_rate", {Comparison::at_least, 80}}};
  const auto parts = definition_of(workflow, lane, stage);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[1].name, "gates");
  lane.thresholds[0].threshold.limit = 100;
  EXPECT_NE(definition_of(workflow, lane, stage)[1], parts[1]);
  gate.report = "k.xml";
  EXPECT_NE(definition_of(workflow, lane, stage)[1], parts[1]);
  lane.has_gates = false;
  EXPECT_EQ(definition_of(workflow, lane, stage).size(), 2U);
}

TEST(DefinitionOf, has_arguments_and_values_of_a_matrix) {
  Workflow workflow;
  Stage stage;
  stage.run.argv = {"make"};
  stage.matrix = {{"os", "a"}};
  const auto parts = definition_of(workflow, {}, stage);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[2].name, "HEADWAY_MATRIX_OS");
  stage.run.arguments = {"-x"};
  EXPECT_NE(definition_of(workflow, {}, stage)[1], parts[1]);
  stage.matrix = {{"os", "b"}};
  EXPECT_NE(definition_of(workflow, {}, stage)[2], parts[2]);
}

}  // namespace
}  // namespace headway
