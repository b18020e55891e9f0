// Tests of DurationPrior and LevelPosterior: what earlier runs say, and what this one adds.
#include "timing/level_posterior.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

namespace headway {
namespace {

using namespace std::chrono_literals;

// A run of `count` tasks of kind "map" and one "merge".
struct MapRun {
  std::vector<std::string> keys;
  std::vector<PlannedTask> plan;
  std::vector<PastDuration> past;
  ReplayInput input;

  explicit MapRun(int count) {
    for (int i = 0; i < count; ++i) {
      keys.push_back("map" + std::to_string(i));
    }
    for (const std::string& key : keys) {
      plan.push_back({key, "map"});
    }
    plan.push_back({"merge", "merge"});
    std::vector<std::vector<int>> needs(plan.size());
    for (int i = 0; i < count; ++i) {
      needs.back().push_back(i);
    }
    input.graph = CsrGraph(needs);
    input.needs = std::vector<TaskNeeds>(plan.size());
    input.limits.slots = 4;
    input.tasks.resize(plan.size());
  }
  // An earlier run with maps of about `map` seconds.
  void add_run(std::int64_t number, double map, double merge) {
    std::mt19937 random(static_cast<unsigned>(number));
    std::normal_distribution<double> normal(0, 0.1);
    for (const std::string& key : keys) {
      past.push_back({key, "map", number, map * std::exp(normal(random))});
    }
    past.push_back({"merge", "merge", number, merge});
  }
  void finish(int from, int to, Nanos took) {
    for (int i = from; i < to; ++i) {
      input.tasks[static_cast<std::size_t>(i)] = {ReplayTask::State::done, {}, took};
    }
  }
  double map_level() const {
    const DurationPrior prior(plan, past);
    return std::exp(LevelPosterior(prior, input).level_of(prior.kind_of(0)));
  }
  double merge_level() const {
    const DurationPrior prior(plan, past);
    return std::exp(LevelPosterior(prior, input).level_of(prior.kind_of(keys.size())));
  }
  double map_deviation() const {
    const DurationPrior prior(plan, past);
    return LevelPosterior(prior, input).deviation_of(prior.kind_of(0));
  }
};

MapRun usual_run() {
  MapRun run(20);
  for (int i = 0; i < 6; ++i) {
    run.add_run(i, 10 + 0.3 * i, 5 + 0.1 * i);
  }
  return run;
}

TEST(LevelPosterior, before_anything_happens_it_is_what_earlier_runs_took) {
  const MapRun run = usual_run();
  EXPECT_NEAR(run.map_level(), 11, 1);
  EXPECT_NEAR(run.merge_level(), 5.3, 0.5);
}

TEST(LevelPosterior, one_finished_task_says_little_and_many_say_all) {
  MapRun one = usual_run();
  one.finish(0, 1, 30s);
  MapRun many = usual_run();
  many.finish(0, 15, 30s);
  EXPECT_LT(one.map_level(), 16);
  EXPECT_NEAR(many.map_level(), 30, 3);
  EXPECT_LT(many.map_deviation(), one.map_deviation());
}

TEST(LevelPosterior, one_outlier_does_not_rule) {
  MapRun run = usual_run();
  run.finish(0, 9, 11s);
  const double without = run.map_level();
  run.finish(9, 10, 3000s);
  EXPECT_NEAR(run.map_level(), without, 1);
}

TEST(LevelPosterior, kinds_that_moved_together_before_do_so_again) {
  MapRun run(20);
  for (int i = 0; i < 8; ++i) {
    const double day = i % 2 == 0 ? 1 : 3;
    run.add_run(i, 10 * day, 5 * day);
  }
  EXPECT_LT(run.merge_level(), 9.5);  // between the fast days and the slow ones
  run.finish(0, 20, 30s);
  EXPECT_GT(run.merge_level(), 11);
}

TEST(LevelPosterior, tasks_that_run_long_already_raise_the_level) {
  MapRun run(4);
  for (int i = 0; i < 8; ++i) {
    run.add_run(i, i % 2 == 0 ? 10 : 100, 5);
  }
  const double before = run.map_level();
  for (std::size_t i = 0; i < 4; ++i) {
    run.input.tasks[i] = {ReplayTask::State::running, 60s, {}};
  }
  EXPECT_GT(run.map_level(), 1.5 * before);
}

TEST(LevelPosterior, draws_of_running_tasks_are_longer_than_they_have_run) {
  MapRun run = usual_run();
  run.input.tasks[0] = {ReplayTask::State::running, 10s, {}};
  run.input.tasks[1] = {ReplayTask::State::running, 500s, {}};
  const DurationPrior prior(run.plan, run.past);
  LevelPosterior posterior(prior, run.input);
  std::vector<double> seconds(run.plan.size(), 0);
  for (int i = 0; i < 50; ++i) {
    posterior.draw(seconds);
    EXPECT_GE(seconds[0], 10 * (1 - 1e-9));
    EXPECT_GE(seconds[1], 500 * (1 - 1e-9));
  }
}

TEST(LevelPosterior, draws_have_the_median_and_spread_of_the_past) {
  const MapRun run = usual_run();
  const DurationPrior prior(run.plan, run.past);
  LevelPosterior posterior(prior, run.input);
  std::vector<double> seconds(run.plan.size(), 0);
  std::vector<double> drawn;
  for (int i = 0; i < 200; ++i) {
    posterior.draw(seconds);
    drawn.push_back(seconds[3]);
  }
  std::sort(drawn.begin(), drawn.end());
  EXPECT_NEAR(drawn[100], 11, 1.5);
  EXPECT_GT(drawn[180], 1.05 * drawn[100]);
  EXPECT_LT(drawn[180], 1.6 * drawn[100]);
}

// What is told must not jump while tasks end as expected: the luck of a draw stays with its task.
TEST(LevelPosterior, luck_of_a_task_stays_while_another_ends) {
  MapRun run = usual_run();
  const DurationPrior prior(run.plan, run.past);
  std::vector<double> before(run.plan.size(), 0);
  LevelPosterior(prior, run.input).draw(before);
  run.finish(0, 1, 11s);
  std::vector<double> after(run.plan.size(), 0);
  LevelPosterior(prior, run.input).draw(after);
  for (std::size_t task = 1; task < before.size(); ++task) {
    EXPECT_NEAR(std::log(after[task] / before[task]), 0, 0.1) << task;
  }
}

TEST(DurationPrior, with_no_past_it_is_empty) {
  EXPECT_TRUE(DurationPrior().empty());
  const std::vector<PlannedTask> plan{{"a", "a"}};
  EXPECT_TRUE(DurationPrior(plan, {}).empty());
}

TEST(DurationPrior, unknown_kind_lies_where_the_others_lie_and_is_unsure) {
  MapRun run = usual_run();
  run.plan.push_back({"new", "new"});
  const DurationPrior prior(run.plan, run.past);
  const KindPrior& unknown = prior.kind(prior.kind_of(run.plan.size() - 1));
  EXPECT_FALSE(unknown.is_seen);
  EXPECT_GT(unknown.level, std::log(4));
  EXPECT_LT(unknown.level, std::log(13));
  EXPECT_GT(unknown.own_variance, prior.kind(prior.kind_of(0)).own_variance);
}

TEST(DurationPrior, part_of_a_matrix_that_is_new_borrows_from_its_kind) {
  const std::vector<PastDuration> past{
      {"test[a]", "test", 1, 20}, {"test[b]", "test", 1, 22}, {"lint", "lint", 1, 1}};
  const std::vector<std::string_view> keys{"test[c]", "lint"};
  const DurationPrior prior(planned_stages(keys), past);
  EXPECT_NEAR(prior.median_of(0), 21, 1);
  EXPECT_NEAR(prior.median_of(1), 1, 0.1);
}

}  // namespace
}  // namespace headway
