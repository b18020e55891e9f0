// Ports: when a record is written at once and when it goes by a ring. Knows nothing of contexts,
// fields or levels.
#include "logging/log_port.hpp"

#include <time.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace headway {
namespace {

// So many records of a process are written at once. (A ring costs 280 kB, a thread and 0.2 ms.)
constexpr std::int64_t kDirectRecords = 32;
// After so many more a ring is tried again where it could not be made.
constexpr std::int64_t kRetryRecords = 10'000;
// From here on the renderer goes on at once.
constexpr std::size_t kBusyBytes = std::size_t{16} << 10;
// How a full ring is waited for: some microseconds awake, then asleep, 2 ms in all.
constexpr int kSpins = 100;
constexpr int kNaps = 20;
constexpr long kNapNs = 20'000;
constexpr int kLockSpins = 4000;

// The ports in use. Never destroyed: static objects may log while the program ends.
struct Registry {
  Mutex mutex;
  std::map<std::string, std::weak_ptr<LogPort>> ports HEADWAY_GUARDED_BY(mutex);
  ForkGuard fork_guard{mutex};
};

Registry& registry() {
  static auto* const all = new Registry;
  return *all;
}

std::shared_ptr<LogFile> open_log(const LogFileOptions& options) {
  return options.path.empty() ? nullptr : LogFile::shared(options);
}

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void pause_processor() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

// Who holds it is busy with one batch, as a rule: shorter than falling asleep and being woken.
std::unique_lock<Mutex> lock_soon(Mutex& mutex) {
  std::unique_lock<Mutex> lock(mutex, std::try_to_lock);
  for (int spins = 0; spins < kLockSpins && !lock.owns_lock(); ++spins) {
    pause_processor();
    static_cast<void>(lock.try_lock());
  }
  if (!lock.owns_lock()) {
    lock.lock();
  }
  return lock;
}

}  // namespace

std::shared_ptr<LogPort> LogPort::shared(const LogPortOptions& options) {
  // Made before the lock is taken: making registers a ForkGuard, which takes a lock of its own.
  auto fresh = std::make_shared<LogPort>(options);
  {
    Registry& all = registry();
    const MutexLock lock(all.mutex);
    std::erase_if(all.ports, [](const auto& each) { return each.second.expired(); });
    auto& known = all.ports[options.structured.path + '\n' + options.details.path];
    if (auto in_use = known.lock()) {
      return in_use;
    }
    known = fresh;
  }
  recover_rings(fresh->destination_.anchor());
  return fresh;
}

LogPort::LogPort(const LogPortOptions& options)
    : number_(next_number()),
      destination_{options.structured.path, options.details.path},
      structured_(open_log(options.structured)),
      details_(open_log(options.details)),
      generation_(fork_generation()),
      next_try_(kDirectRecords) {}

LogPort::~LogPort() {
  bool is_attached = false;
  {
    const MutexLock lock(mutex_);
    take_process();
    is_attached = drain_ != nullptr;
  }
  if (is_attached) {
    LogRenderer::instance().detach(*this);
    const MutexLock lock(mutex_);
    drain_all();
    ring_->remove();
  }
}

// In a forked child the rings are the parent's, and the first records are written at once again.
void LogPort::take_process() {
  if (generation_.load(std::memory_order_relaxed) != fork_generation()) {
    drop_ring();
    direct_records_ = 0;
    next_try_ = kDirectRecords;
    generation_ = fork_generation();
  }
}

ThreadRing* LogPort::ring_of_thread() {
  if (ThreadRing* const known = ThreadRings::find(number_)) {
    return known;
  }
  const bool is_new_process = generation_.load(std::memory_order_relaxed) != fork_generation();
  if (is_new_process || direct_records_.fetch_add(1) < next_try_.load()) {
    if (is_new_process) {
      const MutexLock lock(mutex_);
      take_process();
    }
    return nullptr;
  }
  auto file = ring_file();
  RingSegment* const segment = file ? file->acquire_segment() : nullptr;
  if (segment == nullptr) {
    next_try_ = direct_records_.load() + kRetryRecords;
    return nullptr;
  }
  ThreadRing* const ring = ThreadRings::add(shared_from_this(), file, *segment);
  if (ring == nullptr) {
    file->release_segment(segment);
  }
  return ring;
}

std::shared_ptr<RingFile> LogPort::ring_file() {
  // Made before the lock is taken: making registers a ForkGuard, which takes a lock of its own.
  LogRenderer::instance();
  const MutexLock lock(mutex_);
  take_process();
  if (!ring_) {
    make_ring();
  }
  return ring_;
}

void LogPort::make_ring() {
  auto made = RingFile::create(destination_);
  if (!made) {
    return;
  }
  (*made)->control().next_seq = structured_ ? structured_->take_seqs(0) : 0;
  drain_ = std::make_unique<RingDrain>(*made, structured_, details_);
  ring_ = *std::move(made);
  if (!LogRenderer::instance().attach(*this)) {
    ring_->remove();
    drop_ring();
  }
}

void LogPort::drop_ring() {
  drain_.reset();
  ring_.reset();
}

char* LogPort::reserve_slowly(ThreadRing& ring, std::size_t bytes) {
  LogRenderer::instance().wake();
  for (int waits = 0;; ++waits) {
    if (char* const place = ring.producer.reserve(bytes)) {
      return place;
    }
    if (help()) {
      waits = 0;
    } else if (waits < kSpins) {
      pause_processor();
    } else if (waits < kSpins + kNaps) {
      const timespec nap{0, kNapNs};
      nanosleep(&nap, nullptr);
    } else {  // the renderer does not get on: it is stopped, or has too much to do
      drain_one(lock_soon(mutex_));
    }
  }
}

// Whether there is room now. While the renderer's thread writes a batch, this one renders the next
// and writes it then: what a processor has rendered is in its own cache.
bool LogPort::help() {
  std::unique_lock<Mutex> lock(mutex_, std::try_to_lock);
  return lock.owns_lock() && drain_one(std::move(lock)).bytes > 0;
}

// Prepares a batch and writes it. `held` is mutex_; it is kept until it is this batch's turn to be
// written, so that batches keep their order.
DrainedBatch LogPort::drain_one(std::unique_lock<Mutex> held)
    HEADWAY_THREAD_ANNOTATION(no_thread_safety_analysis) {
  take_process();
  if (!drain_ || (!drain_->prepare() && !drain_->has_prepared())) {
    return {};
  }
  RingDrain& drain = *drain_;
  const std::unique_lock<Mutex> writing = lock_soon(write_mutex_);
  held.unlock();
  return write_prepared(drain);
}

void LogPort::wake_for(ThreadRing& ring) noexcept {
  if (LogRenderer::sleeps_deeply() || ring.producer.refresh_waiting() > kWakeBytes) {
    LogRenderer::instance().wake();
  }
}

void LogPort::write(const RenderedRecord& record) {
  const std::size_t bytes = rendered_entry_bytes(record);
  ThreadRing* const ring = ring_of_thread();
  if (ring != nullptr && bytes <= kMaxEntryBytes) {
    char* const entry = reserve(*ring, bytes);
    write_rendered_entry(entry, record);
    publish(*ring, bytes);
    return;
  }
  const MutexLock lock(mutex_);
  take_process();
  if (ring != nullptr) {
    drain_all();  // what this thread said before comes before
  }
  write_now(record);
}

void LogPort::write_now(const RenderedRecord& record) {
  const MutexLock lock(write_mutex_);
  std::int64_t lost = 0;
  if (!record.json_head.empty()) {
    const std::int64_t seq = structured_->take_seqs(1);
    std::string line(record.json_head);
    line += std::to_string(seq);
    line += record.json_tail;
    lost = structured_->append_lines(line);
    if (ring_) {
      std::atomic<std::int64_t>& next_seq = ring_->control().next_seq;
      next_seq.store(std::max(next_seq.load(), seq + 1));
    }
  }
  if (!record.text.empty()) {
    lost = std::max(lost, details_->append_lines(record.text));
  }
  dropped_.fetch_add(lost, std::memory_order_relaxed);
}

DrainedBatch LogPort::write_prepared(RingDrain& drain) {
  const DrainedBatch batch = drain.write_prepared();
  dropped_.fetch_add(batch.lost, std::memory_order_relaxed);
  return batch;
}

// All that is prepared, after some more of it was.
void LogPort::drain_batch() {
  if (drain_) {
    drain_->prepare();
    const MutexLock lock(write_mutex_);
    while (write_prepared(*drain_).bytes > 0) {
    }
  }
}

// (What comes meanwhile need not be waited for.)
void LogPort::drain_all() {
  constexpr int kMostBatches = 1000;
  drain_batch();
  for (int i = 0; i < kMostBatches && drain_ && drain_->prepare(); ++i) {
    drain_batch();
  }
}

void LogPort::flush() {
  const MutexLock lock(mutex_);
  take_process();
  drain_all();
}

bool LogPort::drain() noexcept {
  try {
    return drain_one(lock_soon(mutex_)).bytes >= kBusyBytes;
  } catch (...) {  // no memory: later
    return false;
  }
}

// Other threads may go on logging: then the ring stays for the next one who opens the log.
void LogPort::drain_for_exit() noexcept {
  try {
    const MutexLock lock(mutex_);
    drain_all();
    if (ring_ && ring_->held_segments() <= 1) {
      ThreadRings::begin_epoch();
      drain_all();
      ring_->remove();
      next_try_ = std::numeric_limits<std::int64_t>::max();
    }
  } catch (...) {  // no memory: the next one who opens the log finds the ring
  }
}

}  // namespace headway
