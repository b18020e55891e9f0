// Which category a failure is of, from facts and from the hits of rules. Pure; knows no log.
#pragma once

#include "diagnostics/failure_category.hpp"
#include "diagnostics/rule.hpp"

#include <cstdint>
#include <vector>

namespace headway {

// A category and how sure it is, 0 to 1. unknown and 0: nothing says why.
struct CategoryChoice {
  FailureCategory category = FailureCategory::unknown;
  double confidence = 0;
};

// A rule that hit, and how much its line counts.
struct CategoryEvidence {
  const Rule* rule = nullptr;
  std::int64_t line = 0;
  double weight = 1;  // 0 to 1: how much the line counts when it comes to choosing
  double share = 1;   // 0 to 1: of the rule's confidence (line_share())
};

// How much a rank counts when it comes to choosing: a cause explains what failures and consequences
// only report. Set by hand.
double share_of(RuleRank rank) noexcept;

// What the rules alone say. A hit counts by its rule's confidence, its rank and its weight; what is
// nearly as good and stands earlier wins, since the first error brings the later ones. The
// confidence is the rule's own by its line's share, of a consequence by that of its rank as well: a
// wrapper tells that something failed, not what. (That product is not measured.)
CategoryChoice choose_by_rules(const std::vector<CategoryEvidence>& evidence);

// What facts and rules say together. `fact` is what exit code, signal, limits and disk say, unknown
// where they say nothing. A fact holds against every rule but those that tell more exactly what it
// is: a process that was killed may have been so for memory or time, an abort may come from an
// allocation, exit codes 126 and 127 come from missing libraries and interpreters as well. A fact
// below kWeakFact gives way to any rule that is surer. Where both say the same, the surer holds.
inline constexpr double kWeakFact = 0.6;
CategoryChoice choose_category(const CategoryChoice& fact,
                               const std::vector<CategoryEvidence>& evidence);

}  // namespace headway
