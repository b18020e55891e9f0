// Where a run may make control groups, and how: folders stand in for the hierarchies.
#include "host/run_cgroup.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace headway {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr const char* kV2Mount =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
constexpr const char* kHybridMounts =
    "33 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "34 30 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
constexpr pid_t kSelf = 20;
constexpr pid_t kWatcher = 19;
constexpr pid_t kNobody = 1 << 30;  // above every number that a kernel hands out

class RunCgroupTest : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& content) const {
    const std::string full = root.path() + path;
    fs::create_directories(fs::path(full).parent_path());
    spill(full, content);
  }
  std::string get(const std::string& path) const { return slurp(root.path() + path); }
  bool has(const std::string& path) const { return fs::exists(root.path() + path); }

  // Only v2, with the memory controller, and those processes in our group.
  void mount_v2(const std::string& procs) const {
    put("/proc/self/cgroup", "0::/a.scope\n");
    put("/proc/self/mountinfo", kV2Mount);
    put("/sys/fs/cgroup/a.scope/cgroup.procs", procs);
    put("/sys/fs/cgroup/a.scope/cgroup.controllers", "cpu memory pids\n");
  }
  void mount_hybrid() const {
    put("/proc/self/cgroup", "4:memory:/job\n0::/user\n");
    put("/proc/self/mountinfo", kHybridMounts);
    put("/sys/fs/cgroup/memory/job/cgroup.procs", "7\n20\n");
    put("/sys/fs/cgroup/unified/user/cgroup.procs", "20\n21\n");
    put("/sys/fs/cgroup/unified/user/cgroup.controllers", "\n");
  }
  RunCgroupOptions options(std::int64_t limit_bytes = 0) const {
    return {root.path(), "run", kSelf, kWatcher, limit_bytes};
  }

  TempFolder root;
};

TEST_F(RunCgroupTest, hybrid_has_memory_in_v1_and_the_rest_in_v2) {
  mount_hybrid();
  const auto places = cgroup_places(root.path(), kSelf);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].folder, root.path() + "/sys/fs/cgroup/memory/job");
  EXPECT_TRUE(places[0].has_memory && !places[0].is_v2);
  EXPECT_EQ(places[1].folder, root.path() + "/sys/fs/cgroup/unified/user");
  EXPECT_TRUE(!places[1].has_memory && places[1].is_v2);
}

TEST_F(RunCgroupTest, group_that_does_not_list_the_process_is_left_alone) {
  mount_hybrid();
  put("/sys/fs/cgroup/memory/job/cgroup.procs", "7\n200\n");
  const auto places = cgroup_places(root.path(), kSelf);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_TRUE(places[0].is_v2);
}

TEST_F(RunCgroupTest, without_control_groups_there_is_none) {
  EXPECT_EQ(RunCgroup::create(options()), nullptr);
}

TEST_F(RunCgroupTest, stages_get_a_group_in_both_hierarchies) {
  mount_hybrid();
  const auto run = RunCgroup::create(options(900 * kMiB));
  ASSERT_NE(run, nullptr);
  EXPECT_TRUE(run->has_memory());
  EXPECT_EQ(get("/sys/fs/cgroup/memory/job/headway-run.20/memory.limit_in_bytes"),
            std::to_string(900 * kMiB));
  const auto stage = run->open("1", 50 * kMiB);
  ASSERT_NE(stage, nullptr);
  EXPECT_TRUE(stage->has_memory());
  EXPECT_EQ(get("/sys/fs/cgroup/memory/job/headway-run.20/1/memory.limit_in_bytes"),
            std::to_string(50 * kMiB));
  EXPECT_TRUE(has("/sys/fs/cgroup/unified/user/headway-run.20/1"));
  for (const int entry : stage->entries()) {
    EXPECT_EQ(write(entry, "0", 1), 1);
  }
  EXPECT_EQ(get("/sys/fs/cgroup/memory/job/headway-run.20/1/cgroup.procs"), "0");
  EXPECT_EQ(get("/sys/fs/cgroup/unified/user/headway-run.20/1/cgroup.procs"), "0");
  stage->close_entries();
  EXPECT_EQ(stage->entries()[0], -1);
}

TEST_F(RunCgroupTest, name_that_was_used_makes_no_group) {
  mount_hybrid();
  const auto run = RunCgroup::create(options());
  const auto first = run->open("1", 0);
  EXPECT_EQ(run->open("1", 0), nullptr);
}

TEST_F(RunCgroupTest, no_limit_leaves_the_file_alone) {
  mount_hybrid();
  const auto run = RunCgroup::create(options());
  const auto stage = run->open("1", 0);
  EXPECT_FALSE(has("/sys/fs/cgroup/memory/job/headway-run.20/memory.limit_in_bytes"));
  EXPECT_FALSE(has("/sys/fs/cgroup/memory/job/headway-run.20/1/memory.limit_in_bytes"));
}

TEST_F(RunCgroupTest, v2_of_our_own_moves_us_to_a_leaf_and_hands_out_memory) {
  mount_v2("19\n20\n");
  const std::string group = "/sys/fs/cgroup/a.scope";
  {
    const auto run = RunCgroup::create(options(900 * kMiB));
    ASSERT_NE(run, nullptr);
    EXPECT_TRUE(run->has_memory());
    // (a file keeps the last of the numbers that were written)
    EXPECT_EQ(get(group + "/headway-run.20/supervisor/cgroup.procs"), "20");
    EXPECT_EQ(get(group + "/cgroup.subtree_control"), "+memory");
    EXPECT_EQ(get(group + "/headway-run.20/cgroup.subtree_control"), "+memory");
    EXPECT_EQ(get(group + "/headway-run.20/memory.max"), std::to_string(900 * kMiB));
    const auto stage = run->open("1", 50 * kMiB);
    EXPECT_EQ(get(group + "/headway-run.20/1/memory.max"), std::to_string(50 * kMiB));
  }
  EXPECT_EQ(get(group + "/cgroup.subtree_control").substr(0, 7), "-memory");
  EXPECT_EQ(get(group + "/cgroup.procs").substr(0, 2), "20") << "nobody went back";
}

TEST_F(RunCgroupTest, v2_with_a_foreign_process_moves_nobody) {
  mount_v2("18\n19\n20\n");
  const std::string group = "/sys/fs/cgroup/a.scope";
  {
    const auto run = RunCgroup::create(options(900 * kMiB));
    ASSERT_NE(run, nullptr);
    EXPECT_FALSE(run->has_memory());
    EXPECT_NE(run->open("1", 50 * kMiB), nullptr);
  }
  EXPECT_FALSE(has(group + "/cgroup.subtree_control"));
  EXPECT_FALSE(has(group + "/headway-run.20/supervisor"));
  EXPECT_EQ(get(group + "/cgroup.procs"), "18\n19\n20\n");
}

TEST_F(RunCgroupTest, groups_are_gone_with_the_run) {
  put("/proc/self/cgroup", "0::/user\n");
  put("/proc/self/mountinfo", kV2Mount);
  put("/sys/fs/cgroup/user/cgroup.procs", "20\n");
  auto run = RunCgroup::create(options());
  ASSERT_NE(run, nullptr);
  // What a stage made itself, and one whose processes were not gone yet.
  fs::create_directories(root.path() + "/sys/fs/cgroup/user/headway-run.20/1/inner/most");
  EXPECT_TRUE(has("/sys/fs/cgroup/user/headway-run.20"));
  run.reset();
  EXPECT_FALSE(has("/sys/fs/cgroup/user/headway-run.20"));
}

TEST_F(RunCgroupTest, what_dead_runs_left_is_removed_and_nothing_else) {
  mount_hybrid();
  const std::string base = root.path() + "/sys/fs/cgroup/memory/job/";
  const std::string dead = base + "headway-old." + std::to_string(kNobody);
  const std::string living = base + "headway-other." + std::to_string(getpid());
  for (const std::string& folder : {dead + "/1",
                                    living + "/1",
                                    base + "headway-mine",
                                    base + "other." + std::to_string(kNobody)}) {
    fs::create_directories(folder);
  }
  const auto run = RunCgroup::create(options());
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(living + "/1"));
  EXPECT_TRUE(fs::exists(base + "headway-mine"));
  EXPECT_TRUE(fs::exists(base + "other." + std::to_string(kNobody)));
}

TEST_F(RunCgroupTest, watcher_removes_those_of_its_worker) {
  mount_hybrid();
  put("/sys/fs/cgroup/memory/job/cgroup.procs", std::to_string(getpid()) + "\n");
  const std::string base = root.path() + "/sys/fs/cgroup/memory/job/";
  fs::create_directories(base + "headway-run.20/1");
  fs::create_directories(base + "headway-other.21/1");
  remove_run_cgroups(root.path(), kSelf);
  EXPECT_FALSE(fs::exists(base + "headway-run.20"));
  EXPECT_TRUE(fs::exists(base + "headway-other.21/1"));
}

TEST_F(RunCgroupTest, watcher_leaves_the_leaf_that_its_worker_put_it_in) {
  put("/proc/self/cgroup", "0::/a.scope/headway-run.20/supervisor\n");
  put("/proc/self/mountinfo", kV2Mount);
  const std::string self = std::to_string(getpid());
  put("/sys/fs/cgroup/a.scope/headway-run.20/supervisor/cgroup.procs", self + "\n");
  remove_run_cgroups(root.path(), kSelf);
  EXPECT_EQ(get("/sys/fs/cgroup/a.scope/cgroup.subtree_control"), "-memory");
  EXPECT_EQ(get("/sys/fs/cgroup/a.scope/cgroup.procs"), self);
}

// A stage's group in a folder, its files as the kernel shows them.
class StageCgroupTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& content) const {
    spill(folder / name, content);
  }
  StageCgroup group(bool is_v2, bool has_memory = true) const {
    return StageCgroup({{folder.path(), is_v2, has_memory}}, 0);
  }

  TempFolder folder;
};

TEST_F(StageCgroupTest, file_cache_counts_neither_now_nor_in_the_peak_of_v2) {
  put("memory.current", "1000\n");
  put("memory.peak", "5000\n");
  put("memory.stat", "anon 300\nfile 600\nfile_mapped 9\nshmem 100\nslab_reclaimable 50\n");
  put("memory.events", "low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 0\n");
  put("cpu.stat", "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
  const StageCgroup made = group(true);
  EXPECT_EQ(made.memory_bytes(), 450);
  const CgroupUsage usage = made.usage();
  EXPECT_EQ(usage.peak_bytes, 4450);
  EXPECT_EQ(usage.oom_kills, 2);
  EXPECT_EQ(usage.cpu, std::chrono::microseconds(1500));
}

TEST_F(StageCgroupTest, file_cache_counts_neither_now_nor_in_the_peak_of_v1) {
  put("memory.usage_in_bytes", "1000\n");
  put("memory.max_usage_in_bytes", "5000\n");
  put("memory.stat", "cache 1\ntotal_cache 600\ntotal_rss 7\ntotal_shmem 100\n");
  put("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
  const StageCgroup made = group(false);
  EXPECT_EQ(made.memory_bytes(), 500);
  const CgroupUsage usage = made.usage();
  EXPECT_EQ(usage.peak_bytes, 4500);
  EXPECT_EQ(usage.oom_kills, 1);
  EXPECT_FALSE(usage.cpu);
}

TEST_F(StageCgroupTest, kernel_that_keeps_no_peak_is_not_known_rather_than_zero) {
  put("memory.current", "1000\n");
  EXPECT_EQ(group(true).memory_bytes(), 1000);
  EXPECT_FALSE(group(true).usage().peak_bytes);
  EXPECT_FALSE(group(true).usage().oom_kills);
}

TEST_F(StageCgroupTest, without_the_controller_only_cpu_time_is_told) {
  put("memory.current", "1000\n");
  put("cpu.stat", "usage_usec 5\n");
  const StageCgroup made = group(true, false);
  EXPECT_FALSE(made.has_memory() || made.memory_bytes() || made.usage().peak_bytes);
  EXPECT_EQ(made.usage().cpu, std::chrono::microseconds(5));
}

TEST_F(StageCgroupTest, kill_and_freeze_need_a_kernel_that_has_them) {
  EXPECT_FALSE(group(true).kill() || group(true).freeze(true));
  put("cgroup.kill", "");
  put("cgroup.freeze", "0");
  EXPECT_TRUE(group(true).kill());
  EXPECT_TRUE(group(true).freeze(true));
  EXPECT_EQ(slurp(folder / "cgroup.kill"), "1");
  EXPECT_EQ(slurp(folder / "cgroup.freeze"), "1");
  EXPECT_TRUE(group(true).freeze(false));
  EXPECT_EQ(slurp(folder / "cgroup.freeze"), "0");
  EXPECT_FALSE(group(false).kill() || group(false).freeze(true)) << "v1 has neither";
}

}  // namespace
}  // namespace headway
