// FailureExcerpt: the part of a log that tells why it failed. Puts together the reading of the log,
// the model and the choice of blocks; knows no cause and no words for it.
#pragma once

#include "diagnostics/line_signals.hpp"
#include "diagnostics/log_difference.hpp"
#include "diagnostics/log_source.hpp"
#include "diagnostics/rule_set.hpp"
#include "headway/result.hpp"
#include "model/failure_explained.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// A rule that recognised a line, and how likely that line is part of the reason.
struct WeighedHit {
  RuleHit hit;
  double gain = 0;  // as the model says, about 0..1
  bool shown = false;
};

// What is to be found, and with what.
struct ExcerptOptions {
  std::size_t max_lines = 30;
  const LogDifference* passing = nullptr;  // of the last run that passed; null: not known
  const RuleSet* rules = nullptr;          // null: no rules are asked
};

// The best blocks first; empty where the log is.
struct FailureExcerpt {
  std::vector<ExplainedLines> blocks;  // as a terminal would show them
  std::int64_t anchor_line = 0;        // the line that says most; 0: none
  double anchor_gain = 0;              // about 0..1
  SignalMask anchor_signals = 0;
  SignalMask block_signals = 0;  // of all lines of the first block
  std::vector<WeighedHit> hits;  // of the rules, the most likely first
  // Of the lines shown that are not blank, ascending, each once (LineRecord::kind).
  std::vector<std::uint32_t> kinds;
  std::int64_t lines = 0;      // of the log
  bool anchor_is_new = false;  // the log that passed has no such line
};

// Reads the log once, then the chosen lines again. Time: linear; memory: bounded, whatever the log.
// Error: io.
Result<FailureExcerpt> find_failing_part(LogSource& log, const ExcerptOptions& options);

}  // namespace headway
