// Quality gates as a person meets them: run, gate, status, show.
#include "support/headway_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kGood = "<testsuite><testcase/><testcase/></testsuite>";
constexpr const char* kBad = "<testsuite><testcase/><testcase><failure/></testcase></testsuite>";

// One stage `unit` with that command, and `after`, which needs it.
std::string file_with(const std::string& run,
                      const std::string& gates,
                      const std::string& more = "") {
  return "version: 1\nstages:\n  unit:\n    run: |\n      " + run + "\n    gates: [" + gates +
         "]\n  after: {run: 'true', needs: [unit]}\ngates:\n"
         "  tests: {report: out/junit.xml, format: junit}\n"
         "  coverage: {report: out/lcov.info, format: lcov}\n"
         "  size: {run: echo 1234 bytes, format: regex, metrics: {bytes: '^(\\d+) bytes'}}\n"
         "  lint: {run: 'exit 3'}\n" +
         more;
}

class Gates : public testing::Test {
 protected:
  Gates() {
    program_.write("good.xml", kGood);
    program_.write("bad.xml", kBad);
    program_.write("lcov.info", "SF:a\nLF:4\nLH:3\nend_of_record\n");
    program_.write("out/keep", "");
  }
  ProgramResult run(const std::string& file, const std::vector<std::string>& more = {}) {
    program_.write("headway.yaml", file);
    std::vector<std::string> words{"run", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.run(words);
  }
  static std::string stage(const ProgramResult& result, std::size_t at, const char* field) {
    return result.json()["stages"].items().at(at)[field].as_string();
  }

  Program program_;
};

TEST_F(Gates, gate_that_does_not_pass_fails_its_stage_skips_what_needs_it_and_ends_with_3) {
  const auto result = run(file_with("cp bad.xml out/junit.xml", "tests"));
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_EQ(stage(result, 0, "status"), "FAILED");
  EXPECT_EQ(stage(result, 0, "reason"), "gate tests.pass_rate is 50, not >= 80");
  EXPECT_EQ(stage(result, 1, "status"), "SKIPPED");
  const Json gate = result.json()["gates"].items().at(0);
  EXPECT_EQ(gate["gate"].as_string(), "tests");
  EXPECT_EQ(gate["metric"].as_string(), "pass_rate");
  EXPECT_EQ(gate["value"].as_number(), 50);
  EXPECT_EQ(gate["threshold"].as_string(), ">= 80");
  EXPECT_FALSE(gate["passed"].as_bool(true));
  EXPECT_THAT(result.err, HasSubstr("tests.pass_rate is 50, not >= 80"));
}

TEST_F(Gates, numbers_of_gates_that_pass_are_in_status_metrics_file_and_history) {
  const auto result =
      run(file_with("cp good.xml out/junit.xml; cp lcov.info out", "tests, coverage, size"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json status = program_.run({"status", "--json"}).json();
  EXPECT_EQ(status["metrics"]["tests_passed"].as_number(), 2);
  EXPECT_EQ(status["metrics"]["tests_failed"].as_number(-1), 0);
  EXPECT_EQ(status["metrics"]["coverage_percent"].as_number(), 75);
  EXPECT_EQ(status["stages"].items().at(0)["metrics"]["size.bytes"].as_number(), 1234);
  const std::string dir = result.json()["paths"]["dir"].as_string();
  const auto quality = Json::parse(slurp(dir + "/quality_metrics.json"));
  ASSERT_TRUE(quality);
  EXPECT_TRUE((*quality)["passed"].as_bool());
  EXPECT_EQ((*quality)["metrics"]["coverage_percent"].as_number(), 75);
  const auto history = program_.run({"history", "export"});
  EXPECT_THAT(history.out, HasSubstr("metric.tests.pass_rate"));
  EXPECT_THAT(history.out, HasSubstr("metric.coverage.line"));
  EXPECT_THAT(program_.run({"show"}).out, HasSubstr("tests.pass_rate"));
}

TEST_F(Gates, report_from_before_the_stage_is_refused_whatever_its_times_say) {
  program_.write("out/junit.xml", kGood);
  for (const char* command :
       {"'true'", "touch out/junit.xml", "touch -d 2001-01-01 out/junit.xml"}) {
    const auto result = run(file_with(command, "tests"));
    EXPECT_EQ(result.exit_code, 3) << command;
    EXPECT_THAT(stage(result, 0, "reason"), HasSubstr("the same file as before the stage"))
        << command;
  }
}

TEST_F(Gates, report_that_was_written_again_counts_also_where_it_has_the_same_bytes) {
  program_.write("out/junit.xml", kGood);
  for (const char* command : {"cat good.xml > out/junit.xml",
                              "rm out/junit.xml; cat good.xml > out/junit.xml",
                              "cp good.xml t; mv t out/junit.xml",
                              "cp good.xml out/junit.xml; touch -d 2001-01-01 out/junit.xml"}) {
    EXPECT_EQ(run(file_with(command, "tests")).exit_code, 0) << command;
  }
}

// What lay there was read on the thread that starts all stages.
TEST_F(Gates, large_report_from_before_holds_up_no_other_stage) {
  program_.write("out/junit.xml", "");
  std::filesystem::resize_file(program_.path() + "/out/junit.xml", std::uintmax_t{512} << 20);
  program_.write(
      "headway.yaml",
      "version: 1\nstages:\n"
      "  unit: {run: cp good.xml out/junit.xml, gates: [tests]}\n  other: {run: 'true'}\n"
      "gates:\n  tests: {report: out/junit.xml, format: junit}\n");
  const auto result = program_.run({"run", "-j2", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto began = [&](std::size_t at) {
    return result.json()["stages"].items().at(at)["started_offset_seconds"].as_number();
  };
  EXPECT_LT(began(1), began(0));
}

// Each mark had an inotify instance to the end of the run; a user commonly has 128.
TEST_F(Gates, report_of_many_stages_is_watched_for_each_of_them) {
  std::string numbers;
  for (int i = 0; i < 150; ++i) {
    numbers += (i > 0 ? ", " : "") + std::to_string(i);
  }
  program_.write("out/junit.xml", kGood);
  program_.write("headway.yaml",
                 "version: 1\nstages:\n  unit:\n    run: cp good.xml out/junit.xml\n"
                 "    gates: [tests]\n    matrix: {n: [" +
                     numbers + "]}\ngates:\n  tests: {report: out/junit.xml, format: junit}\n");
  const auto result = program_.run({"run", "-j1", "--keep-going"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(Gates, report_that_is_missing_empty_or_cut_off_says_so) {
  const auto reason = [&](const char* command) {
    const auto result = run(file_with(command, "tests"));
    EXPECT_EQ(result.exit_code, 3) << command;
    return stage(result, 0, "reason");
  };
  EXPECT_EQ(reason("rm -f out/junit.xml"), "gate tests.pass_rate: out/junit.xml: no such file");
  EXPECT_EQ(reason(": > out/junit.xml"), "gate tests.pass_rate: out/junit.xml: it is empty");
  EXPECT_THAT(reason("echo '<testsuite>' > out/junit.xml"), HasSubstr("no usable XML at line"));
  EXPECT_THAT(reason("rm -f out/junit.xml; mkfifo out/junit.xml"), HasSubstr("not a regular file"));
}

TEST_F(Gates, command_of_a_gate_that_fails_fails_it) {
  EXPECT_EQ(stage(run(file_with("'true'", "lint")), 0, "reason"),
            "gate lint.exit_code is 3, not == 0");
}

TEST_F(Gates, stage_that_failed_itself_is_not_judged_and_the_exit_code_stays_1) {
  const auto result = run(file_with("cp bad.xml out/junit.xml; exit 9", "tests"));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(result.json()["gates"].items().empty());
}

TEST_F(Gates, failed_gate_is_not_retried_and_one_that_may_fail_does_no_harm) {
  std::string file = file_with("echo x >> tries; cp bad.xml out/junit.xml", "tests");
  file.insert(file.find("    gates:"), "    retries: 2\n    allow_failure: true\n");
  const auto result = run(file);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(program_.read("tries"), "x\n");
  EXPECT_EQ(stage(result, 1, "status"), "COMPLETED");
}

TEST_F(Gates, lane_decides_what_is_asked) {
  const std::string lanes =
      "lanes:\n  off: {gates: false}\n  strict: {gates: {tests.failed: '== 0', size.bytes: '< "
      "10'}}\n";
  const std::string file = file_with("cp bad.xml out/junit.xml", "tests, size", lanes);
  EXPECT_EQ(run(file, {"--lane", "off"}).exit_code, 0);
  const auto strict = run(file, {"--lane", "strict"});
  EXPECT_EQ(strict.exit_code, 3);
  EXPECT_EQ(stage(strict, 0, "reason"),
            "gate tests.failed is 1, not == 0; size.bytes is 1234, not < 10");
}

TEST_F(Gates, timeout_of_the_stage_ends_the_command_of_its_gate_too) {
  std::string file = file_with("'true'", "slow", "  slow: {run: sleep 30}\n");
  file.insert(file.find("    gates:"), "    timeout: 300ms\n    grace: 100ms\n");
  const auto result = run(file);
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(stage(result, 0, "reason"), HasSubstr("timed out"));
}

TEST_F(Gates, gate_alone_tells_all_and_ends_with_3_where_one_does_not_pass) {
  program_.write("headway.yaml", file_with("'true'", "tests"));
  program_.write("out/junit.xml", kGood);
  const auto good = program_.run({"gate", "tests", "size"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("pass  tests.pass_rate"));
  EXPECT_THAT(good.out, HasSubstr("1234"));
  EXPECT_THAT(program_.run({"gate", "tests", "tests"}).out, HasSubstr("1 gate in lane"));
  const auto all = program_.run({"gate", "--json"});
  EXPECT_EQ(all.exit_code, 3);
  EXPECT_FALSE(all.json()["passed"].as_bool(true));
  EXPECT_EQ(all.json()["lane"].as_string(), "standard");
  EXPECT_EQ(program_.run({"gate", "nope"}).exit_code, 2);
  EXPECT_THAT(program_.run({"gate", "tets"}).err, HasSubstr("did you mean 'tests'?"));
}

TEST_F(Gates, gate_alone_in_the_lane_of_the_change) {
  program_.write("headway.yaml",
                 file_with("'true'",
                           "tests",
                           "lanes:\n  all: {default: true}\n  unknown: {choose: {files: '> 9'}, "
                           "gates: {tests.failed: '== 0'}}\n"));
  program_.write("out/junit.xml", kGood);
  EXPECT_EQ(program_.run({"gate", "tests", "--json"}).json()["lane"].as_string(), "all");
  // (there is no repository: more files than any limit)
  EXPECT_EQ(program_.run({"gate", "tests", "--lane", "auto", "--json"}).json()["lane"].as_string(),
            "unknown");
  EXPECT_EQ(program_.run({"gate", "--lane", "nope"}).exit_code, 2);
}

TEST_F(Gates, stats_tells_how_the_numbers_of_gates_went) {
  for (const char* report : {"bad.xml", "good.xml"}) {
    run(file_with(std::string("cp ") + report + " out/junit.xml", "tests"));
  }
  const Json metric = program_.run({"stats", "--json"}).json()["metrics"].items().at(0);
  EXPECT_EQ(metric["metric"].as_string(), "tests.pass_rate");
  EXPECT_EQ(metric["runs"].as_integer(), 2);
  EXPECT_EQ(metric["latest"].as_number(), 100);
  EXPECT_EQ(metric["min"].as_number(), 50);
  EXPECT_EQ(metric["trend"].as_string(), "unknown");
  EXPECT_THAT(program_.run({"stats"}).out, HasSubstr("tests.pass_rate"));
}

TEST_F(Gates, metrics_file_can_be_made_anew) {
  const auto result = run(file_with("cp good.xml out/junit.xml", "tests"));
  const std::string file = result.json()["paths"]["dir"].as_string() + "/quality_metrics.json";
  const std::string before = slurp(file);
  std::filesystem::remove(file);
  EXPECT_EQ(program_.run({"show", "--rebuild"}).exit_code, 0);
  EXPECT_EQ(slurp(file), before);
}

}  // namespace
}  // namespace headway
