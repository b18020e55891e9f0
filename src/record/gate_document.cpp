// See gate_document.hpp.
#include "record/gate_document.hpp"

#include "record/run_state.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace headway {
namespace {

bool is_coverage(const GateChecked& gate) {
  return gate.format == "cobertura" || gate.format == "lcov" || gate.format == "coverage-json";
}

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.string(text);
}

// The sum of one metric over all gates with test reports; nothing where there is none. A metric may
// stand under several conditions.
std::optional<double> sum_of(const std::vector<GateChecked>& gates, std::string_view metric) {
  std::optional<double> sum;
  std::set<std::pair<int, std::string_view>> seen;
  for (const GateChecked& gate : gates) {
    if (gate.format == "junit" && gate.metric == metric && gate.value &&
        seen.emplace(gate.stage, gate.gate).second) {
      sum = sum.value_or(0) + *gate.value;
    }
  }
  return sum;
}

}  // namespace

void write_gates(JsonWriter& json, const std::vector<GateChecked>& gates) {
  json.begin_array();
  for (const GateChecked& gate : gates) {
    json.begin_object().field("gate", gate.gate);
    write_text_or_null(json, "metric", gate.metric);
    json.key("value");
    gate.value ? json.number(*gate.value) : json.null();
    write_text_or_null(json, "threshold", gate.threshold);
    json.field("passed", gate.passed);
    write_text_or_null(json, "reason", gate.reason);
    json.end_object();
  }
  json.end_array();
}

void write_gate_values(JsonWriter& json, const std::vector<GateChecked>& gates, int stage) {
  json.begin_object();
  std::set<std::string> seen;
  for (const GateChecked& gate : gates) {
    const std::string name = gate.gate + "." + gate.metric;
    if (gate.stage == stage && gate.value && seen.insert(name).second) {
      json.field(name, *gate.value);
    }
  }
  json.end_object();
}

void write_run_metrics(JsonWriter& json, const std::vector<GateChecked>& gates) {
  json.begin_object();
  if (const auto passed = sum_of(gates, "passed")) {
    json.field("tests_passed", *passed);
    json.field("tests_failed",
               sum_of(gates, "failed").value_or(0) + sum_of(gates, "errors").value_or(0));
  }
  const auto coverage = std::find_if(gates.begin(), gates.end(), [](const GateChecked& gate) {
    return is_coverage(gate) && gate.metric == "line" && gate.value;
  });
  if (coverage != gates.end()) {
    json.field("coverage_percent", *coverage->value);
  }
  json.end_object();
}

std::string quality_document(const RunState& state, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1).field_token("run_id", state.run_id);
  json.field("workflow", state.start.workflow).field("lane", state.start.lane);
  json.field("change_id", state.start.change_id).key("updated_at").time(state.updated_at);
  json.field("passed",
             std::all_of(state.gates.begin(), state.gates.end(), [](const GateChecked& gate) {
               return gate.passed;
             }));
  json.key("metrics");
  write_run_metrics(json, state.gates);
  json.key("gates");
  write_gates(json, state.gates);
  json.end_object();
  text += '\n';
  return text;
}

}  // namespace headway
