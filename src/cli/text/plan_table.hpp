// A RunPlan as a table: order, expected times, slack, critical path; for people and as JSON.
// Decides nothing: the order is the scheduler's own, replayed.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "orchestration/run_plan.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// One stage of the plan. Times in seconds; meaningful where the history knows anything.
struct PlannedRow {
  int position = 0;   // in the plan
  double starts = 0;  // from the start of the run, as replayed
  double expected = 0, p10 = 0, p90 = 0;
  int samples = 0;   // 0: the times are borrowed from the other stages
  double slack = 0;  // how much later it could end without delaying the run, with room for all
  std::string why;
};

// The whole table.
struct PlanTable {
  std::vector<PlannedRow> rows;    // in the order of their starts
  std::vector<int> critical_path;  // positions
  std::vector<int> skipped;        // positions: up to date
  bool knows_times = false;
};

PlanTable make_plan_table(const RunPlan& plan);

// The document of `plan --json`.
std::string plan_document(const RunPlan& plan, const PlanTable& table, const SecretSet& secrets);
// The same for people. `width` 0: no limit.
std::string plan_text(const RunPlan& plan, const PlanTable& table, const Paint& paint, int width);

}  // namespace headway::cli
