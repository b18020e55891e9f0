// Facts, then rules: see the header.
#include "diagnostics/category_choice.hpp"

#include "diagnostics/confidence.hpp"

#include <algorithm>
#include <iterator>

namespace headway {
namespace {

using enum FailureCategory;

// A later line must be this much better to win.
constexpr double kLaterMustBeBetter = 1.1;

double score_of(const CategoryEvidence& one) noexcept {
  return confidence_of(*one.rule) * share_of(one.rule->rank) * one.weight;
}

// Whether a rule of category `told` says more exactly what the fact `fact` is.
bool refines(FailureCategory told, FailureCategory fact) noexcept {
  switch (fact) {
    case killed:
      return told == oom || told == timeout || told == resource_limit;
    case crash:
      return told == oom || told == resource_limit || told == test_failure || told == port_in_use;
    case missing_command:
      return told == link_error || told == missing_dependency;
    case permission:
      return told == missing_command || told == read_only_fs || told == resource_limit;
    case unknown:
      return true;
    default:
      return false;
  }
}

}  // namespace

double share_of(RuleRank rank) noexcept {
  switch (rank) {
    case RuleRank::cause:
      return 1.0;
    case RuleRank::failure:
      return 0.85;
    case RuleRank::consequence:
      return 0.4;
  }
  return 0.4;
}

CategoryChoice choose_by_rules(const std::vector<CategoryEvidence>& evidence) {
  std::vector<CategoryEvidence> by_line = evidence;
  std::stable_sort(
      by_line.begin(), by_line.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  CategoryChoice best;
  double best_score = 0;
  std::int64_t best_line = 0;
  for (const CategoryEvidence& one : by_line) {
    const double score = score_of(one);
    if (score > best_score * (one.line == best_line ? 1 : kLaterMustBeBetter)) {
      best_score = score;
      best_line = one.line;
      best = {
          .category = one.rule->category,
          .confidence = confidence_of(*one.rule) * one.share *
                        (one.rule->rank == RuleRank::consequence ? share_of(one.rule->rank) : 1)};
    }
  }
  return best;
}

CategoryChoice choose_category(const CategoryChoice& fact,
                               const std::vector<CategoryEvidence>& evidence) {
  if (fact.confidence < kWeakFact) {
    const CategoryChoice by_rules = choose_by_rules(evidence);
    return by_rules.confidence > fact.confidence ? by_rules : fact;
  }
  std::vector<CategoryEvidence> refining;
  std::copy_if(evidence.begin(),
               evidence.end(),
               std::back_inserter(refining),
               [&fact](const CategoryEvidence& one) {
                 return one.rule->rank != RuleRank::consequence &&
                        refines(one.rule->category, fact.category);
               });
  const CategoryChoice refined = choose_by_rules(refining);
  constexpr double kRefinesFrom = 0.5;
  if (refined.confidence >= kRefinesFrom) {
    return refined;
  }
  const CategoryChoice told = choose_by_rules(evidence);
  const bool agree = told.category == fact.category && told.confidence > fact.confidence;
  return agree ? told : fact;
}

}  // namespace headway
