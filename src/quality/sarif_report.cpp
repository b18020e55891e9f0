// SARIF 2.1.0 (OASIS, 2020): findings by level and by the severity that code scanning uses. A rule
// may stand before or after its findings: these are kept as counts until the run ends. See
// report_reader.hpp.
#include "base/json_walk.hpp"
#include "quality/number_text.hpp"
#include "quality/report_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace headway {
namespace {

// Kinds of findings that differ in rule, level or severity, and rules, of one run.
constexpr std::size_t kMaxKinds = 100'000;

// Bounds of "security-severity" as GitHub's code scanning documents them: critical and high from
// 7.0, medium from 4.0, low above 0.
constexpr double kHigh = 7.0;
constexpr double kMedium = 4.0;

enum class Level : char { unset, none, note, warning, error };
enum class Severity : char { unset, none, low, medium, high };

Level level_named(const std::string& name) {
  return name == "error"     ? Level::error
         : name == "warning" ? Level::warning
         : name == "note"    ? Level::note
         : name == "none"    ? Level::none
                             : Level::unset;
}

Severity severity_of(double score) {
  return score >= kHigh     ? Severity::high
         : score >= kMedium ? Severity::medium
         : score > 0        ? Severity::low
                            : Severity::none;
}

// "HIGH", as bandit says it.
Severity severity_named(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return name == "high" || name == "critical" ? Severity::high
         : name == "medium"                   ? Severity::medium
         : name == "low"                      ? Severity::low
                                              : Severity::unset;
}

std::string text_of(const JsonScalar& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

// A number, or a text with one.
std::optional<double> number_of(const JsonScalar& value) {
  const double* number = std::get_if<double>(&value);
  return number != nullptr ? std::optional(*number) : number_in(text_of(value));
}

std::int64_t index_of(const JsonScalar& value) {
  const double* number = std::get_if<double>(&value);
  return number != nullptr && *number >= 0 && *number < 1e9 ? std::llround(*number) : -1;
}

// What a rule says for its findings.
struct Rule {
  std::string id;
  Level level = Level::unset;
  Severity severity = Severity::unset;
  bool is_security = false;
};

// Which rule a finding is of: the tool's driver is component -1, its extensions are 0 and up.
struct Finding {
  std::int64_t component = -1;
  std::int64_t index = -1;
  std::string id;
  Level level = Level::unset;
  Severity severity = Severity::unset;
  bool counts = true;  // not suppressed, not gone, not a pass

  auto key() const { return std::tie(component, index, id, level, severity); }
  bool operator<(const Finding& other) const { return key() < other.key(); }
};

// Reads one log, run after run.
class SarifVisitor final : public JsonVisitor {
 public:
  void on_scalar(const JsonPath& path, const JsonScalar& value) override {
    if (path.size() < 3 || !path[0].is("runs") || !path[1].is_item) {
      return;
    }
    if (path[2].is("results") && path.size() >= 5) {
      take_result(path, value);
    } else if (path[2].is("results") && path.size() == 4) {
      is_malformed_ = true;
    } else if (path[2].is("tool") && path.size() >= 7 && path[3].is("driver") &&
               path[4].is("rules")) {
      take_rule(-1, path, 5, value);
    } else if (path[2].is("tool") && path.size() >= 8 && path[3].is("extensions") &&
               path[5].is("rules")) {
      take_rule(path[4].index, path, 6, value);
    } else if (path[2].is("invocations") && path.size() == 5 && path[4].is("executionSuccessful")) {
      const bool* is_good = std::get_if<bool>(&value);
      has_failed_ = has_failed_ || (is_good != nullptr && !*is_good);
    }
  }

  void on_end(const JsonPath& path, bool /*is_empty*/) override {
    if (path.size() < 2 || !path[0].is("runs") || !path[1].is_item) {
      return;
    }
    if (path.size() == 4 && path[2].is("results")) {
      end_result();
    } else if (path.size() == 3 && path[2].is("results")) {
      has_results_ = true;
    } else if (path.size() == 2) {
      end_run();
    }
  }

  // Why it cannot be counted, or empty.
  std::string trouble() const {
    if (is_overflown_) {
      return fmt::format("more than {} kinds of findings or rules", kMaxKinds);
    }
    if (runs_ == 0) {
      return "no SARIF log: it has no run";
    }
    if (is_malformed_) {
      return "one of its results is no object";
    }
    // (SARIF 2.1.0, 3.14.23: a log of an actual scan has them, though they may be none.)
    if (lacks_results_) {
      return "it has a run without 'results': it tells of no scan";
    }
    return has_failed_ ? "the tool says of itself that it did not succeed (executionSuccessful)"
                       : "";
  }
  const FindingCounts& counts() const { return counts_; }

 private:
  void take_result(const JsonPath& path, const JsonScalar& value) {
    const JsonStep& part = path[4];
    if (path.size() == 5) {
      take_result_part(part.name, value);
    } else if (part.is("rule") && path.size() == 6) {
      if (path[5].is("index")) {
        finding_.index = index_of(value);
      } else if (path[5].is("id")) {
        finding_.id = text_of(value);
      }
    } else if (part.is("rule") && path.size() == 7 && path[5].is("toolComponent") &&
               path[6].is("index")) {
      finding_.component = index_of(value);
    } else if (part.is("properties") && path.size() == 6) {
      if (const auto score = number_of(value); score && path[5].is("security-severity")) {
        finding_.severity = severity_of(*score);
      } else if (path[5].is("issue_severity") && finding_.severity == Severity::unset) {
        finding_.severity = severity_named(text_of(value));
      }
    } else if (part.is("suppressions") && path.size() == 7) {
      take_suppression(path, value);
    }
  }

  void take_result_part(const std::string& name, const JsonScalar& value) {
    if (name == "level") {
      finding_.level = level_named(text_of(value));
    } else if (name == "ruleId") {
      finding_.id = text_of(value);
    } else if (name == "ruleIndex") {
      finding_.index = index_of(value);
    } else if (name == "kind") {
      finding_.counts = finding_.counts && text_of(value) == "fail";
    } else if (name == "baselineState") {
      finding_.counts = finding_.counts && text_of(value) != "absent";
    }
  }

  // One that is rejected or under review does not suppress.
  void take_suppression(const JsonPath& path, const JsonScalar& value) {
    if (path[5].index != suppression_) {
      close_suppression();
      suppression_ = path[5].index;
      is_suppression_valid_ = true;
    }
    if (path[6].is("status")) {
      const std::string status = text_of(value);
      is_suppression_valid_ = status != "rejected" && status != "underReview";
    }
  }

  void close_suppression() {
    if (suppression_ >= 0 && is_suppression_valid_) {
      finding_.counts = false;
    }
    suppression_ = -1;
  }

  void end_result() {
    close_suppression();
    if (finding_.counts && !has_room(found_.size())) {
      finding_.counts = false;
    }
    if (finding_.counts) {
      ++found_[finding_];
    }
    finding_ = {};
  }

  // `at`: where in the path the rule's number stands.
  void take_rule(std::int64_t component,
                 const JsonPath& path,
                 std::size_t at,
                 const JsonScalar& value) {
    if (!path[at].is_item || !has_room(rules_.size())) {
      return;
    }
    Rule& rule = rules_[{component, path[at].index}];
    const auto is = [&](std::size_t below, std::string_view name) {
      return path.size() > at + below && path[at + below].is(name);
    };
    const std::size_t depth = path.size() - at - 1;
    if (depth == 1 && is(1, "id")) {
      rule.id = text_of(value);
    } else if (depth == 2 && is(1, "defaultConfiguration") && is(2, "level")) {
      rule.level = level_named(text_of(value));
    } else if (depth == 2 && is(1, "properties") && is(2, "security-severity")) {
      if (const auto score = number_of(value)) {
        rule.severity = severity_of(*score);
      }
    } else if (depth == 3 && is(1, "properties") && is(2, "tags")) {
      rule.is_security = rule.is_security || text_of(value) == "security";
    }
  }

  bool has_room(std::size_t size) {
    is_overflown_ = is_overflown_ || size >= kMaxKinds;
    return !is_overflown_;
  }

  const Rule* rule_of(const Finding& finding, const std::map<std::string, const Rule*>& by_id) {
    if (finding.index >= 0) {
      const auto rule = rules_.find({finding.component, finding.index});
      return rule == rules_.end() ? nullptr : &rule->second;
    }
    auto rule = by_id.find(finding.id);
    if (rule == by_id.end()) {  // "CA1000/1" is a finding of the rule "CA1000"
      rule = by_id.find(finding.id.substr(0, finding.id.rfind('/')));
    }
    return rule == by_id.end() ? nullptr : rule->second;
  }

  void end_run() {
    ++runs_;
    lacks_results_ = lacks_results_ || !std::exchange(has_results_, false);
    std::map<std::string, const Rule*> by_id;
    for (const auto& [place, rule] : rules_) {
      by_id.emplace(rule.id, &rule);
    }
    for (const auto& [finding, count] : found_) {
      add(finding, rule_of(finding, by_id), count);
    }
    found_.clear();
    rules_.clear();
  }

  void add(const Finding& finding, const Rule* rule, std::int64_t count) {
    Level level = finding.level;
    if (level == Level::unset && rule != nullptr) {
      level = rule->level;
    }
    level = level == Level::unset ? Level::warning : level;
    counts_.error += level == Level::error ? count : 0;
    counts_.warning += level == Level::warning ? count : 0;
    counts_.note += level == Level::note ? count : 0;

    Severity severity = finding.severity;
    if (severity == Severity::unset && rule != nullptr) {
      severity = rule->severity;
    }
    if (severity == Severity::unset && rule != nullptr && rule->is_security) {
      severity = level == Level::error     ? Severity::high
                 : level == Level::warning ? Severity::medium
                 : level == Level::note    ? Severity::low
                                           : Severity::none;
    }
    counts_.high += severity == Severity::high ? count : 0;
    counts_.medium += severity == Severity::medium ? count : 0;
    counts_.low += severity == Severity::low ? count : 0;
  }

  FindingCounts counts_;
  Finding finding_;                // that is being read
  std::int64_t suppression_ = -1;  // of it, that is being read
  bool is_suppression_valid_ = false;
  std::map<Finding, std::int64_t> found_;
  std::map<std::pair<std::int64_t, std::int64_t>, Rule> rules_;  // by component and index
  std::int64_t runs_ = 0;
  bool has_results_ = false;  // of the run that is being read
  bool has_failed_ = false, is_overflown_ = false, lacks_results_ = false, is_malformed_ = false;
};

}  // namespace

Result<void> read_sarif(ByteSource& source, FindingCounts& out) {
  SarifVisitor visitor;
  if (auto walked = walk_json(source, visitor); !walked) {
    return walked;
  }
  if (std::string trouble = visitor.trouble(); !trouble.empty()) {
    return Error{ErrorCode::parse, std::move(trouble)};
  }
  const FindingCounts& counts = visitor.counts();
  out.error += counts.error;
  out.warning += counts.warning;
  out.note += counts.note;
  out.high += counts.high;
  out.medium += counts.medium;
  out.low += counts.low;
  return {};
}

}  // namespace headway
