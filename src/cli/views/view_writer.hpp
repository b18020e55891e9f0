// ViewWriter: between a view and its reader, so that a reader that stops reading (Ctrl-S, a pipe
// whose other end is busy) never holds up the run. Knows no run and no view.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace headway::cli {

// Where the text goes, and how much of it may wait.
struct ViewWriterOptions {
  int fd = -1;               // not closed; may be one that blocks
  std::string spill_folder;  // must be there with the first write that needs it
  std::size_t memory_bytes = std::size_t{1} << 20;
  std::int64_t spill_bytes = std::int64_t{1} << 30;
};

// Short text for a pipe or file that takes it at once is written at once; all else by a thread of
// its own, in order. What the reader has not taken yet waits in memory and beyond that in a file
// without a name. What finds no room there either is dropped whole, write by write, and counted.
// Text for a reader that has left is gone. All calls from one thread.
class ViewWriter {
 public:
  explicit ViewWriter(ViewWriterOptions options);
  // Waits for the reader as flush() does, unless that has given up.
  ~ViewWriter();
  ViewWriter(const ViewWriter&) = delete;
  ViewWriter& operator=(const ViewWriter&) = delete;

  // Never waits for the reader.
  void write(std::string_view text);
  // Nothing waits: who only wants to show the newest (a picture) asks first.
  bool idle() const;
  // Waits until the reader has taken everything, or has left. `gives_up` is asked some times a
  // second; when it says true, the rest is abandoned, the thread with it: then the answer is false,
  // the descriptor must stay open, and nothing may be written to it, because that would wait.
  bool flush(const std::function<bool()>& gives_up = {});
  // What was dropped for want of room.
  std::int64_t dropped_bytes() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  bool given_up_ = false;
};

}  // namespace headway::cli
