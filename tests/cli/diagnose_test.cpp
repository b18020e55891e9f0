// `headway diagnose` from outside.
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Diagnose, a_failed_run_is_told_with_its_log_and_without_secrets) {
  Program program;
  program.set("MY_TOKEN", "canary-value-12345");
  const std::string github = "ghp" + std::string("_") + std::string(36, 'x');
  program.write("headway.yaml",
                "version: 1\nstages: {unit: {run: 'echo $MY_TOKEN; echo got " + github +
                    "; echo it broke here; exit 3'}, after: {needs: [unit], run: [\"true\"]}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 1);
  const ProgramResult text = program.run({"diagnose"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_TRUE(says(text.out, "it broke here")) << text.out;
  EXPECT_TRUE(says(text.out, "FAILED unit, exit code 3")) << text.out;
  EXPECT_TRUE(says(text.out, "<github-token-1>")) << text.out;
  const ProgramResult result = program.run({"diagnose", "--json"});
  const Json document = result.json();
  for (const char* part : {"environment",
                           "system_resources",
                           "workflow_state",
                           "logs",
                           "suggestions",
                           "checks",
                           "changed_since_green",
                           "history"}) {
    EXPECT_TRUE(document.contains(part)) << part;
  }
  EXPECT_EQ(document["workflow_state"]["status"].as_string(), "FAILED");
  EXPECT_EQ(document["history"]["runs"].as_integer(), 1);
  for (const std::string* stream : {&text.out, &text.err, &result.out, &result.err}) {
    EXPECT_FALSE(says(*stream, "canary-value"));
    EXPECT_FALSE(says(*stream, github));
  }
}

TEST(Diagnose, without_a_run_the_machine_is_told) {
  Program program;
  const ProgramResult result = program.run({"diagnose", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.json()["workflow_state"].is_null());
  EXPECT_TRUE(result.json()["environment"].is_object());
}

TEST(Diagnose, a_bundle_holds_neither_secrets_nor_the_home_folder) {
  Program program;
  program.set("MY_TOKEN", "canary-value-12345");
  program.write("headway.yaml",
                "version: 1\nstages: {unit: {run: 'pwd; echo $MY_TOKEN | base64; exit 3'}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 1);
  const ProgramResult result = program.run({"diagnose", "--bundle", "b.tar.gz"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  ASSERT_EQ(::system(("tar -xzf " + program.path("b.tar.gz") + " -C " + program.path()).c_str()),
            0);
  const std::string home = std::filesystem::path(program.path()).parent_path().string();
  int files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(program.path("headway-diagnosis"))) {
    if (entry.is_regular_file()) {
      ++files;
      const std::string content = slurp(entry.path().string());
      EXPECT_FALSE(says(content, "canary-value")) << entry.path();
      EXPECT_FALSE(says(content, "Y2FuYXJ5LXZhbHVlLTEyMzQ1")) << entry.path();
      EXPECT_FALSE(says(content, home)) << entry.path();
    }
  }
  EXPECT_GE(files, 6);
}

TEST(Diagnose, a_bundle_that_cannot_be_written_and_a_run_that_is_not_there_are_told) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: [\"true\"]}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_NE(program.run({"diagnose", "--bundle", "none/b.tar.gz"}).exit_code, 0);
  EXPECT_EQ(program.run({"diagnose", "ffff"}).exit_code, 2);
}

}  // namespace
}  // namespace headway
