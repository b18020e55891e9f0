// LogDifference: what a log has that the log of a run that passed has not. Knows no model.
#pragma once

#include "diagnostics/line_record.hpp"
#include "diagnostics/log_source.hpp"
#include "headway/result.hpp"

#include <cstdint>
#include <vector>

namespace headway {

// The kinds of lines of a log, numbers taken as alike, in 512 KiB whatever its size: may take a
// line for known that is not (one in a hundred at 40,000 kinds), never the other way round.
class LogDifference {
 public:
  // Reads the log that passed. Error: io.
  static Result<LogDifference> against(LogSource& passing);

  // Whether the log that passed has a line of that kind. Blank lines are known.
  bool is_known(const LineRecord& record) const noexcept;

 private:
  LogDifference() : bits_(kWords, 0) {}
  static constexpr std::size_t kWords = std::size_t{1} << 16U;
  std::vector<std::uint64_t> bits_;
};

}  // namespace headway
