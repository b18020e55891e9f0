// The probe on the machine that runs the tests.
#include "host/system_probe.hpp"

#include "host/machine.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator entries("/proc/self/fd");
  return std::distance(begin(entries), end(entries));
}

TEST(SystemProbe, sample_of_this_machine_agrees_with_what_is_granted) {
  const ResourceSample found = SystemProbe().sample();
  EXPECT_DOUBLE_EQ(found.usable_cpus, usable_cpus());
  EXPECT_EQ(memory_limit_bytes(found), machine_share().memory_bytes);
  EXPECT_GT(memory_room_bytes(found), 0);
  EXPECT_LE(memory_room_bytes(found), memory_limit_bytes(found));
  ASSERT_TRUE(found.runnable.has_value());
  EXPECT_GE(*found.runnable, 1);  // this very thread
  EXPECT_TRUE(found.cpu_idle_total && found.load1 && found.swapped_in_bytes);
}

TEST(SystemProbe, totals_only_grow) {
  SystemProbe probe;
  const ResourceSample before = probe.sample();
  const ResourceSample after = probe.sample();
  EXPECT_GE(after.swapped_in_bytes, before.swapped_in_bytes);
  EXPECT_GE(after.machine_oom_kills, before.machine_oom_kills);
  if (before.machine.memory) {
    EXPECT_GE(after.machine.memory.value().some_total, before.machine.memory->some_total);
  }
}

TEST(SystemProbe, samples_open_nothing_and_the_end_closes_all) {
  const auto before = open_descriptors();
  {
    SystemProbe probe;
    const auto opened = open_descriptors();
    probe.sample();
    probe.sample();
    EXPECT_EQ(open_descriptors(), opened);
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace headway
