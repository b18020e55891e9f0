// Digests of the files of a FileSet: from the ContentCache where their stamps are known, else read,
// by several threads where that is much. Knows nothing of what the files are for.
#pragma once

#include "host/content_cache.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// How to read.
struct DigestOptions {
  std::string folder;       // absolute: paths are relative to it
  int threads = 0;          // at most; 0: as many as there are usable CPUs, 8 at most
  std::int64_t now_ns = 0;  // of file_clock_now_ns(), taken before the files were looked at
  const std::atomic<bool>* stop = nullptr;  // once true: what is not read yet is a problem
};

// What came of it. `facts` are in the order of the files that were asked for, without those that
// could not be read.
struct FileDigests {
  std::vector<FileFact> facts;
  std::vector<Error> problems;  // FileSet::kMaxProblems at most
  int read = 0;                 // files whose content was read, not remembered
  std::int64_t read_bytes = 0;
};

// A file that changes while it is read is a problem, as one that cannot be read is. What was read
// is put into the cache where a later change must show (shows_changes(), and a file system of this
// kernel's own). Blocks until all is read; starts threads, and joins them.
FileDigests digest_files(const FileSet& files, ContentCache& cache, const DigestOptions& options);

// The digest of one file's content, and the stamps before and after: equal where it stood still.
struct FileReading {
  ContentDigest digest;
  FileStamp before, after;
  bool keeps_changes = false;  // its file system's ctime is this kernel's
};
Result<FileReading> read_content(int folder, const std::string& path);

}  // namespace headway
