// See model_advice.hpp.
#include "diagnostics/model_advice.hpp"

#include "base/signal_name.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace headway {
namespace {

std::string outcome_of(const FailureFacts& facts) {
  for (const std::string* why : {&facts.gate, &facts.hook, &facts.start}) {
    if (!why->empty()) {
      return *why;
    }
  }
  if (facts.timed_out) {
    return "its time was up";
  }
  if (facts.out_of_memory) {
    return "killed for want of memory";
  }
  if (facts.signal) {
    return "ended by " + signal_name(*facts.signal);
  }
  return facts.exit_code ? fmt::format("exit code {}", *facts.exit_code) : "it failed";
}

// The number in the log of each line of the question.
std::vector<std::int64_t> line_numbers(const Explanation& explanation) {
  std::vector<std::int64_t> numbers;
  for (const ExplainedLines& block : explanation.excerpt.blocks) {
    const std::int64_t lines = 1 + std::count(block.text.begin(), block.text.end(), '\n');
    for (std::int64_t line = 0; line < lines; ++line) {
      numbers.push_back(block.first + line);
    }
  }
  return numbers;
}

}  // namespace

ModelQuestion question_about(const Explanation& explanation) {
  ModelQuestion question;
  question.outcome = outcome_of(explanation.facts);
  question.category = to_string(explanation.category);
  for (const ExplainedLines& block : explanation.excerpt.blocks) {
    for (const std::string_view line : split(block.text, '\n')) {
      question.lines.emplace_back(line);
    }
  }
  return question;
}

Suggestion advice_of(const ModelAnswer& answer, std::string_view model, const Explanation& asked) {
  Suggestion advice{.id = fmt::format("model.{}", model),
                    .text = answer.text,
                    .command = answer.command,
                    .source = "model",
                    .confidence = kModelConfidence};
  const std::vector<std::int64_t> numbers = line_numbers(asked);
  for (const std::size_t line : answer.quoted) {
    if (line < numbers.size()) {
      advice.evidence_lines.push_back(numbers[line]);
    }
  }
  std::sort(advice.evidence_lines.begin(), advice.evidence_lines.end());
  return advice;
}

}  // namespace headway
