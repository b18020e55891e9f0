// Bug: what failed first was a stage whose failure is allowed, also in runs that came to a good
// end: they showed a failure screen, and the failure that broke a run was never explained.
#include "support/headway_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// `lint` fails first, and may; then `build` ends with that code.
std::string file_with(int build) {
  return "version: 1\nstages:\n"
         "  lint: {run: 'echo style is bad; exit 7', allow_failure: true}\n"
         "  build: {run: 'echo \"a.c:1:1: error: no\"; exit " +
         std::to_string(build) + "', needs: [lint]}\n";
}

TEST(AllowedFailure, run_that_completes_shows_no_failure) {
  Program program;
  program.write("headway.yaml", file_with(0));
  const auto run = program.run({"run", "--json", "--junit", "junit.xml"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.json()["first_failure"].is_null());
  EXPECT_THAT(run.err, Not(HasSubstr("Go on from it")));
  EXPECT_THAT(run.err, HasSubstr("1 completed, 1 failed (allowed)"));
  const auto status = program.run({"status", "--json"});
  EXPECT_TRUE(status.json()["first_failure"].is_null());
  EXPECT_TRUE(
      program.run({"runs", "--json"}).json()["runs"].items().at(0)["first_failure"].is_null());
  const auto show = program.run({"show"});
  EXPECT_THAT(show.out, Not(HasSubstr("Go on from it")));
  EXPECT_THAT(show.out, HasSubstr("exit code 7, allowed"));
  const auto explained = program.run({"explain", "--run", run.json()["run_id"].as_string()});
  EXPECT_EQ(explained.exit_code, 2);
  EXPECT_THAT(explained.err, HasSubstr("no stage failed in it but 'lint', which may"));
  EXPECT_EQ(program.run({"explain", "--stage", "lint"}).exit_code, 0);
}

TEST(AllowedFailure, failure_that_broke_the_run_is_the_first_and_explained) {
  Program program;
  program.write("headway.yaml", file_with(9));
  const auto run = program.run({"run", "--json"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_EQ(run.json()["first_failure"]["stage"].as_string(), "build");
  EXPECT_FALSE(run.json()["first_failure"]["category"].is_null());
  EXPECT_THAT(run.err, HasSubstr("FAILED build"));
  EXPECT_THAT(run.err, HasSubstr("Failed, as allowed (1): lint (exit code 7)"));
  EXPECT_THAT(program.run({"explain"}).out, HasSubstr("a.c:1:1"));
}

}  // namespace
}  // namespace headway
