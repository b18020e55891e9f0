// Finding and giving back of a thread's rings. Knows nothing of files.
#include "logging/thread_rings.hpp"

#include "logging/log_record.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace headway {
namespace {

constinit thread_local bool thread_ends = false;

}  // namespace

constinit thread_local ThreadRing* ThreadRings::last_ = nullptr;
std::atomic<std::uint32_t> ThreadRings::epoch_{0};

// The thread's rings, until it ends.
struct ThreadRings::Owned {
  std::vector<std::unique_ptr<ThreadRing>> rings;

  Owned() = default;
  ~Owned() {
    thread_ends = true;
    last_ = nullptr;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  static Owned& of_thread() {
    thread_local Owned owned;
    return owned;
  }
};

void PlaceNames::fill(Entry& entry, const Place& place) {
  entry.file = place.file;
  entry.line = place.line;
  const std::string text = place.file == nullptr ? std::string() : short_place(place);
  entry.bytes = static_cast<std::uint8_t>(text.size() <= entry.text.size() ? text.size() : 0);
  std::copy_n(text.begin(), entry.bytes, entry.text.begin());
}

ThreadRing::ThreadRing(const std::shared_ptr<RingOwner>& its_owner,
                       std::shared_ptr<RingFile> ring_file,
                       RingSegment& segment)
    : owner_number(its_owner->number()),
      epoch(ThreadRings::epoch()),
      tid(thread_number()),
      source(ring_file->control().source),
      producer(segment),
      file(std::move(ring_file)),
      owner(its_owner) {}

ThreadRing::~ThreadRing() {
  if (epoch != ThreadRings::epoch()) {
    return;
  }
  file->release_segment(&producer.segment());
  try {
    if (const auto living = owner.lock()) {
      living->flush();
    }
  } catch (...) {  // no memory: the renderer does it later
  }
}

ThreadRing* ThreadRings::find_slowly(std::uint64_t owner) noexcept {
  if (thread_ends) {
    return nullptr;
  }
  const std::uint32_t now = epoch();
  for (const auto& ring : Owned::of_thread().rings) {
    if (ring->owner_number == owner && ring->epoch == now) {
      last_ = ring.get();
      return last_;
    }
  }
  return nullptr;
}

ThreadRing* ThreadRings::add(const std::shared_ptr<RingOwner>& owner,
                             std::shared_ptr<RingFile> file,
                             RingSegment& segment) {
  if (thread_ends) {
    return nullptr;
  }
  auto& rings = Owned::of_thread().rings;
  last_ = nullptr;
  std::erase_if(rings,
                [](const auto& ring) { return ring->file->is_closed() || ring->epoch != epoch(); });
  rings.push_back(std::make_unique<ThreadRing>(owner, std::move(file), segment));
  last_ = rings.back().get();
  return last_;
}

std::uint32_t thread_number() noexcept {
  return static_cast<std::uint32_t>(syscall(SYS_gettid));
}

}  // namespace headway
