// CheckpointImport: one checkpoint on its way into the store, as a stream to git fast-import, which
// needs no index and no work tree and changes no content. Knows nothing of restoring.
#pragma once

#include "headway/result.hpp"
#include "host/checkpoint.hpp"
#include "host/git_process.hpp"
#include "host/workspace.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace headway {

// All or nothing: the checkpoint exists when commit() succeeded. Not synchronised.
class CheckpointImport {
 public:
  // Once `stop` (may be null) is true, add() gives an error.
  static Result<CheckpointImport> begin(const GitPlace& place,
                                        const std::atomic<bool>* stop = nullptr);

  // Saves the name as it is now; its stamp becomes that of what was read. What is gone is left out.
  // A file that changes while it is read is read again, kMostReads times in all; then the last
  // reading counts, where it is whole. Error io where it cannot be read or written.
  Result<void> add(const Workspace& workspace, FoundName& name);

  // Counts what was added into `facts`, writes all and waits until it is on the disk.
  Result<void> commit(Checkpoint& facts);

  static constexpr int kMostReads = 4;

 private:
  struct Added {
    SavedEntry entry;
    std::int64_t mark = 0;
  };
  enum class Reading { good, changed, torn, gone };

  CheckpointImport(GitProcess git, const std::atomic<bool>* stop)
      : git_(std::move(git)), stop_(stop) {}
  Result<void> add_file(const Workspace& workspace, FoundName& name);
  Result<Reading> read_file_once(const Workspace& workspace, FoundName& name);
  Result<void> send_blob(std::string_view content);
  Result<void> send(std::string_view bytes);

  GitProcess git_;
  const std::atomic<bool>* stop_;
  std::vector<Added> added_;
  std::int64_t marks_ = 0;
};

// As git fast-import reads a path: in double quotes, other bytes in octal.
std::string quote_path(std::string_view path);

}  // namespace headway
