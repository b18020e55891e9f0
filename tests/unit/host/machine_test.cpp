// What a machine grants, read from fixtures: a temporary folder stands in for the root.
#include "host/machine.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

// A machine with 8 CPUs and 16 GiB, 12 of them available, in no control group.
class MachineTest : public testing::Test {
 protected:
  MachineTest() {
    put("/proc/self/status", "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-5,8,10\n");
    put("/proc/meminfo",
        "MemTotal:       16777216 kB\nMemFree:          1000 kB\nMemAvailable:   12582912 kB\n");
  }

  void put(const std::string& path, const std::string& content) {
    const std::string full = root.path() + path;
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    spill(full, content);
  }
  void put_v2(const std::string& group) {
    put("/proc/self/cgroup", "0::" + group + "\n");
    put("/proc/self/mountinfo",
        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
  }

  double cpus() const { return machine_share(root.path()).cpus; }
  std::int64_t memory_mib() const { return machine_share(root.path()).memory_bytes / kMiB; }
  std::int64_t available_mib() const { return available_memory_bytes(root.path()) / kMiB; }

  TempFolder root;
};

TEST_F(MachineTest, without_control_groups_all_that_the_mask_allows) {
  EXPECT_DOUBLE_EQ(cpus(), 8);
  EXPECT_EQ(memory_mib(), 16384);
  EXPECT_EQ(available_mib(), 12288);
}

TEST_F(MachineTest, online_cpus_count_where_there_is_no_mask) {
  std::filesystem::remove(root / "proc/self/status");
  put("/sys/devices/system/cpu/online", "0-3\n");
  EXPECT_DOUBLE_EQ(cpus(), 4);
}

TEST_F(MachineTest, v2_limits_of_every_ancestor_count) {
  put_v2("/a/b/c");
  put("/sys/fs/cgroup/a/cpu.max", "250000 100000\n");
  put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  put("/sys/fs/cgroup/a/b/c/cpu.max", "300000 100000\n");
  put("/sys/fs/cgroup/a/memory.max", "max\n");
  put("/sys/fs/cgroup/a/b/memory.max", "2147483648\n");
  put("/sys/fs/cgroup/a/b/c/memory.max", "4294967296\n");
  EXPECT_DOUBLE_EQ(cpus(), 2.5);
  EXPECT_EQ(memory_mib(), 2048);
}

TEST_F(MachineTest, v2_high_limit_counts_as_well) {
  put_v2("/a");
  put("/sys/fs/cgroup/a/memory.max", "max\n");
  put("/sys/fs/cgroup/a/memory.high", "1073741824\n");
  EXPECT_EQ(memory_mib(), 1024);
}

TEST_F(MachineTest, available_is_what_the_limit_leaves_with_idle_cache_counted_as_free) {
  put_v2("/a");
  put("/sys/fs/cgroup/a/memory.max", "2147483648\n");
  put("/sys/fs/cgroup/a/memory.current", "1610612736\n");
  put("/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 536870912\nactive_file 5\n");
  EXPECT_EQ(available_mib(), 1024);
  put("/sys/fs/cgroup/a/memory.current", "9999999999\n");
  EXPECT_EQ(available_mib(), 0);
}

TEST_F(MachineTest, v1_controllers_with_their_own_mounts) {
  put("/proc/self/cgroup", "12:memory:/m/x\n4:cpu,cpuacct:/c\n1:name=systemd:/\n");
  put("/proc/self/mountinfo",
      "33 25 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
      "34 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "35 25 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n");
  put("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "150000\n");
  put("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
  put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "1073741824\n");
  put("/sys/fs/cgroup/memory/m/memory.usage_in_bytes", "805306368\n");
  put("/sys/fs/cgroup/memory/m/memory.stat", "inactive_file 7\ntotal_inactive_file 268435456\n");
  put("/sys/fs/cgroup/memory/m/x/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_DOUBLE_EQ(cpus(), 1.5);
  EXPECT_EQ(memory_mib(), 1024);
  EXPECT_EQ(available_mib(), 512);
}

TEST_F(MachineTest, hybrid_takes_the_least_of_both_hierarchies) {
  put("/proc/self/cgroup", "4:memory:/m\n0::/u\n");
  put("/proc/self/mountinfo",
      "34 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "2147483648\n");
  put("/sys/fs/cgroup/unified/u/cpu.max", "50000 100000\n");
  put("/sys/fs/cgroup/unified/u/memory.max", "1073741824\n");
  EXPECT_DOUBLE_EQ(cpus(), 0.5);
  EXPECT_EQ(memory_mib(), 1024);
}

// A container with the host's cgroup namespace: the path is the host's, the mount is its own group.
TEST_F(MachineTest, container_whose_mount_root_is_its_own_group) {
  put("/proc/self/cgroup", "5:memory:/docker/abc\n6:cpu:/docker/abc/inner\n");
  put("/proc/self/mountinfo",
      "34 25 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
      "35 25 0:31 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n");
  put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
  put("/sys/fs/cgroup/cpu/inner/cpu.cfs_quota_us", "200000\n");
  put("/sys/fs/cgroup/cpu/inner/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(memory_mib(), 1024);
  EXPECT_DOUBLE_EQ(cpus(), 2);
}

TEST_F(MachineTest, group_outside_of_the_namespace_means_the_mount_point) {
  put_v2("/../../other");
  put("/sys/fs/cgroup/memory.max", "1073741824\n");
  EXPECT_EQ(memory_mib(), 1024);
}

TEST_F(MachineTest, group_that_is_not_visible_leaves_the_ancestors_that_are) {
  put_v2("/a/hidden/deep");
  put("/sys/fs/cgroup/a/memory.max", "1073741824\n");
  EXPECT_EQ(memory_mib(), 1024);
}

TEST_F(MachineTest, mount_point_with_a_space_is_read) {
  put("/proc/self/cgroup", "0::/\n");
  put("/proc/self/mountinfo", "30 23 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw\n");
  put("/my groups/memory.max", "1073741824\n");
  EXPECT_EQ(memory_mib(), 1024);
}

TEST_F(MachineTest, usual_mounts_are_tried_where_mountinfo_is_missing) {
  put("/proc/self/cgroup", "0::/a\n");
  put("/sys/fs/cgroup/a/cpu.max", "100000\n");
  EXPECT_DOUBLE_EQ(cpus(), 1);
}

TEST_F(MachineTest, cpus_are_never_nothing) {
  put_v2("/a");
  put("/sys/fs/cgroup/a/cpu.max", "1 100000\n");
  EXPECT_DOUBLE_EQ(cpus(), 0.01);
}

TEST_F(MachineTest, nonsense_in_files_is_no_limit) {
  put_v2("/a");
  put("/sys/fs/cgroup/a/cpu.max", "\n");
  put("/sys/fs/cgroup/a/memory.max", "many\n");
  EXPECT_DOUBLE_EQ(cpus(), 8);
  EXPECT_EQ(memory_mib(), 16384);
}

}  // namespace
}  // namespace headway
