// A rule's confidence: see the header.
#include "diagnostics/rule.hpp"

namespace headway {

std::string_view to_string(RuleRank rank) noexcept {
  switch (rank) {
    case RuleRank::consequence:
      return "consequence";
    case RuleRank::failure:
      return "failure";
    case RuleRank::cause:
      return "cause";
  }
  return "failure";
}

double confidence_of(const Rule& rule) noexcept {
  const auto tests = static_cast<int>(rule.matching.size());
  const RulePrecision counted =
      rule.precision.of > 0 ? rule.precision : RulePrecision{.right = tests, .of = tests};
  return (counted.right + 1.0) / (counted.of + 2.0);
}

}  // namespace headway
