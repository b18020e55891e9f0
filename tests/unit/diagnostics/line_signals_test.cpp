// Tests of LineSignals: how lines of many tools are recognised. The lines are written by hand.
#include "diagnostics/line_signals.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace headway {
namespace {

using enum Signal;

SignalMask of(std::string_view line) {
  static LineSignals signals;
  return signals.of(line);
}

bool is(std::string_view line, Signal signal) {
  return (of(line) & mask_of(signal)) != 0;
}

TEST(LineSignals, patterns_are_compiled_once_while_somebody_has_them) {
  const auto held = LineSignals::patterns();
  const LineSignals first, second;
  EXPECT_EQ(LineSignals::patterns(), held);
  EXPECT_EQ(held.use_count(), 3);
}

TEST(LineSignals, failing_tests_of_many_runners_are_seen) {
  for (const char* line : {"--- FAIL: TestParse (0.00s)",
                           "    --- FAIL: TestParse/empty (0.00s)",
                           "not ok 3 - reads a file",
                           "FAILED tests/test_io.py::test_read - AssertionError",
                           "test io::reads ... FAILED",
                           "[  FAILED  ] Reader.reads (3 ms)",
                           "[info] - reads a file *** FAILED ***",
                           "Tests run: 3, Failures: 1, Errors: 0 <<< FAILURE!",
                           "\xe2\x9c\x97 reads a file",
                           "  \xe2\x97\x8f Reader \xe2\x80\xba reads",
                           "FAIL src/reader.test.js",
                           " 12/40 Test #12: reader ...........***Failed  0.10 sec",
                           "[-] reads a file 12ms",
                           "t/reader.t (Wstat: 256 Tests: 3 Failed: 1)"}) {
    EXPECT_TRUE(is(line, test_failed)) << line;
  }
}

TEST(LineSignals, errors_of_many_compilers_and_tools_are_seen) {
  for (const char* line : {"main.c:3:5: error: expected ';' before '}' token",
                           "error[E0425]: cannot find value `x` in this scope",
                           "error: Microsoft Visual C++ 14.0 is required",
                           "[ERROR] /src/Main.java:[12,5] cannot find symbol",
                           "[error] /src/Main.scala:12:5: not found: value x",
                           "fatal: unable to access 'https://example.org/': Could not resolve host",
                           "npm ERR! code ELIFECYCLE",
                           "E   AssertionError: assert 1 == 2",
                           "** (CompileError) lib/a.ex:3: undefined function x/0",
                           "src/a.ts(3,7): error TS2304: Cannot find name 'x'.",
                           "Program.cs(5,9): error CS0103: The name 'x' does not exist",
                           "Error: Cannot find module './missing'",
                           "2026-01-02 10:11:12 ERROR failed to start"}) {
    EXPECT_TRUE(is(line, error_head)) << line;
  }
}

TEST(LineSignals, linters_without_an_error_word_are_seen) {
  for (const char* line : {"a.py:3:80: E501 line too long (93 > 79 characters)",
                           "a.py:1:0: C0111: Missing docstring (missing-docstring)",
                           "lib/a.rb:3:5: C: Style/StringLiterals: Prefer single quotes",
                           "  3:5  error  'x' is defined but never used  no-unused-vars",
                           "In run.sh line 3: SC2086: Double quote to prevent globbing"}) {
    EXPECT_TRUE(is(line, lint_code)) << line;
  }
}

TEST(LineSignals, stack_traces_of_many_languages_are_seen) {
  for (const char* line : {"    at Object.<anonymous> (/src/a.js:3:5)",
                           "\tat com.example.Main.run(Main.java:12)",
                           "  File \"/src/a.py\", line 3, in run",
                           "\tfrom /src/a.rb:12:in `run'",
                           "    #0 0x55d in run /src/a.c:3",
                           "  10: 0x5597 - std::panicking::begin_panic"}) {
    EXPECT_TRUE(is(line, frame)) << line;
  }
}

TEST(LineSignals, headings_and_counts_are_told_apart) {
  EXPECT_TRUE(is("  5 failing", fail_list));
  EXPECT_TRUE(is("=================== FAILURES ===================", fail_list));
  EXPECT_TRUE(is("There was 1 failure:", fail_list));
  EXPECT_TRUE(is("The following tests FAILED:", fail_list));
  EXPECT_TRUE(is("  1) Reader reads a file:", numbered));
  EXPECT_TRUE(is("Tests run: 30, Failures: 2, Errors: 0, Skipped: 1", bad_summary));
  EXPECT_FALSE(is("Tests run: 30, Failures: 0, Errors: 0, Skipped: 1", bad_summary));
  EXPECT_TRUE(is("12 examples, 0 failures", zero));
  EXPECT_TRUE(is("ok 3 - reads a file", passed));
}

TEST(LineSignals, wrappers_and_ends_are_seen) {
  EXPECT_TRUE(is("make[2]: *** [Makefile:12: all] Error 2", wrapper));
  EXPECT_TRUE(is("ninja: build stopped: subcommand failed.", wrapper));
  EXPECT_TRUE(is("error Command failed with exit code 1.", exit_marker));
  EXPECT_TRUE(is("Process completed with exit code 1.", exit_marker));
  EXPECT_TRUE(is("run.sh: line 3: frobnicate: command not found", shell));
}

TEST(LineSignals, ordinary_lines_are_no_failures) {
  constexpr SignalMask kBad = mask_of(error_head, exception, test_failed, fail_list, shell);
  for (const char* line : {"Collecting requests==2.1 (from -r requirements.txt)",
                           "[ 12%] Building CXX object a.cpp.o",
                           "Downloading https://example.org/a.jar (12 kB)",
                           "Cloning into 'project'...",
                           "   Compiling serde v1.0.1",
                           "added 112 packages in 3.2s",
                           ""}) {
    EXPECT_EQ(of(line) & kBad, 0U) << line;
  }
}

TEST(LineSignals, bytes_that_are_no_utf8_do_no_harm) {
  EXPECT_TRUE(is("\xff\xfe error: \xc3\x28", error_head));
  EXPECT_TRUE(is(std::string_view("a.c:1:1: error: \0x", 18), error_head));
}

}  // namespace
}  // namespace headway
