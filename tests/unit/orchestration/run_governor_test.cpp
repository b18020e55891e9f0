// A run on a machine that a test makes better or worse: slots that follow it, stages that stop for
// want of memory, attempts that the kernel ended.
#include "orchestration/run_governor.hpp"

#include "model/workflow_file.hpp"
#include "orchestration/orchestrator.hpp"
#include "support/fake_backend.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_probe.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>

namespace headway {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

// The machine as it is at each moment of the run: a script of changes, applied when it is looked
// at.
class ScriptedProbe final : public ResourceProbe {
 public:
  explicit ScriptedProbe(const Clock& clock) : clock_(clock) {
    facts.usable_cpus = 2;
    facts.machine_cpus = 2;
    facts.cpu_idle_total = Nanos{};
    facts.runnable = 3;
    facts.memory_total_bytes = 8 * kGiB;
    facts.memory_available_bytes = 8 * kGiB;
    facts.machine_oom_kills = 0;
  }

  // From `at` on the facts are as `change` makes them.
  void at(Nanos when, std::function<void(ResourceSample&)> change) {
    changes_.emplace(when, std::move(change));
  }

  ResourceSample sample() override {
    const Nanos now = clock_.monotonic();
    while (!changes_.empty() && changes_.begin()->first <= now) {
      changes_.begin()->second(facts);
      changes_.erase(changes_.begin());
    }
    facts.cpu_idle_total = *facts.cpu_idle_total + Nanos((now - last_).count() * idle_cpus);
    last_ = now;
    return facts;
  }

  ResourceSample facts;
  std::int64_t idle_cpus = 0;

 private:
  const Clock& clock_;
  Nanos last_{};
  std::multimap<Nanos, std::function<void(ResourceSample&)>> changes_;
};

class RunGovernorTest : public testing::Test {
 protected:
  void load(const std::string& yaml, RunRequest request = {}) {
    loaded_ = parse_workflow(yaml, "headway.yaml", directory_.path());
    ASSERT_TRUE(loaded_.problems.empty()) << to_string(loaded_.problems.front());
    auto plan = make_run_plan(loaded_.workflow, std::move(request));
    ASSERT_TRUE(plan.has_value()) << plan.error().message;
    plan_ = std::move(*plan);
  }

  RunOutcome run() {
    RunIdentity identity;
    identity.run_id = "0193a1b2-0000-7000-8000-0123456789ab";
    identity.run_folder = directory_.path();
    return Orchestrator(plan_, identity, {clock_, backend_, {&recorder_}, &probe_}).run();
  }

  template <typename Body>
  std::vector<Body> all() const {
    std::vector<Body> out;
    for (const RunEvent& event : recorder_.events) {
      if (const auto* body = std::get_if<Body>(&event.body)) {
        out.push_back(*body);
      }
    }
    return out;
  }

  static std::string stages(int count, const std::string& keys) {
    std::string text = "version: 1\nstages:\n";
    for (int i = 0; i < count; ++i) {
      const std::string key = "s" + std::to_string(i);
      text += "  " + key + ": {run: [" + key + "]" + keys + "}\n";
    }
    return text;
  }

  // Keeps every event.
  struct Recorder final : RunObserver {
    void on_event(const RunEvent& event) override { events.push_back(event); }
    std::vector<RunEvent> events;
  };

  TempFolder directory_;
  FakeClock clock_;
  FakeBackend backend_{clock_, [this](Nanos to) { clock_.advance(to - clock_.monotonic()); }};
  ScriptedProbe probe_{clock_};
  Recorder recorder_;
  LoadedWorkflow loaded_;
  RunPlan plan_;
};

TEST_F(RunGovernorTest, cpus_that_idle_while_stages_wait_are_given_more_of_them) {
  load(stages(40, ""));
  for (int i = 0; i < 40; ++i) {
    backend_.script("s" + std::to_string(i), {{.duration = 2s}});
  }
  probe_.idle_cpus = 2;
  probe_.facts.runnable = 1;
  EXPECT_EQ(run().exit_code, 0);
  const auto changes = all<JobsChanged>();
  ASSERT_FALSE(changes.empty());
  EXPECT_GT(changes.front().jobs, all<RunStarted>().front().jobs);
  EXPECT_NE(changes.front().reason, "");
  EXPECT_EQ(static_cast<int>(backend_.running_max), changes.back().jobs);
}

TEST_F(RunGovernorTest, number_that_a_person_gave_stays) {
  RunRequest request;
  request.jobs.count = 3;
  load(stages(12, ""), request);
  for (int i = 0; i < 12; ++i) {
    backend_.script("s" + std::to_string(i), {{.duration = 5s}});
  }
  probe_.idle_cpus = 2;
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_TRUE(all<JobsChanged>().empty());
  EXPECT_EQ(backend_.running_max, 3U);
}

TEST_F(RunGovernorTest, newest_stage_stops_for_want_of_memory_and_goes_on_when_there_is_room) {
  RunRequest request;
  request.jobs.count = 2;
  request.memory_bytes = 2 * kGiB;
  load(stages(2, ", timeout: 12s"), request);
  backend_.script("s0", {{.duration = 10s, .memory_bytes = kGiB}});
  backend_.script("s1", {{.duration = 10s, .memory_bytes = kGiB}});
  EXPECT_EQ(run().exit_code, 0);
  ASSERT_EQ(backend_.stopped, std::vector<int>{1});
  EXPECT_EQ(backend_.continued, std::vector<int>{1});
  ASSERT_EQ(all<StagePaused>().size(), 1U);
  EXPECT_EQ(all<StagePaused>().front().stage, 1);
  ASSERT_EQ(all<StageContinued>().size(), 1U);
  // It stood still until the first one ended: neither its duration nor its timeout saw that.
  for (const StageFinished& end : all<StageFinished>()) {
    EXPECT_EQ(end.status, StageStatus::completed);
    EXPECT_EQ(end.duration, 10s);
  }
  EXPECT_GT(recorder_.events.back().elapsed, 18s);
}

TEST_F(RunGovernorTest, stage_that_stands_still_goes_on_to_end_where_the_run_is_cancelled) {
  // Bug: its record, and the views, said that it stood still through its whole grace.
  RunRequest request;
  request.jobs.count = 2;
  request.memory_bytes = 2 * kGiB;
  load(stages(2, ", grace: 3s"), request);
  backend_.script("s0", {{.duration = 10s, .memory_bytes = kGiB}});
  backend_.script("s1", {{.duration = 10s, .ignores_sigterm = true, .memory_bytes = kGiB}});
  backend_.wake(5s, SIGINT);
  EXPECT_EQ(run().exit_code, 130);
  ASSERT_EQ(backend_.stopped, std::vector<int>{1});
  EXPECT_EQ(backend_.killed, std::vector<int>{1}) << "after its grace";
  EXPECT_EQ(all<StagePaused>().size(), 1U);
  ASSERT_EQ(all<StageContinued>().size(), 1U);
  for (const RunEvent& event : recorder_.events) {
    if (std::holds_alternative<StageContinued>(event.body)) {
      EXPECT_EQ(event.elapsed, 5s);
    }
  }
}

TEST_F(RunGovernorTest, stage_that_the_kernel_killed_for_memory_is_tried_again_alone) {
  RunRequest request;
  request.jobs.count = 4;
  load(stages(4, ""), request);
  backend_.script("s0", {{.duration = 3s, .exit_code = 137, .signal = SIGKILL}, {.duration = 2s}});
  for (int i = 1; i < 4; ++i) {
    backend_.script("s" + std::to_string(i), {{.duration = 6s}});
  }
  probe_.at(2900ms, [](ResourceSample& facts) { facts.machine_oom_kills = 1; });
  EXPECT_EQ(run().exit_code, 0);
  const auto retries = all<StageRetrying>();
  ASSERT_EQ(retries.size(), 1U);
  EXPECT_EQ(retries.front().failure, FailureKind::oom);
  // Alone: only after the three others have ended.
  Nanos second_start{};
  for (const RunEvent& event : recorder_.events) {
    const auto* started = std::get_if<StageStarted>(&event.body);
    if (started != nullptr && started->attempt == 2) {
      second_start = event.elapsed;
    }
  }
  EXPECT_EQ(second_start, 6s);
}

TEST_F(RunGovernorTest, kill_in_the_stages_own_group_counts_whatever_the_stage_made_of_it) {
  // make(1) says 2 where the kernel killed a compiler.
  load(stages(1, ", resources: {memory: 1MiB}"));
  backend_.script("s0", {{.duration = 1s, .exit_code = 2, .oom_kills = 1}, {.duration = 1s}});
  EXPECT_EQ(run().exit_code, 0);
  ASSERT_EQ(all<StageRetrying>().size(), 1U);
  EXPECT_EQ(all<StageRetrying>().front().failure, FailureKind::oom);
}

TEST_F(RunGovernorTest, kill_elsewhere_is_none_of_a_stage_whose_own_group_tells_none) {
  load(stages(1, ", resources: {memory: 1MiB}"));
  backend_.script("s0", {{.duration = 1s, .exit_code = 137, .signal = SIGKILL, .oom_kills = 0}});
  probe_.at(900ms, [](ResourceSample& facts) { facts.machine_oom_kills = 1; });
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(all<StageFinished>().front().failure, FailureKind::signal);
}

TEST_F(RunGovernorTest, kill_that_a_stage_survived_is_no_failure) {
  load(stages(1, ", resources: {memory: 1MiB}"));
  backend_.script("s0", {{.duration = 1s, .oom_kills = 3}});
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_TRUE(all<StageRetrying>().empty());
}

TEST_F(RunGovernorTest, kill_that_one_groups_counter_explains_is_not_put_upon_another_stage) {
  RunRequest request;
  request.jobs.count = 2;
  load("version: 1\nstages:\n  s0: {run: [s0], resources: {memory: 1MiB}}\n  s1: {run: [s1]}\n",
       request);
  backend_.script("s0", {{.duration = 1s, .exit_code = 1, .oom_kills = 1}});
  backend_.script("s1", {{.duration = 1s, .exit_code = 137, .signal = SIGKILL}});
  probe_.at(900ms, [](ResourceSample& facts) { facts.machine_oom_kills = 1; });
  EXPECT_EQ(run().exit_code, 1);
  for (const StageFinished& end : all<StageFinished>()) {
    EXPECT_EQ(end.failure, end.stage == 0 ? FailureKind::oom : FailureKind::signal);
  }
}

TEST_F(RunGovernorTest, one_kill_that_group_and_machine_count_is_put_upon_one_stage) {
  RunRequest request;
  request.jobs.count = 2;
  load(stages(2, ""), request);
  probe_.facts.group_oom_kills = 0;
  const FakeAttempt killed{.duration = 1s, .exit_code = 137, .signal = SIGKILL};
  backend_.script("s0", {killed, {.duration = 1s}});
  backend_.script("s1", {killed, {.duration = 1s}});
  probe_.at(900ms, [](ResourceSample& facts) {
    facts.group_oom_kills = 1;
    facts.machine_oom_kills = 1;
  });
  EXPECT_EQ(run().exit_code, 1);
  ASSERT_EQ(all<StageRetrying>().size(), 1U);
  EXPECT_EQ(all<StageRetrying>().front().failure, FailureKind::oom);
}

TEST_F(RunGovernorTest, only_stages_for_which_it_matters_are_given_a_group) {
  load("version: 1\nstages:\n  s0: {run: [s0], resources: {memory: 1MiB}}\n  s1: {run: [s1]}\n");
  EXPECT_EQ(run().exit_code, 0);
  ASSERT_EQ(backend_.launches.size(), 2U);
  for (const Launch& launch : backend_.launches) {
    EXPECT_EQ(launch.group_limit_bytes.has_value(), launch.task == 0);
  }
  EXPECT_EQ(backend_.launches.front().group_limit_bytes, 0) << "no budget: no limit but the run's";
}

TEST_F(RunGovernorTest, budget_limits_a_stage_at_twice_of_it_until_it_runs_alone) {
  RunRequest request;
  request.memory_bytes = 2 * kGiB;
  load(stages(1, ", resources: {memory: 1MiB}"), request);
  backend_.script("s0", {{.duration = 1s, .exit_code = 1, .oom_kills = 1}, {.duration = 1s}});
  EXPECT_EQ(run().exit_code, 0);
  ASSERT_EQ(backend_.launches.size(), 2U);
  EXPECT_EQ(backend_.launches[0].group_limit_bytes, 4 * kGiB);
  EXPECT_EQ(backend_.launches[1].group_limit_bytes, 0);
}

TEST_F(RunGovernorTest, stage_that_dies_with_the_watcher_says_how_long_it_ran) {
  // Bug: the time in which it stood still counted.
  RunRequest request;
  request.jobs.count = 2;
  request.memory_bytes = 2 * kGiB;
  load(stages(2, ""), request);
  backend_.script("s0", {{.duration = 60s, .memory_bytes = kGiB}});
  backend_.script("s1", {{.duration = 60s, .memory_bytes = kGiB}});
  backend_.wake(20s, kWatcherDied);
  EXPECT_EQ(run().status, RunStatus::interrupted);
  ASSERT_EQ(backend_.stopped, std::vector<int>{1});
  ASSERT_EQ(all<StageFinished>().size(), 2U);
  for (const StageFinished& end : all<StageFinished>()) {
    EXPECT_EQ(end.status, StageStatus::interrupted);
    EXPECT_TRUE(end.stage == 0 ? end.duration == 20s : end.duration < 2s) << end.stage;
  }
}

TEST_F(RunGovernorTest, second_death_for_memory_is_a_failure_that_says_so) {
  load(stages(1, ""));
  backend_.script("s0", {{.duration = 1s, .exit_code = 137, .signal = SIGKILL}});
  probe_.at(900ms, [](ResourceSample& facts) { facts.machine_oom_kills = 1; });
  probe_.at(2500ms, [](ResourceSample& facts) { facts.machine_oom_kills = 2; });
  EXPECT_EQ(run().exit_code, 1);
  const auto ends = all<StageFinished>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends.front().attempt, 2);
  EXPECT_EQ(ends.front().failure, FailureKind::oom);
  EXPECT_TRUE(ends.front().reason.starts_with("killed by the kernel for want of memory"));
}

TEST_F(RunGovernorTest, kill_that_no_counter_tells_of_is_a_signal_like_another) {
  load(stages(1, ""));
  backend_.script("s0", {{.duration = 1s, .exit_code = 137, .signal = SIGKILL}});
  EXPECT_EQ(run().exit_code, 1);
  ASSERT_EQ(all<StageFinished>().size(), 1U);
  EXPECT_EQ(all<StageFinished>().front().failure, FailureKind::signal);
  EXPECT_TRUE(all<StageRetrying>().empty());
}

TEST_F(RunGovernorTest, what_the_machine_did_is_told_now_and_then) {
  load(stages(1, ""));
  backend_.script("s0", {{.duration = 16s}});
  probe_.idle_cpus = 1;
  EXPECT_EQ(run().exit_code, 0);
  const auto samples = all<ResourcesSampled>();
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_NEAR(samples.front().cpu_busy, 0.5, 0.05);
  EXPECT_EQ(samples.front().memory_available_bytes, 8 * kGiB);
  EXPECT_EQ(samples.front().running, 1);
}

}  // namespace
}  // namespace headway
