// See check.hpp: the list, and what is done with it.
#include "diagnostics/check.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headway {
namespace {

int rank(CheckStatus status) {
  switch (status) {
    case CheckStatus::fail:
      return 0;
    case CheckStatus::warn:
      return 1;
    case CheckStatus::unknown:
      return 2;
    case CheckStatus::info:
      return 3;
    case CheckStatus::ok:
      return 4;
  }
  return 4;
}

// "tool.git" is one of "tool.*".
bool is_meant(std::string_view id, std::string_view asked) {
  if (!id.ends_with(".*")) {
    return id == asked;
  }
  id.remove_suffix(1);
  return asked.starts_with(id) && asked.size() > id.size();
}

}  // namespace

int DoctorFacts::jobs() const noexcept {
  if (needs.jobs > 0) {
    return needs.jobs;
  }
  return sample ? std::max(1, static_cast<int>(std::lround(sample->usable_cpus))) : 1;
}

std::string_view to_string(CheckStatus status) noexcept {
  switch (status) {
    case CheckStatus::ok:
      return "ok";
    case CheckStatus::info:
      return "info";
    case CheckStatus::warn:
      return "warn";
    case CheckStatus::fail:
      return "fail";
    case CheckStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

const std::vector<Check>& all_checks() {
  static const std::vector<Check> all = [] {
    std::vector<Check> checks;
    for (const auto& subject : {state_checks,
                                cpu_checks,
                                memory_checks,
                                limit_checks,
                                disk_checks,
                                system_checks,
                                tool_checks,
                                hook_checks,
                                script_checks,
                                git_checks,
                                environment_checks}) {
      const std::vector<Check> some = subject();
      checks.insert(checks.end(), some.begin(), some.end());
    }
    return checks;
  }();
  return all;
}

std::vector<CheckResult> run_checks(const DoctorFacts& facts) {
  std::vector<CheckResult> results;
  for (const Check& check : all_checks()) {
    std::vector<CheckResult> found = check.judge(facts);
    results.insert(results.end(),
                   std::make_move_iterator(found.begin()),
                   std::make_move_iterator(found.end()));
  }
  std::stable_sort(results.begin(), results.end(), [](const CheckResult& a, const CheckResult& b) {
    return rank(a.status) < rank(b.status);
  });
  return results;
}

std::vector<CheckResult> run_check(std::string_view id, const DoctorFacts& facts) {
  for (const Check& check : all_checks()) {
    if (is_meant(check.id, id)) {
      std::vector<CheckResult> found = check.judge(facts);
      std::erase_if(found, [id](const CheckResult& result) { return result.id != id; });
      return found;
    }
  }
  return {};
}

bool has_failure(const std::vector<CheckResult>& results) {
  return std::any_of(results.begin(), results.end(), [](const CheckResult& result) {
    return result.status == CheckStatus::fail;
  });
}

void write_checks(JsonWriter& json, const std::vector<CheckResult>& results) {
  json.begin_array();
  for (const CheckResult& result : results) {
    json.begin_object()
        .field("id", result.id)
        .field_token("status", to_string(result.status))
        .field("value", result.value)
        .field("source", result.source)
        .field("why", result.why)
        .field("fix", result.fix)
        .end_object();
  }
  json.end_array();
}

}  // namespace headway
