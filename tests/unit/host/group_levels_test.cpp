// Control groups of every level as fixtures: v1, v2, a container.
#include "host/group_levels.hpp"

#include "support/sysroot.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(GroupLevels, every_level_of_v2_is_told_the_own_first) {
  const Sysroot root;
  root.put("/proc/self/cgroup", "0::/a/b\n");
  root.put("/proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  root.put("/sys/fs/cgroup/a/b/memory.max", "max\n");
  root.put("/sys/fs/cgroup/a/b/memory.current", "5000\n");
  root.put("/sys/fs/cgroup/a/b/memory.events", "low 0\noom 2\noom_kill 1\n");
  root.put("/sys/fs/cgroup/a/b/pids.max", "100\n");
  root.put("/sys/fs/cgroup/a/b/pids.current", "7\n");
  root.put("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  root.put("/sys/fs/cgroup/a/cpu.stat", "nr_periods 10\nnr_throttled 4\n");
  root.put("/sys/fs/cgroup/a/memory.max", "1000000\n");
  root.put("/sys/fs/cgroup/a/memory.current", "9000\n");
  root.put("/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 4000\n");
  const auto levels = read_group_levels(root.path());
  ASSERT_EQ(levels.size(), 2U);
  EXPECT_EQ(levels[0].folder, "/sys/fs/cgroup/a/b");
  EXPECT_FALSE(levels[0].memory_limit_bytes);
  EXPECT_EQ(levels[0].oom_kills, 1);
  EXPECT_EQ(levels[0].processes_limit, 100);
  EXPECT_EQ(levels[0].processes, 7);
  EXPECT_EQ(levels[1].cpu_quota, 1.5);
  EXPECT_EQ(levels[1].cpu_throttled, 4);
  EXPECT_EQ(levels[1].memory_limit_bytes, 1000000);
  EXPECT_EQ(levels[1].memory_used_bytes, 5000);
}

TEST(GroupLevels, v1_limits_are_read_and_its_huge_number_is_none) {
  const Sysroot root;
  root.put("/proc/self/cgroup", "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n");
  root.put("/proc/self/mountinfo",
           "40 23 0:30 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
           "41 23 0:31 /docker/x /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n");
  root.put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000\n");
  root.put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "300\n");
  root.put("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 0\noom_kill 6\n");
  root.put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  root.put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  auto levels = read_group_levels(root.path());
  ASSERT_EQ(levels.size(), 1U);
  EXPECT_EQ(levels[0].memory_limit_bytes, 2000000);
  EXPECT_EQ(levels[0].oom_kills, 6);
  root.put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  levels = read_group_levels(root.path());
  EXPECT_FALSE(levels[0].memory_limit_bytes);
}

TEST(GroupLevels, without_groups_there_are_none) {
  const Sysroot root;
  EXPECT_TRUE(read_group_levels(root.path()).empty());
}

}  // namespace
}  // namespace headway
