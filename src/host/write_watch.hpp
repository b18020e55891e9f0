// WriteWatch: whether somebody has written to a file since one began to look, told by the kernel
// (inotify). Knows nothing of what is in it.
#pragma once

#include "base/mutex.hpp"
#include "base/unique_fd.hpp"

#include <set>
#include <string>

namespace headway {

// Of many files, with one inotify instance (of which a user may have few: 128 commonly). A file
// that is replaced by another of its name counts as another file; a change of its times alone is no
// write. Writes through a mapping, or on another machine, are not seen. Safe from any thread.
class WriteWatch {
 public:
  // From now on. A number for the questions below; -1 where it cannot be watched (no such file, no
  // watches left). The number is that of an earlier add() of the file where nothing has happened to
  // it since.
  int add(const std::string& path);
  // Whether it was written to, cut or extended since add(); false for -1.
  bool was_written(int number);
  // Whether it is there no more, under any name; false for -1, and not known of one that was
  // written to. Its inode's number may be another file's since: file systems give it to the next
  // one that is made.
  bool is_gone(int number);

 private:
  void read_events() HEADWAY_REQUIRES(mutex_);

  Mutex mutex_;
  UniqueFd fd_ HEADWAY_GUARDED_BY(mutex_);
  std::set<int> written_ HEADWAY_GUARDED_BY(mutex_), gone_ HEADWAY_GUARDED_BY(mutex_);
};

}  // namespace headway
