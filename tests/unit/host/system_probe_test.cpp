// Machines and containers as fixtures: a temporary folder stands in for the root.
#include "host/system_probe.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace headway {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr const char* kQuiet =
    "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 "
    "total=0\n";

// A bare host with 4 CPUs and 16 GiB, 12 of them available, in no control group and without PSI.
class SystemProbeTest : public testing::Test {
 protected:
  SystemProbeTest() {
    put("/proc/self/status", "Name:\tx\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\n");
    put("/proc/meminfo",
        "MemTotal:       16777216 kB\nMemFree:          1000 kB\nMemAvailable:   12582912 kB\n");
    put("/proc/stat",
        "cpu  400 0 40 1000 100 0 0 0 0 0\ncpu0 100 0 10 250 25 0 0 0 0 0\n"
        "cpu1 100 0 10 250 25 0 0 0 0 0\ncpu2 100 0 10 300 25 0 0 0 0 0\n"
        "cpu3 100 0 10 200 25 0 0 0 0 0\nintr 12 0\nctxt 77\n");
    put("/proc/loadavg", "2.50 0.67 1.34 3/118 21213\n");
    put("/proc/vmstat", "nr_free_pages 5\npswpin 10\npswpout 20\noom_kill 3\n");
  }

  void put(const std::string& path, const std::string& content) {
    const std::string full = root.path() + path;
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    spill(full, content);
  }
  void mount_v2(const std::string& group) {
    put("/proc/self/cgroup", "0::" + group + "\n");
    put("/proc/self/mountinfo",
        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
  }
  // A group with controllers, files as the kernel shows them.
  void put_group(const std::string& folder,
                 const std::string& cpu_max,
                 const std::string& memory_max,
                 std::int64_t used_mib,
                 std::int64_t idle_mib) {
    put(folder + "/cpu.max", cpu_max + "\n");
    put(folder + "/cpu.stat",
        "usage_usec 5000000\nuser_usec 1\nnr_periods 9\nnr_throttled 4\nthrottled_usec 7\n");
    put(folder + "/memory.max", memory_max + "\n");
    put(folder + "/memory.high", "max\n");
    put(folder + "/memory.current", std::to_string(used_mib * kMiB) + "\n");
    put(folder + "/memory.stat",
        "anon 1\nfile 2\ninactive_file " + std::to_string(idle_mib * kMiB) + "\n");
    put(folder + "/memory.events", "low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\noom_group_kill 0\n");
  }

  ResourceSample sample() const { return SystemProbe(root.path()).sample(); }

  TempFolder root;
};

TEST_F(SystemProbeTest, bare_host_without_groups) {
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 4);
  EXPECT_EQ(found.machine_cpus, 4);
  const std::int64_t tick = 1'000'000'000 / sysconf(_SC_CLK_TCK);
  EXPECT_EQ(found.cpu_idle_total, Nanos(1100 * tick));
  EXPECT_EQ(found.runnable, 3);
  EXPECT_DOUBLE_EQ(found.load1.value(), 2.5);
  EXPECT_EQ(found.memory_total_bytes, 16384 * kMiB);
  EXPECT_EQ(found.memory_available_bytes, 12288 * kMiB);
  EXPECT_EQ(found.swapped_in_bytes, 10 * sysconf(_SC_PAGESIZE));
  EXPECT_EQ(found.swapped_out_bytes, 20 * sysconf(_SC_PAGESIZE));
  EXPECT_EQ(found.machine_oom_kills, 3);
  EXPECT_TRUE(found.memory_groups.empty());
  EXPECT_FALSE(found.quota_used_total || found.throttled_periods || found.group_oom_kills);
  EXPECT_EQ(memory_limit_bytes(found), 16384 * kMiB);
  EXPECT_EQ(memory_room_bytes(found), 12288 * kMiB);
}

TEST_F(SystemProbeTest, empty_sysroot_has_one_cpu_and_knows_nothing) {
  const TempFolder empty;
  const ResourceSample found = SystemProbe(empty.path()).sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 1);
  EXPECT_FALSE(found.cpu_idle_total || found.runnable || found.load1 || found.memory_total_bytes);
  EXPECT_FALSE(found.swapped_in_bytes || found.machine.cpu || found.group.cpu);
  EXPECT_EQ(memory_limit_bytes(found), 0);
  EXPECT_EQ(memory_room_bytes(found), 0);
}

TEST_F(SystemProbeTest, bare_host_v2_tells_pressure_of_machine_and_group) {
  mount_v2("/user.slice/session.scope");
  put_group("/sys/fs/cgroup/user.slice", "max 100000", "max", 9000, 0);
  put_group("/sys/fs/cgroup/user.slice/session.scope", "max 100000", "max", 8000, 0);
  put("/proc/pressure/cpu", "some avg10=24.11 avg60=0 avg300=0 total=100\n");
  put("/proc/pressure/memory",
      "some avg10=5.00 avg60=0 avg300=0 total=200\nfull avg10=2.00 avg60=0 avg300=0 total=50\n");
  put("/proc/pressure/io", kQuiet);
  put("/sys/fs/cgroup/user.slice/session.scope/memory.pressure",
      "some avg10=4.00 avg60=0 avg300=0 total=150\nfull avg10=1.00 avg60=0 avg300=0 total=40\n");
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.machine.cpu.value().some_avg10, 24.11);
  EXPECT_EQ(found.machine.memory.value().full_total, std::chrono::microseconds(50));
  EXPECT_DOUBLE_EQ(found.machine.io.value().some_avg10, 0);
  EXPECT_DOUBLE_EQ(found.group.memory.value().some_avg10, 4);
  EXPECT_FALSE(found.group.cpu.has_value());
  EXPECT_EQ(found.throttled_periods, 4);  // of the own group
  EXPECT_FALSE(found.quota_used_total.has_value());
  EXPECT_EQ(memory_limit_bytes(found), 16384 * kMiB);
}

// docker run --cpus 1.5 --memory 2g: the container sees its own group as the root.
TEST_F(SystemProbeTest, docker_v2_with_a_quota_of_one_and_a_half_cpus) {
  mount_v2("/");
  put_group("/sys/fs/cgroup", "150000 100000", std::to_string(2048 * kMiB), 1536, 512);
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 1.5);
  EXPECT_EQ(found.machine_cpus, 4);
  EXPECT_EQ(found.quota_used_total, std::chrono::seconds(5));
  EXPECT_EQ(found.throttled_periods, 4);
  EXPECT_EQ(found.group_oom_kills, 1);
  ASSERT_EQ(found.memory_groups.size(), 1U);
  EXPECT_EQ(found.memory_groups[0].used_bytes, 1536 * kMiB);
  EXPECT_EQ(found.memory_groups[0].working_set_bytes, 1024 * kMiB);
  EXPECT_EQ(memory_limit_bytes(found), 2048 * kMiB);
  EXPECT_EQ(memory_room_bytes(found), 1024 * kMiB);
}

// Kubernetes: the pod's group has the memory limit, the container's the quota.
TEST_F(SystemProbeTest, nested_limits_of_kubernetes_count_at_every_level) {
  mount_v2("/kubepods.slice/pod7.slice/cri-9.scope");
  const std::string pod = "/sys/fs/cgroup/kubepods.slice/pod7.slice";
  put_group("/sys/fs/cgroup/kubepods.slice", "380000 100000", std::to_string(14336 * kMiB), 100, 0);
  put_group(pod, "max 100000", std::to_string(1024 * kMiB), 900, 100);
  put_group(pod + "/cri-9.scope", "200000 100000", std::to_string(4096 * kMiB), 300, 0);
  put(pod + "/cri-9.scope/memory.high", std::to_string(2048 * kMiB) + "\n");
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 2);
  ASSERT_EQ(found.memory_groups.size(), 3U);
  EXPECT_EQ(found.memory_groups[0].limit_bytes, 2048 * kMiB);  // high is less than max
  EXPECT_EQ(found.memory_groups[1].limit_bytes, 1024 * kMiB);
  EXPECT_EQ(memory_limit_bytes(found), 1024 * kMiB);
  EXPECT_EQ(memory_room_bytes(found), 224 * kMiB);
}

TEST_F(SystemProbeTest, v1_host_with_controllers_apart) {
  put("/proc/self/cgroup", "12:memory:/m\n5:cpuacct:/c\n4:cpu:/c\n1:name=systemd:/\n");
  put("/proc/self/mountinfo",
      "33 25 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
      "34 25 0:31 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n"
      "35 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  put("/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "250000\n");
  put("/sys/fs/cgroup/cpu/c/cpu.cfs_period_us", "100000\n");
  put("/sys/fs/cgroup/cpu/c/cpu.stat", "nr_periods 1\nnr_throttled 11\nthrottled_time 5\n");
  put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  put("/sys/fs/cgroup/cpuacct/c/cpuacct.usage", "7000000000\n");
  put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", std::to_string(1024 * kMiB) + "\n");
  put("/sys/fs/cgroup/memory/m/memory.usage_in_bytes", std::to_string(768 * kMiB) + "\n");
  put("/sys/fs/cgroup/memory/m/memory.stat",
      "inactive_file 7\ntotal_inactive_file " + std::to_string(256 * kMiB) + "\n");
  put("/sys/fs/cgroup/memory/m/memory.oom_control", "oom_kill_disable 0\noom_kill 6\n");
  put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  put("/sys/fs/cgroup/memory/memory.usage_in_bytes", std::to_string(9000 * kMiB) + "\n");
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 2.5);
  EXPECT_EQ(found.quota_used_total, std::chrono::seconds(7));
  EXPECT_EQ(found.throttled_periods, 11);
  EXPECT_EQ(found.group_oom_kills, 6);
  ASSERT_EQ(found.memory_groups.size(), 2U);
  EXPECT_FALSE(found.memory_groups[1].limit_bytes.has_value());
  EXPECT_EQ(memory_room_bytes(found), 512 * kMiB);
}

TEST_F(SystemProbeTest, hybrid_has_limits_of_v1_and_pressure_of_v2) {
  put("/proc/self/cgroup", "4:memory:/m\n0::/u\n");
  put("/proc/self/mountinfo",
      "34 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", std::to_string(2048 * kMiB) + "\n");
  put("/sys/fs/cgroup/memory/m/memory.usage_in_bytes", "0\n");
  put("/sys/fs/cgroup/unified/u/memory.pressure",
      "some avg10=3.00 avg60=0 avg300=0 total=9\nfull avg10=0 avg60=0 avg300=0 total=0\n");
  const ResourceSample found = sample();
  EXPECT_EQ(memory_limit_bytes(found), 2048 * kMiB);
  EXPECT_DOUBLE_EQ(found.group.memory.value().some_avg10, 3);
}

// With psi=0 or CONFIG_PSI_DEFAULT_DISABLED the files are there, and reading them is an error: as a
// folder does here.
TEST_F(SystemProbeTest, pressure_that_is_switched_off_is_not_known) {
  std::filesystem::create_directories(root / "proc/pressure/cpu");
  std::filesystem::create_directories(root / "proc/pressure/memory");
  const ResourceSample found = sample();
  EXPECT_FALSE(found.machine.cpu || found.machine.memory || found.machine.io);
  EXPECT_EQ(found.runnable, 3);
}

// lxcfs numbers the CPUs in /proc/stat from 0, while the mask has those of the host.
TEST_F(SystemProbeTest, lxc_container_counts_the_idle_time_of_all_it_is_shown) {
  put("/proc/self/status", "Name:\tx\nCpus_allowed_list:\t8,11\n");
  put("/proc/stat",
      "cpu  10 0 0 900 0 0 0 0 0 0\ncpu0 5 0 0 400 0 0 0 0 0 0\ncpu1 5 0 0 500 0 0 0 0 0 0\n");
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 2);
  EXPECT_EQ(found.cpu_idle_total, Nanos(900 * (1'000'000'000 / sysconf(_SC_CLK_TCK))));
}

TEST_F(SystemProbeTest, idle_time_is_that_of_the_cpus_in_the_mask) {
  put("/proc/self/status", "Name:\tx\nCpus_allowed_list:\t2-3\n");
  const ResourceSample found = sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 2);
  EXPECT_EQ(found.machine_cpus, 4);
  EXPECT_EQ(found.cpu_idle_total, Nanos(550 * (1'000'000'000 / sysconf(_SC_CLK_TCK))));
}

TEST_F(SystemProbeTest, next_sample_sees_what_has_changed_since) {
  mount_v2("/a");
  put_group("/sys/fs/cgroup/a", "max 100000", "max", 100, 0);
  SystemProbe probe(root.path());
  probe.sample();
  put("/sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  put("/sys/fs/cgroup/a/memory.max", std::to_string(512 * kMiB) + "\n");
  put("/proc/loadavg", "9.00 0.67 1.34 12/118 21213\n");
  const ResourceSample found = probe.sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, 3);
  EXPECT_EQ(memory_room_bytes(found), 412 * kMiB);
  EXPECT_EQ(found.runnable, 12);
}

// A list of records comes a page at a time from the kernel; here what is looked for is far behind.
TEST_F(SystemProbeTest, long_file_is_read_to_its_end) {
  std::string long_text;
  for (int i = 0; i < 1000; ++i) {
    long_text += "some_counter_" + std::to_string(i) + " 1\n";
  }
  put("/proc/vmstat", long_text + "pswpin 4\n");
  EXPECT_EQ(sample().swapped_in_bytes, 4 * sysconf(_SC_PAGESIZE));
}

TEST_F(SystemProbeTest, nonsense_everywhere_is_survived) {
  mount_v2("/a");
  put_group("/sys/fs/cgroup/a", "many", "lots", 0, 0);
  for (const char* file : {"/proc/stat", "/proc/loadavg", "/proc/meminfo", "/proc/vmstat"}) {
    put(file, "cpu\ncpux / : \n/\n");
  }
  put("/proc/self/status", "\nCpus_allowed_list:\tnone\n");
  const ResourceSample found = sample();
  EXPECT_GE(found.usable_cpus, 1);
  EXPECT_FALSE(found.runnable || found.memory_total_bytes);
  EXPECT_EQ(memory_room_bytes(found), 0);
}

}  // namespace
}  // namespace headway
