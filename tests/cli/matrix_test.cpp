// A matrix, as a person meets it.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

const char* const kFile = R"(version: 1
stages:
  unit:
    run: 'echo "$HEADWAY_STAGE $HEADWAY_MATRIX_OS $HEADWAY_MATRIX_N" > "seen $HEADWAY_STAGE_ID"'
    matrix: {os: [debian, alp ine], n: [1, 2]}
  one: {run: 'env > one.env'}
  report: {needs: [unit], run: 'cat seen* > all'}
)";

TEST(MatrixRun, every_combination_runs_with_its_values_before_what_needs_them) {
  Program program;
  program.write("headway.yaml", kFile);
  program.set("HEADWAY_MATRIX_OS", "foreign");
  const ProgramResult result = program.run({"run", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.json()["stages"].items().size(), 6U);
  EXPECT_EQ(program.read("all"),
            "unit[os=debian,n=1] debian 1\nunit[os=debian,n=2] debian 2\n"
            "unit[os=alp ine,n=1] alp ine 1\nunit[os=alp ine,n=2] alp ine 2\n");
  EXPECT_FALSE(has(program.read("one.env"), "HEADWAY_MATRIX_"));
  const std::string log = result.json()["stages"].items()[0]["log"].as_string();
  EXPECT_EQ(log, "stages/unit%5Bos%3Ddebian%2Cn%3D1%5D.1.log");
}

TEST(MatrixRun, all_or_one_of_it_may_be_asked_for) {
  Program program;
  program.write("headway.yaml", kFile);
  EXPECT_EQ(program.run({"run", "unit", "--json"}).json()["stages"].items().size(), 4U);
  const ProgramResult one = program.run({"run", "unit[os=alp ine,n=2]", "--json"});
  ASSERT_EQ(one.json()["stages"].items().size(), 1U) << one.err;
  EXPECT_EQ(one.json()["stages"].items()[0]["key"].as_string(), "unit[os=alp ine,n=2]");
  EXPECT_EQ(program.run({"run", "--only", "report", "--json"}).exit_code, 0);
  EXPECT_TRUE(has(program.run({"run", "unit", "--", "x"}).err, "it means 4 stages"));
}

TEST(MatrixRun, failed_one_is_named_as_a_shell_takes_it) {
  Program program;
  program.write(
      "headway.yaml",
      "version: 1\nstages: {m: {run: 'test $HEADWAY_MATRIX_V = a', matrix: {v: [a, b]}}}\n");
  const ProgramResult failed = program.run({"run"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_TRUE(has(failed.out, "headway run --only 'm[v=b]'\n")) << failed.out;
}

TEST(MatrixRun, why_asks_for_one_of_its_stages) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {m: {run: 'true', matrix: {v: [a, b]}}}\n");
  ASSERT_EQ(program.run({"run", "-q"}).exit_code, 0);
  const ProgramResult why = program.run({"why", "m"});
  EXPECT_EQ(why.exit_code, 2);
  EXPECT_TRUE(has(why.err, "name one of them: headway why 'm[v=a]'")) << why.err;
}

TEST(MatrixRun, combinations_are_left_out_by_a_condition) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {m: {run: 'echo $HEADWAY_MATRIX_V >> ran', "
                "matrix: {v: [a, b]}, when: {env: {HEADWAY_MATRIX_V: b}}}}\n");
  ASSERT_EQ(program.run({"run", "-q"}).exit_code, 0);
  EXPECT_EQ(program.read("ran"), "b\n");
}

TEST(MatrixRun, values_are_part_of_the_definition) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {m: {run: 'echo $HEADWAY_MATRIX_V >> seen', inputs: [in], "
                "matrix: {v: [a, b]}}}\n");
  program.write("in", "");
  ASSERT_EQ(program.run({"run", "-q", "-j1"}).exit_code, 0);
  ASSERT_EQ(program.run({"run", "-q", "-j1"}).exit_code, 0);
  EXPECT_EQ(program.read("seen"), "a\nb\n");
}

}  // namespace
}  // namespace headway
