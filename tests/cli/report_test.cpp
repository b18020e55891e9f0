// `headway report`: a run in the formats of other tools.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kWorkflow = R"(version: 1
name: demo
stages:
  setup: {run: 'true'}
  lint: {needs: [setup], run: 'true'}
  ship: {needs: [setup, lint], run: 'true'}
)";

TEST(Report, wfformat_of_the_newest_run_is_written_and_replayed) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult report = program.run({"report", "--wfformat", "run.json"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_TRUE(has(report.out, "run.json"));
  const auto document = Json::parse(program.read("run.json"));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["schemaVersion"].as_string(), "1.5");
  const auto& tasks = (*document)["workflow"]["specification"]["tasks"].items();
  ASSERT_EQ(tasks.size(), 3U);
  EXPECT_EQ(tasks[2]["parents"].items().size(), 2U);
  const ProgramResult printed = program.run({"report", "--wfformat", "-"});
  EXPECT_EQ(printed.out, program.read("run.json"));
}

TEST(Report, on_stdout_nothing_else_is_mixed_in) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  EXPECT_EQ(program.run({"run", "--junit", "-"}).exit_code, 2);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult report = program.run({"report", "--html", "r.html", "--junit", "-"});
  EXPECT_TRUE(report.out.starts_with("<?xml")) << report.out.substr(0, 80);
  EXPECT_FALSE(has(report.out, "wrote"));
}

TEST(Report, one_that_cannot_be_written_is_no_usage_mistake) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  program.limit_files(100);
  EXPECT_EQ(program.run({"report", "--html", "r.html"}).exit_code, 70);
}

constexpr const char* kFailing = R"(version: 1
stages:
  good: {run: 'true'}
  bad: {needs: [good], run: "echo 'the <reason>'; exit 3"}
)";

TEST(Report, several_formats_at_once) {
  Program program;
  program.write("headway.yaml", kFailing);
  ASSERT_EQ(program.run({"run"}).exit_code, 1);
  const ProgramResult report = program.run({"report",
                                            "--html",
                                            "h.html",
                                            "--junit",
                                            "j.xml",
                                            "--trace",
                                            "t.json",
                                            "--otlp",
                                            "o.json",
                                            "--markdown",
                                            "m.md"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_TRUE(has(program.read("j.xml"), "| the &lt;reason&gt;\n"));
  EXPECT_TRUE(has(program.read("h.html"), "| the \\u003creason>"));
  EXPECT_TRUE(has(program.read("m.md"), "| the <reason>\n"));
  const auto trace = Json::parse(program.read("t.json"));
  ASSERT_TRUE(trace);
  EXPECT_GE((*trace)["traceEvents"].items().size(), 4U);
  const auto spans = Json::parse(program.read("o.json"));
  ASSERT_TRUE(spans);
  EXPECT_EQ((*spans)["resourceSpans"].items().size(), 1U);
}

TEST(Report, run_writes_what_its_flags_ask_for_whatever_becomes_of_it) {
  Program program;
  program.write("headway.yaml", kFailing);
  const ProgramResult run =
      program.run({"run", "--junit", "j.xml", "--trace", "no/such/folder/t.json", "--json"});
  EXPECT_EQ(run.exit_code, 1);  // the stage's, not the report's
  EXPECT_TRUE(has(run.err, "no/such/folder")) << run.err;
  EXPECT_TRUE(Json::parse(run.out)) << run.out;
  EXPECT_TRUE(has(program.read("j.xml"), "<failure"));
}

TEST(Report, job_on_github_gets_annotations_and_a_summary) {
  Program program;
  program.write("headway.yaml", kFailing);
  program.write("summary.md", "before\n");
  program.set("GITHUB_STEP_SUMMARY", program.path("summary.md"));
  const ProgramResult run = program.run({"run", "--github"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(has(run.out + run.err, "::error title=stage bad::exit code 3\n")) << run.out;
  const std::string summary = program.read("summary.md");
  EXPECT_TRUE(summary.starts_with("before\n## default: failed"));
  EXPECT_TRUE(has(summary, "the <reason>"));
}

TEST(Report, what_cannot_be_is_refused) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  EXPECT_EQ(program.run({"report", "--wfformat", "x"}).exit_code, 2);  // no runs yet
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_EQ(program.run({"report"}).exit_code, 2);
  EXPECT_EQ(program.run({"report", "zzzz", "--wfformat", "x"}).exit_code, 2);
  EXPECT_NE(program.run({"report", "--wfformat", "no/such/folder/x"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(program.path("x")));
}

}  // namespace
}  // namespace headway
