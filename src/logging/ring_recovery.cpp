// Draining of what dead processes have left. Knows nothing of loggers.
#include "logging/ring_drain.hpp"

#include <sys/stat.h>

#include <chrono>
#include <thread>

namespace headway {
namespace {

constexpr int kTries = 40;
constexpr std::chrono::milliseconds kBetweenTries{50};

std::shared_ptr<LogFile> open_log(const std::string& path) {
  return path.empty() ? nullptr : LogFile::shared({.path = path});
}

std::int64_t drain_all(std::shared_ptr<RingFile> ring) {
  const RingDestination where = ring->destination();
  RingDrain drain(std::move(ring), open_log(where.structured_path), open_log(where.details_path));
  std::int64_t records = 0;
  DrainedBatch batch = drain.resume();
  while (batch.lost == 0 && (batch = drain.drain_batch()).bytes > 0) {
    records += batch.records;
  }
  if (batch.lost == 0) {
    drain.ring().remove();
  }
  return records;
}

}  // namespace

std::int64_t recover_rings(const std::string& anchor) {
  std::int64_t records = 0;
  for (const std::string& path : find_ring_files(anchor)) {
    for (int tries = 0; tries < kTries; ++tries) {
      auto ring = RingFile::take_over(path);
      if (ring && *ring) {
        records += drain_all(*std::move(ring));
      }
      if (!ring || *ring || !RingFile::is_taken_over(path)) {
        break;
      }
      std::this_thread::sleep_for(kBetweenTries);
    }
  }
  return records;
}

}  // namespace headway
