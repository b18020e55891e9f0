// The list of checks, and what each says of a machine on which one thing is wrong.
#include "diagnostics/check.hpp"

#include "support/doctor_machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace headway {
namespace {

using enum CheckStatus;

TEST(Check, ids_are_unique_and_told) {
  std::set<std::string_view> ids;
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(ids.insert(check.id).second) << check.id;
    EXPECT_FALSE(check.about.empty()) << check.id;
  }
}

TEST(Check, on_a_good_machine_nothing_is_wrong) {
  for (const CheckResult& result : run_checks(good_machine())) {
    EXPECT_TRUE(result.status == ok || result.status == info) << result.id << ": " << result.value;
    EXPECT_FALSE(result.value.empty()) << result.id;
  }
}

TEST(Check, failures_come_first) {
  DoctorFacts facts = good_machine();
  facts.tools[1] = {"make", "", "not found in PATH"};
  facts.locale.is_utf8 = false;
  const auto results = run_checks(facts);
  EXPECT_EQ(results[0].id, "tool.make");
  EXPECT_EQ(results[1].id, "locale");
  EXPECT_TRUE(has_failure(results));
}

TEST(Check, one_is_called_by_its_id) {
  EXPECT_EQ(found("tool.git", good_machine()).value, "2.39.5");
  EXPECT_TRUE(run_check("tool.none", good_machine()).empty());
  EXPECT_TRUE(run_check("nothing", good_machine()).empty());
}

TEST(Check, without_a_workflow_nothing_fails) {
  DoctorFacts facts;  // nothing was told in time, either
  facts.workspace.path = facts.state_place.path = facts.temporary.path = "/x";
  for (const CheckResult& result : run_checks(facts)) {
    EXPECT_NE(result.status, fail) << result.id;
  }
  EXPECT_EQ(status_of("workflow.file", facts), info);
}

TEST(CheckCpu, more_cpus_declared_than_there_are_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.needs.cpus = {"build", 8};
  const CheckResult result = found("cpu.jobs", facts);
  EXPECT_EQ(result.status, warn);
  EXPECT_NE(result.why.find("'build' declares 8"), std::string::npos);
}

TEST(CheckCpu, quota_of_the_group_that_binds_is_named) {
  DoctorFacts facts = good_machine();
  facts.sample->usable_cpus = 1.5;
  GroupLevel outer, inner;
  outer.folder = "/sys/fs/cgroup";
  inner.folder = "/sys/fs/cgroup/pod";
  outer.cpu_quota = 3;
  inner.cpu_quota = 1.5;
  facts.groups = {inner, outer};
  const CheckResult result = found("cpu.jobs", facts);
  EXPECT_EQ(result.value, "1.50 of 4 CPUs");
  EXPECT_EQ(result.source, "/sys/fs/cgroup/pod (quota)");
}

TEST(CheckCpu, far_more_jobs_than_cpus_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.needs.jobs = 64;
  EXPECT_EQ(status_of("cpu.jobs", facts), warn);
}

TEST(CheckCpu, throttling_is_told_where_there_is_a_quota) {
  DoctorFacts facts = good_machine();
  EXPECT_TRUE(run_check("cpu.throttling", facts).empty());
  GroupLevel group;
  group.folder = "/sys/fs/cgroup";
  group.cpu_quota = 2;
  group.cpu_periods = 100;
  group.cpu_throttled = 5;
  facts.groups = {group};
  EXPECT_EQ(status_of("cpu.throttling", facts), ok);
  facts.groups[0].cpu_throttled = 50;
  EXPECT_EQ(status_of("cpu.throttling", facts), warn);
}

TEST(CheckCpu, pressure_is_a_warning_and_its_absence_unknown) {
  DoctorFacts facts = good_machine();
  facts.sample->machine.memory->some_avg10 = 40;
  EXPECT_EQ(status_of("pressure.memory", facts), warn);
  facts.sample->machine.memory.reset();
  EXPECT_EQ(status_of("pressure.memory", facts), unknown);
}

TEST(CheckMemory, declared_memory_beyond_the_tightest_level_fails_and_names_it) {
  DoctorFacts facts = good_machine();
  facts.needs.declared_memory = {"link", 4.0 * kGiB};
  EXPECT_EQ(status_of("memory.limit", facts), ok);
  GroupLevel group;
  group.folder = "/sys/fs/cgroup/pod";
  group.memory_limit_bytes = 2 * kGiB;
  facts.groups = {group};
  const CheckResult result = found("memory.limit", facts);
  EXPECT_EQ(result.status, fail);
  EXPECT_EQ(result.source, "/sys/fs/cgroup/pod/memory.max");
  EXPECT_NE(result.why.find("'link' declares 4.0 GiB"), std::string::npos);
}

TEST(CheckMemory, peak_of_an_earlier_run_near_the_limit_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.needs.peak_memory = {"link", 15.5 * kGiB};
  const CheckResult result = found("memory.limit", facts);
  EXPECT_EQ(result.status, warn);
  EXPECT_NE(result.why.find("in an earlier run"), std::string::npos);
}

TEST(CheckMemory, too_little_free_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.needs.declared_memory = {"link", 13.0 * kGiB};
  EXPECT_EQ(status_of("memory.available", facts), warn);
}

TEST(CheckMemory, kills_in_the_own_group_are_a_warning_of_the_machine_a_note) {
  DoctorFacts facts = good_machine();
  facts.sample->machine_oom_kills = 3;
  EXPECT_EQ(status_of("memory.oom_kills", facts), info);
  GroupLevel group;
  group.folder = "/sys/fs/cgroup";
  group.oom_kills = 1;
  facts.groups = {group};
  EXPECT_EQ(status_of("memory.oom_kills", facts), warn);
}

TEST(CheckMemory, strict_overcommit_matters_where_little_is_left) {
  DoctorFacts facts = good_machine();
  facts.limits.overcommit_mode = 2;
  facts.limits.commit_limit_bytes = 10 * kGiB;
  EXPECT_EQ(status_of("memory.overcommit", facts), info);
  facts.limits.committed_bytes = 10 * kGiB;
  EXPECT_EQ(status_of("memory.overcommit", facts), warn);
}

TEST(CheckMemory, full_swap_under_pressure_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.limits.swap_free_bytes = 0;
  EXPECT_EQ(status_of("memory.swap", facts), ok);
  facts.sample->machine.memory->some_avg10 = 5;
  EXPECT_EQ(status_of("memory.swap", facts), warn);
}

TEST(CheckLimits, processes_of_every_level_count) {
  DoctorFacts facts = good_machine();
  facts.limits.processes = 60'000;
  EXPECT_EQ(status_of("limits.processes", facts), ok);
  GroupLevel group;
  group.folder = "/sys/fs/cgroup/pod";
  group.processes_limit = 100;
  group.processes = 50;
  facts.groups = {group};
  EXPECT_EQ(status_of("limits.processes", facts), warn);
  facts.groups[0].processes = 95;
  const CheckResult result = found("limits.processes", facts);
  EXPECT_EQ(result.status, fail);
  EXPECT_EQ(result.source, "/sys/fs/cgroup/pod/pids.max");
  facts.needs.file.clear();
  EXPECT_EQ(status_of("limits.processes", facts), warn);
}

TEST(CheckLimits, open_files_by_what_headway_and_its_jobs_need) {
  DoctorFacts facts = good_machine();
  facts.limits.open_files = 256;
  EXPECT_EQ(status_of("limits.open_files", facts), warn);
  facts.limits.open_files = 70;
  EXPECT_EQ(status_of("limits.open_files", facts), fail);
  EXPECT_EQ(found("limits.open_files", facts).fix, "ulimit -n 4096");
  facts.limits.open_files_hard = 70;
  EXPECT_NE(found("limits.open_files", facts).fix, "ulimit -n 4096");
}

TEST(CheckLimits, limits_that_are_not_set_are_not_told) {
  DoctorFacts facts = good_machine();
  EXPECT_TRUE(run_check("limits.file_size", facts).empty());
  EXPECT_TRUE(run_check("limits.cpu_time", facts).empty());
  facts.limits.file_size_bytes = 1 << 20;
  facts.limits.cpu_seconds = 60;
  EXPECT_EQ(status_of("limits.file_size", facts), warn);
  EXPECT_EQ(status_of("limits.cpu_time", facts), warn);
}

TEST(CheckLimits, watches_matter_only_to_programs_that_watch) {
  DoctorFacts facts = good_machine();
  facts.limits.inotify_watches = 8192;
  EXPECT_EQ(status_of("limits.inotify", facts), ok);
  facts.needs.tools[0].name = "npm";
  EXPECT_EQ(status_of("limits.inotify", facts), warn);
}

TEST(CheckDisk, bytes_and_inodes_both_count) {
  DoctorFacts facts = good_machine();
  facts.workspace.space->free_bytes = kGiB / 2;
  EXPECT_EQ(status_of("disk.workspace", facts), warn);
  facts.workspace.space->free_bytes = 4096;
  EXPECT_EQ(status_of("disk.workspace", facts), fail);
  facts.state_place.space->free_inodes = 3;
  EXPECT_EQ(status_of("disk.state", facts), fail);
  facts.state_place.space->total_inodes = facts.state_place.space->free_inodes = 0;  // btrfs
  EXPECT_EQ(status_of("disk.state", facts), ok);
  facts.temporary.space->free_bytes = 0;
  EXPECT_EQ(status_of("disk.tmp", facts), warn);
}

TEST(CheckDisk, a_dead_mount_is_unknown_not_a_hang) {
  DoctorFacts facts = good_machine();
  facts.workspace.space.reset();
  EXPECT_EQ(status_of("disk.workspace", facts), unknown);
}

TEST(CheckDisk, where_state_cannot_be_written_nothing_runs) {
  DoctorFacts facts = good_machine();
  facts.state_place.space->is_writable = false;
  EXPECT_EQ(status_of("disk.state", facts), fail);
  facts = good_machine();
  facts.state_place.mount->options = "ro,relatime,ro";
  EXPECT_EQ(status_of("disk.state", facts), fail);
  facts.workspace.mount->options = "ro";
  EXPECT_EQ(status_of("disk.workspace", facts), warn);
}

TEST(CheckDisk, kinds_of_file_systems) {
  DoctorFacts facts = good_machine();
  facts.state_place.mount->kind = "nfs4";
  EXPECT_EQ(status_of("filesystem.state", facts), warn);
  facts.state_place.mount->kind = "tmpfs";
  EXPECT_EQ(status_of("filesystem.state", facts), info);
  facts.workspace.mount->kind = "9p";
  facts.surroundings.wsl = 2;
  EXPECT_EQ(found("filesystem.workspace", facts).fix,
            "move the workspace into the Linux file system (below ~)");
}

TEST(CheckDisk, noexec_fails_where_a_stage_starts_a_file_there) {
  DoctorFacts facts = good_machine();
  facts.workspace.mount->options = "rw,noexec";
  facts.temporary.mount->options = "rw,noexec";
  EXPECT_EQ(status_of("filesystem.workspace", facts), fail);
  EXPECT_EQ(status_of("filesystem.tmp", facts), warn);
  facts.needs.scripts[0].interpreter = "bash";
  EXPECT_EQ(status_of("filesystem.workspace", facts), ok);
}

TEST(CheckDisk, a_temporary_folder_that_is_not_there_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.temporary.space->is_there = false;
  EXPECT_EQ(status_of("disk.tmp", facts), warn);
}

TEST(CheckSystem, kernels_before_5_4_and_wsl_1_fail) {
  DoctorFacts facts = good_machine();
  facts.surroundings.kernel = "4.18.0-553.el8";
  EXPECT_EQ(status_of("kernel", facts), fail);
  facts.surroundings.kernel = "5.4.0";
  EXPECT_EQ(status_of("kernel", facts), ok);
  facts.surroundings.wsl = 1;
  EXPECT_EQ(status_of("kernel", facts), fail);
}

TEST(CheckSystem, container_is_named_with_its_source) {
  DoctorFacts facts = good_machine();
  facts.surroundings.container = "docker";
  facts.surroundings.container_source = "/.dockerenv";
  const CheckResult result = found("surroundings", facts);
  EXPECT_EQ(result.value, "Debian GNU/Linux 12 (bookworm), in a container (docker)");
  EXPECT_EQ(result.source, "/.dockerenv");
}

TEST(CheckSystem, a_clock_that_cannot_be_right_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.clock.newest_run = facts.clock.now + std::chrono::hours(2);
  EXPECT_EQ(status_of("clock", facts), warn);
  facts.clock.newest_run.reset();
  facts.clock.is_synchronised = false;
  EXPECT_EQ(status_of("clock", facts), info);
  facts.clock.now = WallTime(std::chrono::seconds(100));
  EXPECT_EQ(status_of("clock", facts), warn);
}

TEST(CheckSystem, locale_matters_to_programs_that_print_by_it) {
  DoctorFacts facts = good_machine();
  facts.locale = {"", "", false, true};
  EXPECT_EQ(status_of("locale", facts), warn);  // git
  facts.needs.tools.clear();
  EXPECT_EQ(status_of("locale", facts), info);
  facts.locale = {"LC_ALL", "de_DE.UTF-8", true, false};
  EXPECT_EQ(status_of("locale", facts), warn);
}

TEST(CheckTools, a_missing_program_fails_only_where_it_is_certainly_needed) {
  DoctorFacts facts = good_machine();
  facts.tools[0] = {"git", "", "not found in PATH"};
  EXPECT_EQ(status_of("tool.git", facts), fail);
  EXPECT_EQ(found("tool.git", facts).why, "stage 'a' starts it");
  facts.needs.tools[0].is_certain = false;
  EXPECT_EQ(status_of("tool.git", facts), warn);
}

TEST(CheckTools, one_that_hangs_is_unknown) {
  DoctorFacts facts = good_machine();
  facts.tools[0].version.clear();
  facts.tools[0].is_late = true;
  EXPECT_EQ(status_of("tool.git", facts), unknown);
  facts.tools[0].file.clear();  // a dead mount in PATH: it was not even looked for in time
  EXPECT_EQ(status_of("tool.git", facts), unknown);
}

TEST(CheckTools, without_a_shell_no_script_runs) {
  DoctorFacts facts = good_machine();
  facts.shell->file.clear();
  EXPECT_EQ(status_of("shell", facts), fail);
  facts.shell.reset();
  EXPECT_EQ(status_of("shell", facts), unknown);
}

TEST(CheckScripts, what_is_not_there_fails_unless_it_may_still_be_made) {
  DoctorFacts facts = good_machine();
  facts.scripts[0] = ScriptFacts{};
  EXPECT_EQ(status_of("scripts.present", facts), fail);
  facts.needs.scripts[0].may_be_made = true;
  EXPECT_EQ(status_of("scripts.present", facts), warn);
  EXPECT_EQ(status_of("scripts.executable", facts), ok);
}

TEST(CheckScripts, exec_bit_and_interpreter_matter_to_what_is_started_itself) {
  DoctorFacts facts = good_machine();
  facts.scripts[0]->is_executable = false;
  facts.scripts[0]->is_interpreter_there = false;
  EXPECT_EQ(status_of("scripts.executable", facts), fail);
  EXPECT_EQ(status_of("scripts.interpreter", facts), fail);
  EXPECT_NE(found("scripts.executable", facts).fix.find("chmod +x ./x.sh"), std::string::npos);
  facts.needs.scripts[0].interpreter = "bash";
  EXPECT_EQ(status_of("scripts.executable", facts), ok);
  EXPECT_EQ(status_of("scripts.interpreter", facts), ok);
}

TEST(CheckScripts, cr_lf_breaks_shebangs_and_shells_but_not_python) {
  DoctorFacts facts = good_machine();
  facts.scripts[0]->has_crlf = true;
  EXPECT_EQ(status_of("scripts.line_endings", facts), fail);
  facts.needs.scripts[0].interpreter = "python3";
  EXPECT_EQ(status_of("scripts.line_endings", facts), ok);
  facts.needs.scripts[0].interpreter = "bash";
  EXPECT_EQ(status_of("scripts.line_endings", facts), fail);
}

TEST(CheckScripts, scripts_on_a_dead_mount_are_unknown) {
  DoctorFacts facts = good_machine();
  facts.scripts[0].reset();
  EXPECT_EQ(status_of("scripts.present", facts), unknown);
}

TEST(CheckGit, nothing_of_git_fails) {
  DoctorFacts facts = good_machine();
  facts.git->is_owned = false;
  facts.git->operation = "rebase";
  facts.git->unmerged = 2;
  facts.git->is_shallow = true;
  facts.git->lock_age = std::chrono::hours(1);
  EXPECT_EQ(status_of("git.repository", facts), warn);
  EXPECT_EQ(found("git.operation", facts).value, "a rebase is under way, 2 files with conflicts");
  facts.git->operation = "bisect";  // has neither --continue nor --abort
  facts.git->unmerged = 0;
  EXPECT_EQ(found("git.operation", facts).fix, "git bisect reset");
  EXPECT_EQ(status_of("git.history", facts), info);
  EXPECT_EQ(status_of("git.lock", facts), warn);
  facts.git->is_late = true;
  EXPECT_EQ(status_of("git.changes", facts), unknown);
}

TEST(CheckGit, outside_of_a_repository_little_is_said) {
  DoctorFacts facts = good_machine();
  facts.git = GitState{};
  EXPECT_EQ(status_of("git.repository", facts), info);
  EXPECT_TRUE(run_check("git.changes", facts).empty());
}

TEST(CheckState, mistakes_in_the_file_fail) {
  DoctorFacts facts = good_machine();
  facts.needs.problems = {"headway.yaml:3:1: unknown key 'stage'", "other"};
  const CheckResult result = found("workflow.file", facts);
  EXPECT_EQ(result.status, fail);
  EXPECT_EQ(result.value, "2 mistakes, first: headway.yaml:3:1: unknown key 'stage'");
}

TEST(CheckState, a_history_that_cannot_be_read_is_a_warning) {
  DoctorFacts facts = good_machine();
  facts.state->history_trouble = "history.db is damaged";
  EXPECT_EQ(status_of("state.history", facts), warn);
  facts.state->can_write = false;
  EXPECT_EQ(status_of("state.folder", facts), fail);
}

TEST(CheckState, an_empty_history_names_the_lane_only_where_there_is_one) {
  DoctorFacts facts = good_machine();
  facts.state->history_runs = 0;
  facts.needs.lane = "light";
  EXPECT_EQ(found("state.history", facts).value, "no runs of lane light yet");
  facts.needs.lane.clear();  // as when the file has mistakes
  EXPECT_EQ(found("state.history", facts).value, "no runs yet");
}

TEST(CheckEnvironment, names_of_secrets_are_told_and_never_values) {
  DoctorFacts facts = good_machine();
  facts.environment = {{"GH_TOKEN", "ghp_verysecretvalue"}, {"HOME", "/root"}};
  const CheckResult result = found("environment.secrets", facts);
  EXPECT_EQ(result.status, info);
  EXPECT_EQ(result.value, "GH_TOKEN");
  facts.environment.emplace_back("DB_PASSWORD", "abc");
  const CheckResult short_one = found("environment.secrets", facts);
  EXPECT_EQ(short_one.status, warn);
  EXPECT_EQ(short_one.value, "DB_PASSWORD");
}

TEST(CheckEnvironment, declared_secrets_that_are_not_set_are_a_warning) {
  DoctorFacts facts = good_machine();
  EXPECT_TRUE(run_check("environment.declared", facts).empty());
  facts.needs.secrets = {"NPM_TOKEN", "*_PASSWORD"};
  EXPECT_EQ(found("environment.declared", facts).value, "not set: NPM_TOKEN");
  facts.environment = {{"NPM_TOKEN", "x"}};
  EXPECT_EQ(status_of("environment.declared", facts), ok);
}

TEST(CheckEnvironment, proxies_with_passwords_or_without_localhost_are_warnings) {
  DoctorFacts facts = good_machine();
  EXPECT_TRUE(run_check("environment.proxy", facts).empty());
  facts.environment = {{"https_proxy", "http://proxy:3128"}};
  EXPECT_EQ(status_of("environment.proxy", facts), warn);
  facts.environment.emplace_back("NO_PROXY", "localhost,10.0.0.0/8");
  EXPECT_EQ(status_of("environment.proxy", facts), info);
  facts.environment[0].second = "http://ana:hunter22@proxy:3128";
  const CheckResult result = found("environment.proxy", facts);
  EXPECT_EQ(result.status, warn);
  EXPECT_EQ(result.value.find("hunter22"), std::string::npos);
}

}  // namespace
}  // namespace headway
