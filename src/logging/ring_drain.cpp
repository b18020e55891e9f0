// Batches: choosing, rendering, noting, writing. Knows nothing of threads.
#include "logging/ring_drain.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{64} << 10;
constexpr std::int64_t kMinTimelineNs = 10'000'000;

// Lines of `lines` that are not in `text`: those after the last one that is.
std::string_view missing_lines(std::string_view lines, std::string_view text) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n') + 1);
    const std::size_t at = text.find(line);
    if (at == std::string_view::npos) {
      break;
    }
    text.remove_prefix(at + line.size());
    lines.remove_prefix(line.size());
  }
  return lines;
}

// A write(2) that was cut off has written a beginning of its lines: appends the others. How many
// of them could not be written.
std::int64_t append_missing(LogFile* file, const FileMark& mark, std::string_view lines) {
  return file == nullptr ? 0 : file->append_lines(missing_lines(lines, file->text_since(mark)));
}

}  // namespace

RingDrain::RingDrain(std::shared_ptr<RingFile> ring,
                     std::shared_ptr<LogFile> structured,
                     std::shared_ptr<LogFile> details)
    : ring_(std::move(ring)),
      structured_(std::move(structured)),
      details_(std::move(details)),
      renderer_(ring_->control().pid),
      last_point_(ring_->control().later) {}

DrainedBatch RingDrain::drain_batch() {
  DrainedBatch batch;
  batch.records = open_batch();
  for (const Cursor& cursor : cursors_) {
    batch.bytes += cursor.end - cursor.at;
  }
  if (batch.bytes == 0) {
    return batch;
  }
  RingControl& control = ring_->control();
  set_timeline();
  control.first_seq = take_seqs(batch.records);
  render(LogTimeline(control.earlier, control.later), control.first_seq);
  control.structured_mark = structured_ ? structured_->mark() : FileMark{};
  control.details_mark = details_ ? details_->mark() : FileMark{};
  control.batch.store(BatchState::writing, std::memory_order_release);
  const std::int64_t lost = structured_ ? structured_->append_lines(json_.view()) : 0;
  batch.lost = std::max(lost, details_ ? details_->append_lines(text_.view()) : 0);
  control.next_seq.store(control.first_seq + batch.records, std::memory_order_relaxed);
  if (batch.lost == 0 || !keeps_failed_) {
    close_batch();
  }
  return batch;
}

// Of the process whose records they are: a dead one's go on where it stopped.
std::int64_t RingDrain::take_seqs(std::int64_t count) {
  if (keeps_failed_) {
    return ring_->control().next_seq.load();
  }
  return structured_ ? structured_->take_seqs(count) : 0;
}

// Chooses what belongs to the batch; how many records that are.
std::int64_t RingDrain::open_batch() {
  cursors_.clear();
  ring_->for_each_segment([&](RingSegment& segment) {
    const std::uint64_t tail = segment.tail.load(std::memory_order_relaxed);
    const std::uint64_t head = segment.head.load(std::memory_order_acquire);
    if (head != tail && head - tail <= kRingBytes) {
      cursors_.push_back({&segment, tail, head, segment.last_monotonic_ns.load()});
    }
  });
  std::int64_t records = 0;
  for (Cursor& cursor : cursors_) {
    limit(cursor, kBatchBytes / cursors_.size(), records);
    cursor.segment->batch_end.store(cursor.end, std::memory_order_relaxed);
  }
  return records;
}

// Ends the cursor's part after `most` bytes, and counts the records in it.
void RingDrain::limit(Cursor& cursor, std::size_t most, std::int64_t& records) const {
  Cursor walk = cursor;
  while (const char* entry = walk.at - cursor.at < most ? peek(walk) : nullptr) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, entry, sizeof bytes);
    walk.at += bytes;
    ++records;
  }
  cursor.end = walk.at;
}

// The entry at the cursor; null: its part is done. Rings that are not sound are passed over.
const char* RingDrain::peek(Cursor& cursor) const {
  while (cursor.at != cursor.end) {
    const std::size_t at = cursor.at & (kRingBytes - 1);
    const char* const entry = cursor.segment->data.data() + at;
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, entry, sizeof bytes);
    const std::size_t room = std::min<std::uint64_t>(kRingBytes - at, cursor.end - cursor.at);
    const bool is_sound = bytes >= kEntryAlignment && bytes % kEntryAlignment == 0 && bytes <= room;
    const auto kind = static_cast<std::uint8_t>(entry[offsetof(EntryHead, kind)]) & kEntryKindMask;
    if (is_sound && kind == static_cast<std::uint8_t>(EntryKind::pad)) {
      cursor.at += bytes;
    } else if (is_sound && bytes >= sizeof(EntryHead)) {
      return entry;
    } else {
      cursor.at = cursor.end;
    }
  }
  return nullptr;
}

// The oldest entry of all; null: all are done.
const char* RingDrain::next_entry(Cursor*& of) {
  if (cursors_.size() == 1) {
    of = cursors_.data();
    return peek(*of);
  }
  const char* oldest = nullptr;
  std::uint64_t ticks = 0;
  for (Cursor& cursor : cursors_) {
    if (const char* entry = peek(cursor)) {
      EntryHead head{};
      std::memcpy(&head, entry, sizeof head);
      if (oldest == nullptr || head.ticks < ticks) {
        of = &cursor;
        oldest = entry;
        ticks = head.ticks;
      }
    }
  }
  return oldest;
}

void RingDrain::render(const LogTimeline& timeline, std::int64_t first_seq) {
  json_.clear();
  text_.clear();
  EntryStamp stamp{first_seq, 0, 0};
  Cursor* cursor = nullptr;
  while (const char* const entry = next_entry(cursor)) {
    EntryHead head{};
    std::memcpy(&head, entry, sizeof head);
    // Two lines of time meet at each batch: no thread's time goes back there.
    stamp.monotonic_ns = std::max(timeline.monotonic_ns(head.ticks), cursor->last_monotonic_ns);
    stamp.wall_ns = timeline.wall_of(stamp.monotonic_ns);
    cursor->last_monotonic_ns = stamp.monotonic_ns;
    append_entry(entry, stamp, *cursor->segment);
    ++stamp.seq;
    cursor->at += head.bytes;
  }
}

void RingDrain::append_entry(const char* entry,
                             const EntryStamp& stamp,
                             const RingSegment& segment) {
  EntryHead head{};
  std::memcpy(&head, entry, sizeof head);
  const ContextSlot& context = segment.contexts[head.context % kContextSlots];
  if (structured_ != nullptr && (head.kind & kNotStructured) == 0) {
    static_cast<void>(renderer_.append_json(json_, entry, context, stamp));
  }
  if (details_ != nullptr && (head.kind & kNotDetails) == 0) {
    static_cast<void>(renderer_.append_text(text_, entry, context, stamp));
  }
}

// Between now and some earlier batch.
void RingDrain::set_timeline() {
  RingControl& control = ring_->control();
  if (!same_boot_) {
    return;  // the last line known is the best one
  }
  const ClockPoint now = read_clocks(control.source);
  if (now.monotonic_ns - control.later.monotonic_ns >= kMinTimelineNs) {
    last_point_ = control.later;
  }
  control.earlier = last_point_;
  control.later = now;
}

// (Between the two states nothing can be lost: a batch that is written is written, whoever moves
// its tails.)
void RingDrain::close_batch() {
  RingControl& control = ring_->control();
  control.batch.store(BatchState::written, std::memory_order_release);
  for (const Cursor& cursor : cursors_) {
    cursor.segment->last_monotonic_ns.store(cursor.last_monotonic_ns, std::memory_order_relaxed);
    cursor.segment->tail.store(cursor.end, std::memory_order_release);
  }
  control.batch.store(BatchState::none, std::memory_order_release);
}

DrainedBatch RingDrain::resume() {
  keeps_failed_ = true;
  same_boot_ = ring_->is_of_this_boot();
  RingControl& control = ring_->control();
  if (control.batch.load() == BatchState::none) {
    return {};
  }
  cursors_.clear();
  ring_->for_each_segment([&](RingSegment& segment) {
    const std::uint64_t tail = segment.tail.load();
    const std::uint64_t end = segment.batch_end.load();
    if (end > tail && end - tail <= kRingBytes && end <= segment.head.load()) {
      cursors_.push_back({&segment, tail, end, segment.last_monotonic_ns.load()});
    }
  });
  DrainedBatch batch;
  for (const Cursor& cursor : cursors_) {
    batch.bytes += cursor.end - cursor.at;
  }
  if (control.batch.load() == BatchState::writing) {
    render(LogTimeline(control.earlier, control.later), control.first_seq);
    const auto lost = append_missing(structured_.get(), control.structured_mark, json_.view());
    batch.lost = std::max(lost, append_missing(details_.get(), control.details_mark, text_.view()));
  }
  if (batch.lost == 0) {
    close_batch();
  }
  return batch;
}

void RingDrain::rest() {
  json_.release();
  text_.release();
}

}  // namespace headway
