// The thread that waits for the reader; see view_writer.hpp. Knows no run and no view.
#include "cli/views/view_writer.hpp"

#include "base/files.hpp"
#include "base/mutex.hpp"
#include "base/signals_blocked.hpp"
#include "base/unique_fd.hpp"
#include "cli/console.hpp"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

namespace headway::cli {
namespace {

constexpr std::int64_t kPiece = std::int64_t{64} << 10;
constexpr std::chrono::milliseconds kAskAgain(50);

// A file that is gone with its descriptor; none where the folder takes no file.
UniqueFd make_spill(const std::string& folder) {
  std::string path = folder + "/.view-XXXXXX";
  UniqueFd file(::mkostemp(path.data(), O_CLOEXEC));
  if (file) {
    ::unlink(path.c_str());
  }
  return file;
}

// Whether that much can be written at once without waiting. A terminal says that there is room
// where there is less than this.
bool takes_at_once(int fd, std::string_view text) {
  pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
  return text.size() <= PIPE_BUF && ::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

// Starts a thread that takes no signals: they are the main thread's.
template <class Work>
bool start_thread(std::thread& thread, Work work) {
  const SignalsBlocked blocked;
  try {
    thread = std::thread(std::move(work));
  } catch (const std::system_error&) {
    // Told by thread.joinable().
  }
  return thread.joinable();
}

}  // namespace

// Shared with the thread, which may outlive the writer where it was given up.
struct ViewWriter::State {
  explicit State(ViewWriterOptions given) : options(std::move(given)) {}

  void loop() HEADWAY_EXCLUDES(mutex);
  // Takes what waits longest into `piece`; false where nothing does.
  bool take(std::string& piece) HEADWAY_REQUIRES(mutex);
  void take_spilled(std::string& piece) HEADWAY_REQUIRES(mutex);
  bool spill_out(std::string_view text) HEADWAY_REQUIRES(mutex);
  void forget_all() HEADWAY_REQUIRES(mutex);
  bool empty() const HEADWAY_REQUIRES(mutex) { return memory.empty() && spilled == taken && !busy; }

  const ViewWriterOptions options;
  const bool is_terminal = ::isatty(options.fd) == 1;
  mutable Mutex mutex;
  std::condition_variable_any asked;  // the thread waits for it
  std::condition_variable_any done;   // flush() waits for it
  // What waits: first the text in memory, then the file from `taken` to `spilled`.
  std::string memory HEADWAY_GUARDED_BY(mutex);
  UniqueFd spill HEADWAY_GUARDED_BY(mutex);
  std::int64_t taken HEADWAY_GUARDED_BY(mutex) = 0;
  std::int64_t spilled HEADWAY_GUARDED_BY(mutex) = 0;
  std::int64_t dropped HEADWAY_GUARDED_BY(mutex) = 0;
  bool busy HEADWAY_GUARDED_BY(mutex) = false;
  bool waiting HEADWAY_GUARDED_BY(mutex) = false;  // the thread, for work
  bool reader_left HEADWAY_GUARDED_BY(mutex) = false;
  bool stopping HEADWAY_GUARDED_BY(mutex) = false;
  std::thread thread;  // touched by the writer's own thread alone
};

bool ViewWriter::State::take(std::string& piece) {
  piece.clear();
  if (!memory.empty()) {
    piece.swap(memory);
    return true;
  }
  if (spilled == taken) {
    return false;
  }
  take_spilled(piece);
  return true;
}

void ViewWriter::State::take_spilled(std::string& piece) {
  piece.resize(static_cast<std::size_t>(std::min(spilled - taken, kPiece)));
  const ssize_t got = ::pread(spill.get(), piece.data(), piece.size(), taken);
  piece.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got <= 0) {
    dropped += spilled - taken;
    taken = spilled;
  }
  taken += std::max<ssize_t>(got, 0);
  if (taken == spilled) {
    taken = spilled = 0;
    std::ignore = ::ftruncate(spill.get(), 0);
  } else {
    // What was taken needs no room on disk any more; not every file system can be told.
    ::fallocate(spill.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, taken);
  }
}

void ViewWriter::State::forget_all() {
  memory.clear();
  taken = spilled = 0;
}

void ViewWriter::State::loop() {
  std::string piece;
  const MutexLock lock(mutex);
  while (true) {
    if (take(piece)) {
      busy = true;
      mutex.unlock();
      const bool written = write_fully(options.fd, piece);
      mutex.lock();
      busy = false;
      if (!written) {
        reader_left = true;
        forget_all();
      }
      continue;
    }
    done.notify_all();
    if (stopping) {
      return;
    }
    waiting = true;
    asked.wait(mutex);
    waiting = false;
  }
}

bool ViewWriter::State::spill_out(std::string_view text) {
  if (!spill) {
    spill = make_spill(options.spill_folder);
  }
  const auto size = static_cast<std::int64_t>(text.size());
  if (!spill || spilled - taken + size > options.spill_bytes) {
    return false;
  }
  std::int64_t at = spilled;
  while (!text.empty()) {
    const ssize_t written = ::pwrite(spill.get(), text.data(), text.size(), at);
    if (written > 0) {
      at += written;
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return false;
    }
  }
  spilled = at;
  return true;
}

ViewWriter::ViewWriter(ViewWriterOptions options)
    : state_(std::make_shared<State>(std::move(options))) {}

ViewWriter::~ViewWriter() {
  if (given_up_) {
    return;
  }
  flush();
  {
    const MutexLock lock(state_->mutex);
    state_->stopping = true;
    state_->asked.notify_one();
  }
  if (state_->thread.joinable()) {
    state_->thread.join();
  }
}

void ViewWriter::write(std::string_view text) {
  State& state = *state_;
  const MutexLock lock(state.mutex);
  if (text.empty() || state.reader_left) {
    return;
  }
  if (!state.is_terminal && state.empty() && takes_at_once(state.options.fd, text)) {
    state.reader_left = !write_fully(state.options.fd, text);
    return;
  }
  if (!state.thread.joinable() &&
      !start_thread(state.thread, [shared = state_] { shared->loop(); })) {
    state.reader_left = true;  // nobody can be shown anything; the run goes on
    return;
  }
  if (state.spilled == 0 && state.memory.size() + text.size() <= state.options.memory_bytes) {
    state.memory.append(text);
  } else if (!state.spill_out(text)) {
    state.dropped += static_cast<std::int64_t>(text.size());
  }
  if (state.waiting) {
    state.asked.notify_one();
  }
}

bool ViewWriter::idle() const {
  const MutexLock lock(state_->mutex);
  return state_->empty();
}

bool ViewWriter::flush(const std::function<bool()>& gives_up) {
  State& state = *state_;
  const MutexLock lock(state.mutex);
  while (!state.empty() && !given_up_) {
    state.done.wait_for(state.mutex, kAskAgain);
    if (gives_up && !state.empty() && gives_up()) {
      given_up_ = true;
      state.thread.detach();
    }
  }
  return !given_up_;
}

std::int64_t ViewWriter::dropped_bytes() const {
  const MutexLock lock(state_->mutex);
  return state_->dropped;
}

}  // namespace headway::cli
