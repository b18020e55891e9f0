// See junit_report.hpp.
#include "report/junit_report.hpp"

#include "base/units.hpp"
#include "report/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

double seconds(Nanos span) {
  return to_seconds(std::max(Nanos{0}, span)).count();
}

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
};

bool is_error(const StageState& stage) {
  return stage.status == StageStatus::cancelled || stage.status == StageStatus::interrupted ||
         stage.status == StageStatus::running;
}

// A failure that the workflow allows must not make a CI system red.
bool is_failure(const StageState& stage) {
  return stage.status == StageStatus::failed && !stage.plan->allow_failure;
}

Counts count(const RunState& state) {
  Counts counts;
  for (const StageState& stage : state.stages) {
    const bool is_good = stage.status == StageStatus::completed;
    counts.tests += 1;
    counts.failures += is_failure(stage) ? 1 : 0;
    counts.errors += is_error(stage) ? 1 : 0;
    counts.skipped += is_good || is_failure(stage) || is_error(stage) ? 0 : 1;
  }
  return counts;
}

std::string why_skipped(const StageState& stage) {
  if (stage.status == StageStatus::failed) {
    return "failed, as it may: " + stage.reason;
  }
  return stage.reason.empty() ? std::string(to_string(stage.status)) : stage.reason;
}

void attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"");
  append_xml_value(out, value);
  out += '"';
}

void write_counts(std::string& out, const Counts& counts, Nanos elapsed) {
  out += fmt::format(R"( tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")",
                     counts.tests,
                     counts.failures,
                     counts.errors,
                     counts.skipped,
                     seconds(elapsed));
}

void write_outcome(std::string& out,
                   std::string_view element,
                   const StageState& stage,
                   std::string_view detail) {
  out.append("      <").append(element);
  attribute(out, "message", stage.reason.empty() ? to_string(stage.status) : stage.reason);
  attribute(
      out,
      "type",
      stage.failure == FailureKind::none ? to_string(stage.status) : to_string(stage.failure));
  out += '>';
  append_xml_text(out, detail);
  out.append("</").append(element).append(">\n");
}

void write_case(std::string& out, const RunState& state, int position, const StageDetail& detail) {
  const StageState& stage = state.stages[static_cast<std::size_t>(position)];
  const Nanos took = !stage.started_offset ? Nanos{0}
                     : stage.completed_at  ? stage.finished_offset - *stage.started_offset
                                           : state.elapsed - *stage.started_offset;
  out += "    <testcase";
  attribute(out, "name", stage.plan->key);
  attribute(out, "classname", fmt::format("{}.{}", state.start.workflow, state.start.lane));
  out += fmt::format(R"( time="{:.3f}")", seconds(took));
  if (stage.status == StageStatus::completed) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  if (is_failure(stage)) {
    write_outcome(out, "failure", stage, detail ? detail(position) : std::string());
  } else if (is_error(stage)) {
    write_outcome(out, "error", stage, "");
  } else {
    out += "      <skipped";
    attribute(out, "message", why_skipped(stage));
    out += "/>\n";
  }
  out += "    </testcase>\n";
}

}  // namespace

std::string junit_report(const RunState& state, const StageDetail& detail) {
  const Counts counts = count(state);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites";
  attribute(out, "name", state.start.workflow);
  write_counts(out, counts, state.elapsed);
  out += ">\n  <testsuite";
  attribute(out, "name", fmt::format("{}.{}", state.start.workflow, state.start.lane));
  write_counts(out, counts, state.elapsed);
  attribute(out, "timestamp", to_rfc3339(state.started_at));
  attribute(out, "hostname", state.start.machine.hostname);
  attribute(out, "id", state.run_id);
  out += ">\n";
  for (std::size_t stage = 0; stage < state.stages.size(); ++stage) {
    write_case(out, state, static_cast<int>(stage), detail);
  }
  out += "  </testsuite>\n</testsuites>\n";
  return out;
}

}  // namespace headway
