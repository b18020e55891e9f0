// Doctor on real folders, with a fake machine below a sysroot and programs that hang.
#include "diagnostics/doctor.hpp"

#include "diagnostics/doctor_probe.hpp"
#include "model/run_event_json.hpp"
#include "record/event_log.hpp"
#include "support/run_script.hpp"
#include "support/sysroot.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

namespace headway {
namespace {

using namespace std::chrono_literals;

// A workspace with programs of its own in a folder outside of it.
class DoctorTest : public testing::Test {
 protected:
  DoctorTest() {
    std::filesystem::create_directories(folder / "repo");
    std::filesystem::create_directories(folder / "bin");
    probe.workspace = folder / "repo";
    probe.state = {folder / "repo/.headway"};
    probe.environment = {{"PATH", folder / "bin"}, {"LANG", "C.UTF-8"}};
    probe.needs.file = "headway.yaml";
  }

  void program(const std::string& name, const std::string& script) {
    spill(folder / ("bin/" + name), "#!/bin/sh\n" + script);
    ::chmod((folder / ("bin/" + name)).c_str(), 0755);
  }
  void need(const std::string& name) {
    ToolNeed tool;
    tool.name = name;
    tool.is_certain = true;
    tool.stages = {"a"};
    tool.directory = probe.workspace;
    probe.needs.tools.push_back(tool);
  }

  TempFolder folder;
  DoctorProbe probe;
};

TEST_F(DoctorTest, a_program_that_hangs_is_unknown_and_holds_up_nobody) {
  program("git", "/bin/sleep 1000");
  program("make", "echo GNU Make 4.3");
  need("git");
  need("make");
  // What does not hang is there before the patience ends; a busy machine is given more of it.
  const auto is_all_else_there = [](const DoctorFacts& facts) {
    return !facts.tools[1].version.empty() && facts.sample && facts.workspace.space;
  };
  probe.patience = 1s;
  DoctorFacts facts = gather_doctor_facts(probe);
  while (!is_all_else_there(facts) && probe.patience < 16s) {
    probe.patience *= 4;
    facts = gather_doctor_facts(probe);
  }
  EXPECT_TRUE(facts.tools[0].is_late);
  EXPECT_EQ(facts.tools[1].version, "4.3");
  EXPECT_TRUE(facts.sample);
  EXPECT_TRUE(facts.workspace.space && facts.workspace.space->is_writable);
  const auto results = run_check("tool.git", facts);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].status, CheckStatus::unknown);
}

TEST_F(DoctorTest, programs_that_are_not_known_are_never_started) {
  program("deploy", "touch " + folder.path() + "/started");
  need("deploy");
  const DoctorFacts facts = gather_doctor_facts(probe);
  EXPECT_EQ(facts.tools[0].file, folder / "bin/deploy");
  EXPECT_FALSE(facts.tools[0].was_asked);
  EXPECT_FALSE(std::filesystem::exists(folder / "started"));
}

TEST_F(DoctorTest, programs_of_the_workspace_are_never_started) {
  std::filesystem::create_directories(folder / "repo/node_modules/.bin");
  const std::string file = folder / "repo/node_modules/.bin/eslint";
  spill(file, "#!/bin/sh\ntouch " + folder.path() + "/started\n");
  ::chmod(file.c_str(), 0755);
  probe.environment[0].second = folder / "repo/node_modules/.bin";
  need("eslint");
  const DoctorFacts facts = gather_doctor_facts(probe);
  EXPECT_EQ(facts.tools[0].file, file);
  EXPECT_FALSE(std::filesystem::exists(folder / "started"));
}

TEST_F(DoctorTest, a_missing_program_fails) {
  need("cmake");
  const DoctorFacts facts = gather_doctor_facts(probe);
  EXPECT_TRUE(has_failure(run_check("tool.cmake", facts)));
}

TEST_F(DoctorTest, machines_are_read_from_the_sysroot) {
  const Sysroot root;
  root.put("/proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-7\n");
  root.put("/proc/stat", "cpu  1 0 1 1\ncpu0 1 0 1 1\n");
  root.put("/proc/meminfo", "MemTotal: 4194304 kB\nMemAvailable: 4000000 kB\n");
  root.put("/proc/sys/kernel/osrelease", "4.18.0-el8\n");
  root.put("/proc/self/mountinfo", "1 0 8:1 / / rw,noexec - nfs4 host:/x rw\n");
  root.put("/.dockerenv", "");
  probe.sysroot = root.path();
  const DoctorFacts facts = gather_doctor_facts(probe);
  EXPECT_EQ(facts.surroundings.container, "docker");
  EXPECT_EQ(facts.sample->usable_cpus, 8);
  EXPECT_EQ(facts.workspace.mount->kind, "nfs4");
  EXPECT_TRUE(has_failure(run_check("kernel", facts)));
}

TEST_F(DoctorTest, versions_are_remembered_only_where_a_state_folder_is) {
  std::filesystem::copy("/bin/true", folder / "bin/make");
  need("make");
  (void)gather_doctor_facts(probe);
  EXPECT_FALSE(std::filesystem::exists(probe.state.path));
  ASSERT_TRUE(probe.state.create());
  const DoctorFacts first = gather_doctor_facts(probe);
  const DoctorFacts second = gather_doctor_facts(probe);
  EXPECT_EQ(first.tools[0].version, second.tools[0].version);
  EXPECT_EQ(second.tools[0].is_remembered, !first.tools[0].version.empty());
}

TEST_F(DoctorTest, scripts_and_repository_are_looked_at) {
  spill(folder / "repo/x.sh", "#!/no/such/interpreter\r\n");
  ScriptNeed script;
  script.file = folder / "repo/x.sh";
  script.shown = "./x.sh";
  script.is_certain = true;
  probe.needs.scripts = {script};
  std::filesystem::create_directories(folder / "repo/.git/rebase-merge");
  spill(folder / "repo/.git/HEAD", "ref: refs/heads/topic\n");
  spill(folder / "repo/.git/shallow", "");
  const DoctorFacts facts = gather_doctor_facts(probe);
  ASSERT_TRUE(facts.scripts[0] && facts.git);
  EXPECT_FALSE(facts.scripts[0]->is_executable || facts.scripts[0]->is_interpreter_there);
  EXPECT_TRUE(facts.scripts[0]->has_crlf);
  EXPECT_EQ(facts.git->branch, "topic");
  EXPECT_EQ(facts.git->operation, "rebase");
  EXPECT_TRUE(facts.git->is_shallow);
}

// Runs as they lie on disk.
class GreenRunTest : public testing::Test {
 protected:
  void record(const std::string& run_id, const std::string& lane, RunStatus status) {
    const RunFolder run{state.run(run_id)};
    ASSERT_TRUE(run.create());
    auto log = EventLog::create(run.events(), {});
    ASSERT_TRUE(log);
    RunStarted start;
    start.workflow = "demo";
    start.lane = lane;
    start.machine.kernel = "6.1";
    start.repository.commit = "abc";
    RunScript script(run_id);
    script.add(start).finish_run(status, 0);
    script.tell([&](const RunEvent& event) { (*log)->on_event(event); });
  }

  TempFolder folder;
  StateFolder state{folder.path()};
};

TEST_F(GreenRunTest, the_newest_that_completed_in_that_lane_counts) {
  record("019aabcd-0000-7000-8000-000000000001", "standard", RunStatus::completed);
  record("019aabcd-0000-7000-8000-000000000002", "standard", RunStatus::completed);
  record("019aabcd-0000-7000-8000-000000000003", "docs", RunStatus::completed);
  record("019aabcd-0000-7000-8000-000000000004", "standard", RunStatus::failed);
  const auto green = newest_green_run(state, "demo", "standard");
  ASSERT_TRUE(green);
  EXPECT_EQ(green->run_id, "019aabcd-0000-7000-8000-000000000002");
  EXPECT_EQ(green->print.commit, "abc");
  EXPECT_FALSE(newest_green_run(state, "other", "standard"));
}

TEST_F(GreenRunTest, its_machine_file_says_more_and_a_damaged_one_nothing) {
  const std::string id = "019aabcd-0000-7000-8000-000000000001";
  record(id, "standard", RunStatus::completed);
  spill(RunFolder{state.run(id)}.machine(), "{\"kernel\": \"5.10\", \"tools\": []}");
  EXPECT_EQ(newest_green_run(state, "demo", "standard")->print.kernel, "5.10");
  spill(RunFolder{state.run(id)}.machine(), "{\"kernel\": ");
  EXPECT_EQ(newest_green_run(state, "demo", "standard")->print.kernel, "6.1");
}

}  // namespace
}  // namespace headway
