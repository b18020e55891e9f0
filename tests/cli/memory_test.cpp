// A budget of memory that stages exceed: the newest stands still, and nothing that can happen
// meanwhile is lost on it.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace headway {
namespace {

// Two stages that declare far less than they take: `old` and `young` hold 150 MiB each, of 200.
// `old` ends with the file `enough`, `young` a moment after it may go on.
const char* const kWorkflow = R"(version: 1
name: demo
stages:
  old:
    resources: {memory: 10MiB}
    run: |
      exec python3 -S -c "
      import os, time
      held = b'1' * (150 << 20)
      while not os.path.exists('enough'): time.sleep(0.02)
      if os.path.exists('fails'): raise SystemExit(1)
      "
  young:
    resources: {memory: 10MiB}
    timeout: TIMEOUT
    grace: 20s
    run: |
      exec python3 -S -c "
      import os, time
      open('child', 'w').write(str(os.getpid()) + chr(10))
      while not os.path.exists('grow'): time.sleep(0.02)
      held = b'1' * (150 << 20)
      while not os.path.exists('enough'): time.sleep(0.02)
      "
)";

class Memory : public testing::Test {
 protected:
  Memory() { write_with_timeout("1h"); }

  void write_with_timeout(const std::string& timeout) {
    std::string text = kWorkflow;
    text.replace(text.find("TIMEOUT"), 7, timeout);
    program.write("headway.yaml", text);
  }
  // A run in which `young` stands still.
  Program::Process begin(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"run", "-j2", "--memory", "200MiB", "--output", "events"});
    auto process = program.start(words);
    EXPECT_TRUE(eventually([&] { return has(program.read("child"), "\n"); })) << process.err();
    child = std::atoi(program.read("child").c_str());
    program.write("grow", "");
    EXPECT_TRUE(eventually([&] { return has(process.out(), "\"stage_paused\""); }))
        << process.out();
    EXPECT_TRUE(eventually([this] { return stands_still(); }));
    return process;
  }

  // Of the process of `young`, as ps(1) would tell; 0: it is gone.
  char state() const {
    const std::string stat = slurp("/proc/" + std::to_string(child) + "/stat");
    const std::size_t name_end = stat.rfind(") ");
    return name_end == std::string::npos ? '\0' : stat[name_end + 2];
  }
  // By a signal, or by its v2 control group.
  bool stands_still() const {
    const std::string groups = slurp("/proc/" + std::to_string(child) + "/cgroup");
    const std::size_t v2 = groups.find("0::/");
    const std::string path =
        v2 == std::string::npos ? "" : groups.substr(v2 + 3, groups.find('\n', v2) - v2 - 3);
    return state() == 'T' || has(slurp("/sys/fs/cgroup" + path + "/cgroup.events"), "frozen 1") ||
           has(slurp("/sys/fs/cgroup/unified" + path + "/cgroup.events"), "frozen 1");
  }
  bool is_gone() const {
    return eventually([this] { return state() == '\0' || state() == 'Z'; });
  }
  Json shown(std::string_view key) {
    const Json document = program.run({"show", "--json"}).json();
    for (const Json& stage : document["stages"].items()) {
      if (stage["key"].as_string() == key) {
        return stage;
      }
    }
    return Json();
  }

  Program program;
  pid_t child = 0;
};

TEST_F(Memory, newest_stage_stands_still_past_its_timeout_and_completes) {
  write_with_timeout("5s");
  auto process = begin();
  std::this_thread::sleep_for(std::chrono::milliseconds(5300));
  EXPECT_TRUE(stands_still()) << "its timeout does not run";
  program.write("enough", "");
  const ProgramResult result = process.wait();
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_TRUE(has(result.out, "\"stage_continued\"")) << result.out;
  EXPECT_EQ(shown("young")["status"].as_string(), "COMPLETED");
  const double old = shown("old")["duration_seconds"].as_number();
  EXPECT_LT(shown("young")["duration_seconds"].as_number(), old - 4) << "it stood still so long";
}

TEST_F(Memory, ctrl_c_ends_a_stage_that_stands_still_without_its_grace) {
  auto process = begin();
  process.send_group(SIGINT);
  const ProgramResult result = process.wait(10);  // the grace is 20 s
  EXPECT_EQ(result.exit_code, 130) << result.out;
  EXPECT_TRUE(is_gone());
  EXPECT_EQ(shown("young")["status"].as_string(), "CANCELLED");
}

TEST_F(Memory, failure_elsewhere_that_kills_ends_it_as_well) {
  program.write("fails", "");
  auto process = begin({"--fail-fast=kill"});
  program.write("enough", "");
  const ProgramResult result = process.wait(10);
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_TRUE(is_gone());
  EXPECT_EQ(shown("old")["status"].as_string(), "FAILED");
  EXPECT_EQ(shown("young")["status"].as_string(), "CANCELLED");
}

TEST_F(Memory, killed_watcher_leaves_no_stage_that_stands_still) {
  auto process = begin();
  process.send(SIGKILL);
  EXPECT_EQ(process.wait(10).exit_code, 137);
  EXPECT_TRUE(is_gone());
  EXPECT_TRUE(eventually([&] { return shown("young")["status"].as_string() == "INTERRUPTED"; }));
}

// Its control groups, where this machine lets us have some.
TEST_F(Memory, killed_worker_leaves_no_control_group) {
  auto process = begin();
  const std::string own = slurp("/proc/" + std::to_string(child) + "/cgroup");
  if (!has(own, "/headway-")) {
    process.send(SIGTERM);
    process.wait();
    GTEST_SKIP() << "no control group can be made here";
  }
  const std::string id = std::to_string(process.pid());
  const std::string worker = slurp("/proc/" + id + "/task/" + id + "/children");
  const pid_t pid = std::atoi(worker.c_str());
  EXPECT_TRUE(has(own, "." + std::to_string(pid) + "/")) << own;
  ::kill(pid, SIGKILL);
  process.wait(10);
  std::istringstream lines(own);
  for (std::string line; std::getline(lines, line);) {  // "4:memory:/a/headway-RUN.PID/2"
    const std::string path = line.substr(line.find(':', line.find(':') + 1) + 1);
    if (!has(path, "/headway-")) {
      continue;
    }
    for (const char* hierarchy : {"", "/memory", "/unified"}) {
      const std::string run = "/sys/fs/cgroup" + (hierarchy + path.substr(0, path.rfind('/')));
      EXPECT_FALSE(std::filesystem::exists(run)) << run;
    }
  }
}

TEST_F(Memory, killed_worker_leaves_no_stage_that_stands_still) {
  auto process = begin();
  const std::string id = std::to_string(process.pid());
  ::kill(std::atoi(slurp("/proc/" + id + "/task/" + id + "/children").c_str()), SIGKILL);
  EXPECT_NE(process.wait(10).exit_code, 0);
  EXPECT_TRUE(is_gone());
  EXPECT_EQ(shown("young")["status"].as_string(), "INTERRUPTED");
}

}  // namespace
}  // namespace headway
