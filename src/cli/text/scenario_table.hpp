// The answers of `headway simulate`: for people and as JSON. Asks nothing.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "timing/what_if.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway::cli {

// One scenario and its answer.
struct Scenario {
  int jobs = 1;
  bool is_automatic = false;      // `jobs` is what -j auto means here
  std::int64_t memory_bytes = 0;  // 0: not limited
  WhatIfAnswer answer;
  Nanos now{};  // expected without the changes asked about
};

// All of them, and what they are about.
struct ScenarioTable {
  std::string title;  // "demo, lane full" or the trace's name
  std::string lane;   // empty: a trace
  int stages = 0;
  bool is_exact = false;         // the durations are a trace's own
  bool compares_memory = false;  // the scenarios differ in memory
  bool is_changed = false;       // some stage faster, or a need dropped
  int unknown_stages = 0;        // that history has never seen
  int usable_cpus = 0;           // of this machine; 0: of no matter
  std::vector<std::pair<std::string, double>> faster;
  std::vector<std::string> without_need;
  std::vector<Scenario> scenarios;
  Nanos critical_path{};
  std::vector<std::string> critical_stages;

  bool knows_times() const { return !scenarios.empty() && scenarios.front().answer.confidence > 0; }
};

// The document of `simulate --json`.
std::string scenario_document(const ScenarioTable& table, const SecretSet& secrets);
// The same for people. `width` 0: no limit.
std::string scenario_text(const ScenarioTable& table, const Paint& paint, int width);

}  // namespace headway::cli
