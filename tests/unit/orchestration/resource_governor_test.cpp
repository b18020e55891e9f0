// One look at a machine made of facts, and what it orders.
#include "orchestration/resource_governor.hpp"

#include "support/fake_probe.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Reason = WorkerDecision::Reason;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

class ResourceGovernorTest : public testing::Test {
 protected:
  ResourceGovernorTest() {
    probe.facts.usable_cpus = 4;
    probe.facts.machine_cpus = 4;
    probe.facts.runnable = 5;
    probe.facts.cpu_idle_total = seconds(0);
    probe.facts.memory_total_bytes = 16 * kGiB;
    probe.facts.memory_available_bytes = 8 * kGiB;
    probe.facts.machine.memory = Pressure{};
  }

  // Half a second later, with 4 attempts and 2 that wait.
  Orders look(ResourceGovernor& governor, std::vector<GuardedTask> tasks = {}) {
    now += milliseconds(500);
    return governor.look(now, {4, 4, 2}, std::move(tasks));
  }

  FakeProbe probe;
  Nanos now = seconds(10);
};

TEST_F(ResourceGovernorTest, starts_with_what_the_machine_grants_and_is_due_twice_a_second) {
  ResourceGovernor governor(probe, {});
  EXPECT_EQ(governor.start(now).slots, 4);
  EXPECT_EQ(probe.samples, 1);
  EXPECT_FALSE(governor.is_due(now + milliseconds(499)));
  EXPECT_TRUE(governor.is_due(now + milliseconds(500)));
  EXPECT_EQ(governor.next(), now + milliseconds(500));
}

TEST_F(ResourceGovernorTest, quiet_machine_orders_nothing) {
  ResourceGovernor governor(probe, {});
  governor.start(now);
  for (int i = 0; i < 60; ++i) {
    const Orders orders = look(governor, {{.task = 0, .started = 1, .bytes = kGiB}});
    EXPECT_FALSE(orders.workers.has_value());
    EXPECT_TRUE(orders.memory.admit);
    EXPECT_DOUBLE_EQ(orders.extra_cpus, 0);
    EXPECT_EQ(orders.sample.runnable, 5);
  }
}

TEST_F(ResourceGovernorTest, idle_cpus_give_slots_and_cpus_to_fill_them) {
  ResourceGovernor governor(probe, {});
  governor.start(now);
  Orders last;
  for (int i = 0; i < 10 && !last.workers; ++i) {
    *probe.facts.cpu_idle_total += seconds(1);  // two idle CPUs
    last = look(governor);
  }
  ASSERT_TRUE(last.workers.has_value());
  EXPECT_EQ(last.workers->reason, Reason::idle_cpus);
  EXPECT_EQ(last.workers->slots, 5);
  EXPECT_DOUBLE_EQ(last.extra_cpus, 1);
}

TEST_F(ResourceGovernorTest, pressure_lowers_the_slots_unless_a_person_named_them) {
  ResourceGovernor following(probe, {});
  ResourceGovernor fixed(probe, {.follow_load = false});
  following.start(now);
  fixed.start(now);
  bool has_lowered = false;
  for (int i = 0; i < 20; ++i) {
    probe.facts.machine.memory->some_total += milliseconds(400);
    has_lowered = look(following).workers.has_value() || has_lowered;
    EXPECT_FALSE(look(fixed).workers.has_value());
  }
  EXPECT_TRUE(has_lowered);
}

TEST_F(ResourceGovernorTest, memory_of_the_machine_that_runs_short_stops_the_newest) {
  ResourceGovernor governor(probe, {});
  governor.start(now);
  probe.facts.memory_available_bytes = kGiB / 2;
  const Orders orders = look(
      governor,
      {{.task = 3, .started = 1, .bytes = 4 * kGiB}, {.task = 8, .started = 2, .bytes = 4 * kGiB}});
  EXPECT_EQ(orders.memory.stop, 8);
  EXPECT_FALSE(orders.memory.admit);
}

TEST_F(ResourceGovernorTest, limit_of_a_person_counts_what_the_run_uses) {
  ResourceGovernor governor(probe, {.memory_bytes = 2 * kGiB});
  governor.start(now);
  EXPECT_TRUE(look(governor, {{.task = 1, .started = 1, .bytes = kGiB}}).memory.admit);
  const Orders orders =
      look(governor,
           {{.task = 1, .started = 1, .bytes = kGiB}, {.task = 2, .started = 2, .bytes = kGiB}});
  EXPECT_FALSE(orders.memory.admit);
  EXPECT_EQ(orders.memory.stop, 2);
}

TEST_F(ResourceGovernorTest, machine_that_tells_no_memory_threatens_nothing) {
  probe.facts = ResourceSample{};
  ResourceGovernor governor(probe, {});
  EXPECT_EQ(governor.start(now).slots, 1);
  const Orders orders = look(governor, {{.task = 1, .started = 1, .bytes = kGiB}});
  EXPECT_TRUE(orders.memory.admit);
  EXPECT_EQ(orders.memory.stop, -1);
}

}  // namespace
}  // namespace headway
