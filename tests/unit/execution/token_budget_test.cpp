// How many tokens are out, over a pipe that is a number.
#include "execution/token_budget.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

class FakePipe final : public TokenPipe {
 public:
  bool take() override {
    if (tokens == 0) {
      return false;
    }
    --tokens;
    return true;
  }
  bool give() override {
    ++tokens;
    return true;
  }
  int waiting() const override { return tokens; }

  int tokens = 0;
};

constexpr bool kClient = true;

class ServerBudget : public testing::Test {
 protected:
  ServerBudget() { budget.settle(); }

  FakePipe pipe;
  TokenBudget budget{pipe, TokenBudget::Role::server, 4};
};

TEST_F(ServerBudget, each_running_stage_is_one_job_without_a_token) {
  EXPECT_EQ(pipe.tokens, 4);
  budget.begin(1, kClient);
  EXPECT_EQ(pipe.tokens, 3);
  budget.begin(1, kClient);
  EXPECT_EQ(pipe.tokens, 2);
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 3);
}

TEST_F(ServerBudget, a_stage_without_the_jobserver_takes_as_many_as_its_cpus) {
  budget.begin(3, !kClient);
  EXPECT_EQ(pipe.tokens, 1);
  budget.end(3, !kClient);
  EXPECT_EQ(pipe.tokens, 4);
}

TEST_F(ServerBudget, more_stages_than_the_budget_leave_no_token_and_owe_none) {
  for (int stage = 0; stage < 6; ++stage) {
    budget.begin(1, kClient);
  }
  EXPECT_EQ(pipe.tokens, 0);
  EXPECT_FALSE(budget.is_owed());
  budget.end(1, kClient);
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 0);
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 1);
}

TEST_F(ServerBudget, a_token_that_a_client_holds_is_owed_until_it_comes_back) {
  budget.begin(1, kClient);
  pipe.tokens = 0;  // all three are held
  budget.begin(1, kClient);
  EXPECT_TRUE(budget.is_owed());
  pipe.tokens = 2;
  budget.settle();
  EXPECT_FALSE(budget.is_owed());
  EXPECT_EQ(pipe.tokens, 1);
}

TEST_F(ServerBudget, a_stage_that_ends_pays_what_is_owed) {
  budget.begin(1, kClient);
  pipe.tokens = 0;
  budget.begin(1, kClient);
  budget.end(1, kClient);
  EXPECT_FALSE(budget.is_owed());
  EXPECT_EQ(pipe.tokens, 0) << "three are still held";
}

TEST_F(ServerBudget, what_a_killed_client_held_is_made_good_when_no_client_runs) {
  budget.begin(1, kClient);
  budget.begin(1, kClient);
  pipe.tokens = 0;  // the second one holds two, and dies
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 1) << "the first one may hold them";
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 4);
}

TEST_F(ServerBudget, a_stage_that_is_no_client_does_not_delay_making_good) {
  budget.begin(1, !kClient);
  budget.begin(1, kClient);
  pipe.tokens = 0;
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 3);
}

TEST_F(ServerBudget, tokens_that_a_client_made_up_are_taken_out) {
  budget.begin(1, kClient);
  pipe.tokens += 5;
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 4);
}

class ClientBudget : public testing::Test {
 protected:
  FakePipe pipe;
  TokenBudget budget{pipe, TokenBudget::Role::client, 1};
};

TEST_F(ClientBudget, each_stage_beyond_the_first_holds_a_token_of_the_outer_one) {
  pipe.tokens = 3;
  budget.begin(1, kClient);
  EXPECT_EQ(pipe.tokens, 3);
  budget.begin(1, kClient);
  EXPECT_EQ(pipe.tokens, 2);
  budget.end(1, kClient);
  budget.end(1, kClient);
  EXPECT_EQ(pipe.tokens, 3);
}

TEST_F(ClientBudget, what_the_outer_one_could_not_lend_is_never_given_back) {
  budget.begin(1, kClient);
  budget.begin(1, kClient);
  EXPECT_TRUE(budget.is_owed());
  budget.end_all();
  EXPECT_EQ(pipe.tokens, 0);
}

TEST_F(ClientBudget, the_end_of_everything_gives_back_all_that_is_held) {
  pipe.tokens = 3;
  budget.begin(4, !kClient);
  EXPECT_EQ(pipe.tokens, 0);
  budget.end_all();
  EXPECT_EQ(pipe.tokens, 3);
}

}  // namespace
}  // namespace headway
