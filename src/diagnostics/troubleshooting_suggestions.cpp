// TroubleshootingSuggestions: see include/headway/diagnostics.hpp.
#include "diagnostics/confidence.hpp"
#include "diagnostics/rule_suggestion.hpp"
#include "headway/diagnostics.hpp"

#include <algorithm>
#include <cstddef>

namespace headway {
namespace {

// Advice that is wrong as often as right helps nobody.
constexpr double kLeastConfidence = 0.5;

// The better first: causes before failures before consequences, then by confidence, then by line.
bool is_better(const RuleHit& a, const RuleHit& b) {
  if (a.rule->rank != b.rule->rank) {
    return a.rule->rank > b.rule->rank;
  }
  return confidence_of(*a.rule) > confidence_of(*b.rule);
}

}  // namespace

std::optional<Suggestion> TroubleshootingSuggestions::get_suggestion(std::string_view error) {
  RuleScan scan(RuleSet::built_in());
  for (std::int64_t number = 1; !error.empty(); ++number) {
    const std::size_t end = error.find('\n');
    std::string_view line = error.substr(0, end);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    scan.take(number, line);
    error.remove_prefix(end == std::string_view::npos ? error.size() : end + 1);
  }
  std::vector<RuleHit> hits = scan.hits();
  std::stable_sort(hits.begin(), hits.end(), is_better);
  const NamingPlaces places = NamingPlaces::here();
  for (const RuleHit& hit : hits) {
    auto suggestion = suggestion_of(hit, places);
    if (suggestion && suggestion->confidence >= kLeastConfidence) {
      return suggestion;
    }
  }
  return std::nullopt;
}

}  // namespace headway
