// What gates came to, as JSON: in the documents of a run and of its status, and as
// quality_metrics.json. Pure: reads no file and no clock.
#pragma once

#include "base/json_writer.hpp"
#include "base/secrets.hpp"
#include "model/run_event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

struct RunState;

// The array "gates" of `run --json`.
void write_gates(JsonWriter& json, const std::vector<GateChecked>& gates);
// An object of the values that the gates of that stage (a position) have: {"tests.pass_rate": 98}.
void write_gate_values(JsonWriter& json, const std::vector<GateChecked>& gates, int stage);
// An object of what all gates together say: tests_passed, tests_failed, coverage_percent; each only
// where a gate tells.
void write_run_metrics(JsonWriter& json, const std::vector<GateChecked>& gates);

// The content of quality_metrics.json.
std::string quality_document(const RunState& state, const SecretSet& secrets);

}  // namespace headway
