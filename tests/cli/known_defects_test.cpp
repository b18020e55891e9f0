// Defects that the original system had (docs/acceptance.md), as seen from outside.
#include "support/headway_program.hpp"

#include <fmt/format.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace headway {
namespace {

// In waves, 'next' would start when 'slow' has ended; 'slow' ends when 'next' has run.
TEST(KnownDefects, work_does_not_wait_for_the_slowest_of_a_wave) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  slow: {run: "while [ ! -e done ]; do sleep 0.01; done", timeout: 30s}
  first: {run: "true"}
  next: {needs: [first], run: touch done}
)");
  EXPECT_EQ(program.run({"run", "-j", "2"}).exit_code, 0);
}

TEST(KnownDefects, status_file_of_parallel_stages_is_whole_at_every_moment) {
  Program program;
  std::string file = "version: 1\nstages:\n";
  for (int stage = 0; stage < 40; ++stage) {
    file += fmt::format("  s{}: {{run: sleep 0.05}}\n", stage);
  }
  program.write("headway.yaml", file);
  Program::Process run = program.start({"run", "-j", "8", "--output", "quiet"});
  int seen = 0;
  std::string status_file;
  while (!run.has_ended()) {
    if (status_file.empty() && std::filesystem::exists(program.path(".headway/runs"))) {
      for (const auto& folder :
           std::filesystem::directory_iterator(program.path(".headway/runs"))) {
        if (std::filesystem::exists(folder.path() / "status.json")) {
          status_file = folder.path() / "status.json";
        }
      }
    }
    if (!status_file.empty()) {
      const auto status = Json::parse(slurp(status_file));
      ASSERT_TRUE(status) << status.error().message;
      EXPECT_EQ((*status)["stages"].items().size(), 40U);
      ++seen;
    }
  }
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_GT(seen, 0);
  const auto status = Json::parse(slurp(status_file));
  ASSERT_TRUE(status);
  for (const Json& stage : (*status)["stages"].items()) {
    EXPECT_EQ(stage["status"].as_string(), "COMPLETED") << stage["key"].as_string();
  }
}

// What git knows of a work tree, beside Headway's own folder, which git ignores.
std::string git_state(const Program& program) {
  const std::string out = program.path("../state");
  const std::string line =
      "cd '" + program.path() +
      "' && { git symbolic-ref HEAD; git rev-parse HEAD; git stash list; git "
      "status --porcelain; git diff HEAD; cat untracked nested/untracked; } >'" +
      out + "' 2>&1";
  EXPECT_EQ(std::system(line.c_str()), 0) << slurp(out);
  return slurp(out);
}

TEST(KnownDefects, work_tree_branch_and_stash_stay_as_they_are_whatever_becomes_of_a_run) {
  Program program;
  program.write(
      "headway.yaml",
      "version: 1\nstages:\n  bad: {run: 'false'}\n"
      "  long: {run: touch ../started; exec sleep 100}\n  tidy: {run: 'true', always: true}\n");
  program.write("tracked", "one\n");
  const std::string git = "git -c user.name=A -c user.email=a@example.com ";
  ASSERT_EQ(std::system(("cd '" + program.path() + "' && git init -q -b main . && git add -A && " +
                         git + "commit -q -m 'chore: start' && git switch -q -c topic")
                            .c_str()),
            0);
  program.write("tracked", "two\n");
  program.write("untracked", "mine\n");
  program.write("nested/untracked", "mine too\n");
  const std::string before = git_state(program);

  EXPECT_EQ(program.run({"run", "bad"}).exit_code, 1);
  EXPECT_EQ(git_state(program), before) << "after a failure";
  Program::Process run = program.start({"run", "long"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::remove(program.path("../started")); }));
  run.send_group(SIGINT);
  EXPECT_EQ(run.wait().exit_code, 130);
  EXPECT_EQ(git_state(program), before) << "after Ctrl-C";
  Program::Process killed = program.start({"run", "long"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::remove(program.path("../started")); }));
  killed.send(SIGKILL);
  killed.wait();
  EXPECT_EQ(program.run({"status"}).exit_code, 0);
  EXPECT_EQ(git_state(program), before) << "after SIGKILL";
}

// The original had no numbers of the machine at any time.
TEST(KnownDefects, resources_of_the_machine_are_known) {
  Program program;
  const Json checks = program.run({"doctor", "--json"}).json();
  int known = 0;
  for (const Json& check : checks["checks"].items()) {
    const std::string& id = check["id"].as_string();
    if (id == "cpu.jobs" || id == "memory.available" || id == "disk.workspace") {
      EXPECT_NE(check["status"].as_string(), "unknown") << id;
      ++known;
    }
  }
  EXPECT_EQ(known, 3);
}

}  // namespace
}  // namespace headway
