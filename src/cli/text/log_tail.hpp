// Parts of a stage's log: the last lines with their numbers, and ranges of bytes.
// Reads files; knows no run.
#pragma once

#include "headway/result.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// The end of a text file.
struct LogTail {
  std::vector<std::string> lines;  // as output_line() shows them
  long long first_line = 1;        // number of lines[0], from 1
  long long line_count = 0;        // of the whole file
};

// At most `max_lines` lines, out of the last 64 KiB: memory stays bounded whatever the size. Error:
// the file cannot be read.
Result<LogTail> read_log_tail(const std::string& path, int max_lines);

// Bytes of a file, from `first` to before `last`.
struct ByteRange {
  std::int64_t first = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

// Gives the bytes of the range that there are to `take`, in pieces; how many that were. 0 also
// where the file cannot be read.
std::int64_t read_range(const std::string& path,
                        ByteRange range,
                        const std::function<void(std::string_view)>& take);

}  // namespace headway::cli
