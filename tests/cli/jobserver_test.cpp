// `headway run` and MAKEFLAGS: what stages are told, with the installed make.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kTells = R"(version: 1
stages:
  told: {run: 'printf "%s\n" "$MAKEFLAGS" > told'}
)";

TEST(JobServerOfARun, a_stage_is_told_of_it_beside_the_flags_that_were_there) {
  Program program;
  program.write("headway.yaml", kTells);
  program.set("MAKEFLAGS", "k -j64 -- V=1");
  ASSERT_EQ(program.run({"run", "-j7"}).exit_code, 0);
  const std::string told = program.read("told");
  EXPECT_TRUE(has(told, "k -j")) << told;
  EXPECT_TRUE(has(told, " --jobserver-auth=")) << told;
  EXPECT_TRUE(has(told, " -- V=1\n")) << told;
  EXPECT_FALSE(has(told, "-j64")) << told;
}

TEST(JobServerOfARun, off_leaves_makeflags_alone) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  told: {jobserver: 'off', run: 'printf "%s\n" "$MAKEFLAGS" > told'}
  unset: {jobserver: 'off', env: {MAKEFLAGS: ''}, run: 'echo "${MAKEFLAGS-unset}" > unset'}
  other: {run: 'true'}
)");
  program.set("MAKEFLAGS", "-j64");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_EQ(program.read("told"), "-j64\n");
  EXPECT_EQ(program.read("unset"), "unset\n");
}

TEST(JobServerOfARun, an_outer_one_that_cannot_be_reached_is_told_to_nobody) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  told: {jobserver: 'off', run: 'printf "%s\n" "$MAKEFLAGS" > told'}
)");
  program.set("MAKEFLAGS", "k -j4 --jobserver-auth=3,4");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_EQ(program.read("told"), "k\n");
}

TEST(JobServerOfARun, fifo_is_a_file_while_the_stage_runs) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  told:
    jobserver: fifo
    run: |
      path=${MAKEFLAGS##*fifo:}
      test -p "$path"
      echo "$path" > told
)");
  const ProgramResult result = program.run({"run"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  std::string path = program.read("told");
  path.pop_back();
  EXPECT_FALSE(std::filesystem::exists(path)) << path;
}

TEST(JobServerOfARun, a_plain_make_in_a_stage_understands_it) {
  Program program;
  program.write("Makefile", "all: a b\na b:\n\t@echo $@\n");
  program.write("headway.yaml", R"(version: 1
stages:
  one: {run: make > one 2>&1}
  two: {run: make > two 2>&1, jobserver: pipe}
)");
  const ProgramResult result = program.run({"run"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  for (const char* file : {"one", "two"}) {
    const std::string said = program.read(file);
    EXPECT_TRUE(said == "a\nb\n" || said == "b\na\n") << said;
  }
}

TEST(JobServerOfARun, below_make_the_outer_one_is_handed_on_unchanged) {
  Program program;
  program.write("inner.yaml", kTells);
  program.write("Makefile",
                "all:\n\t+@printf '%s\\n' \"$$MAKEFLAGS\" > outer\n\t+@" HEADWAY_BINARY
                " run -f inner.yaml\n");
  program.write("headway.yaml",
                "version: 1\nstages:\n  outer: {run: make -j3, jobserver: 'off'}\n");
  const ProgramResult result = program.run({"run"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(has(program.read("outer"), "-j3 --jobserver-auth="));
  EXPECT_EQ(program.read("told"), program.read("outer"));
}

TEST(JobServerOfARun, an_unknown_way_is_refused) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages:\n  a: {run: 'true', jobserver: maybe}\n");
  const ProgramResult result = program.run({"validate"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(has(result.out + result.err, "pipe, fifo or off")) << result.out << result.err;
}

}  // namespace
}  // namespace headway
