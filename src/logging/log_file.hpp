// LogFile: appends whole lines to a file that other loggers and processes append to as well. Knows
// nothing of what is in a line.
#pragma once

#include "base/mutex.hpp"
#include "base/unique_fd.hpp"
#include "headway/result.hpp"
#include "logging/fork_guard.hpp"
#include "logging/log_rotation.hpp"
#include "logging/ring_layout.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace headway {

// Makes the line that tells of lines that were lost, with what the system said.
using LossNote = std::string (*)(std::int64_t lost, std::string_view reason);

// How a LogFile behaves.
struct LogFileOptions {
  std::string path;              // absolute
  LossNote loss_note = nullptr;  // null: losses are not noted in the file
  RotationLimits rotation{};
};

// One file, opened at the first line and again after a failure. A line that cannot be written is
// lost and counted; the first loss is told on stderr; the next line that can be written comes after
// a note of the loss. A half line (of ours, or of a process that was killed) is ended by a newline
// before the next one. Safe from any thread and in a forked child.
class LogFile {
 public:
  // The file of that path: the one that is in use already, or a new one.
  static std::shared_ptr<LogFile> shared(const LogFileOptions& options);

  explicit LogFile(LogFileOptions options);

  // Appends a line, its newline included, with one write(2). False: it is lost.
  bool append(std::string_view line);

  // Appends lines, with as few calls as rotation allows. How many of them are lost: not whole in
  // the file.
  std::int64_t append_lines(std::string_view lines);

  // 1, 2, 3, ...: a number for each record of this process; the first of `count` new ones.
  std::int64_t take_seqs(std::int64_t count) noexcept {
    return seq_.fetch_add(count, std::memory_order_relaxed) + 1;
  }

  // Where the file ends now. All zero: it cannot be opened.
  FileMark mark();
  // What was appended since then, by anybody, through any rotations.
  std::string text_since(const FileMark& mark) const;

 private:
  Result<void> write_line(std::string_view& line) HEADWAY_REQUIRES(mutex_);
  Result<void> write_bytes(std::string_view& bytes) HEADWAY_REQUIRES(mutex_);
  Result<void> prepare() HEADWAY_REQUIRES(mutex_);
  Result<void> write_lines(std::string_view& lines) HEADWAY_REQUIRES(mutex_);
  Result<void> open_if_needed() HEADWAY_REQUIRES(mutex_);
  void rotate_if_needed() HEADWAY_REQUIRES(mutex_);
  void count_loss(const Error& error, std::int64_t lines) HEADWAY_REQUIRES(mutex_);

  const LogFileOptions options_;
  std::atomic<std::int64_t> seq_{0};
  Mutex mutex_;
  UniqueFd fd_ HEADWAY_GUARDED_BY(mutex_);
  bool half_line_ HEADWAY_GUARDED_BY(mutex_) = false;  // the file does not end with a newline
  bool told_ HEADWAY_GUARDED_BY(mutex_) = false;       // stderr knows of a loss
  std::int64_t lost_ HEADWAY_GUARDED_BY(mutex_) = 0;   // since the last note
  std::string loss_reason_ HEADWAY_GUARDED_BY(mutex_);
  ForkGuard fork_guard_{mutex_};
};

}  // namespace headway
