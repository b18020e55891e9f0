// What is kept of a log: see the header.
#include "diagnostics/log_digest.hpp"

#include <limits>

namespace headway {
namespace {

constexpr std::size_t kLinesBefore = 4;
constexpr int kLinesAfter = 30;
constexpr SignalMask kSignOfFailure = mask_of(Signal::error_head,
                                              Signal::exception,
                                              Signal::test_failed,
                                              Signal::fail_list,
                                              Signal::environment,
                                              Signal::shell,
                                              Signal::check_failed,
                                              Signal::bad_summary);

std::size_t slot_of(std::uint32_t kind, std::size_t slots) noexcept {
  return kind & (slots - 1);
}

}  // namespace

std::uint16_t KindCounts::add(std::uint32_t kind) noexcept {
  std::uint16_t& count = counts_[slot_of(kind, kCounters)];
  const std::uint16_t before = count;
  if (count < std::numeric_limits<std::uint16_t>::max()) {
    ++count;
  }
  return before;
}

std::uint16_t KindCounts::of(std::uint32_t kind) const noexcept {
  return counts_[slot_of(kind, kCounters)];
}

void LogDigest::add(const LogLine& line, const RawRange& raw) {
  ++lines_;
  LineRecord record = describe_line(line, raw);
  record.seen = kinds_.add(record.kind);
  if (!record.blank()) {
    record.signals = signals_.of(line.text, record.look);
  }
  if (head_.size() < kKeptHead) {
    head_.push_back(record);
    return;
  }
  tail_.push_back(record);
  if (tail_.size() > kKeptTail) {
    keep_middle(tail_.front());
    tail_.pop_front();
  }
}

void LogDigest::keep_middle(const LineRecord& record) {
  if (head_.size() >= kKeptHead + kKeptMiddle) {
    return;
  }
  if (record.is(kSignOfFailure)) {
    head_.insert(head_.end(), before_.begin(), before_.end());
    before_.clear();
    follow_ = kLinesAfter + 1;
  }
  if (follow_ > 0) {
    --follow_;
    head_.push_back(record);
    return;
  }
  before_.push_back(record);
  if (before_.size() > kLinesBefore) {
    before_.pop_front();
  }
}

std::vector<LineRecord> LogDigest::take_records() {
  std::vector<LineRecord> records = std::move(head_);
  records.insert(records.end(), tail_.begin(), tail_.end());
  tail_.clear();
  return records;
}

}  // namespace headway
