// Rates and shares out of the totals of successive samples.
#include "orchestration/load_meter.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ResourceSample machine() {
  ResourceSample sample;
  sample.usable_cpus = 4;
  sample.machine_cpus = 8;
  return sample;
}

TEST(LoadMeter, first_sample_has_no_rates) {
  ResourceSample sample = machine();
  sample.cpu_idle_total = seconds(9);
  sample.swapped_in_bytes = 100;
  sample.machine.memory = Pressure{};
  sample.runnable = 3;
  sample.memory_available_bytes = 77;
  const MachineLoad load = LoadMeter().read(seconds(1), sample);
  EXPECT_DOUBLE_EQ(load.usable_cpus, 4);
  EXPECT_EQ(load.machine_cpus, 8);
  EXPECT_DOUBLE_EQ(load.runnable.value(), 2);
  EXPECT_EQ(load.memory_room_bytes, 77);
  EXPECT_FALSE(load.idle_cpus || load.swap_in_rate || load.memory_stall);
}

TEST(LoadMeter, idle_time_becomes_idle_cpus) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.cpu_idle_total = seconds(10);
  meter.read(seconds(1), sample);
  sample.cpu_idle_total = seconds(11);
  EXPECT_DOUBLE_EQ(meter.read(milliseconds(1500), sample).idle_cpus.value(), 2);
  sample.cpu_idle_total = seconds(111);
  EXPECT_DOUBLE_EQ(meter.read(milliseconds(2000), sample).idle_cpus.value(), 4);
}

TEST(LoadMeter, idle_is_no_more_than_the_quota_leaves) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.cpu_idle_total = seconds(10);
  sample.quota_used_total = seconds(0);
  meter.read(seconds(1), sample);
  sample.cpu_idle_total = seconds(14);
  sample.quota_used_total = milliseconds(3500);
  EXPECT_DOUBLE_EQ(meter.read(seconds(2), sample).idle_cpus.value(), 0.5);
}

TEST(LoadMeter, swapping_is_bytes_a_second) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.swapped_in_bytes = 1000;
  meter.read(seconds(1), sample);
  sample.swapped_in_bytes = 5000;
  EXPECT_DOUBLE_EQ(meter.read(milliseconds(1500), sample).swap_in_rate.value(), 8000);
}

// A fifth of the time, told in steps of two seconds while looked at every half.
TEST(LoadMeter, stall_that_moves_in_steps_is_a_steady_share) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.machine.memory = Pressure{};
  for (int i = 0; i < 20; ++i) {
    sample.machine.memory->some_total = milliseconds(400) * (i / 4);
    const MachineLoad load = meter.read(milliseconds(500) * i, sample);
    if (i >= 4) {
      EXPECT_NEAR(load.memory_stall.value(), 0.2, 1e-9) << i;
    }
  }
}

TEST(LoadMeter, stall_that_no_longer_moves_is_over) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.machine.memory = Pressure{};
  meter.read(seconds(0), sample);
  sample.machine.memory->some_total = seconds(1);
  EXPECT_DOUBLE_EQ(meter.read(seconds(2), sample).memory_stall.value(), 0.5);
  EXPECT_DOUBLE_EQ(meter.read(seconds(4), sample).memory_stall.value(), 0.5);
  EXPECT_DOUBLE_EQ(meter.read(milliseconds(4500), sample).memory_stall.value(), 0);
}

TEST(LoadMeter, burst_after_long_quiet_is_not_spread_over_the_quiet) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.machine.memory = Pressure{};
  meter.read(seconds(0), sample);
  sample.machine.memory->some_total = seconds(1);
  EXPECT_DOUBLE_EQ(meter.read(seconds(100), sample).memory_stall.value(), 0.4);
}

TEST(LoadMeter, own_group_counts_before_the_machine) {
  LoadMeter meter;
  ResourceSample sample = machine();
  sample.machine.memory = Pressure{};
  sample.group.memory = Pressure{};
  meter.read(seconds(0), sample);
  sample.machine.memory->some_total = seconds(2);
  EXPECT_DOUBLE_EQ(meter.read(seconds(3), sample).memory_stall.value(), 0);
}

}  // namespace
}  // namespace headway
