// PendingFile: a file that will replace another, written in pieces. Knows nothing of what is in it.
#pragma once

#include "base/files.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headway {

// Writes a temporary file beside `path`, and renames it at the end: readers see the old or the new
// content, whole, and no more of it than a piece need be in memory. What cannot be written is told
// by commit(); without that call the old content stands and the temporary file goes. Not
// synchronised.
class PendingFile {
 public:
  // `mode`: its access rights, less umask.
  explicit PendingFile(std::string path, mode_t mode = 0666);
  PendingFile(PendingFile&& other) noexcept = default;
  PendingFile& operator=(PendingFile&& other) = delete;
  ~PendingFile();

  void append(std::string_view bytes);
  // Once only. On error the old content stands.
  Result<void> commit(Durability durability);
  const std::string& path() const noexcept { return path_; }

 private:
  void create(mode_t mode);
  Result<void> close_and_rename(Durability durability);

  std::string path_;
  std::string temporary_;
  UniqueFd fd_;  // open from the start to commit()
  std::optional<Error> error_;
};

}  // namespace headway
