// Facts, then rules, then words: see the header.
#include "diagnostics/explanation.hpp"

#include "base/json_writer.hpp"
#include "diagnostics/category_choice.hpp"
#include "diagnostics/rule_suggestion.hpp"

#include <algorithm>
#include <utility>

namespace headway {
namespace {

using enum Signal;

// A rule's hit counts fully where its line is surely part of the reason, and by this much where the
// model thinks nothing of the line.
constexpr double kLeastLineShare = 0.35;
constexpr double kLineShareFull = 0.25;  // from this gain on a line counts fully
constexpr double kNotShownShare = 0.7;   // of what a line counts that is not in the excerpt
constexpr double kWordsConfidence = 0.45;
// Advice that is less sure than that helps nobody.
constexpr double kLeastConfidence = 0.25;

double weight_of(const WeighedHit& hit) noexcept {
  const double share =
      kLeastLineShare + (1 - kLeastLineShare) * std::min(1.0, hit.gain / kLineShareFull);
  return hit.shown ? share : share * kNotShownShare;
}

// What the words of the chosen lines look like. The first that fits holds.
CategoryChoice guess_by_words(const FailureExcerpt& excerpt) {
  const SignalMask near = excerpt.block_signals;
  const auto is = [near](SignalMask any) { return (near & any) != 0; };
  const bool located_error = is(mask_of(located)) && is(mask_of(error_head));
  if (is(mask_of(test_failed, fail_list)) && is(mask_of(assertion, numbered, frame))) {
    return {.category = FailureCategory::test_failure, .confidence = kWordsConfidence};
  }
  if (is(mask_of(lint_code)) && is(mask_of(located)) && !is(mask_of(error_head))) {
    return {.category = FailureCategory::lint, .confidence = kWordsConfidence};
  }
  if (located_error && is(mask_of(caret, source))) {
    return {.category = FailureCategory::compile_error, .confidence = kWordsConfidence};
  }
  if (is(mask_of(test_failed, assertion)) && is(mask_of(bad_summary, frame))) {
    return {.category = FailureCategory::test_failure, .confidence = kWordsConfidence / 2};
  }
  return {};
}

// The surest hits first: one suggestion a rule, with every line that it was found on.
void add_rule_suggestions(const std::vector<WeighedHit>& hits, std::vector<Suggestion>& to) {
  constexpr std::size_t kMaxEvidence = 5;
  const NamingPlaces places = NamingPlaces::here();
  for (const WeighedHit& hit : hits) {
    const std::string& id = hit.hit.rule->id;
    const auto known =
        std::find_if(to.begin(), to.end(), [&](const Suggestion& other) { return other.id == id; });
    if (known != to.end()) {
      auto& lines = known->evidence_lines;
      if (lines.size() < kMaxEvidence &&
          std::find(lines.begin(), lines.end(), hit.hit.line) == lines.end()) {
        lines.push_back(hit.hit.line);
      }
      continue;
    }
    auto suggestion = suggestion_of(hit.hit, places);
    if (suggestion) {
      suggestion->confidence *= weight_of(hit);
      to.push_back(std::move(*suggestion));
    }
  }
}

// A fact that is sure stands above all advice; else the surest goes first.
double standing(const Suggestion& suggestion) {
  const bool sure_fact = suggestion.source == "fact" && suggestion.confidence >= kWeakFact;
  return suggestion.confidence + (sure_fact ? 1 : 0);
}

void add_difference(const FailureExcerpt& excerpt, std::vector<Suggestion>& to) {
  constexpr double kDifferenceConfidence = 0.4;
  if (excerpt.anchor_is_new) {
    to.push_back({.id = "diff.new_line",
                  .text = "The last run that passed printed no such line: look at what changed "
                          "since then.",
                  .command = "",
                  .source = "diff",
                  .confidence = kDifferenceConfidence,
                  .evidence_lines = {excerpt.anchor_line}});
  }
}

void write_facts(JsonWriter& json, const FailureFacts& facts) {
  json.key("facts").begin_object();
  if (facts.exit_code) {
    json.field("exit_code", *facts.exit_code);
  }
  if (facts.signal) {
    json.field("signal", *facts.signal);
  }
  if (facts.timed_out) {
    json.field("timed_out", true);
  }
  if (facts.out_of_memory) {
    json.field("oom", true);
  }
  if (facts.disk_free_bytes) {
    json.field("disk_free_bytes", *facts.disk_free_bytes);
  }
  json.end_object();
}

}  // namespace

Explanation explain(FailureFacts facts, FailureExcerpt excerpt, std::vector<Suggestion> past) {
  Explanation explanation;
  explanation.facts = std::move(facts);
  if (is_green(explanation.facts)) {
    return explanation;
  }
  const FactFinding fact = finding_of(explanation.facts);
  if (!fact.id.empty()) {
    explanation.suggestions.push_back({.id = fact.id,
                                       .text = fact.text,
                                       .command = "",
                                       .source = "fact",
                                       .confidence = fact.confidence,
                                       .evidence_lines = {}});
  }
  std::vector<CategoryEvidence> evidence;
  for (const WeighedHit& hit : excerpt.hits) {
    evidence.push_back({.rule = hit.hit.rule, .line = hit.hit.line, .weight = weight_of(hit)});
  }
  const bool names_kind = fact.category != FailureCategory::unknown;
  CategoryChoice choice = choose_category(
      {.category = fact.category, .confidence = names_kind ? fact.confidence : 0}, evidence);
  if (choice.category == FailureCategory::unknown) {
    choice = guess_by_words(excerpt);
  }
  explanation.category = choice.category;
  explanation.confidence = choice.confidence;
  add_rule_suggestions(excerpt.hits, explanation.suggestions);
  add_difference(excerpt, explanation.suggestions);
  explanation.suggestions.insert(explanation.suggestions.end(), past.begin(), past.end());
  std::stable_sort(
      explanation.suggestions.begin(),
      explanation.suggestions.end(),
      [](const Suggestion& a, const Suggestion& b) { return standing(a) > standing(b); });
  std::erase_if(explanation.suggestions,
                [](const Suggestion& one) { return one.confidence < kLeastConfidence; });
  if (explanation.suggestions.size() > Explanation::kMaxSuggestions) {
    explanation.suggestions.resize(Explanation::kMaxSuggestions);
  }
  explanation.excerpt = std::move(excerpt);
  return explanation;
}

FailureExplained told(const Explanation& explanation) {
  FailureExplained explained;
  explained.category = to_string(explanation.category);
  explained.confidence = explanation.confidence;
  explained.lines = explanation.excerpt.lines;
  explained.anchor_line = explanation.excerpt.anchor_line;
  explained.excerpt = explanation.excerpt.blocks;
  for (const Suggestion& suggestion : explanation.suggestions) {
    explained.suggestions.push_back({.id = suggestion.id,
                                     .text = suggestion.text,
                                     .command = suggestion.command,
                                     .source = suggestion.source,
                                     .confidence = suggestion.confidence,
                                     .evidence_lines = suggestion.evidence_lines});
  }
  return explained;
}

std::string explanation_document(const Explanation& explanation) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1);
  write_explained(json, told(explanation));
  write_facts(json, explanation.facts);
  json.end_object();
  return text;
}

}  // namespace headway
