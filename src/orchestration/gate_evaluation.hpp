// What a gate comes to, once its command has ended: its reports are found, read and judged. Starts
// nothing; blocks while it reads.
#pragma once

#include "execution/backend.hpp"
#include "headway/quality.hpp"
#include "model/workflow.hpp"
#include "orchestration/report_marks.hpp"
#include "quality/gate_judgement.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// One gate to evaluate. Owns all but the gate, so that another thread may do it.
struct GateCase {
  const Gate* gate = nullptr;  // must outlive it
  std::string directory;       // absolute: of the workflow file
  std::vector<MetricThreshold> thresholds;
  std::optional<Exit> ended;            // of its command, where it has one
  std::string output;                   // where its command printed to; absolute
  std::shared_ptr<ReportMarks> before;  // null: any report will do
};

// What the lane asks of that gate (by number in Workflow::gates); of one of format exit, where it
// asks nothing, exit code 0.
std::vector<MetricThreshold> thresholds_of(const Workflow& workflow, const Lane& lane, int gate);

// All of its results, those that are asked for first.
std::vector<GateResult> evaluate_gate(const GateCase& gate_case);

}  // namespace headway
