// A plan as a table: order, slack, critical path, reasons.
#include "cli/text/plan_table.hpp"

#include "base/json.hpp"
#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace headway::cli {
namespace {

using History = std::vector<std::pair<std::string, std::vector<StageSample>>>;

std::vector<StageSample> took(double seconds) {
  return {StageSample{.duration = Seconds(seconds)}};
}

// A plan made by hand: no machine and no history file are read.
class PlanTableTest : public testing::Test {
 protected:
  RunPlan plan(SelectionRequest selection = {}, const History& history = {}) {
    auto loaded = parse_workflow(R"(version: 1
name: demo
stages:
  a: {run: x}
  b: {needs: [a], run: x}
  c: {needs: [a], run: x}
  d: {needs: [b, c], run: x}
  z: {always: true, run: x}
)",
                                 "headway.yaml",
                                 "/nowhere");
    EXPECT_TRUE(loaded.valid());
    workflow_ = std::make_unique<Workflow>(std::move(loaded.workflow));
    RunPlan plan;
    plan.workflow = workflow_.get();
    plan.request.selection = std::move(selection);
    auto selected = select_stages(*workflow_, plan.request.selection);
    EXPECT_TRUE(selected);
    plan.selection = std::move(*selected);
    plan.graph = CsrGraph(plan.selection.needs);
    plan.durations = DurationModel(history);
    plan.limits.slots = 4;
    std::vector<TaskNeeds> needs(static_cast<std::size_t>(plan.size()));
    for (int at = 0; at < plan.size(); ++at) {
      needs[static_cast<std::size_t>(at)].always = plan.stage(at).always;
    }
    plan.needs = std::move(needs);
    return plan;
  }
  static std::string keys(const RunPlan& plan, const std::vector<int>& positions) {
    std::string text;
    for (const int position : positions) {
      text += plan.stage(position).key;
    }
    return text;
  }
  const History known{
      {"a", took(1)}, {"b", took(5)}, {"c", took(2)}, {"d", took(1)}, {"z", took(1)}};

 private:
  std::unique_ptr<Workflow> workflow_;
};

TEST_F(PlanTableTest, slack_is_what_a_stage_may_lose_without_delaying_the_run) {
  const RunPlan made = plan({}, known);
  const PlanTable table = make_plan_table(made);
  ASSERT_TRUE(table.knows_times);
  EXPECT_EQ(keys(made, table.critical_path), "abdz");
  for (const PlannedRow& row : table.rows) {
    EXPECT_NEAR(row.slack, made.stage(row.position).key == "c" ? 3 : 0, 1e-9)
        << made.stage(row.position).key;
  }
}

TEST_F(PlanTableTest, rows_are_in_the_order_of_their_starts) {
  const RunPlan made = plan({}, known);
  std::string order;
  std::vector<double> starts;
  for (const PlannedRow& row : make_plan_table(made).rows) {
    order += made.stage(row.position).key;
    starts.push_back(row.starts);
  }
  EXPECT_EQ(order, "abcdz");
  EXPECT_NEAR(starts[3], 6, 1e-6);
  EXPECT_NEAR(starts[4], 7, 1e-6);
}

TEST_F(PlanTableTest, without_history_there_are_no_numbers) {
  const RunPlan made = plan();
  const PlanTable table = make_plan_table(made);
  EXPECT_FALSE(table.knows_times);
  const auto document = Json::parse(plan_document(made, table, {}));
  ASSERT_TRUE(document);
  EXPECT_TRUE((*document)["stages"].items()[0]["expected_seconds"].is_null());
  EXPECT_NE(plan_text(made, table, Paint(false), 80).find("is not known"), std::string::npos);
}

TEST_F(PlanTableTest, document_has_every_number_that_history_knows) {
  const RunPlan made = plan({}, known);
  const auto parsed = Json::parse(plan_document(made, make_plan_table(made), {}));
  ASSERT_TRUE(parsed);
  const Json& document = *parsed;
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_EQ(document["jobs"].as_integer(), 4);
  EXPECT_EQ(document["critical_path"].dump(), R"(["a","b","d","z"])");
  EXPECT_EQ(document["skipped"].dump(), "[]");
  EXPECT_TRUE(document["expected_seconds"].is_number());
  const Json& stage = document["stages"].items().at(2);
  EXPECT_EQ(stage["key"].as_string(), "c");
  EXPECT_EQ(stage["needs"].dump(), R"(["a"])");
  EXPECT_NEAR(stage["expected_seconds"].as_number(), 2, 1e-9);
  EXPECT_LE(stage["p10_seconds"].as_number(), 2);
  EXPECT_GE(stage["p90_seconds"].as_number(), 2);
  EXPECT_TRUE(stage["p90_seconds"].is_number());
  EXPECT_EQ(stage["samples"].as_integer(), 1);
  EXPECT_NEAR(stage["slack_seconds"].as_number(), 3, 1e-9);
  EXPECT_NE(stage["why"].as_string(), "");
}

TEST_F(PlanTableTest, text_has_needs_and_reasons_only_where_stages_were_named) {
  const RunPlan lane = plan({}, known);
  const std::string all = plan_text(lane, make_plan_table(lane), Paint(false), 0);
  EXPECT_NE(all.find("critical path: a > b > d > z\n"), std::string::npos) << all;
  EXPECT_NE(all.find("  b, c\n"), std::string::npos) << all;
  EXPECT_NE(all.find("(always, after all others)"), std::string::npos) << all;
  EXPECT_EQ(all.find("WHY"), std::string::npos) << all;
  const RunPlan named = plan({.lane = "", .stages = {"b"}});
  const std::string some = plan_text(named, make_plan_table(named), Paint(false), 0);
  EXPECT_NE(some.find("needed by 'b'"), std::string::npos) << some;
  EXPECT_EQ(some.find("critical path"), std::string::npos) << "times are not known" << some;
}

TEST_F(PlanTableTest, every_stage_says_why_it_is_there) {
  const RunPlan made = plan({.lane = "", .stages = {"b"}});
  const PlanTable table = make_plan_table(made);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].why, "needed by 'b'");
  EXPECT_EQ(table.rows[1].why, "asked for");
}

TEST_F(PlanTableTest, text_fits_the_width) {
  const RunPlan made = plan({}, known);
  const std::string text = plan_text(made, make_plan_table(made), Paint(false), 60);
  std::size_t from = 0;
  for (std::size_t end = 0; (end = text.find('\n', from)) != std::string::npos; from = end + 1) {
    EXPECT_LE(end - from, 60U) << text.substr(from, end - from);
  }
}

TEST_F(PlanTableTest, stage_that_is_up_to_date_takes_no_time_and_is_listed_with_its_reason) {
  RunPlan made = plan({}, known);
  made.inputs.resize(5);
  made.inputs[1] = {true, "up to date: 3 inputs unchanged since run 1a2b3c4d"};
  made.inputs[2] = {false, "input c.c changed"};
  const PlanTable table = make_plan_table(made);
  EXPECT_EQ(keys(made, table.skipped), "b");
  EXPECT_EQ(keys(made, table.critical_path), "acdz");
  const auto document = Json::parse(plan_document(made, table, {}));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["stages"].items().size(), 4U);
  EXPECT_EQ((*document)["skipped"].items().at(0)["key"].as_string(), "b");
  const std::string text = plan_text(made, table, Paint(false), 0);
  EXPECT_NE(text.find("need not run:\n  b  up to date: 3 inputs"), std::string::npos) << text;
  EXPECT_NE(text.find("input c.c changed"), std::string::npos) << text;
}

}  // namespace
}  // namespace headway::cli
