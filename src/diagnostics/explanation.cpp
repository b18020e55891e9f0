// Facts, then rules, then words: see the header.
#include "diagnostics/explanation.hpp"

#include "base/json_writer.hpp"
#include "diagnostics/category_choice.hpp"
#include "diagnostics/confidence.hpp"
#include "diagnostics/rule_suggestion.hpp"

#include <algorithm>
#include <utility>

namespace headway {
namespace {

using enum Signal;

// Which hit is believed, set by hand: fully where its line is surely part of the reason, and by
// this much where the model thinks nothing of the line. How sure the answer is does not come from
// here.
constexpr double kLeastLineShare = 0.35;
constexpr double kLineShareFull = 0.25;  // from this gain on a line counts fully
constexpr double kNotShownShare = 0.7;   // of what a line counts that is not in the excerpt
constexpr double kWordsConfidence = 0.45;
// Advice that is less sure than that helps nobody; of rules, what is wrong as often as right.
constexpr double kLeastConfidence = 0.25;
constexpr double kLeastRuleConfidence = 0.5;

double weight_of(const WeighedHit& hit) noexcept {
  const double share =
      kLeastLineShare + (1 - kLeastLineShare) * std::min(1.0, hit.gain / kLineShareFull);
  return hit.shown ? share : share * kNotShownShare;
}

LinePlace place_of(const WeighedHit& hit, const FailureExcerpt& excerpt) noexcept {
  return headway::place_of(hit.hit.line, hit.gain, excerpt.anchor_line, excerpt.lines);
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

// A suggestion and what it is ordered by.
struct Standing {
  Suggestion suggestion;
  double standing = 0;
  FailureCategory category = FailureCategory::unknown;  // of a rule's
};

// Whether a better one tells the same kind of failure from the same lines: several test runners and
// languages write alike.
bool is_told(const Standing& one, const std::vector<Standing>& better) {
  if (one.suggestion.source != "rule") {
    return false;
  }
  return std::any_of(better.begin(), better.end(), [&](const Standing& other) {
    const auto& lines = other.suggestion.evidence_lines;
    return other.suggestion.source == "rule" && other.category == one.category &&
           std::all_of(one.suggestion.evidence_lines.begin(),
                       one.suggestion.evidence_lines.end(),
                       [&](std::int64_t line) {
                         return std::find(lines.begin(), lines.end(), line) != lines.end();
                       });
  });
}

// A fact that is sure stands above all advice; of rules causes stand above what they bring about.
double standing_of(const Suggestion& suggestion) {
  const bool sure_fact = suggestion.source == "fact" && suggestion.confidence >= kWeakFact;
  return suggestion.confidence + (sure_fact ? 1 : 0);
}

// One suggestion a rule, with every line that it was found on: those beside the anchor first, and
// of them those that name the thing. A cause that names it stands above a fact that says the same.
void add_rule_suggestions(const FailureExcerpt& excerpt,
                          FailureCategory fact,
                          std::vector<Standing>& to) {
  constexpr std::size_t kMaxEvidence = 5;
  const NamingPlaces places = NamingPlaces::here();
  const auto share = [&](const WeighedHit* hit) { return share_of(place_of(*hit, excerpt)); };
  std::vector<const WeighedHit*> hits;
  for (const WeighedHit& hit : excerpt.hits) {
    hits.push_back(&hit);
  }
  std::stable_sort(hits.begin(), hits.end(), [&](const WeighedHit* a, const WeighedHit* b) {
    return std::pair(share(a), !a->hit.captures.empty()) >
           std::pair(share(b), !b->hit.captures.empty());
  });
  for (const WeighedHit* hit : hits) {
    const Rule& rule = *hit->hit.rule;
    const auto known = std::find_if(to.begin(), to.end(), [&](const Standing& other) {
      return other.suggestion.id == rule.id;
    });
    if (known != to.end()) {
      auto& lines = known->suggestion.evidence_lines;
      if (lines.size() < kMaxEvidence &&
          std::find(lines.begin(), lines.end(), hit->hit.line) == lines.end()) {
        lines.push_back(hit->hit.line);
      }
      continue;
    }
    auto suggestion = suggestion_of(hit->hit, places);
    if (suggestion && suggestion->confidence * share(hit) >= kLeastRuleConfidence) {
      suggestion->confidence *= share(hit);
      const bool names_fact = rule.category == fact && rule.rank == RuleRank::cause &&
                              fact != FailureCategory::unknown && !hit->hit.captures.empty();
      const double standing = suggestion->confidence * share_of(rule.rank) + (names_fact ? 2 : 0);
      to.push_back(
          {.suggestion = *std::move(suggestion), .standing = standing, .category = rule.category});
    }
  }
}

void add(Suggestion suggestion, std::vector<Standing>& to) {
  const double standing = standing_of(suggestion);
  to.push_back({.suggestion = std::move(suggestion),
                .standing = standing,
                .category = FailureCategory::unknown});
}

void add_difference(const FailureExcerpt& excerpt, std::vector<Standing>& to) {
  constexpr double kDifferenceConfidence = 0.4;  // set by hand: not measured
  if (excerpt.anchor_is_new) {
    add({.id = "diff.new_line",
         .text = "The last run that passed printed no such line: look at what changed since then.",
         .command = "",
         .source = "diff",
         .confidence = kDifferenceConfidence,
         .evidence_lines = {excerpt.anchor_line}},
        to);
  }
}

// The best first, without what helps nobody.
std::vector<Suggestion> best_of(std::vector<Standing> all) {
  std::stable_sort(all.begin(), all.end(), [](const Standing& a, const Standing& b) {
    return a.standing > b.standing;
  });
  std::vector<Standing> kept;
  for (Standing& one : all) {
    if (one.suggestion.confidence >= kLeastConfidence &&
        kept.size() < Explanation::kMaxSuggestions && !is_told(one, kept)) {
      kept.push_back(std::move(one));
    }
  }
  std::vector<Suggestion> best;
  for (Standing& one : kept) {
    best.push_back(std::move(one.suggestion));
  }
  return best;
}

CategoryChoice category_of(const FactFinding& fact, const FailureExcerpt& excerpt) {
  std::vector<CategoryEvidence> evidence;
  for (const WeighedHit& hit : excerpt.hits) {
    evidence.push_back({.rule = hit.hit.rule,
                        .line = hit.hit.line,
                        .weight = weight_of(hit),
                        .share = share_of(place_of(hit, excerpt))});
  }
  const bool names_kind = fact.category != FailureCategory::unknown;
  const CategoryChoice choice = choose_category(
      {.category = fact.category, .confidence = names_kind ? fact.confidence : 0}, evidence);
  return choice.category == FailureCategory::unknown ? guess_by_words(excerpt) : choice;
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
  std::vector<Standing> suggestions;
  const FactFinding fact = finding_of(explanation.facts);
  if (!fact.id.empty()) {
    add({.id = fact.id,
         .text = fact.text,
         .command = "",
         .source = "fact",
         .confidence = fact.confidence,
         .evidence_lines = {}},
        suggestions);
  }
  const CategoryChoice choice = category_of(fact, excerpt);
  explanation.category = choice.category;
  explanation.confidence = choice.confidence;
  add_rule_suggestions(excerpt, fact.category, suggestions);
  add_difference(excerpt, suggestions);
  for (Suggestion& seen : past) {
    add(std::move(seen), suggestions);
  }
  explanation.suggestions = best_of(std::move(suggestions));
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
