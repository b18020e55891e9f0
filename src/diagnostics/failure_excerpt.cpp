// From the bytes of a log to the lines worth showing: see the header.
#include "diagnostics/failure_excerpt.hpp"

#include "base/text.hpp"
#include "diagnostics/excerpt_choice.hpp"
#include "diagnostics/excerpt_model.hpp"
#include "diagnostics/line_features.hpp"
#include "diagnostics/log_digest.hpp"
#include "diagnostics/log_scanner.hpp"

#include <algorithm>
#include <utility>

namespace headway {
namespace {

// A line that a run which passed printed as well says little.
constexpr double kKnownLineShare = 0.1;
// So many of the best lines are shown to the rules.
constexpr std::size_t kRuledLines = 1500;

// What is known of a log after it was read.
struct ReadLog {
  const LogSource* source = nullptr;
  std::vector<LineRecord> records;
  std::vector<double> gains;  // of each record; 0: not asked
  std::int64_t lines = 0;
};

std::vector<double> gains_of(const std::vector<LineRecord>& records,
                             const LogDigest& digest,
                             const LogDifference* passing) {
  std::vector<double> gains(records.size(), 0.0);
  const LineFeatures features(records, digest.kinds(), digest.lines());
  for (std::size_t at = 0; at < records.size(); ++at) {
    if (!features.is_candidate(at)) {
      continue;
    }
    gains[at] = excerpt_model().probability(features.of(at), features.prior(at));
    if (passing != nullptr && passing->is_known(records[at])) {
      gains[at] *= kKnownLineShare;
    }
  }
  return gains;
}

Result<ReadLog> read_log(LogSource& log, const LogDifference* passing) {
  LogDigest digest;
  LogScanner scanner;
  const auto take = [&](const LogLine& line, const RawRange& raw) { digest.add(line, raw); };
  if (auto read = log.read_all([&](std::string_view bytes) { scanner.feed(bytes, take); }); !read) {
    return std::move(read).error();
  }
  scanner.finish(take);
  ReadLog result{
      .source = &log, .records = digest.take_records(), .gains = {}, .lines = scanner.lines()};
  result.gains = gains_of(result.records, digest, passing);
  return result;
}

// The cleaned text of a line, read again.
std::string text_of(const LogSource& log, const LineRecord& record) {
  std::string buffer;
  return std::string(clean_line(log.read_at(record.offset, record.raw_length), buffer));
}

bool is_shown(const std::vector<LineBlock>& blocks, std::size_t number) {
  return std::any_of(blocks.begin(), blocks.end(), [number](const LineBlock& block) {
    return number >= block.first && number <= block.last;
  });
}

// What the rules say of the best lines, in the order of the log.
std::vector<WeighedHit> ask_rules(const LogSource& log,
                                  const ReadLog& read,
                                  const std::vector<LineBlock>& blocks,
                                  const RuleSet& rules) {
  std::vector<std::size_t> best;
  for (std::size_t at = 0; at < read.records.size(); ++at) {
    if (read.gains[at] > 0 && !read.records[at].blank()) {
      best.push_back(at);
    }
  }
  if (best.size() > kRuledLines) {
    std::nth_element(
        best.begin(), best.begin() + kRuledLines, best.end(), [&](std::size_t a, std::size_t b) {
          return read.gains[a] > read.gains[b];
        });
    best.resize(kRuledLines);
    std::sort(best.begin(), best.end());
  }
  RuleScan scan(rules);
  std::vector<WeighedHit> hits;
  for (const std::size_t at : best) {
    const LineRecord& record = read.records[at];
    const std::size_t before = scan.hits().size();
    if (!scan.take(record.number, text_of(log, record))) {
      continue;
    }
    for (std::size_t hit = before; hit < scan.hits().size(); ++hit) {
      hits.push_back({.hit = scan.hits()[hit],
                      .gain = read.gains[at],
                      .shown = is_shown(blocks, record.number)});
    }
  }
  std::stable_sort(hits.begin(), hits.end(), [](const WeighedHit& a, const WeighedHit& b) {
    return std::pair(a.shown, a.gain) > std::pair(b.shown, b.gain);
  });
  return hits;
}

// A chosen block with its text.
ExplainedLines block_of(const LogSource& log,
                        const std::vector<LineRecord>& records,
                        const LineBlock& chosen) {
  ExplainedLines block{.first = static_cast<std::int64_t>(chosen.first),
                       .last = static_cast<std::int64_t>(chosen.last),
                       .text = {}};
  auto record = std::lower_bound(
      records.begin(), records.end(), chosen.first, [](const LineRecord& a, std::size_t number) {
        return a.number < number;
      });
  for (; record != records.end() && record->number <= chosen.last; ++record) {
    block.text += (block.text.empty() && record->number == chosen.first ? "" : "\n");
    block.text += to_valid_utf8(text_of(log, *record));
  }
  return block;
}

// A line that only shows where, beside another that says what: a frame, a drawing, source text, the
// heading of a trace or the statement that threw.
bool says_where(std::string_view text, SignalMask signals) noexcept {
  using enum Signal;
  const std::string_view words = trim(text);
  return ((signals & mask_of(frame, caret, source)) != 0 &&
          (signals & mask_of(error_head, assertion, test_failed)) == 0) ||
         words.starts_with("Traceback ") || words.starts_with("throw ") ||
         words.starts_with("raise ");
}

bool says_what(std::string_view text, SignalMask signals) noexcept {
  using enum Signal;
  return (signals & mask_of(error_head, exception, assertion)) != 0 && !says_where(text, signals);
}

// The line that says most: of a block whose best line only shows where, the best that says what.
void find_anchor(FailureExcerpt& excerpt,
                 const ReadLog& read,
                 const LineBlock& block,
                 const LogDifference* passing) {
  const LineRecord* best = nullptr;
  const LineRecord* saying = nullptr;
  const auto gain_of = [&](const LineRecord* record) {
    return record == nullptr ? 0
                             : read.gains[static_cast<std::size_t>(record - read.records.data())];
  };
  for (const LineRecord& record : read.records) {
    if (record.number < block.first || record.number > block.last) {
      continue;
    }
    excerpt.block_signals |= record.signals;
    if (record.blank()) {
      continue;
    }
    if (gain_of(&record) > gain_of(best)) {
      best = &record;
    }
    if (gain_of(&record) > gain_of(saying) &&
        says_what(text_of(*read.source, record), record.signals)) {
      saying = &record;
    }
  }
  if (best == nullptr) {
    return;
  }
  const bool is_place =
      saying != nullptr && says_where(text_of(*read.source, *best), best->signals);
  const LineRecord& anchor = is_place ? *saying : *best;
  excerpt.anchor_gain = gain_of(&anchor);
  excerpt.anchor_line = anchor.number;
  excerpt.anchor_signals = anchor.signals;
  excerpt.anchor_is_new = passing != nullptr && !passing->is_known(anchor);
}

void collect_kinds(FailureExcerpt& excerpt,
                   const ReadLog& read,
                   const std::vector<LineBlock>& blocks) {
  for (const LineRecord& record : read.records) {
    if (!record.blank() && is_shown(blocks, record.number)) {
      excerpt.kinds.push_back(record.kind);
    }
  }
  std::sort(excerpt.kinds.begin(), excerpt.kinds.end());
  excerpt.kinds.erase(std::unique(excerpt.kinds.begin(), excerpt.kinds.end()), excerpt.kinds.end());
}

}  // namespace

Result<FailureExcerpt> find_failing_part(LogSource& log, const ExcerptOptions& options) {
  const auto read = read_log(log, options.passing);
  if (!read) {
    return read.error();
  }
  std::vector<LineGain> gains;
  for (std::size_t at = 0; at < read->records.size(); ++at) {
    if (read->gains[at] > 0) {
      gains.push_back({.number = read->records[at].number, .gain = read->gains[at]});
    }
  }
  const std::vector<LineBlock> blocks = choose_blocks(gains, options.max_lines);
  FailureExcerpt excerpt;
  excerpt.lines = read->lines;
  for (const LineBlock& block : blocks) {
    excerpt.blocks.push_back(block_of(log, read->records, block));
  }
  if (!blocks.empty()) {
    find_anchor(excerpt, *read, blocks.front(), options.passing);
  }
  collect_kinds(excerpt, *read, blocks);
  if (options.rules != nullptr) {
    excerpt.hits = ask_rules(log, *read, blocks, *options.rules);
  }
  return excerpt;
}

}  // namespace headway
