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

// The entry at the cursor; null: its part is done. Rings that are not sound are passed over.
const char* peek(RingCursor& cursor) {
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
const char* next_entry(std::vector<RingCursor>& cursors, RingCursor*& of) {
  if (cursors.size() == 1) {
    of = cursors.data();
    return peek(*of);
  }
  const char* oldest = nullptr;
  std::uint64_t ticks = 0;
  for (RingCursor& cursor : cursors) {
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

std::size_t bytes_in(const std::vector<RingCursor>& cursors) {
  std::size_t bytes = 0;
  for (const RingCursor& cursor : cursors) {
    bytes += cursor.end - cursor.at;
  }
  return bytes;
}

}  // namespace

RingDrain::RingDrain(std::shared_ptr<RingFile> ring,
                     std::shared_ptr<LogFile> structured,
                     std::shared_ptr<LogFile> details)
    : ring_(std::move(ring)),
      structured_(std::move(structured)),
      details_(std::move(details)),
      renderer_(ring_->control().pid),
      last_point_(ring_->control().later),
      newest_point_(last_point_) {}

bool RingDrain::prepare() {
  const std::uint64_t number = prepared_.load(std::memory_order_relaxed);
  if (number - written_.load(std::memory_order_acquire) >= kBatches) {
    return false;
  }
  RingBatch& batch = batches_[number % kBatches];
  if (!choose(batch)) {
    return false;
  }
  set_timeline(batch);
  batch.first_seq = take_seqs(batch.records);
  render(batch);
  for (const RingCursor& cursor : batch.cursors) {
    fronts_[cursor.segment] = {cursor.end, cursor.last_monotonic_ns};
  }
  prepared_.store(number + 1, std::memory_order_release);
  return true;
}

DrainedBatch RingDrain::write_prepared() {
  const std::uint64_t number = written_.load(std::memory_order_relaxed);
  if (number == prepared_.load(std::memory_order_acquire)) {
    return {};
  }
  const RingBatch& batch = batches_[number % kBatches];
  DrainedBatch drained{.bytes = batch.bytes, .records = batch.records};
  describe(batch);
  const std::int64_t lost = structured_ ? structured_->append_lines(batch.json.view()) : 0;
  drained.lost = std::max(lost, details_ ? details_->append_lines(batch.text.view()) : 0);
  std::atomic<std::int64_t>& next_seq = ring_->control().next_seq;
  next_seq.store(std::max(next_seq.load(), batch.first_seq + batch.records));
  if (drained.lost == 0 || !keeps_failed_) {
    close(batch);
  }
  written_.store(number + 1, std::memory_order_release);
  return drained;
}

// Of the process whose records they are: a dead one's go on where it stopped.
std::int64_t RingDrain::take_seqs(std::int64_t count) {
  if (keeps_failed_) {
    return ring_->control().next_seq.load();
  }
  return structured_ ? structured_->take_seqs(count) : 0;
}

// Whether anything belongs to the batch.
bool RingDrain::choose(RingBatch& batch) {
  batch.cursors.clear();
  ring_->for_each_segment([&](RingSegment& segment) {
    const std::uint64_t head = segment.head.load(std::memory_order_acquire);
    const auto front = fronts_.find(&segment);
    const RingCursor cursor =
        front != fronts_.end()
            ? RingCursor{&segment, front->second.end, head, front->second.last_monotonic_ns}
            : RingCursor{&segment, segment.tail.load(), head, segment.last_monotonic_ns.load()};
    if (cursor.at != head && head - cursor.at <= kRingBytes) {
      batch.cursors.push_back(cursor);
    }
  });
  batch.records = 0;
  for (RingCursor& cursor : batch.cursors) {
    limit(cursor, kBatchBytes / batch.cursors.size(), batch.records);
  }
  batch.bytes = bytes_in(batch.cursors);
  return batch.bytes > 0;
}

// Ends the cursor's part after `most` bytes, and counts the records in it.
void RingDrain::limit(RingCursor& cursor, std::size_t most, std::int64_t& records) const {
  RingCursor walk = cursor;
  while (const char* entry = walk.at - cursor.at < most ? peek(walk) : nullptr) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, entry, sizeof bytes);
    walk.at += bytes;
    ++records;
  }
  cursor.end = walk.at;
}

// Leaves each cursor at its end, with the time of its last record.
void RingDrain::render(RingBatch& batch) {
  const LogTimeline timeline(batch.earlier, batch.later);
  batch.json.clear();
  batch.text.clear();
  EntryStamp stamp{batch.first_seq, 0, 0};
  RingCursor* cursor = nullptr;
  while (const char* const entry = next_entry(batch.cursors, cursor)) {
    std::uint32_t bytes = 0;
    std::uint64_t ticks = 0;
    std::memcpy(&bytes, entry, sizeof bytes);
    std::memcpy(&ticks, entry + offsetof(EntryHead, ticks), sizeof ticks);
    // Two lines of time meet at each batch: no thread's time goes back there.
    stamp.monotonic_ns = std::max(timeline.monotonic_ns(ticks), cursor->last_monotonic_ns);
    stamp.wall_ns = timeline.wall_of(stamp.monotonic_ns);
    cursor->last_monotonic_ns = stamp.monotonic_ns;
    append_entry(batch, entry, stamp, *cursor->segment);
    ++stamp.seq;
    cursor->at += bytes;
  }
}

void RingDrain::append_entry(RingBatch& batch,
                             const char* entry,
                             const EntryStamp& stamp,
                             const RingSegment& segment) {
  const auto kind = static_cast<std::uint8_t>(entry[offsetof(EntryHead, kind)]);
  const auto slot = static_cast<std::uint8_t>(entry[offsetof(EntryHead, context)]);
  const ContextSlot& context = segment.contexts[slot % kContextSlots];
  if (structured_ != nullptr && (kind & kNotStructured) == 0) {
    static_cast<void>(renderer_.append_json(batch.json, entry, context, stamp));
  }
  if (details_ != nullptr && (kind & kNotDetails) == 0) {
    static_cast<void>(renderer_.append_text(batch.text, entry, context, stamp));
  }
}

// Between now and some earlier batch.
void RingDrain::set_timeline(RingBatch& batch) {
  const RingControl& control = ring_->control();
  if (!same_boot_) {  // the last line known is the best one
    batch.earlier = control.earlier;
    batch.later = control.later;
    return;
  }
  const ClockPoint now = read_clocks(control.source);
  if (now.monotonic_ns - newest_point_.monotonic_ns >= kMinTimelineNs) {
    last_point_ = newest_point_;
  }
  newest_point_ = now;
  batch.earlier = last_point_;
  batch.later = now;
}

// Whoever takes the file over from here on can render the batch again.
void RingDrain::describe(const RingBatch& batch) {
  RingControl& control = ring_->control();
  for (const RingCursor& cursor : batch.cursors) {
    cursor.segment->batch_end.store(cursor.end, std::memory_order_relaxed);
  }
  control.earlier = batch.earlier;
  control.later = batch.later;
  control.first_seq = batch.first_seq;
  control.structured_mark = structured_ ? structured_->mark() : FileMark{};
  control.details_mark = details_ ? details_->mark() : FileMark{};
  control.batch.store(BatchState::writing, std::memory_order_release);
}

// (Between the two states nothing can be lost: a batch that is written is written, whoever moves
// its tails.)
void RingDrain::close(const RingBatch& batch) {
  RingControl& control = ring_->control();
  control.batch.store(BatchState::written, std::memory_order_release);
  for (const RingCursor& cursor : batch.cursors) {
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
  RingBatch batch{
      .earlier = control.earlier, .later = control.later, .first_seq = control.first_seq};
  ring_->for_each_segment([&](RingSegment& segment) {
    const std::uint64_t tail = segment.tail.load();
    const std::uint64_t end = segment.batch_end.load();
    if (end > tail && end - tail <= kRingBytes && end <= segment.head.load()) {
      batch.cursors.push_back({&segment, tail, end, segment.last_monotonic_ns.load()});
    }
  });
  DrainedBatch drained{.bytes = bytes_in(batch.cursors)};
  if (control.batch.load() == BatchState::writing) {
    render(batch);
    const auto lost = append_missing(structured_.get(), control.structured_mark, batch.json.view());
    drained.lost =
        std::max(lost, append_missing(details_.get(), control.details_mark, batch.text.view()));
  }
  if (drained.lost == 0) {
    close(batch);
  }
  return drained;
}

}  // namespace headway
