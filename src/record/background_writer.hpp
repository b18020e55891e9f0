// BackgroundWriter: the one thread that waits for the disk, so that the run never does: syncs
// events.jsonl at most a second late and replaces status.json. Knows nothing of what is in them.
#pragma once

#include <memory>
#include <string>

namespace headway {

// Starts its thread with the first request; the destructor does what was asked and joins. Trouble
// is kept, not thrown.
class BackgroundWriter {
 public:
  BackgroundWriter();
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  // The newest content wins; older ones that were not written yet are dropped.
  void replace_file(std::string path, std::string content);
  // fdatasync(fd) soon; several requests while one runs become one. `fd` must live until flush() or
  // the destructor.
  void sync(int fd);
  // Waits until all that was asked is done.
  void flush();
  // The first trouble in words, or empty.
  std::string trouble() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
