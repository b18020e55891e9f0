// See status_observer.hpp.
#include "orchestration/status_observer.hpp"

#include <algorithm>
#include <utility>

namespace headway {
namespace {

constexpr Nanos kBetweenWrites = std::chrono::milliseconds(500);
// The first comes a moment after the start: nothing is to be seen before, and stages wait for it.
constexpr Nanos kFirstWrite = std::chrono::milliseconds(10);
// A large document is written less often: at most this share of the time goes into it.
constexpr int kCostShare = 100;

}  // namespace

StatusObserver::StatusObserver(StatusObserverOptions options,
                               BackgroundWriter& writer,
                               const Clock& clock)
    : options_(std::move(options)), writer_(writer), clock_(clock), next_write_(kFirstWrite) {}

void StatusObserver::on_event(const RunEvent& event) {
  state_.apply(event);
  const bool is_last = std::holds_alternative<RunFinished>(event.body);
  if (is_last || event.elapsed >= next_write_) {
    const Nanos before = clock_.monotonic();
    write();
    next_write_ =
        event.elapsed + std::max(kBetweenWrites, kCostShare * (clock_.monotonic() - before));
  }
  // A sync that was asked for comes kSyncDelay later, and takes all that was written until then.
  // Half of it, since an event may be told a moment after it was made.
  if (is_last || event.elapsed >= next_sync_) {
    writer_.sync(options_.events_fd);
    next_sync_ = event.elapsed + BackgroundWriter::kSyncDelay / 2;
  }
}

void StatusObserver::write() {
  PendingFile file(options_.status_path);
  write_status_document(
      state_, options_.secrets, [&file](std::string_view piece) { file.append(piece); });
  writer_.replace_file(std::move(file));
}

}  // namespace headway
