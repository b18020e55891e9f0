// What changes the number of slots, and what must not.
#include "scheduling/worker_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace headway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Reason = WorkerDecision::Reason;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

// A machine with 8 CPUs, all busy with our own stages, and plenty of memory.
MachineLoad calm(double cpus = 8) {
  MachineLoad load;
  load.usable_cpus = cpus;
  load.machine_cpus = static_cast<int>(cpus);
  load.idle_cpus = 0;
  load.runnable = cpus;
  load.memory_stall = 0;
  load.swap_in_rate = 0;
  load.memory_room_bytes = 16 * kGiB;
  return load;
}

// A policy, looked at every half second.
class Watched {
 public:
  explicit Watched(const MachineLoad& first = calm(), WorkerPolicyOptions options = {})
      : policy(options), started(policy.start(now, first)) {}

  double cpus_of_each = 1;  // that a stage takes

  void look(Nanos span, const MachineLoad& load, int waiting = 5) {
    for (const Nanos end = now + span; now < end;) {
      now += milliseconds(500);
      WorkLoad work{policy.slots(), cpus_of_each * policy.slots(), waiting};
      if (const auto changed = policy.look(now, load, work)) {
        changes.push_back({now, *changed});
      }
    }
  }

  struct Change {
    Nanos at{};
    WorkerDecision decision;
  };
  Nanos now = seconds(100);
  WorkerPolicy policy;
  WorkerDecision started;
  std::vector<Change> changes;
};

TEST(SlotsForDemand, without_knowledge_it_is_one_a_cpu) {
  EXPECT_EQ(slots_for_demand({}, 4), 4);
  EXPECT_EQ(slots_for_demand(std::vector<double>(100, 1.0), 4), 4);
  EXPECT_EQ(slots_for_demand(std::vector<double>(100, 1.0), 2.6), 3);
  EXPECT_EQ(slots_for_demand({}, 0.2), 1);
}

TEST(SlotsForDemand, stages_that_take_a_quarter_are_four_a_cpu) {
  EXPECT_EQ(slots_for_demand(std::vector<double>(100, 0.25), 2), 8);
  EXPECT_EQ(slots_for_demand(std::vector<double>(5, 0.25), 2), 5) << "there are no more";
  EXPECT_EQ(slots_for_demand(std::vector<double>(30, 0.1), 1), 8) << "the ceiling";
  EXPECT_EQ(slots_for_demand(std::vector<double>(30, 0.4), 1), 2);
}

TEST(SlotsForDemand, ten_tenths_are_one) {
  EXPECT_EQ(slots_for_demand(std::vector<double>(5, 0.2), 1), 5);
}

WorkerPolicyOptions sleepers(int count) {
  WorkerPolicyOptions options;
  options.stage_cpus = std::vector<double>(static_cast<std::size_t>(count), 0.25);
  return options;
}

TEST(SlotsForDemand, policy_starts_there_and_falls_like_from_any_start) {
  Watched run(calm(2), sleepers(100));
  EXPECT_EQ(run.started.slots, 8);
  EXPECT_NE(run.started.text.find("less than one"), std::string::npos);
  MachineLoad load = calm(2);
  load.memory_stall = 0.5;
  run.look(seconds(3), load);
  EXPECT_EQ(run.policy.slots(), 4);
  load.memory_stall = 0;
  load.idle_cpus = 2;
  run.look(seconds(60), load);
  EXPECT_EQ(run.policy.slots(), 8) << "back to the start value";
}

TEST(SlotsForDemand, stages_that_take_cpus_after_all_lose_their_slots) {
  Watched run(calm(2), sleepers(100));
  run.cpus_of_each = 0.25;
  MachineLoad load = calm(2);
  load.runnable = 9;
  run.look(seconds(60), load);
  EXPECT_LE(run.policy.slots(), 4);
}

TEST(SlotsForDemand, where_nearly_all_cpus_idle_slots_double) {
  Watched run(calm(8));
  MachineLoad load = calm(8);
  load.idle_cpus = 7.5;
  run.look(seconds(5), load);
  EXPECT_EQ(run.policy.slots(), 32) << "8, 16, 32: four a CPU";
  ASSERT_EQ(run.changes.size(), 2U);
  EXPECT_EQ(run.changes[0].decision.reason, Reason::idle_cpus);
}

TEST(SlotsForDemand, doubling_ends_where_memory_does) {
  Watched run(calm(8));
  MachineLoad load = calm(8);
  load.idle_cpus = 7.5;
  load.memory_room_bytes = kGiB;  // four stages that nobody knows
  run.look(milliseconds(2500), load);
  EXPECT_EQ(run.policy.slots(), 12);
}

TEST(SlotsForDemand, memory_bounds_the_start_all_the_same) {
  MachineLoad load = calm(2);
  load.memory_room_bytes = kGiB;
  EXPECT_EQ(Watched(load, sleepers(100)).started.slots, 4);
}

TEST(SlotsForDemand, mixed_stages_count_from_the_smallest_on) {
  EXPECT_EQ(slots_for_demand({0.25, 0.25, 0.25, 0.25, 1, 1, 1}, 2), 5);
  EXPECT_EQ(slots_for_demand({1, 1, 4, 4}, 2), 2);
  EXPECT_EQ(slots_for_demand({3, 3}, 2), 2) << "never below one a CPU";
}

TEST(WorkerPolicy, starts_with_a_slot_for_each_usable_cpu) {
  const Watched run;
  EXPECT_EQ(run.started.slots, 8);
  EXPECT_EQ(run.started.reason, Reason::start);
  EXPECT_EQ(run.started.text, "8 CPUs usable, 16.0 GiB of memory free");
}

TEST(WorkerPolicy, part_of_a_cpu_is_rounded_and_never_nothing) {
  EXPECT_EQ(Watched(calm(1.5)).started.slots, 2);
  EXPECT_EQ(Watched(calm(1.4)).started.slots, 1);
  EXPECT_EQ(Watched(calm(0.01)).started.slots, 1);
}

TEST(WorkerPolicy, little_memory_lowers_the_start) {
  MachineLoad load = calm(64);
  load.memory_room_bytes = 2 * kGiB;
  EXPECT_EQ(Watched(load, {.stage_bytes = kGiB / 2}).started.slots, 4);
  load.memory_room_bytes = 0;
  EXPECT_EQ(Watched(load).started.slots, 1);
}

TEST(WorkerPolicy, most_slots_bound_the_start_and_what_follows) {
  MachineLoad load = calm();
  load.idle_cpus = 7;
  Watched run(load, {.most_slots = 3});
  EXPECT_EQ(run.started.slots, 3);
  run.look(seconds(60), load);
  EXPECT_EQ(run.policy.slots(), 3);
}

TEST(WorkerPolicy, busy_machine_with_own_stages_alone_stays_as_it_is) {
  Watched run;
  MachineLoad load = calm();
  load.runnable = 12;  // compilers with their assemblers
  run.look(seconds(120), load);
  EXPECT_TRUE(run.changes.empty());
}

TEST(WorkerPolicy, memory_pressure_halves_down_to_one) {
  Watched run;
  MachineLoad load = calm();
  load.memory_stall = 0.25;
  run.look(seconds(20), load);
  ASSERT_EQ(run.changes.size(), 3U);
  EXPECT_EQ(run.changes[0].decision.slots, 4);
  EXPECT_EQ(run.changes[0].decision.reason, Reason::memory_pressure);
  EXPECT_EQ(run.changes[0].decision.text, "stages stood still for memory 25 % of the time");
  EXPECT_EQ(run.changes[2].decision.slots, 1);
}

TEST(WorkerPolicy, what_is_halved_is_what_runs) {
  Watched run(calm(64));
  MachineLoad load = calm(64);
  load.memory_stall = 0.5;
  const auto changed = run.policy.look(run.now + seconds(3), load, {6, 6, 0});
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->slots, 3);
}

TEST(WorkerPolicy, swapping_in_for_a_second_lowers_and_one_burst_does_not) {
  Watched run;
  run.look(seconds(5), calm());
  MachineLoad load = calm();
  load.swap_in_rate = 64.0 * 1024 * 1024;
  run.look(milliseconds(500), load);
  EXPECT_TRUE(run.changes.empty());
  run.look(milliseconds(500), load);
  ASSERT_EQ(run.changes.size(), 1U);
  EXPECT_EQ(run.changes[0].decision.reason, Reason::swapping);
  EXPECT_EQ(run.changes[0].decision.text, "64.0 MiB a second come back from swap");
}

TEST(WorkerPolicy, foreign_load_lowers_to_half_the_cpus_and_no_further) {
  Watched run;
  MachineLoad load = calm();
  load.runnable = 40;
  run.look(seconds(60), load);
  ASSERT_FALSE(run.changes.empty());
  EXPECT_EQ(run.changes[0].decision.reason, Reason::foreign_load);
  EXPECT_EQ(run.policy.slots(), 4);
}

TEST(WorkerPolicy, foreign_load_leaves_two_slots_on_a_small_machine) {
  // Bug: two CPUs beside a compiler of low priority ran one stage at a time, and took twice as
  // long.
  Watched run;
  MachineLoad load = calm();
  load.usable_cpus = 2;
  load.machine_cpus = 2;
  run.look(seconds(10), load);  // the limits as they are there
  ASSERT_EQ(run.policy.slots(), 2);
  load.runnable = 40;
  run.look(seconds(60), load);
  EXPECT_EQ(run.policy.slots(), 2);
}

TEST(WorkerPolicy, foreign_load_lowers_nothing_where_our_stages_take_no_cpu) {
  // Bug: 200 stages that sleep took half as long again beside a busy neighbour.
  Watched run;
  run.cpus_of_each = 0.25;
  MachineLoad load = calm();
  load.runnable = 40;
  run.look(seconds(60), load);
  EXPECT_TRUE(run.changes.empty());
}

TEST(WorkerPolicy, small_foreign_load_takes_what_it_needs) {
  Watched run;
  for (int i = 0; i < 60; ++i) {
    MachineLoad load = calm();
    load.runnable = 6 + run.policy.slots() * 1.0;  // six CPUs' worth of others
    run.look(seconds(1), load);
  }
  EXPECT_GE(run.policy.slots(), 4);
  EXPECT_LT(run.policy.slots(), 8);
}

TEST(WorkerPolicy, foreign_load_with_a_cpu_to_spare_lowers_nothing) {
  Watched run;
  MachineLoad load = calm();
  load.runnable = 40;
  load.idle_cpus = 1;  // they wait for something else
  run.look(seconds(30), load, 0);
  EXPECT_TRUE(run.changes.empty());
}

TEST(WorkerPolicy, idle_cpus_while_stages_wait_raise_up_to_the_bound) {
  Watched run;
  MachineLoad load = calm();
  load.idle_cpus = 7;
  load.runnable = 1;
  run.look(seconds(2), load);
  ASSERT_EQ(run.changes.size(), 1U);
  EXPECT_EQ(run.changes[0].decision.reason, Reason::idle_cpus);
  EXPECT_EQ(run.changes[0].decision.text, "7.0 CPUs idle while 5 stages wait");
  run.look(seconds(120), load);
  EXPECT_EQ(run.policy.slots(), 32);
}

TEST(WorkerPolicy, idle_cpus_raise_nothing_where_nobody_waits_or_memory_is_short) {
  MachineLoad load = calm();
  load.idle_cpus = 7;
  Watched nobody_waits;
  nobody_waits.look(seconds(60), load, 0);
  EXPECT_TRUE(nobody_waits.changes.empty());
  load.memory_room_bytes = 1;
  Watched short_of_memory;
  short_of_memory.look(seconds(60), load);
  EXPECT_TRUE(short_of_memory.changes.empty());
}

TEST(WorkerPolicy, extra_slots_go_when_the_stages_want_the_cpus_after_all) {
  Watched run;
  MachineLoad load = calm();
  load.idle_cpus = 7;
  load.runnable = 1;
  run.look(seconds(30), load);
  ASSERT_GT(run.policy.slots(), 12);
  for (int i = 0; i < 60; ++i) {
    load.idle_cpus = 0;
    load.runnable = run.policy.slots();
    run.look(seconds(1), load);
  }
  EXPECT_EQ(run.changes.back().decision.reason, Reason::own_load);
  EXPECT_LE(run.policy.slots(), 13);
  EXPECT_GE(run.policy.slots(), 8);
}

TEST(WorkerPolicy, comes_back_to_the_start_value_when_the_pressure_is_over) {
  Watched run;
  MachineLoad load = calm();
  load.memory_stall = 0.5;
  run.look(seconds(20), load);
  ASSERT_EQ(run.policy.slots(), 1);
  run.look(seconds(4), calm());
  run.look(seconds(14), calm());
  EXPECT_EQ(run.policy.slots(), 8);
  EXPECT_EQ(run.changes.back().decision.reason, Reason::pressure_over);
}

TEST(WorkerPolicy, faint_pressure_holds_without_lowering) {
  Watched run;
  MachineLoad load = calm();
  load.memory_stall = 0.5;
  run.look(seconds(3), load);
  const int lowered = run.policy.slots();
  ASSERT_LT(lowered, 8);
  load.memory_stall = 0.05;
  run.look(seconds(60), load);
  EXPECT_EQ(run.policy.slots(), lowered);
}

TEST(WorkerPolicy, rise_that_was_taken_back_makes_the_next_wait_longer) {
  Watched run;
  MachineLoad pressed = calm();
  pressed.memory_stall = 0.5;
  std::vector<Nanos> waits;
  run.look(seconds(20), pressed);
  for (int i = 0; i < 5; ++i) {
    const Nanos quiet = run.now;
    const std::size_t before = run.changes.size();
    while (run.changes.size() == before) {
      run.look(milliseconds(500), calm());
    }
    waits.push_back(run.now - quiet);
    run.look(seconds(5), pressed);
  }
  EXPECT_LE(waits[0], seconds(5));
  EXPECT_GE(waits[2], 2 * waits[1] - seconds(1));
  EXPECT_GE(waits[4], seconds(55));
}

TEST(WorkerPolicy, quota_that_changes_is_followed) {
  Watched run;
  run.look(seconds(5), calm(4));
  ASSERT_EQ(run.changes.size(), 1U);
  EXPECT_EQ(run.changes[0].decision.slots, 4);
  EXPECT_EQ(run.changes[0].decision.reason, Reason::limits_changed);
  run.look(seconds(5), calm(8));
  EXPECT_EQ(run.policy.slots(), 8);
}

TEST(WorkerPolicy, looks_that_come_too_soon_change_nothing) {
  Watched run;
  MachineLoad load = calm();
  load.memory_stall = 1;
  run.look(seconds(1), calm());
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(run.policy.look(run.now + milliseconds(i), load, {8, 8, 5}).has_value());
  }
}

TEST(WorkerPolicy, machine_that_tells_nothing_keeps_the_start_value) {
  MachineLoad silent;
  silent.usable_cpus = 6;
  Watched run(silent);
  run.look(seconds(300), silent);
  EXPECT_EQ(run.policy.slots(), 6);
  EXPECT_TRUE(run.changes.empty());
}

TEST(WorkerPolicy, every_reason_has_its_own_name) {
  std::vector<std::string_view> names;
  for (int reason = 0; reason <= static_cast<int>(Reason::limits_changed); ++reason) {
    names.push_back(to_string(static_cast<Reason>(reason)));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

// ---- closed loops: what is decided changes the machine, and that what is decided

// 4 CPUs; every stage uses `duty` of one, then waits for something else.
std::vector<int> slots_over_time(double duty, int half_seconds) {
  MachineLoad load = calm(4);
  load.idle_cpus.reset();
  WorkerPolicy policy;
  policy.start(seconds(0), load);
  std::vector<int> slots;
  for (int i = 1; i <= half_seconds; ++i) {
    const double wanted = policy.slots() * duty;
    load.idle_cpus = std::max(0.0, 4 - wanted);
    load.runnable = wanted;
    policy.look(milliseconds(500) * i, load, {policy.slots(), wanted, 100});
    slots.push_back(policy.slots());
  }
  return slots;
}

TEST(WorkerPolicyLoop, stages_that_wait_for_disks_get_as_many_slots_as_fill_the_cpus) {
  const std::vector<int> slots = slots_over_time(0.5, 1200);
  EXPECT_GE(slots[60], 7);  // within half a minute
  EXPECT_LE(slots.back(), 8);
  EXPECT_EQ(slots[120], slots.back());  // and there it stays
  EXPECT_EQ(slots_over_time(0.1, 1200).back(), 16);
  EXPECT_EQ(slots_over_time(1, 1200).back(), 4);
}

TEST(WorkerPolicyLoop, two_runs_share_a_machine_and_one_alone_has_it_back) {
  WorkerPolicy one;
  WorkerPolicy other;
  one.start(seconds(0), calm());
  other.start(seconds(0), calm());
  MachineLoad load = calm();
  int changes = 0;
  for (int i = 1; i <= 1200; ++i) {
    const Nanos now = milliseconds(500) * i;
    load.runnable = one.slots() + other.slots();
    const int mine = one.slots();
    const int theirs = other.slots();
    changes += one.look(now, load, {mine, static_cast<double>(mine), 9}).has_value() ? 1 : 0;
    other.look(now, load, {theirs, static_cast<double>(theirs), 9});
  }
  EXPECT_LE(one.slots() + other.slots(), 12);
  EXPECT_GE(one.slots(), 4);
  EXPECT_LE(changes, 10);  // in ten minutes
  for (int i = 1201; i <= 1400; ++i) {
    load.runnable = one.slots();
    one.look(milliseconds(500) * i, load, {one.slots(), static_cast<double>(one.slots()), 9});
  }
  EXPECT_EQ(one.slots(), 8);
}

// ---- properties, over random streams

MachineLoad random_load(std::mt19937& random, double cpus) {
  std::uniform_real_distribution<double> share(0, 1);
  MachineLoad load = calm(cpus);
  const auto known = [&] { return random() % 8 != 0; };
  load.idle_cpus = known() ? std::optional(cpus * share(random)) : std::nullopt;
  load.runnable = known() ? std::optional(4 * cpus * share(random)) : std::nullopt;
  load.memory_stall = known() ? std::optional(0.2 * share(random) * share(random)) : std::nullopt;
  load.swap_in_rate = known() ? std::optional(8e6 * share(random)) : std::nullopt;
  load.memory_room_bytes = static_cast<std::int64_t>(4e9 * share(random));
  return load;
}

// One that holds for some seconds, then another: closer to what machines do.
void play(Watched& run, std::mt19937& random, double cpus) {
  for (int i = 0; i < 60; ++i) {
    const MachineLoad load = random() % 3 == 0 ? calm(cpus) : random_load(random, cpus);
    run.look(milliseconds(500) * (1 + random() % 20), load, static_cast<int>(random() % 3));
  }
}

TEST(WorkerPolicyProperty, slots_stay_in_bounds_and_changes_a_second_apart) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const double cpus = 1 + static_cast<double>(random() % 640) / 10;
    Watched run(calm(cpus));
    play(run, random, cpus);
    Nanos last = seconds(0);
    int before = run.started.slots;
    for (const auto& change : run.changes) {
      EXPECT_GE(change.decision.slots, 1) << seed;
      EXPECT_LE(change.decision.slots, std::max(2.0, std::round(4 * cpus))) << seed;
      EXPECT_NE(change.decision.slots, before) << seed;
      EXPECT_FALSE(change.decision.text.empty()) << seed;
      EXPECT_GE(change.at - last, seconds(1)) << seed;
      last = change.at;
      before = change.decision.slots;
    }
  }
}

TEST(WorkerPolicyProperty, comes_back_after_whatever_was) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const double cpus = 1 + static_cast<double>(random() % 64);
    Watched run(calm(cpus));
    play(run, random, cpus);
    run.look(seconds(60) + seconds(70), calm(cpus));
    EXPECT_GE(run.policy.slots(), run.started.slots) << seed;
  }
}

// The worst stream: every rise is answered with trouble, until something is taken back.
TEST(WorkerPolicyProperty, even_an_adversary_makes_it_swing_less_than_once_a_minute) {
  for (const bool by_memory : {true, false}) {
    Watched run;
    MachineLoad good = calm();
    good.idle_cpus = by_memory ? 0 : 7;
    MachineLoad bad = calm();
    bad.memory_stall = by_memory ? 0.5 : 0;
    bad.runnable = 100;
    int swings = 0;
    bool is_bad = true;
    for (int i = 0; i < 7200; ++i) {  // an hour
      const int before = run.policy.slots();
      run.look(milliseconds(500), is_bad ? bad : good);
      if (is_bad && run.policy.slots() < before) {
        is_bad = false;
      } else if (run.policy.slots() > before) {
        is_bad = true;
        ++swings;
      }
    }
    EXPECT_LE(swings, 70);
    EXPECT_GE(swings, 30);  // and it does try again
  }
}

}  // namespace
}  // namespace headway
