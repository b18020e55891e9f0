// Tests of backtest and of Ninja's rule beside it.
#include "timing/backtest.hpp"

#include "timing/ninja_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace headway {
namespace {

using namespace std::chrono_literals;

// A split, `parts` parts and a merge; everything takes `pace` times as long as usual.
RecordedRun fork_join(int number, int parts, double pace) {
  std::mt19937 random(static_cast<unsigned>(number));
  std::normal_distribution<double> normal(0, 0.05);
  RecordedRun run;
  run.name = "run" + std::to_string(number);
  run.tasks.push_back({"split", "split", 2 * pace});
  std::vector<std::vector<int>> needs{{}};
  for (int i = 0; i < parts; ++i) {
    run.tasks.push_back(
        {"part" + std::to_string(i), "part", 10 * pace * std::exp(normal(random)), 1});
    needs.push_back({0});
  }
  run.tasks.push_back({"merge", "merge", 3 * pace, static_cast<double>(parts)});
  needs.emplace_back();
  for (int i = 0; i < parts; ++i) {
    needs.back().push_back(i + 1);
  }
  run.graph = CsrGraph(needs);
  return run;
}

RecordedFamily repeats(int runs) {
  RecordedFamily family{"repeats", {}, false};
  for (int i = 0; i < runs; ++i) {
    family.runs.push_back(fork_join(i, 30, 1));
  }
  return family;
}

TEST(Backtest, repeats_are_told_to_a_few_per_cent) {
  const auto results = backtest(repeats(5), 4);
  ASSERT_EQ(results.size(), 5U);
  for (const BacktestResult& result : results) {
    for (const BacktestPoint& point : result.points) {
      EXPECT_LT(point.error(), 0.1) << result.run;
    }
    EXPECT_GE(result.makespan, result.lower_bound * (1 - 1e-9));
    EXPECT_LT(result.makespan, result.lower_bound * 1.2);
  }
}

TEST(Backtest, day_that_is_twice_as_slow_is_noticed_halfway) {
  RecordedFamily family = repeats(5);
  family.runs.push_back(fork_join(9, 30, 2));
  const BacktestResult slow = backtest(family, 4).back();
  EXPECT_GT(slow.points[0].error(), 0.3);  // nothing has ended yet
  EXPECT_LT(slow.points[2].error(), 0.2);
  EXPECT_LT(slow.points[3].error(), 0.2);
}

TEST(Backtest, left_at_a_checkpoint_is_the_rest_of_the_makespan) {
  const BacktestResult result = backtest(repeats(2), 4).front();
  for (std::size_t i = 0; i < kCheckpoints.size(); ++i) {
    EXPECT_NEAR(result.points[i].left, (1 - kCheckpoints[i]) * result.makespan, 1e-6);
  }
}

TEST(Backtest, family_in_order_learns_from_earlier_runs_alone) {
  RecordedFamily family = repeats(3);
  family.is_in_order = true;
  EXPECT_TRUE(past_of(family, 0).empty());
  EXPECT_EQ(past_of(family, 2).size(), 2 * family.runs[0].tasks.size());
  EXPECT_EQ(backtest(family, 4).size(), 2U);
}

TEST(Backtest, run_alone_or_unlike_all_others_is_not_judged) {
  EXPECT_TRUE(backtest(repeats(1), 4).empty());
  RecordedFamily family = repeats(1);
  RecordedRun other = fork_join(5, 3, 1);
  for (RecordedTask& task : other.tasks) {
    task.key = task.kind = "other" + task.key;
  }
  family.runs.push_back(other);
  EXPECT_TRUE(backtest(family, 4).empty());
}

TEST(Backtest, same_family_gives_the_same_numbers) {
  EXPECT_EQ(backtest(repeats(3), 4)[1].points[1].said, backtest(repeats(3), 4)[1].points[1].said);
}

TEST(Backtest, trace_becomes_a_run) {
  WfTrace trace;
  trace.tasks.resize(2);
  trace.tasks[0].id = "a1";
  trace.tasks[0].name = "map_1";
  trace.tasks[0].input_bytes = 50;
  trace.tasks[1].name = "merge";
  trace.tasks[1].needs = {0};
  const RecordedRun run = recorded_run(trace, "file");
  ASSERT_EQ(run.tasks.size(), 2U);
  EXPECT_EQ(run.tasks[0].key, "a1");
  EXPECT_EQ(run.tasks[0].kind, "map");
  EXPECT_EQ(run.tasks[0].input_bytes, 50);
  EXPECT_EQ(run.tasks[1].fan_in, 1);
  EXPECT_EQ(run.graph.in_degree(1), 1);
}

// Ten tasks of 10 s that took 10 s last time, one after another, four of them done.
TEST(NinjaRule, time_left_is_the_share_of_work_left) {
  RecordedRun run;
  std::vector<PastDuration> past;
  ReplayInput seen;
  std::vector<std::string> keys;
  for (int i = 0; i < 10; ++i) {
    run.tasks.push_back({"t" + std::to_string(i), "t", 10});
  }
  for (const RecordedTask& task : run.tasks) {
    past.push_back({task.key, task.kind, 1, 10});
    const bool is_done = past.size() <= 4;
    seen.tasks.push_back({is_done ? ReplayTask::State::done : ReplayTask::State::waiting, {}, {}});
  }
  EXPECT_DOUBLE_EQ(ninja_time_left(run, seen, past, 40s), 60);
  EXPECT_DOUBLE_EQ(ninja_time_left(run, seen, {}, 40s), 60);  // by the average of what is done
  for (PastDuration& one : past) {
    one.seconds = 20;
  }
  EXPECT_DOUBLE_EQ(ninja_time_left(run, seen, past, 40s), 120);
  for (PastDuration& one : past) {
    one.seconds = 1000;  // more than tenfold: not believed
  }
  EXPECT_DOUBLE_EQ(ninja_time_left(run, seen, past, 40s), 60);
  seen.tasks.assign(10, {});
  EXPECT_EQ(ninja_time_left(run, seen, past, 5s), 0);
}

}  // namespace
}  // namespace headway
