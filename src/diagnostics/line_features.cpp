// The numbers about a line: see the header.
#include "diagnostics/line_features.hpp"

#include <algorithm>
#include <bit>

namespace headway {
namespace {

using enum Signal;

constexpr SignalMask kStrong =
    mask_of(error_head, exception, test_failed, test_mark, fail_list, check_failed, shell);
constexpr SignalMask kTrace = mask_of(frame, caret, source);
constexpr SignalMask kGood = mask_of(passed, dots);
constexpr SignalMask kMissing = mask_of(not_found, environment);

// The last one is of blank lines (see in_group()).
constexpr std::array<SignalMask, kSignalGroups> kGroups = {kStrong,
                                                           mask_of(error_head),
                                                           mask_of(exception),
                                                           mask_of(test_failed),
                                                           mask_of(fail_list),
                                                           mask_of(assertion),
                                                           mask_of(located, lint_code),
                                                           kTrace,
                                                           mask_of(wrapper),
                                                           mask_of(exit_marker),
                                                           mask_of(bad_summary),
                                                           mask_of(summary),
                                                           kGood,
                                                           mask_of(noise),
                                                           mask_of(command, marker),
                                                           kMissing,
                                                           mask_of(rule),
                                                           mask_of(test_mark),
                                                           0};
constexpr std::size_t kBlankGroup = kSignalGroups - 1, kTestMarkGroup = kSignalGroups - 2;

constexpr std::array<SignalMask, kCountedGroups> kCounted = {kStrong,
                                                             mask_of(error_head),
                                                             mask_of(exception),
                                                             mask_of(test_failed),
                                                             mask_of(fail_list),
                                                             mask_of(bad_summary),
                                                             mask_of(located, lint_code),
                                                             kMissing,
                                                             mask_of(test_mark),
                                                             kGood};

// Counted in the lines just before and just after.
constexpr std::array<SignalMask, 7> kNear = {kStrong,
                                             kTrace,
                                             kGood,
                                             mask_of(noise),
                                             mask_of(located, lint_code),
                                             mask_of(assertion, diff),
                                             mask_of(negative, not_found, environment, severe)};
constexpr std::size_t kNearLines = 8;
constexpr std::size_t kParentReach = 60;
constexpr std::size_t kCandidateReach = 40;  // scaled distances, see scaled()
constexpr std::size_t kTailCandidates = 200;

bool in_group(const LineRecord& record, std::size_t group) noexcept {
  return group == kBlankGroup ? record.blank() : record.is(kGroups[group]);
}

// How bad a line looks by itself.
std::uint8_t tier_of(SignalMask mask) noexcept {
  const auto is = [mask](SignalMask any) { return (mask & any) != 0; };
  if (is(mask_of(test_mark)) && !is(mask_of(ignored, zero, exit_marker))) {
    return 7;
  }
  if (is(mask_of(ignored, zero)) || (is(kGood) && !is(mask_of(error_head, exception)))) {
    return 1;
  }
  if (is(mask_of(wrapper, exit_marker))) {
    return 3;
  }
  if (is(mask_of(noise, warning)) && !is(mask_of(exception, error_head))) {
    return 2;
  }
  if (is(kStrong)) {
    return is(mask_of(error_head, exception)) && is(mask_of(located, severe, assertion)) ? 8 : 7;
  }
  if (is(kMissing | mask_of(assertion))) {
    return 6;
  }
  return is(mask_of(negative, located, lint_code, severe)) ? 5 : 0;
}

// Collects features in order; the order is the model's.
class Row {
 public:
  void add(std::uint64_t value) {
    row_[at_++] = static_cast<std::uint8_t>(std::min<std::uint64_t>(value, 255));
  }
  template <std::size_t Count>
  void add(const std::array<std::uint8_t, Count>& values) {
    for (const std::uint8_t value : values) {
      add(std::uint64_t{value});
    }
  }
  const FeatureRow& row() const noexcept { return row_; }
  std::size_t size() const noexcept { return at_; }

 private:
  FeatureRow row_{};
  std::size_t at_ = 0;
};

void add_shape(Row& row, const LineRecord& line) {
  for (int signal = 0; signal < kSignals; ++signal) {
    row.add((line.signals >> static_cast<unsigned>(signal)) & 1U);
  }
  row.add(tier_of(line.signals));
  row.add(std::min<std::uint64_t>(line.indent, 40));
  row.add(scaled(line.length));
  row.add(line.letters / 4U);
  row.add(static_cast<std::uint64_t>(line.start));
  row.add((line.has_path ? 1U : 0U) + (line.has_quote ? 2U : 0U) + (line.has_colon ? 4U : 0U));
  row.add(static_cast<std::uint64_t>(std::popcount(line.signals)));
}

// The line and its closest neighbours.
void add_neighbours(Row& row, std::span<const LineRecord> lines, std::size_t at) {
  for (const int step : {-2, -1, 1, 2}) {
    const std::size_t other = at + static_cast<std::size_t>(step);
    const bool there = other < lines.size();
    row.add(there ? tier_of(lines[other].signals) + 1U : 0U);
    row.add(there ? std::min<std::uint64_t>(lines[other].indent, 40) : 41U);
    row.add(there && !lines[other].blank() ? scaled(lines[other].length) : 0U);
    row.add(there && lines[other].kind == lines[at].kind ? 1U : 0U);
  }
  std::array<std::uint8_t, kNear.size()> above{}, below{};
  for (std::size_t step = 1; step <= kNearLines; ++step) {
    for (std::size_t group = 0; group < kNear.size(); ++group) {
      if (at >= step && lines[at - step].is(kNear[group])) {
        ++above[group];
      }
      if (at + step < lines.size() && lines[at + step].is(kNear[group])) {
        ++below[group];
      }
    }
  }
  row.add(above);
  row.add(below);
}

// The nearest line above that is indented less: what this line belongs to.
void add_parent(Row& row, std::span<const LineRecord> lines, std::size_t at) {
  std::uint64_t distance = 0;
  std::uint8_t tier = 0;
  SignalMask mask = 0;
  const std::uint8_t indent = lines[at].indent;
  for (std::size_t step = 1; step <= std::min(kParentReach, at); ++step) {
    const LineRecord& above = lines[at - step];
    if (!above.blank() && above.indent < indent) {
      distance = step;
      tier = tier_of(above.signals);
      mask = above.signals;
      break;
    }
  }
  row.add(scaled(distance));
  row.add(tier);
  row.add((mask & mask_of(test_failed, numbered)) != 0 ? 1U : 0U);
  row.add((mask & mask_of(error_head, exception)) != 0 ? 1U : 0U);
}

}  // namespace

std::uint8_t scaled(std::uint64_t value) noexcept {
  if (value < 8) {
    return static_cast<std::uint8_t>(value);
  }
  const auto octave = static_cast<unsigned>(std::bit_width(value)) - 1;
  return static_cast<std::uint8_t>(
      std::min<std::uint64_t>(60, 8 + 4 * (octave - 3) + ((value >> (octave - 2)) & 3U)));
}

LineFeatures::LineFeatures(std::span<const LineRecord> records,
                           const KindCounts& kinds,
                           std::int64_t lines)
    : records_(records), kinds_(kinds), lines_(lines) {
  measure_distances();
  measure_paragraphs();
}

void LineFeatures::measure_distances() {
  constexpr std::uint32_t kNever = 1U << 30U;
  before_.resize(records_.size());
  after_.resize(records_.size());
  ordinal_.resize(records_.size());
  std::array<std::uint32_t, kSignalGroups> distance;
  distance.fill(kNever);
  for (std::size_t at = 0; at < records_.size(); ++at) {
    for (std::size_t group = 0; group < kSignalGroups; ++group) {
      before_[at][group] = scaled(distance[group]);  // of the lines before this one
      distance[group] = in_group(records_[at], group) ? 1 : distance[group] + 1;
    }
    for (std::size_t group = 0; group < kCountedGroups; ++group) {
      total_[group] += records_[at].is(kCounted[group]) ? 1 : 0;
      ordinal_[at][group] = scaled(total_[group]);
    }
  }
  distance.fill(kNever);
  for (std::size_t at = records_.size(); at-- > 0;) {
    for (std::size_t group = 0; group < kSignalGroups; ++group) {
      after_[at][group] = scaled(distance[group]);
      distance[group] = in_group(records_[at], group) ? 1 : distance[group] + 1;
    }
  }
}

void LineFeatures::measure_paragraphs() {
  paragraph_of_.resize(records_.size());
  bool open = false;
  for (std::size_t at = 0; at < records_.size(); ++at) {
    const LineRecord& line = records_[at];
    if (line.blank()) {
      open = false;
    } else if (!open) {
      paragraphs_.push_back({.first = static_cast<std::uint32_t>(at), .head = line.signals});
      open = true;
    }
    if (paragraphs_.empty()) {
      paragraphs_.push_back({});
    }
    paragraph_of_[at] = static_cast<std::uint32_t>(paragraphs_.size() - 1);
    if (!line.blank()) {
      paragraphs_.back().last = static_cast<std::uint32_t>(at);
      paragraphs_.back().all |= line.signals;
    }
  }
}

bool LineFeatures::is_candidate(std::size_t line) const {
  constexpr std::size_t kStrongGroup = 0, kLocatedGroup = 6, kMissingGroup = 15;
  return line + kTailCandidates >= records_.size() ||
         before_[line][kStrongGroup] <= kCandidateReach / 2 || after_[line][kStrongGroup] <= 4 ||
         before_[line][kLocatedGroup] <= 4 || after_[line][kLocatedGroup] <= 4 ||
         before_[line][kMissingGroup] <= 6 || after_[line][kMissingGroup] <= 4 ||
         tier_of(records_[line].signals) >= 5;
}

float LineFeatures::prior(std::size_t line) const {
  constexpr float kMark = 2.5F, kAfterMark = 1.0F;
  constexpr std::uint64_t kLinesAfter = 15;
  const LineRecord& record = records_[line];
  if (record.is(mask_of(test_mark)) && !record.is(mask_of(ignored, zero, exit_marker))) {
    return kMark;
  }
  return before_[line][kTestMarkGroup] <= scaled(kLinesAfter) ? kAfterMark : 0.0F;
}

FeatureRow LineFeatures::of(std::size_t at) const {
  Row row;
  const LineRecord& line = records_[at];
  add_shape(row, line);
  add_neighbours(row, records_, at);
  add_parent(row, records_, at);
  row.add(before_[at]);
  row.add(after_[at]);
  row.add(ordinal_[at]);
  for (std::size_t group = 0; group < kCountedGroups; ++group) {
    row.add(scaled(total_[group]));
  }
  const Paragraph& paragraph = paragraphs_[paragraph_of_[at]];
  row.add(scaled(at - std::min<std::size_t>(at, paragraph.first)));
  row.add(scaled(paragraph.last + 1U - std::min(paragraph.last + 1U, paragraph.first)));
  row.add(tier_of(paragraph.head));
  row.add(tier_of(paragraph.all));
  row.add((paragraph.head & mask_of(fail_list, numbered)) != 0 ? 1U : 0U);
  const std::uint32_t before = paragraph_of_[at] > 0 ? paragraph_of_[at] - 1 : 0;
  row.add(tier_of(paragraphs_[before].head));
  row.add(tier_of(paragraphs_[before].all));
  const auto number = static_cast<std::uint64_t>(line.number);
  const auto lines = static_cast<std::uint64_t>(lines_);
  row.add(scaled(number));
  row.add(scaled(lines - std::min(lines, number)));
  row.add(lines == 0 ? 0 : 100 * number / lines);
  row.add(scaled(lines));
  row.add(line.blank() ? 0 : scaled(kinds_.of(line.kind)));
  row.add(line.blank() ? 0 : scaled(line.seen));
  std::uint64_t rare = 0;
  for (std::size_t step = 1; step <= 3; ++step) {
    rare += at >= step && kinds_.of(records_[at - step].kind) <= 2 ? 1 : 0;
    rare += at + step < records_.size() && kinds_.of(records_[at + step].kind) <= 2 ? 1 : 0;
  }
  row.add(rare);
  static_assert(kLineFeatures > 0);
  return row.row();
}

}  // namespace headway
