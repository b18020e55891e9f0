// Cobertura XML as coverage.py, gcovr, istanbul and c8 write it. See report_reader.hpp.
#include "base/text.hpp"
#include "quality/number_text.hpp"
#include "quality/report_reader.hpp"
#include "quality/xml_walk.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

namespace headway {
namespace {

// A rate without counts stands for this many lines, so that it can be added to others.
constexpr double kRateScale = 1e6;

// Takes the counts of the root; where a tool leaves them out, the lines of the classes, or the
// rates.
class CoberturaVisitor final : public XmlVisitor {
 public:
  void on_start(std::string_view name, const XmlAttributes& attributes) override {
    if (open_.empty()) {
      root_ = name;
      take_root(attributes);
    } else if (name == "line" && open_.size() >= 2 && open_.back() == Element::lines &&
               open_[open_.size() - 2] == Element::in_class) {
      take_line(attributes);
    }
    open_.push_back(name == "lines"   ? Element::lines
                    : name == "class" ? Element::in_class
                                      : Element::other);
  }

  void on_end(std::string_view /*name*/) override { open_.pop_back(); }

  const std::string& root() const { return root_; }

  CoverageCounts counts() const {
    CoverageCounts out = told_;
    if (out.lines == 0) {
      out.lines = seen_.lines > 0 ? seen_.lines : rated_.lines;
      out.lines_hit = seen_.lines > 0 ? seen_.lines_hit : rated_.lines_hit;
    }
    if (out.branches == 0) {
      out.branches = seen_.branches > 0 ? seen_.branches : rated_.branches;
      out.branches_hit = seen_.branches > 0 ? seen_.branches_hit : rated_.branches_hit;
    }
    return out;
  }

  // A number of the root that is none; empty: they all are.
  const std::string& wrong() const { return wrong_; }

 private:
  enum class Element : char { other, lines, in_class };

  static std::int64_t scaled(const XmlAttributes& attributes, std::string_view name) {
    const auto rate = number_in(attributes.find(name).value_or(""));
    return rate && *rate > 0 && *rate <= 1 ? std::llround(*rate * kRateScale) : 0;
  }

  void take_root(const XmlAttributes& attributes) {
    const auto count = [&](std::string_view name) {
      const auto text = attributes.find(name);
      const auto found = count_in(text);
      if (text && !trim(*text).empty() && !found && wrong_.empty()) {
        wrong_ = fmt::format("'{}' of its root is no number", name);
      }
      return found;
    };
    const auto lines = count("lines-valid");
    const auto branches = count("branches-valid");
    told_.lines = lines.value_or(0);
    told_.lines_hit = count("lines-covered").value_or(0);
    told_.branches = branches.value_or(0);
    told_.branches_hit = count("branches-covered").value_or(0);
    // A rate beside a count of 0 says nothing: of no lines, coverage.py writes that all are
    // reached.
    if (!lines) {
      rated_.lines_hit = scaled(attributes, "line-rate");
      rated_.lines = rated_.lines_hit > 0 ? static_cast<std::int64_t>(kRateScale) : 0;
    }
    // (A rate of 0 is also what tools write that measure no branches.)
    if (!branches) {
      rated_.branches_hit = scaled(attributes, "branch-rate");
      rated_.branches = rated_.branches_hit > 0 ? static_cast<std::int64_t>(kRateScale) : 0;
    }
  }

  // condition-coverage="50% (1/2)"
  void take_line(const XmlAttributes& attributes) {
    ++seen_.lines;
    const auto hits = number_in(attributes.find("hits").value_or(""));
    seen_.lines_hit += hits && *hits > 0 ? 1 : 0;
    const std::string_view conditions = attributes.find("condition-coverage").value_or("");
    const std::size_t open = conditions.find('(');
    const std::size_t slash = conditions.find('/', open);
    const std::size_t close = conditions.find(')', slash);
    if (open == std::string_view::npos || slash == std::string_view::npos ||
        close == std::string_view::npos) {
      return;
    }
    const auto hit = count_in(conditions.substr(open + 1, slash - open - 1));
    const auto all = count_in(conditions.substr(slash + 1, close - slash - 1));
    if (hit && all && *hit <= *all) {
      seen_.branches += *all;
      seen_.branches_hit += *hit;
    }
  }

  std::string root_, wrong_;
  std::vector<Element> open_;
  CoverageCounts told_, seen_, rated_;
};

}  // namespace

Result<void> read_cobertura(ByteSource& source, CoverageCounts& out) {
  CoberturaVisitor visitor;
  if (auto walked = walk_xml(source, visitor); !walked) {
    return walked;
  }
  if (visitor.root() != "coverage") {
    return Error{
        ErrorCode::parse,
        fmt::format("no Cobertura report: its root is <{}>", visitor.root().substr(0, 80))};
  }
  if (!visitor.wrong().empty()) {
    return Error{ErrorCode::parse, visitor.wrong()};
  }
  const CoverageCounts counts = visitor.counts();
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
