// LCOV tracefiles (geninfo(1)) as lcov, llvm-cov, c8, istanbul and grcov write them. See
// report_reader.hpp.
#include "base/text.hpp"
#include "quality/line_walk.hpp"
#include "quality/number_text.hpp"
#include "quality/report_reader.hpp"

#include <optional>

namespace headway {
namespace {

// Adds up records: by their totals where they have them, else by their lines.
class LcovTally {
 public:
  void take(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view key = line.substr(0, colon);
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (key == "SF") {
      is_open_ = true;
    } else if (key == "DA") {
      ++seen_.lines;
      seen_.lines_hit += is_hit(value, 1) ? 1 : 0;
    } else if (key == "BRDA") {
      ++seen_.branches;
      seen_.branches_hit += is_hit(value, 3) ? 1 : 0;
    } else if (key == "LF") {
      found_ = count_in(value);
    } else if (key == "LH") {
      hit_ = count_in(value);
    } else if (key == "BRF") {
      branches_found_ = count_in(value);
    } else if (key == "BRH") {
      branches_hit_ = count_in(value);
    } else if (trim(line) == "end_of_record") {
      end_record();
    }
  }

  bool is_open() const { return is_open_; }
  bool has_records() const { return records_ > 0; }
  const CoverageCounts& counts() const { return counts_; }

 private:
  // Whether the comma-separated field of that number is a count above 0 ("-": never looked at).
  static bool is_hit(std::string_view fields, int number) {
    for (; number > 0; --number) {
      const std::size_t comma = fields.find(',');
      if (comma == std::string_view::npos) {
        return false;
      }
      fields.remove_prefix(comma + 1);
    }
    const auto count = number_in(fields.substr(0, fields.find(',')));
    return count && *count > 0;
  }

  void end_record() {
    const bool has_lines = found_ && hit_ && *hit_ <= *found_;
    const bool has_branches =
        branches_found_ && branches_hit_ && *branches_hit_ <= *branches_found_;
    counts_.lines += has_lines ? *found_ : seen_.lines;
    counts_.lines_hit += has_lines ? *hit_ : seen_.lines_hit;
    counts_.branches += has_branches ? *branches_found_ : seen_.branches;
    counts_.branches_hit += has_branches ? *branches_hit_ : seen_.branches_hit;
    found_ = hit_ = branches_found_ = branches_hit_ = std::nullopt;
    seen_ = {};
    records_ += is_open_ ? 1 : 0;
    is_open_ = false;
  }

  CoverageCounts counts_;
  CoverageCounts seen_;  // of the open record
  std::optional<std::int64_t> found_, hit_, branches_found_, branches_hit_;
  std::int64_t records_ = 0;
  bool is_open_ = false;
};

}  // namespace

Result<void> read_lcov(ByteSource& source, CoverageCounts& out) {
  LcovTally tally;
  auto walked = walk_lines(source, [&](std::string_view line) { tally.take(line); });
  if (!walked) {
    return walked;
  }
  if (tally.is_open()) {
    return Error{ErrorCode::parse, "it is cut off: the last record has no end_of_record"};
  }
  if (!tally.has_records()) {
    return Error{ErrorCode::parse, "no LCOV report: it has no record (SF: ... end_of_record)"};
  }
  out.lines += tally.counts().lines;
  out.lines_hit += tally.counts().lines_hit;
  out.branches += tally.counts().branches;
  out.branches_hit += tally.counts().branches_hit;
  return {};
}

}  // namespace headway
