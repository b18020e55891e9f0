// A suggestion in words: see the header.
#include "diagnostics/rule_suggestion.hpp"

#include "diagnostics/confidence.hpp"

namespace headway {

std::optional<Suggestion> suggestion_of(const RuleHit& hit, const NamingPlaces& places) {
  const Rule& rule = *hit.rule;
  const NamedTexts texts = named_texts(hit, places);
  const auto text = fill_template(rule.text, texts, Quoting::none);
  if (!text || text->empty()) {
    return std::nullopt;
  }
  return Suggestion{.id = rule.id,
                    .text = *text,
                    .command = fill_template(rule.command, texts, Quoting::shell).value_or(""),
                    .source = "rule",
                    .confidence = confidence_of(rule),
                    .evidence_lines = {hit.line}};
}

}  // namespace headway
