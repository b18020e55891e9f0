// Tests of WorkerChoice: one tick is one nanosecond here.
#include "execution/worker_choice.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace headway {
namespace {

constexpr int kNone = std::numeric_limits<int>::max();

WorkerChoice made(bool is_forced = false) {
  WorkerChoice choice;
  choice.begin(ChoiceLimits(1), is_forced);
  return choice;
}

TEST(WorkerChoice, nothing_is_known_before_something_ran) {
  WorkerChoice choice = made();
  EXPECT_FALSE(choice.is_known());
  choice.ran_alone(10, 1'000);
  EXPECT_TRUE(choice.is_known());
  EXPECT_FALSE(choice.is_coarse());
}

TEST(WorkerChoice, level_is_shared_from_the_work_that_pays_for_it) {
  WorkerChoice choice = made();
  choice.ran_alone(1'000, 100'000);  // 100 ns each
  EXPECT_EQ(choice.least_shared(), 15);
  choice.ran_alone(1, 100'000'000);  // long ones: two are worth it
  EXPECT_EQ(choice.least_shared(), 2);
}

TEST(WorkerChoice, long_tasks_are_coarse_until_they_are_measured_to_be_short) {
  WorkerChoice choice = made();
  choice.ran_alone(10, 50'000);
  EXPECT_TRUE(choice.is_coarse());
  choice.ran_anew(256, 20'000);
  EXPECT_FALSE(choice.is_coarse());
}

TEST(WorkerChoice, rough_measurement_is_replaced_by_the_first_exact_one) {
  WorkerChoice choice = made();
  choice.ran_anew(10, 10'000);
  EXPECT_EQ(choice.least_shared(), kNone) << "first it must be measured alone";
  choice.ran_alone(10, 1'000);
  EXPECT_EQ(choice.least_shared(), 15);
}

TEST(WorkerChoice, nobody_is_woken_for_little_work) {
  WorkerChoice choice = made();
  choice.ran_alone(1'000, 100'000);
  EXPECT_FALSE(choice.pays_to_wake(100));
  EXPECT_TRUE(choice.pays_to_wake(1'000));
}

TEST(WorkerChoice, sharing_that_loses_is_given_up_for_a_while) {
  WorkerChoice choice = made();
  choice.ran_alone(1'000, 100'000);
  for (int i = 0; i < 3; ++i) {  // 100 us of work take 180 us
    choice.ran_shared(1'000, 180'000);
  }
  EXPECT_EQ(choice.least_shared(), kNone);
  choice.ran_alone(10'000, 1'000'000);
  EXPECT_EQ(choice.least_shared(), kNone);
  choice.ran_alone(50'000, 5'000'000);
  EXPECT_EQ(choice.least_shared(), 15);
}

TEST(WorkerChoice, sharing_that_gains_goes_on_between_probes) {
  WorkerChoice choice = made();
  choice.ran_alone(1'000, 100'000);
  for (int i = 0; i < 19; ++i) {
    choice.ran_shared(1'000, 60'000);
  }
  EXPECT_EQ(choice.least_shared(), 15);
  choice.ran_shared(1'000, 60'000);  // 2 ms of work were shared
  EXPECT_EQ(choice.least_shared(), kNone) << "one piece alone, to know what a task costs";
  choice.ran_alone(100, 10'000);
  EXPECT_EQ(choice.least_shared(), 15);
}

TEST(WorkerChoice, forced_choice_shares_all_it_can) {
  WorkerChoice choice = made(true);
  choice.ran_alone(1'000, 1'000);
  EXPECT_EQ(choice.least_shared(), 2);
  EXPECT_TRUE(choice.pays_to_wake(2));
}

TEST(WorkerChoice, pieces_and_chunks_shrink_with_longer_tasks) {
  WorkerChoice choice = made();
  choice.ran_alone(1'000, 10'000);  // 10 ns each
  EXPECT_EQ(choice.piece(), 1'000);
  EXPECT_EQ(choice.chunk(), 50);
  choice.ran_anew(1, 1'000'000);
  EXPECT_EQ(choice.piece(), 1);
  EXPECT_EQ(choice.chunk(), 1);
}

}  // namespace
}  // namespace headway
