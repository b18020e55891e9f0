// Cutting blocks down: see the header.
#include "cli/text/explanation_brief.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace headway::cli {
namespace {

// Lines from first to last.
struct Range {
  std::int64_t first = 0, last = 0;
};

std::vector<Range> wanted_lines(const FailureExplained& explained) {
  const std::int64_t anchor = explained.anchor_line;
  std::vector<Range> wanted{{anchor - kBriefBefore, anchor + kBriefAfter}};
  for (const ExplainedAdvice& advice : explained.suggestions) {
    if (!advice.evidence_lines.empty()) {
      const std::int64_t line = advice.evidence_lines.front();
      wanted.push_back({line - kBriefBeside, line + kBriefBeside});
    }
  }
  return wanted;
}

// The wanted parts of a block, with what lies between them gone.
void cut(const ExplainedLines& block,
         const std::vector<Range>& wanted,
         std::vector<ExplainedLines>& to) {
  std::int64_t number = block.first;
  bool goes_on = false;
  for (const std::string_view line : split(block.text, '\n')) {
    const bool is_wanted = std::any_of(wanted.begin(), wanted.end(), [number](const Range& range) {
      return number >= range.first && number <= range.last;
    });
    if (is_wanted && goes_on) {
      to.back().text.append("\n").append(line);
      to.back().last = number;
    } else if (is_wanted) {
      to.push_back({.first = number, .last = number, .text = std::string(line)});
    }
    goes_on = is_wanted;
    ++number;
  }
}

std::int64_t count_lines(const std::vector<ExplainedLines>& blocks) {
  std::int64_t lines = 0;
  for (const ExplainedLines& block : blocks) {
    lines += block.last - block.first + 1;
  }
  return lines;
}

}  // namespace

BriefExplanation brief_of(FailureExplained explained) {
  if (explained.confidence < kBriefFrom || explained.anchor_line == 0) {
    return {std::move(explained), 0};
  }
  const auto wanted = wanted_lines(explained);
  std::vector<ExplainedLines> kept;
  for (const ExplainedLines& block : explained.excerpt) {
    cut(block, wanted, kept);
  }
  const std::int64_t left_out = count_lines(explained.excerpt) - count_lines(kept);
  explained.excerpt = std::move(kept);
  return {std::move(explained), left_out};
}

}  // namespace headway::cli
