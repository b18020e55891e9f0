// `headway doctor` from outside.
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

std::map<std::string, std::string> statuses(const ProgramResult& result) {
  std::map<std::string, std::string> all;
  const Json document = result.json();
  for (const Json& check : document["checks"].items()) {
    all[check["id"].as_string()] = check["status"].as_string();
  }
  return all;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Doctor, without_a_workflow_file_the_machine_is_looked_at) {
  Program program;
  const ProgramResult result = program.run({"doctor"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(says(result.out, "only the machine is looked at")) << result.out;
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

TEST(Doctor, what_the_workflow_needs_and_is_not_there_fails) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: no-such-program --x}}\n");
  const ProgramResult result = program.run({"doctor"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out.find("FAIL"), 0U) << result.out;
  EXPECT_TRUE(says(result.out, "tool.no-such-program")) << result.out;
  EXPECT_TRUE(says(result.out, "stage 'a' starts it")) << result.out;
}

TEST(Doctor, what_only_another_lane_needs_is_a_warning) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: [\"true\"]}, b: {run: no-such-program}}\n"
                "lanes: {one: {default: true, stages: [a]}, all: {stages: [a, b]}}\n");
  EXPECT_EQ(program.run({"doctor"}).exit_code, 0);
  EXPECT_EQ(program.run({"doctor", "--lane", "all"}).exit_code, 1);
  EXPECT_EQ(program.run({"doctor", "--lane", "none"}).exit_code, 2);
}

TEST(Doctor, every_check_has_all_fields_in_json) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: ./x.sh}}\n");
  program.write("x.sh", "#!/bin/sh\r\necho\r\n");
  const ProgramResult result = program.run({"doctor", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  const Json document = result.json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_TRUE(document["changed_since_green"].is_array());
  ASSERT_FALSE(document["checks"].items().empty());
  for (const Json& check : document["checks"].items()) {
    for (const char* field : {"id", "status", "value", "source", "why", "fix"}) {
      EXPECT_TRUE(check[field].is_string()) << field;
    }
  }
  EXPECT_EQ(statuses(result)["scripts.line_endings"], "fail");
  EXPECT_TRUE(says(result.err, "scripts.line_endings"));
}

TEST(Doctor, mistakes_in_the_file_are_a_failure_not_an_end) {
  Program program;
  program.write("headway.yaml", "version: 1\nstage: {}\n");
  const ProgramResult result = program.run({"doctor", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(statuses(result)["workflow.file"], "fail");
  EXPECT_EQ(statuses(result).count("kernel"), 1U);
}

TEST(Doctor, what_changed_since_the_last_green_run_is_told) {
  Program program;
  program.write("bin/mytool", "#!/bin/sh\nexit 0\n");
  program.set("PATH", program.path("bin") + ":" + ::getenv("PATH"));
  program.set("OLD_SETTING", "1");
  program.write("headway.yaml", "version: 1\nstages: {a: {run: mytool}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult same = program.run({"doctor"});
  EXPECT_TRUE(says(same.out, "Nothing known has changed since the last green run")) << same.out;

  program.write("bin/mytool", "#!/bin/sh\nexit 1 # broken\n");
  program.unset("OLD_SETTING");
  program.set("NEW_SETTING", "sensitive-value-1234");
  EXPECT_EQ(program.run({"run"}).exit_code, 1);  // is not green, and is not compared with
  const ProgramResult result = program.run({"doctor", "--json"});
  std::map<std::string, std::string> changed;
  const Json document = result.json();
  for (const Json& change : document["changed_since_green"].items()) {
    changed[change["name"].as_string()] = change["kind"].as_string();
  }
  EXPECT_EQ(changed["mytool"], "tool");
  EXPECT_EQ(changed["OLD_SETTING"], "environment");
  EXPECT_EQ(changed["NEW_SETTING"], "environment");
  EXPECT_TRUE(document["green_run"].is_string());
  EXPECT_FALSE(says(result.out + result.err, "sensitive-value-1234"));
}

TEST(Doctor, the_record_of_a_machine_is_small_and_holds_no_values) {
  Program program;
  program.set("SOME_SETTING", "sensitive-value-1234");
  for (int number = 0; number < 300; ++number) {
    program.set("A_RATHER_LONG_NAME_OF_A_VARIABLE_" + std::to_string(number), "x");
  }
  program.write("headway.yaml", "version: 1\nstages: {a: {run: [\"true\"]}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  for (const auto& run : std::filesystem::directory_iterator(program.path(".headway/runs"))) {
    const std::string file = run.path().string() + "/machine.json";
    if (!std::filesystem::exists(file)) {
      continue;
    }
    EXPECT_LE(std::filesystem::file_size(file), 4096U);
    EXPECT_FALSE(says(slurp(file), "sensitive-value-1234"));
    EXPECT_TRUE(says(slurp(file), "\"kernel\""));
    return;
  }
  FAIL() << "no machine.json";
}

TEST(Doctor, a_program_that_hangs_is_not_waited_for) {
  Program program;
  program.write("tools/git", "#!/bin/sh\nexec sleep 1000\n");
  std::filesystem::create_directories(program.path("repo"));
  program.write("repo/headway.yaml", "version: 1\nstages: {a: {run: git status}}\n");
  program.set("PATH", program.path("tools") + ":" + ::getenv("PATH"));
  const ProgramResult result = program.run({"-C", "repo", "doctor", "--json"}, 30);
  EXPECT_EQ(statuses(result)["tool.git"], "unknown") << result.out;
}

}  // namespace
}  // namespace headway
