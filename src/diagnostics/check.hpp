// Check: one thing that doctor looks at before a run, hooks among them, and what was found. The
// list of them all. Gathers nothing.
#pragma once

#include "base/json_writer.hpp"
#include "diagnostics/doctor_facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// How a thing stands. `fail` only where this workflow needs what is not there; `unknown` where it
// could not be looked at in time, or at all.
enum class CheckStatus { ok, info, warn, fail, unknown };

std::string_view to_string(CheckStatus status) noexcept;

// What a check found. Texts are for people.
struct CheckResult {
  std::string id;  // "memory.limit", "tool.git"
  CheckStatus status = CheckStatus::ok;
  std::string value;   // what was found
  std::string source;  // where it was read
  std::string why;     // why it matters to this workflow
  std::string fix;     // what to do; empty where there is nothing to do
};

// One check. One whose id ends in ".*" gives one result for each
// thing there is ("tool.*": "tool.git", "tool.cmake").
struct Check {
  std::string_view id;
  std::string_view about;                                 // for the reference
  std::vector<CheckResult> (*judge)(const DoctorFacts&);  // pure; empty: does not apply here
};

// Every check, by subject, in the order of the reference (docs/reference/checks.md).
const std::vector<Check>& all_checks();
// What all of them find: failures first, then warnings, what is unknown, notes and what is well.
std::vector<CheckResult> run_checks(const DoctorFacts& facts);
// What the check of that id finds ("disk.workspace", "tool.git"); empty where there is none, or it
// does not apply here.
std::vector<CheckResult> run_check(std::string_view id, const DoctorFacts& facts);

bool has_failure(const std::vector<CheckResult>& results);
// The array "checks" of `doctor --json`.
void write_checks(JsonWriter& json, const std::vector<CheckResult>& results);

// The checks of each subject; all_checks() puts them together.
std::vector<Check> cpu_checks();
std::vector<Check> memory_checks();
std::vector<Check> limit_checks();
std::vector<Check> disk_checks();
std::vector<Check> system_checks();
std::vector<Check> tool_checks();
std::vector<Check> hook_checks();
std::vector<Check> git_checks();
std::vector<Check> script_checks();
std::vector<Check> state_checks();
std::vector<Check> environment_checks();

}  // namespace headway
