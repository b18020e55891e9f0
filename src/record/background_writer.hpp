// BackgroundWriter: the one thread that waits for the disk, so that the run never does: syncs
// events.jsonl at most a second late and replaces status.json. Knows nothing of what is in them.
#pragma once

#include "base/pending_file.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace headway {

// Starts its thread with the first request; the destructor does what was asked and joins. Trouble
// is kept, not thrown. Where no thread can be had, flush() and the destructor do the work. Safe
// from any thread.
class BackgroundWriter {
 public:
  // With the sync itself well within the second that a power cut may cost.
  static constexpr std::chrono::milliseconds kSyncDelay{500};

  BackgroundWriter();
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  // Syncs what was written and lets it replace its file, at once. The newest wins; older ones that
  // wait still are dropped.
  void replace_file(PendingFile file);
  // fdatasync(fd), kSyncDelay from now: the requests until then become one, so that it may be
  // asked for at every event. `fd` must live until flush() or the destructor.
  void sync(int fd);
  // Waits until all that was asked is done; nothing is delayed then.
  void flush();
  // The first trouble in words, or empty.
  std::string trouble() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
