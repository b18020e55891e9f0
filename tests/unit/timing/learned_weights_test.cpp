// Expected durations from noisy histories.
#include "timing/learned_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

namespace headway {
namespace {

// Texts that outlive the views into them.
class Past {
 public:
  void add(const std::string& key, const std::string& group, std::int64_t run, double seconds) {
    names_.push_back(std::make_unique<std::pair<std::string, std::string>>(key, group));
    past_.push_back({names_.back()->first, names_.back()->second, run, seconds});
  }
  LearnedWeights learn() const { return LearnedWeights(past_); }

 private:
  std::vector<std::unique_ptr<std::pair<std::string, std::string>>> names_;
  std::vector<PastDuration> past_;
};

TEST(LearnedWeights, without_a_history_all_are_alike) {
  const LearnedWeights weights;
  EXPECT_TRUE(weights.empty());
  EXPECT_DOUBLE_EQ(weights.of("a", "a"), 1);
  EXPECT_DOUBLE_EQ(Past().learn().of("b", "b"), 1);
}

TEST(LearnedWeights, runs_that_agree_are_believed) {
  Past history;
  for (int run = 0; run < 3; ++run) {
    history.add("build", "build", run, 100);
    history.add("lint", "lint", run, 1);
  }
  const LearnedWeights weights = history.learn();
  EXPECT_NEAR(weights.of("build", "build"), 100, 0.1);
  EXPECT_NEAR(weights.of("lint", "lint"), 1, 0.01);
}

TEST(LearnedWeights, whole_run_that_was_slow_is_no_disagreement) {
  Past history;
  for (int run = 0; run < 3; ++run) {
    const double pace = run == 2 ? 10 : 1;
    history.add("build", "build", run, 100 * pace);
    history.add("lint", "lint", run, 1 * pace);
  }
  const LearnedWeights weights = history.learn();
  EXPECT_NEAR(weights.of("build", "build") / weights.of("lint", "lint"), 100, 0.1);
}

TEST(LearnedWeights, one_run_alone_is_drawn_a_little_to_the_middle) {
  Past history;
  history.add("build", "build", 1, 100);
  history.add("lint", "lint", 1, 1);
  const LearnedWeights weights = history.learn();
  const double ratio = weights.of("build", "build") / weights.of("lint", "lint");
  EXPECT_GT(ratio, 50);
  EXPECT_LT(ratio, 100);
}

TEST(LearnedWeights, unknown_task_takes_its_group_and_unknown_group_the_middle) {
  Past history;
  for (int run = 0; run < 4; ++run) {
    history.add("test[os=a]", "test", run, 90);
    history.add("test[os=b]", "test", run, 110);
    history.add("lint", "lint", run, 1);
  }
  const LearnedWeights weights = history.learn();
  EXPECT_NEAR(weights.of("test[os=c]", "test"), 100, 1);
  EXPECT_NEAR(weights.of("deploy", "deploy"), 10, 0.2);
}

TEST(LearnedWeights, tasks_of_a_group_differ_as_far_as_runs_agree_on_them) {
  Past steady;
  Past noisy;
  std::mt19937 random(1);
  for (int run = 0; run < 5; ++run) {
    for (int task = 0; task < 30; ++task) {
      const std::string key = "t" + std::to_string(task);
      steady.add(key, "t", run, 10 + task);
      noisy.add(key, "t", run, 10 + static_cast<double>(random() % 30));
    }
  }
  const auto widest = [](const LearnedWeights& weights) {
    double least = 1e9;
    double most = 0;
    for (int task = 0; task < 30; ++task) {
      const double weight = weights.of("t" + std::to_string(task), "t");
      least = std::min(least, weight);
      most = std::max(most, weight);
    }
    return most / least;
  };
  EXPECT_GT(widest(steady.learn()), 3.5);
  EXPECT_LT(widest(noisy.learn()), 1.6);
}

// What a history of noise alone must come to: weights that are nearly alike.
TEST(LearnedWeights, pure_noise_gives_nearly_unit_weights) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> exponent(-1, 1);
  Past history;
  for (int run = 0; run < 8; ++run) {
    for (int stage = 0; stage < 40; ++stage) {
      const std::string key = "s" + std::to_string(stage);
      history.add(key, key, run, std::pow(10, exponent(random)));
    }
  }
  const LearnedWeights weights = history.learn();
  double least = 1e9;
  double most = 0;
  for (int stage = 0; stage < 40; ++stage) {
    const std::string key = "s" + std::to_string(stage);
    least = std::min(least, weights.of(key, key));
    most = std::max(most, weights.of(key, key));
  }
  EXPECT_LT(most / least, 2);  // of 100 in one sample, 5 in a mean of eight
}

TEST(LearnedWeights, durations_that_are_none_are_left_out) {
  Past history;
  history.add("a", "a", 1, 0);
  history.add("a", "a", 1, -5);
  history.add("a", "a", 1, std::nan(""));
  history.add("a", "a", 1, INFINITY);
  EXPECT_TRUE(history.learn().empty());
}

TEST(LearnedWeights, group_is_the_key_without_the_values_of_its_matrix) {
  EXPECT_EQ(stage_group("test[os=a,n=1]"), "test");
  EXPECT_EQ(stage_group("test"), "test");
  EXPECT_EQ(stage_group("[odd]"), "[odd]");
}

TEST(LearnedWeights, failures_in_the_history_teach_nothing) {
  StageSample good;
  good.duration = Seconds(5);
  StageSample bad = good;
  bad.status = StageStatus::failed;
  const std::vector<std::pair<std::string, std::vector<StageSample>>> history{
      {"test[n=1]", {good, bad}}};
  const auto past = past_durations(history);
  ASSERT_EQ(past.size(), 1U);
  EXPECT_EQ(past[0].key, "test[n=1]");
  EXPECT_EQ(past[0].group, "test");
  EXPECT_DOUBLE_EQ(past[0].seconds, 5);
}

}  // namespace
}  // namespace headway
