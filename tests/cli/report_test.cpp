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

TEST(Report, what_cannot_be_is_refused) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  EXPECT_EQ(program.run({"report", "--wfformat", "x"}).exit_code, 2);  // no runs yet
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_EQ(program.run({"report"}).exit_code, 2);
  EXPECT_EQ(program.run({"report", "zzzz", "--wfformat", "x"}).exit_code, 2);
  EXPECT_NE(program.run({"report", "--wfformat", "no/such/folder/x"}).exit_code, 0);
  for (const char* flag : {"--html", "--junit", "--trace", "--otlp", "--markdown"}) {
    const ProgramResult result = program.run({"report", flag, "x"});
    EXPECT_EQ(result.exit_code, 2) << flag;
    EXPECT_TRUE(has(result.err, std::string("'") + flag + "' is not built yet")) << result.err;
  }
  EXPECT_FALSE(std::filesystem::exists(program.path("x")));
}

}  // namespace
}  // namespace headway
