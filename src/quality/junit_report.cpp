// JUnit XML as pytest, GoogleTest, CTest, jest, mocha, Surefire, gotestsum, go-junit-report and
// cargo-nextest write it. There is no standard: cases are counted, as what the suites say of
// themselves differs. See report_reader.hpp.
#include "base/text.hpp"
#include "quality/number_text.hpp"
#include "quality/report_reader.hpp"
#include "quality/xml_walk.hpp"

#include <fmt/format.h>

#include <string>

namespace headway {
namespace {

// Counts the cases; what suites say counts only where there is no case at all.
class JunitVisitor final : public XmlVisitor {
 public:
  void on_start(std::string_view name, const XmlAttributes& attributes) override {
    if (depth_ == 0) {
      root_ = name;
    }
    ++depth_;
    if (name == "testcase") {
      begin_case(attributes);
    } else if (is_suite(name)) {
      begin_suite(attributes);
    } else if (case_depth_ > 0) {
      if (depth_ == case_depth_ + 1) {
        mark(name, attributes);
      }
    } else if (depth_ == suite_depth_ + 1 && (name == "error" || name == "failure")) {
      ++counts_.total;  // of the suite itself, such as a fixture that could not be set up
      ++counts_.errors;
    }
  }

  void on_end(std::string_view name) override {
    if (depth_ == case_depth_) {
      end_case();
    } else if (is_suite(name) && depth_ == told_depth_) {
      told_depth_ = 0;
    }
    --depth_;
    suite_depth_ = is_suite(name) && case_depth_ == 0 ? depth_ : suite_depth_;
  }

  bool is_junit() const { return root_ == "testsuites" || root_ == "testsuite"; }
  const std::string& root() const { return root_; }
  TestCounts counts() const { return counts_.total > 0 ? counts_ : told_; }
  // Whether counts() fit each other, as far as they are what suites say.
  bool is_sound() const {
    return counts_.total > 0 ||
           (knows_all_ && told_.failed + told_.errors + told_.skipped <= told_.total);
  }

 private:
  static bool is_suite(std::string_view name) {
    return name == "testsuite" || name == "testsuites";
  }

  void begin_suite(const XmlAttributes& attributes) {
    suite_depth_ = depth_;
    const auto tests = count_in(attributes.find("tests"));
    if (!tests || told_depth_ > 0) {
      return;  // inside of one that has told of all below it
    }
    told_depth_ = depth_;
    const auto told = [&](std::string_view name) {
      const auto text = attributes.find(name);
      const auto count = count_in(text);
      knows_all_ = knows_all_ && (count || !text || trim(*text).empty());
      return count.value_or(0);
    };
    told_.total += *tests;
    told_.failed += told("failures");
    told_.errors += told("errors");
    told_.skipped += told("skipped") + told("disabled");
  }

  void begin_case(const XmlAttributes& attributes) {
    if (case_depth_ > 0) {
      return;
    }
    case_depth_ = depth_;
    const auto status = attributes.find("status");  // of GoogleTest and CTest
    const auto result = attributes.find("result");
    failed_ = status == "fail" || status == "failed";
    errored_ = status == "error";
    skipped_ = status == "notrun" || status == "disabled" || status == "skipped" ||
               result == "skipped" || result == "suppressed";
  }

  // (flakyFailure, flakyError and rerunFailure are of attempts: the case's own end is told beside
  // them.)
  void mark(std::string_view name, const XmlAttributes& attributes) {
    failed_ = failed_ || name == "failure";
    errored_ = errored_ || name == "error";
    if (name == "skipped" || name == "disabled") {
      // CTest says so of a test whose program is not there, and counts it as failed itself.
      const bool is_absent = attributes.find("message").value_or("").starts_with("Unable to find");
      errored_ = errored_ || is_absent;
      skipped_ = true;
    }
  }

  void end_case() {
    ++counts_.total;
    if (failed_) {
      ++counts_.failed;
    } else if (errored_) {
      ++counts_.errors;
    } else if (skipped_) {
      ++counts_.skipped;
    }
    case_depth_ = 0;
  }

  std::string root_;
  TestCounts counts_;
  TestCounts told_;
  int depth_ = 0;
  int case_depth_ = 0;     // of the open case
  int suite_depth_ = 0;    // of the innermost open suite
  int told_depth_ = 0;     // of the open suite whose numbers are in told_
  bool knows_all_ = true;  // what suites say of themselves
  bool failed_ = false, errored_ = false, skipped_ = false;
};

}  // namespace

Result<void> read_junit(ByteSource& source, TestCounts& out) {
  JunitVisitor visitor;
  if (auto walked = walk_xml(source, visitor); !walked) {
    return walked;
  }
  if (!visitor.is_junit()) {
    return Error{ErrorCode::parse,
                 fmt::format("no JUnit report: its root is <{}>", visitor.root().substr(0, 80))};
  }
  const TestCounts counts = visitor.counts();
  if (counts.total == 0) {
    return Error{ErrorCode::parse, "it has no test case"};
  }
  if (!visitor.is_sound()) {
    return Error{ErrorCode::parse,
                 "it has no test case, and the numbers of its suites contradict each other"};
  }
  out.total += counts.total;
  out.failed += counts.failed;
  out.errors += counts.errors;
  out.skipped += counts.skipped;
  return {};
}

}  // namespace headway
