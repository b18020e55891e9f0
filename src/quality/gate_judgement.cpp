// See gate_judgement.hpp.
#include "quality/gate_judgement.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr std::size_t kMaxTold = 3;

GateResult judge(std::string_view gate,
                 const MetricThreshold& asked,
                 const std::vector<MetricValue>& metrics) {
  GateResult result{std::string(gate), asked.first, std::nullopt, to_string(asked.second)};
  const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const MetricValue& metric) {
    return metric.name == asked.first;
  });
  if (found == metrics.end()) {
    result.reason = "the report does not have it";
  } else if (!found->value) {
    result.reason = found->reason;
  } else {
    result.value = found->value;
    result.passed = asked.second.holds(*found->value);
    if (!result.passed) {
      result.reason = fmt::format("is {}, not {}", metric_text(*result.value), result.threshold);
    }
  }
  return result;
}

}  // namespace

std::vector<GateResult> judge_metrics(std::string_view gate,
                                      const std::vector<MetricValue>& metrics,
                                      const std::vector<MetricThreshold>& thresholds,
                                      bool wants_all) {
  std::vector<GateResult> results;
  for (const MetricThreshold& asked : thresholds) {
    results.push_back(judge(gate, asked, metrics));
  }
  for (const MetricValue& metric : metrics) {
    const bool is_asked =
        std::any_of(thresholds.begin(), thresholds.end(), [&](const MetricThreshold& asked) {
          return asked.first == metric.name;
        });
    if (!is_asked && (metric.value || wants_all)) {
      results.push_back({std::string(gate),
                         metric.name,
                         metric.value,
                         "",
                         metric.value.has_value(),
                         metric.reason});
    }
  }
  return results;
}

std::vector<GateResult> judge_missing(std::string_view gate,
                                      std::string_view reason,
                                      const std::vector<MetricThreshold>& thresholds) {
  std::vector<GateResult> results;
  for (const auto& [metric, threshold] : thresholds) {
    results.push_back({std::string(gate),
                       metric,
                       std::nullopt,
                       to_string(threshold),
                       false,
                       std::string(reason)});
  }
  if (results.empty()) {
    results.push_back({std::string(gate), "", std::nullopt, "", false, std::string(reason)});
  }
  return results;
}

std::string failure_text(const GateResult& result) {
  if (result.value) {
    return fmt::format("{}.{} {}", result.gate, result.metric, result.reason);
  }
  return result.metric.empty()
             ? fmt::format("{}: {}", result.gate, result.reason)
             : fmt::format("{}.{}: {}", result.gate, result.metric, result.reason);
}

std::string failure_text(const std::vector<GateResult>& results) {
  std::string text;
  std::size_t told = 0, failed = 0;
  const GateResult* before = nullptr;
  for (const GateResult& result : results) {
    if (result.passed) {
      continue;
    }
    // One report that is missing fails every metric of it: said once.
    const bool is_same = before != nullptr && !result.value && !before->value &&
                         before->gate == result.gate && before->reason == result.reason;
    before = &result;
    if (is_same) {
      continue;
    }
    ++failed;
    if (told < kMaxTold) {
      text += fmt::format("{}{}", told == 0 ? "" : "; ", failure_text(result));
      ++told;
    }
  }
  return failed > told ? fmt::format("{}; and {} more", text, failed - told) : text;
}

bool all_passed(const std::vector<GateResult>& results) noexcept {
  return std::all_of(
      results.begin(), results.end(), [](const GateResult& result) { return result.passed; });
}

}  // namespace headway
