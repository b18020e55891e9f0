// An explanation in words: see the header.
#include "cli/text/explanation_text.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/terminal/text_layout.hpp"
#include "diagnostics/confidence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway::cli {
namespace {

std::string words_of(std::string words) {
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string_view how_sure(double confidence) noexcept {
  if (confidence >= 0.9) {
    return "almost certain";
  }
  if (confidence >= 0.7) {
    return "likely";
  }
  return confidence >= 0.4 ? "possible" : "a guess";
}

std::string source_words(const ExplainedAdvice& suggestion) {
  constexpr std::string_view kModel = "model.";
  if (suggestion.source == "rule") {
    return "rule " + printable(suggestion.id);
  }
  if (suggestion.source == "fact") {
    return "from how it ended";
  }
  if (suggestion.source == "model") {
    const bool has_name = suggestion.id.starts_with(kModel);
    return "language model " + printable(has_name ? suggestion.id.substr(kModel.size()) : "");
  }
  return suggestion.source == "diff" ? "difference to the last green run" : "earlier failures here";
}

// "likely (75 %)". What a model says nobody has measured: a number would only look like one.
std::string sureness(const ExplainedAdvice& suggestion) {
  return suggestion.source == "model"
             ? fmt::format("{}, not measured", how_sure(suggestion.confidence))
             : fmt::format(
                   "{} ({:.0f} %)", how_sure(suggestion.confidence), 100 * suggestion.confidence);
}

std::string evidence_text(const std::vector<std::int64_t>& lines) {
  std::vector<std::string> numbers;
  for (const std::int64_t line : lines) {
    numbers.push_back(std::to_string(line));
  }
  return numbers.empty() ? "" : fmt::format(", line {}", join(numbers, ", "));
}

}  // namespace

std::string excerpt_text(const FailureExplained& explained, const ExplanationLook& look) {
  std::vector<const ExplainedLines*> blocks;
  for (const ExplainedLines& block : explained.excerpt) {
    blocks.push_back(&block);
  }
  std::sort(blocks.begin(), blocks.end(), [](const ExplainedLines* a, const ExplainedLines* b) {
    return a->first < b->first;
  });
  std::string text;
  const int digits = static_cast<int>(std::to_string(explained.lines).size());
  for (const ExplainedLines* block : blocks) {
    text +=
        text.empty() ? "" : fmt::format("  {}\n", look.paint(Tone::dim, pad_left("...", digits)));
    std::int64_t number = block->first;
    for (const std::string_view line : split(block->text, '\n')) {
      const bool anchor = number == explained.anchor_line;
      std::string shown =
          fmt::format("{} {} | {}",
                      anchor ? ">" : " ",
                      look.paint(Tone::dim, pad_left(std::to_string(number), digits)),
                      output_line(line));
      shown = look.width > 0 ? cut_to_width(shown, look.width) : shown;
      text += shown.substr(0, shown.find_last_not_of(' ') + 1) + "\n";
      ++number;
    }
  }
  return text;
}

std::string failure_cause_text(const FailureExplained& explained, const ExplanationLook& look) {
  if (explained.category == "unknown") {
    return fmt::format("cause: {}\n", look.paint(Tone::strong, "unknown"));
  }
  return fmt::format("cause: {} ({}, {:.0f} %)\n",
                     look.paint(Tone::strong, printable(words_of(explained.category))),
                     how_sure(explained.confidence),
                     100 * explained.confidence);
}

std::string explained_text(const FailureExplained& explained, const ExplanationLook& look) {
  std::string text = explained.excerpt.empty() ? fmt::format("  {}\n", look.no_lines)
                                               : excerpt_text(explained, look);
  text += "\n" + failure_cause_text(explained, look);
  if (!explained.suggestions.empty()) {
    text += "\nwhat to try:\n";
    for (const ExplainedAdvice& suggestion : explained.suggestions) {
      text += advice_text(suggestion, look);
    }
  }
  return text;
}

std::string advice_text(const ExplainedAdvice& advice, const ExplanationLook& look) {
  const bool is_unchecked = advice.source == "model" && !advice.command.empty();
  const std::string source =
      fmt::format("{}, {}{}{}",
                  sureness(advice),
                  source_words(advice),
                  evidence_text(advice.evidence_lines),
                  is_unchecked ? "; read the command before you use it" : "");
  std::string text = fmt::format("- {}\n", printable(advice.text));
  if (!advice.command.empty()) {
    text += fmt::format("    {}\n", look.paint(Tone::strong, printable(advice.command)));
  }
  return text + fmt::format("  {}\n", look.paint(Tone::dim, source));
}

std::string rule_document(const Rule& rule) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field("id", rule.id);
  json.field_token("category", to_string(rule.category)).field_token("rank", to_string(rule.rank));
  json.field("text", rule.text).field("command", rule.command);
  json.key("patterns").begin_array();
  for (const std::string& pattern : rule.patterns) {
    json.string(pattern);
  }
  json.end_array().field("confidence", confidence_of(rule)).field("file", rule.file).end_object();
  return text;
}

}  // namespace headway::cli
