// Coverage as JSON: `coverage json` of coverage.py, istanbul's summary and its details, llvm-cov
// export, gcovr's summary; which of them it is shows by its keys. See report_reader.hpp.
#include "base/json_walk.hpp"
#include "quality/report_reader.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

namespace headway {
namespace {

constexpr double kMaxCount = 9007199254740992.0;  // 2^53

// A count of things; what is none counts as none.
std::int64_t count_of(const JsonScalar& value) {
  const double* number = std::get_if<double>(&value);
  return number != nullptr && *number > 0 && *number < kMaxCount
             ? static_cast<std::int64_t>(*number)
             : 0;
}

// The details of one file in istanbul's coverage-final.json: a line counts as its statements that
// begin on it (istanbul-lib-coverage, FileCoverage.getLineCoverage).
class IstanbulFile {
 public:
  void take(const JsonPath& path, const JsonScalar& value) {
    const std::string& part = path[1].name;
    if (part == "s" && path.size() == 3) {
      hits_[path[2].name] = count_of(value);
    } else if (part == "statementMap" && path.size() == 5 && path[3].is("start") &&
               path[4].is("line")) {
      lines_[path[2].name] = count_of(value);
    } else if (part == "b" && path.size() == 4) {
      ++branches_;
      branches_hit_ += count_of(value) > 0 ? 1 : 0;
    }
  }

  bool is_known() const { return !lines_.empty() || branches_ > 0; }

  void add_to(CoverageCounts& out) const {
    std::unordered_map<std::int64_t, bool> reached;
    for (const auto& [statement, line] : lines_) {
      const auto hits = hits_.find(statement);
      bool& is_hit = reached[line];
      is_hit = is_hit || (hits != hits_.end() && hits->second > 0);
    }
    out.lines += static_cast<std::int64_t>(reached.size());
    out.lines_hit +=
        std::count_if(reached.begin(), reached.end(), [](const auto& line) { return line.second; });
    out.branches += branches_;
    out.branches_hit += branches_hit_;
  }

 private:
  std::unordered_map<std::string, std::int64_t> lines_, hits_;
  std::int64_t branches_ = 0, branches_hit_ = 0;
};

// Takes what it knows of each kind.
class CoverageVisitor final : public JsonVisitor {
 public:
  void on_scalar(const JsonPath& path, const JsonScalar& value) override {
    if (path.size() == 1) {
      take_gcovr(path[0].name, value);
    } else if (path.size() == 2 && path[0].is("totals")) {
      take_coverage_py(path[1].name, value);
    } else if (path.size() == 3 && path[0].is("total")) {
      take_part(path[1].name, path[2].name, "total", value);
    } else if (path.size() == 5 && path[0].is("data") && path[2].is("totals")) {
      take_part(path[3].name, path[4].name, "count", value);
    } else if (path.size() >= 3 && !path[0].is_item) {
      file_.take(path, value);
    }
  }

  void on_end(const JsonPath& path, bool /*is_empty*/) override {
    if (path.empty()) {
      return;
    }
    if (path.size() == 1) {
      if (file_.is_known()) {
        file_.add_to(details_);
        has_details_ = true;
      }
      file_ = {};
    }
  }

  bool is_known() const { return is_known_ || has_details_; }
  const CoverageCounts& counts() const { return is_known_ ? counts_ : details_; }

 private:
  void set(std::int64_t& field, const JsonScalar& value) {
    field += count_of(value);
    is_known_ = true;
  }

  void take_gcovr(const std::string& key, const JsonScalar& value) {
    if (key == "line_total") {
      set(counts_.lines, value);
    } else if (key == "line_covered") {
      set(counts_.lines_hit, value);
    } else if (key == "branch_total") {
      set(counts_.branches, value);
    } else if (key == "branch_covered") {
      set(counts_.branches_hit, value);
    }
  }

  // (percent_covered mixes lines with branches.)
  void take_coverage_py(const std::string& key, const JsonScalar& value) {
    if (key == "num_statements") {
      set(counts_.lines, value);
    } else if (key == "covered_lines") {
      set(counts_.lines_hit, value);
    } else if (key == "num_branches") {
      set(counts_.branches, value);
    } else if (key == "covered_branches") {
      set(counts_.branches_hit, value);
    }
  }

  // "lines" and "branches", each with "covered" and the whole.
  void take_part(const std::string& part,
                 const std::string& key,
                 std::string_view whole,
                 const JsonScalar& value) {
    const bool is_lines = part == "lines";
    if (!is_lines && part != "branches") {
      return;
    }
    if (key == whole) {
      set(is_lines ? counts_.lines : counts_.branches, value);
    } else if (key == "covered") {
      set(is_lines ? counts_.lines_hit : counts_.branches_hit, value);
    }
  }

  CoverageCounts counts_;   // as a summary tells them
  CoverageCounts details_;  // added up over files
  IstanbulFile file_;       // that is being read
  bool is_known_ = false, has_details_ = false;
};

}  // namespace

Result<void> read_coverage_json(ByteSource& source, CoverageCounts& out) {
  CoverageVisitor visitor;
  if (auto walked = walk_json(source, visitor); !walked) {
    return walked;
  }
  if (!visitor.is_known()) {
    return Error{ErrorCode::parse,
                 "no coverage in it that is known: coverage.py, istanbul, llvm-cov export and "
                 "gcovr --json-summary are"};
  }
  const CoverageCounts& counts = visitor.counts();
  if (counts.lines_hit > counts.lines || counts.branches_hit > counts.branches) {
    return Error{ErrorCode::parse, "it has more lines or branches reached than there are"};
  }
  out.lines += counts.lines;
  out.lines_hit += counts.lines_hit;
  out.branches += counts.branches;
  out.branches_hit += counts.branches_hit;
  return {};
}

}  // namespace headway
