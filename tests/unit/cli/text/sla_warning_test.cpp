// Tests of SlaWarning.
#include "cli/text/sla_warning.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using namespace std::chrono_literals;

class SlaWarningTest : public testing::Test {
 protected:
  // What is told when the chance is this, after so long.
  std::string see(double chance, Nanos elapsed = 100s) {
    state.start.sla = 300s;
    state.status = RunStatus::running;
    state.elapsed = elapsed;
    state.estimate = RemainingEstimate{.expected = 250s, .confidence = 0.9, .runs = 9};
    state.estimate->sla_miss_probability = chance;
    return warning.see(state);
  }
  RunState state;
  SlaWarning warning;
};

TEST_F(SlaWarningTest, each_threshold_is_told_once) {
  EXPECT_EQ(see(0.45), "");
  EXPECT_EQ(see(0.6),
            "the SLA of 5 min 00 s will probably be missed (60 %): about 4 min 10 s left, 3 min 20 "
            "s to the target");
  EXPECT_EQ(see(0.7), "");
  EXPECT_NE(see(0.85), "");
  EXPECT_EQ(see(0.99), "");
}

TEST_F(SlaWarningTest, chance_that_wavers_about_a_threshold_is_told_once) {
  EXPECT_NE(see(0.51), "");
  EXPECT_EQ(see(0.49), "");
  EXPECT_EQ(see(0.52), "");
  EXPECT_EQ(see(0.29), "");
  EXPECT_NE(see(0.52), "");
}

TEST_F(SlaWarningTest, jump_over_both_is_one_line) {
  EXPECT_NE(see(0.95), "");
  EXPECT_EQ(see(0.6), "");
}

TEST_F(SlaWarningTest, missed_target_is_no_longer_warned_of) {
  EXPECT_EQ(see(1, 301s), "");
}

TEST_F(SlaWarningTest, without_a_target_or_a_history_nothing_is_told) {
  see(0.1);
  state.estimate->sla_miss_probability.reset();
  EXPECT_EQ(warning.see(state), "");
  state.estimate->sla_miss_probability = 1;
  state.estimate->confidence = 0;
  EXPECT_EQ(warning.see(state), "");
  state.estimate.reset();
  EXPECT_EQ(warning.see(state), "");
}

}  // namespace
}  // namespace headway::cli
