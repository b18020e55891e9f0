// A machine on which all is well for a small workflow, as DoctorFacts; tests break one thing of it.
#pragma once

#include "diagnostics/check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace headway {

inline constexpr std::int64_t kGiB = std::int64_t{1} << 30;

inline PlaceFacts roomy_place(const std::string& path) {
  PlaceFacts place;
  place.path = path;
  place.mount = Mount{"/", "/", "ext4", "/dev/sda1", "rw,relatime,rw"};
  place.space = DiskSpace{path, true, true, true, 100 * kGiB, 50 * kGiB, 1'000'000, 900'000};
  return place;
}

// 4 CPUs, 16 GiB of memory, 100 GiB of disk, Linux 6.1, a repository, a workflow of two stages.
inline DoctorFacts good_machine() {
  DoctorFacts facts;
  facts.needs.file = "headway.yaml";
  facts.needs.directory = "/repo";
  facts.needs.name = "default";
  facts.needs.lane = "standard";
  facts.needs.stages = 2;
  facts.needs.tools = {{"git", {"a"}, true, "", "/repo"}, {"make", {"a", "b"}, true, "", "/repo"}};
  facts.tools = {{"git", "/usr/bin/git", "", 1, 1, "2.39.5"},
                 {"make", "/usr/bin/make", "", 1, 1, "4.3"}};
  facts.needs.scripts = {{"/repo/x.sh", "./x.sh", "a", "", true, false}};
  ScriptFacts script;
  script.is_there = script.is_executable = script.is_file = true;
  script.shebang = script.interpreter = "/bin/sh";
  facts.scripts = {script};
  ToolFacts shell;
  shell.file = "/bin/sh";
  facts.shell = shell;
  ResourceSample sample;
  sample.usable_cpus = sample.machine_cpus = 4;
  sample.memory_total_bytes = 16 * kGiB;
  sample.memory_available_bytes = 12 * kGiB;
  sample.machine_oom_kills = 0;
  sample.machine = {Pressure{}, Pressure{}, Pressure{}};
  facts.sample = sample;
  facts.limits.is_known = true;
  facts.limits.open_files = 1024;
  facts.limits.open_files_hard = 4096;
  facts.limits.overcommit_mode = 0;
  facts.limits.swap_total_bytes = facts.limits.swap_free_bytes = kGiB;
  facts.limits.inotify_watches = 524288;
  facts.limits.inotify_instances = 512;
  facts.surroundings.system = "Debian GNU/Linux 12 (bookworm)";
  facts.surroundings.kernel = "6.1.0-18-amd64";
  facts.workspace = roomy_place("/repo");
  facts.state_place = roomy_place("/repo/.headway");
  facts.temporary = roomy_place("/tmp");
  GitState git;
  git.root = "/repo";
  git.branch = "main";
  git.commit = "0123456789012345678901234567890123456789";
  git.was_asked = true;
  facts.git = git;
  facts.clock.now = WallTime(std::chrono::seconds(1'795'345'200));  // 2026-11-22
  facts.clock.is_synchronised = true;
  StateFacts state;
  state.path = "/repo/.headway";
  state.can_write = true;
  state.runs = state.history_runs = 3;
  facts.state = state;
  facts.locale = {"LANG", "C.UTF-8", true, true};
  return facts;
}

// What one check says of a machine; the test fails where it says nothing.
inline CheckResult found(std::string_view id, const DoctorFacts& facts) {
  const auto results = run_check(id, facts);
  EXPECT_EQ(results.size(), 1U) << id;
  return results.empty() ? CheckResult{} : results.front();
}

inline CheckStatus status_of(std::string_view id, const DoctorFacts& facts) {
  return found(id, facts).status;
}

}  // namespace headway
