// Conditions, as a person meets them.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

const char* const kFile = R"(version: 1
stages:
  a: {run: 'touch a.ran'}
  release:
    needs: [a]
    when: {env: {CI: "yes"}}
    run: 'touch release.ran'
  after: {needs: [release], run: 'touch after.ran'}
)";

TEST(When, stage_is_skipped_with_the_reason_and_what_needs_it_goes_on) {
  Program program;
  program.write("headway.yaml", kFile);
  const ProgramResult result = program.run({"run", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json release = result.json()["stages"].items()[1];
  EXPECT_EQ(release["status"].as_string(), "SKIPPED");
  EXPECT_EQ(release["reason"].as_string(), "CI is not 'yes'");
  EXPECT_EQ(result.json()["status"].as_string(), "COMPLETED");
  EXPECT_FALSE(std::filesystem::exists(program.path("release.ran")));
  EXPECT_TRUE(std::filesystem::exists(program.path("after.ran")));
  EXPECT_TRUE(has(program.run({"why", "release"}).out, "CI is not 'yes'"));
  program.set("CI", "yes");
  EXPECT_EQ(program.run({"run", "-q"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(program.path("release.ran")));
}

TEST(When, plan_tells_what_need_not_run) {
  Program program;
  program.write("headway.yaml", kFile);
  const Json plan = program.run({"plan", "--json"}).json();
  ASSERT_EQ(plan["skipped"].items().size(), 1U);
  EXPECT_EQ(plan["skipped"].items()[0]["reason"].as_string(), "CI is not 'yes'");
  EXPECT_EQ(plan["stages"].items().size(), 2U);
}

}  // namespace
}  // namespace headway
