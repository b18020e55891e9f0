// `headway explain` from outside: files, standard input, records of runs, rules.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

constexpr const char* kLog =
    "$ cc -c a.c\n"
    "a.c:3:5: error: expected ';' before '}' token\n"
    "make: *** [a.o] Error 1\n";

bool shows(const Json& document, const std::string& text) {
  for (const Json& part : document["excerpt"].items()) {
    if (has(part["text"].as_string(), text)) {
      return true;
    }
  }
  return false;
}

TEST(Explain, log_in_a_file_is_explained) {
  Program program;
  program.write("build.log", kLog);
  const ProgramResult result = program.run({"explain", "build.log"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.out, "cause: "));
  EXPECT_TRUE(has(result.out, "2 | a.c:3:5: error: expected"));
}

TEST(Explain, document_has_lines_and_facts) {
  Program program;
  program.write("build.log", kLog);
  const Json document =
      program.run({"explain", "--json", "--exit-code", "2", "--max-lines", "1", "build.log"})
          .json();
  EXPECT_TRUE(shows(document, "error: expected"));
  ASSERT_EQ(document["excerpt"].items().size(), 1U);
  EXPECT_EQ(document["excerpt"].items()[0]["first"].as_integer(),
            document["excerpt"].items()[0]["last"].as_integer());
  EXPECT_EQ(document["facts"]["exit_code"].as_integer(), 2);
}

TEST(Explain, nothing_is_explained_where_nothing_failed) {
  Program program;
  program.write("build.log", kLog);
  const ProgramResult result = program.run({"explain", "--json", "--exit-code", "0", "build.log"});
  EXPECT_TRUE(has(result.err, "nothing failed: there is nothing to explain")) << result.err;
  const Json document = result.json();
  EXPECT_EQ(document["category"].as_string(), "unknown");
  EXPECT_TRUE(document["excerpt"].items().empty());
  EXPECT_TRUE(document["suggestions"].items().empty());
}

TEST(Explain, facts_on_the_command_line_decide) {
  Program program;
  program.write("build.log", kLog);
  const auto category = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"explain", "--json", "build.log"});
    return program.run(flags).json()["category"].as_string();
  };
  EXPECT_EQ(category({"--timed-out"}), "timeout");
  EXPECT_EQ(category({"--oom", "--signal", "9"}), "oom");
  EXPECT_EQ(category({"--signal", "11"}), "crash");
  EXPECT_EQ(category({"--exit-code", "1", "--disk-free", "0"}), "disk_full");
}

TEST(Explain, newest_run_that_failed_is_explained_beside_its_last_green_log) {
  Program program;
  program.write(
      "headway.yaml",
      "version: 1\nstages:\n  build: {run: 'echo always the same; cat log; test ! -s log'}\n");
  program.write("log", "");
  EXPECT_EQ(program.run({"run"}).exit_code, 0);
  program.write("log", kLog);
  EXPECT_EQ(program.run({"run"}).exit_code, 1);
  const ProgramResult result = program.run({"explain", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  const Json document = result.json();
  EXPECT_TRUE(shows(document, "error: expected"));
  EXPECT_EQ(document["facts"]["exit_code"].as_integer(), 1);
  bool differs = false;
  for (const Json& suggestion : document["suggestions"].items()) {
    differs = differs || suggestion["source"].as_string() == "diff";
  }
  EXPECT_TRUE(differs);
}

TEST(Explain, earlier_failures_of_the_stage_say_what_ended_them) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages:\n  build: {run: 'cat log; test ! -s log'}\n");
  for (const char* log : {kLog, "", kLog}) {
    program.write("log", log);
    program.run({"run"});
  }
  const Json document = program.run({"explain", "--json"}).json();
  std::string history;
  for (const Json& suggestion : document["suggestions"].items()) {
    if (suggestion["source"].as_string() == "history") {
      history = suggestion["text"].as_string();
    }
  }
  EXPECT_EQ(history, "seen once: it went away in a later run");
}

TEST(Explain, stage_that_printed_nothing_is_explained_by_how_it_ended) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages:\n  build: {run: 'exit 127'}\n");
  EXPECT_EQ(program.run({"run"}).exit_code, 1);
  const ProgramResult result = program.run({"explain"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.out, "cause: missing command")) << result.out;
  EXPECT_TRUE(has(result.out, "It printed nothing.")) << result.out;
}

TEST(Explain, stage_is_chosen_by_name_and_facts_can_be_added_to_its_record) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages:\n"
                "  first: {run: 'echo error: the first; exit 1'}\n"
                "  second: {needs: [], run: 'sleep 0.2; echo error: the second; exit 1'}\n");
  EXPECT_EQ(program.run({"run", "-k"}).exit_code, 1);
  EXPECT_TRUE(shows(program.run({"explain", "--json"}).json(), "the first"));
  const Json second = program.run({"explain", "--json", "--stage", "second", "--oom"}).json();
  EXPECT_TRUE(shows(second, "the second"));
  EXPECT_EQ(second["category"].as_string(), "oom");
  const ProgramResult none = program.run({"explain", "--stage", "third"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_TRUE(has(none.err, "stage 'third'")) << none.err;
}

TEST(Explain, first_failure_of_a_run_is_explained_on_its_last_screen_and_kept) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages:\n  build: {run: 'cat log; exit 1'}\n");
  program.write("log", kLog);
  const ProgramResult run = program.run({"run", "--junit", "j.xml", "--html", "r.html"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(has(run.err + run.out, "2 | a.c:3:5: error: expected")) << run.out << run.err;
  EXPECT_TRUE(has(run.err + run.out, "cause: compile error")) << run.out << run.err;
  EXPECT_TRUE(has(slurp(program.path("j.xml")), "cause: compile error"));
  EXPECT_TRUE(has(slurp(program.path("r.html")), "cause: compile error"));
  const Json shown = program.run({"show", "--json"}).json()["first_failure"];
  EXPECT_EQ(shown["category"].as_string(), "compile_error");
  EXPECT_TRUE(shows(shown, "error: expected"));
  const ProgramResult status = program.run({"status", "--json"});
  EXPECT_EQ(status.json()["first_failure"]["category"].as_string(), "compile_error");
  EXPECT_TRUE(has(status.err, "build failed first; cause: compile error")) << status.err;
  const Json explained = program.run({"explain", "--json"}).json();
  EXPECT_EQ(explained["excerpt"].items().size(), shown["excerpt"].items().size());
}

TEST(Explain, what_cannot_be_explained_is_refused_with_a_reason) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages:\n  build: {run: 'true'}\n");
  EXPECT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult green = program.run({"explain"});
  EXPECT_EQ(green.exit_code, 2);
  EXPECT_TRUE(has(green.err, "find a run that failed"));
  EXPECT_TRUE(has(program.run({"explain", "missing.log"}).err, "missing.log"));
  EXPECT_EQ(program.run({"explain", "missing.log"}).exit_code, 2);
  EXPECT_EQ(program.run({"explain", "--max-lines", "many", "headway.yaml"}).exit_code, 2);
  EXPECT_EQ(program.run({"explain", "--run", "abcd", "headway.yaml"}).exit_code, 2);
}

TEST(Explain, rule_that_is_not_there_is_refused_by_name) {
  Program program;
  const ProgramResult result = program.run({"explain", "--rule", "no.such_rule"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(has(result.err, "no.such_rule"));
}

}  // namespace
}  // namespace headway
