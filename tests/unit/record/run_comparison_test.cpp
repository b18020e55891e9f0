// Tests of compare_runs().
#include "record/run_comparison.hpp"

#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

StageFinished took(Nanos duration, Nanos queue = 0ns) {
  StageFinished body;
  body.duration = duration;
  body.queue_wait = queue;
  return body;
}

// setup, then build after `wait`, then end.
RunState two_stages(const char* id, Nanos setup, Nanos wait, Nanos build) {
  RunScript script(id);
  script.start_run({planned("setup", 1), planned("build", 2, {0})});
  script.start(0).at(setup).finish(0, took(setup));
  script.at(setup + wait).start(1).at(setup + wait + build).finish(1, took(build, wait));
  RunFinished end;
  end.status = RunStatus::completed;
  script.add(end);
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  return state;
}

const NoiseOf kNoNoise = [](std::string_view) { return std::optional<double>(); };
const NoiseOf kFivePercent = [](std::string_view) { return std::optional<double>(0.05); };

TEST(RunComparison, largest_change_is_first_with_its_percent) {
  const auto compared =
      compare_runs(two_stages("a", 2s, 0s, 10s), two_stages("b", 3s, 0s, 15s), kNoNoise);
  ASSERT_EQ(compared.stages.size(), 2U);
  EXPECT_EQ(compared.run_ids[0], "a");
  EXPECT_EQ(compared.run_ids[1], "b");
  EXPECT_EQ(compared.stages[0].key, "build");
  EXPECT_NEAR(compared.stages[0].change_percent.value_or(0), 50, 1e-9);
  EXPECT_NEAR(compared.stages[0].longer(), 5, 1e-9);
  EXPECT_FALSE(compared.stages[0].is_usual.has_value());
}

TEST(RunComparison, what_the_runs_took_is_a_chain_of_stages_and_the_rest) {
  const auto compared =
      compare_runs(two_stages("a", 2s, 1s, 10s), two_stages("b", 2s, 4s, 12s), kNoNoise);
  EXPECT_EQ(compared.chains[0], (std::vector<std::string>{"setup", "build"}));
  EXPECT_NEAR(compared.chain_seconds[0], 12, 1e-9);
  EXPECT_NEAR(compared.chain_seconds[1], 14, 1e-9);
  EXPECT_NEAR(compared.other_seconds[0], 1, 1e-9);
  EXPECT_NEAR(compared.other_seconds[1], 4, 1e-9);
  EXPECT_NEAR(compared.elapsed_seconds[1], 18, 1e-9);
  EXPECT_EQ(compared.stages[0].key, "build");
  EXPECT_TRUE(compared.stages[0].in_chain[0]);
  EXPECT_NEAR(compared.stages[0].queue_seconds[1].value_or(0), 4, 1e-9);
}

TEST(RunComparison, stage_that_waited_for_a_slot_follows_the_one_that_had_it) {
  RunScript script("slots");  // two slots, no needs: long beside short and late
  script.start_run({planned("long", 1), planned("short", 2), planned("late", 3)});
  script.start(0).start(1).at(2s).finish(1, took(2s)).start(2);
  script.at(5s).finish(0, took(5s)).at(9s).finish(2, took(7s, 2s));
  RunState slots;
  script.tell([&slots](const RunEvent& event) { slots.apply(event); });
  const auto compared = compare_runs(slots, two_stages("b", 1s, 0s, 1s), kNoNoise);
  EXPECT_EQ(compared.chains[0], (std::vector<std::string>{"short", "late"}));
  EXPECT_NEAR(compared.chain_seconds[0], 9, 1e-9);
  EXPECT_NEAR(compared.other_seconds[0], 0, 1e-9);
}

TEST(RunComparison, of_stages_that_ended_together_the_needed_one_comes_before) {
  RunScript script("ties");  // `other` ends a little later than `needed`
  script.start_run({planned("needed", 1), planned("other", 2), planned("last", 3, {0})});
  script.start(0).start(1).at(2s).finish(0, took(2s)).at(2005ms).finish(1, took(2005ms));
  script.at(2010ms).start(2).at(4s).finish(2, took(1990ms));
  RunState ties;
  script.tell([&ties](const RunEvent& event) { ties.apply(event); });
  const auto compared = compare_runs(ties, two_stages("b", 1s, 0s, 1s), kNoNoise);
  EXPECT_EQ(compared.chains[0], (std::vector<std::string>{"needed", "last"}));
}

// Bug: it counted as having ended at the start of the run.
TEST(RunComparison, stage_that_still_runs_is_no_part_of_the_chain) {
  RunScript script("open");
  script.start_run({planned("endless", 1), planned("late", 2)});
  script.start(0).at(1s).start(1).at(3s).finish(1, took(2s));
  RunState open;
  script.tell([&open](const RunEvent& event) { open.apply(event); });
  const auto compared = compare_runs(open, two_stages("b", 1s, 0s, 1s), kNoNoise);
  EXPECT_EQ(compared.chains[0], std::vector<std::string>{"late"});
}

TEST(RunComparison, usual_is_two_deviations_of_a_difference) {
  const auto of = [](Nanos second) {
    return compare_runs(two_stages("a", 1s, 0s, 10s), two_stages("b", 1s, 0s, second), kFivePercent)
        .stages[0]
        .is_usual.value_or(false);
  };
  EXPECT_TRUE(of(11400ms));  // e^(2 * sqrt(2) * 0.05) = 1.152
  EXPECT_FALSE(of(11600ms));
  EXPECT_TRUE(of(8800ms));
  EXPECT_FALSE(of(8600ms));
}

TEST(RunComparison, stage_of_one_run_alone_has_no_change) {
  RunScript script("c");
  script.start_run({planned("setup", 1), planned("lint", 3)});
  script.start(0).at(2s).finish(0, took(2s));
  RunState other;
  script.tell([&other](const RunEvent& event) { other.apply(event); });
  const auto compared = compare_runs(two_stages("a", 2s, 0s, 10s), other, kFivePercent);
  ASSERT_EQ(compared.stages.size(), 3U);
  EXPECT_EQ(compared.stages[0].key, "build");
  EXPECT_FALSE(compared.stages[0].status[1].has_value());
  EXPECT_FALSE(compared.stages[0].change_percent.has_value());
  for (const ComparedStage& stage : compared.stages) {
    if (stage.key == "lint") {
      EXPECT_EQ(stage.status[1], StageStatus::pending);  // in its plan, but never started
      EXPECT_FALSE(stage.seconds[1].has_value());
    }
  }
}

TEST(RunComparison, no_time_at_all_gives_no_percent) {
  const auto compared =
      compare_runs(two_stages("a", 1s, 0s, 0s), two_stages("b", 1s, 0s, 5s), kFivePercent);
  EXPECT_EQ(compared.stages[0].key, "build");
  EXPECT_FALSE(compared.stages[0].change_percent.has_value());
}

}  // namespace
}  // namespace headway
