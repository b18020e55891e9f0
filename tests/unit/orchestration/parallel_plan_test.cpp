// Lists of stages: what is refused before anything runs, and the order that comes out.
#include "orchestration/parallel_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace headway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

void nothing() {}

ParallelStage stage(int id, std::vector<int> dependencies = {}) {
  return {id, "stage " + std::to_string(id), nothing, std::move(dependencies)};
}

std::string refusal_of(std::vector<ParallelStage> stages) {
  const auto plan = make_parallel_plan(stages);
  if (plan) {
    return "not refused";
  }
  EXPECT_EQ(plan.error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(plan.error().next_step.empty());
  return plan.error().message;
}

TEST(ParallelPlan, empty_list_is_an_empty_plan) {
  const auto plan = make_parallel_plan({});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->size(), 0);
}

TEST(ParallelPlan, stages_come_by_ascending_id_whatever_their_order_was) {
  const auto plan = make_parallel_plan({stage(30, {10}), stage(-5), stage(10)});
  ASSERT_TRUE(plan);
  std::vector<int> ids;
  for (const StageExecutionResult& result : plan->results) {
    ids.push_back(result.stage_id);
  }
  EXPECT_THAT(ids, ElementsAre(-5, 10, 30));
  EXPECT_THAT(plan->needs[2], ElementsAre(1));
  EXPECT_EQ(plan->results[2].stage_name, "stage 30");
  EXPECT_THAT(plan->results[2].dependencies, ElementsAre(10));
}

TEST(ParallelPlan, dependency_named_twice_counts_once) {
  const auto plan = make_parallel_plan({stage(0), stage(1), stage(2, {1, 0, 1})});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->needs[2], ElementsAre(0, 1));
}

TEST(ParallelPlan, id_given_twice_is_refused_with_both_names) {
  auto twin = stage(3);
  twin.stage_name = "twin";
  EXPECT_THAT(refusal_of({stage(3), twin}),
              testing::AllOf(HasSubstr("stage 3 ('twin')"), HasSubstr("'stage 3'")));
}

TEST(ParallelPlan, unknown_dependency_is_refused_by_number) {
  EXPECT_THAT(refusal_of({stage(0), stage(1, {7})}),
              testing::AllOf(HasSubstr("stage 1 ('stage 1')"), HasSubstr("depends on stage 7")));
}

TEST(ParallelPlan, cycle_is_refused_and_printed) {
  EXPECT_THAT(refusal_of({stage(0), stage(1, {3}), stage(2, {1}), stage(3, {2, 0})}),
              HasSubstr("1 ('stage 1') needs 3 ('stage 3') needs 2 ('stage 2') needs 1"));
}

TEST(ParallelPlan, stage_that_depends_on_itself_is_a_cycle) {
  EXPECT_THAT(refusal_of({stage(4, {4})}), HasSubstr("4 ('stage 4') needs 4"));
}

TEST(ParallelPlan, long_cycle_is_cut_in_the_message) {
  std::vector<ParallelStage> ring;
  for (int id = 0; id < 1000; ++id) {
    ring.push_back(stage(id, {(id + 1) % 1000}));
  }
  const std::string message = refusal_of(std::move(ring));
  EXPECT_THAT(message, HasSubstr("(980 more)"));
  EXPECT_LT(message.size(), 1000U);
}

TEST(ParallelPlan, numbers_without_sense_are_refused) {
  auto bad = stage(0);
  bad.timeout = -1s;
  EXPECT_THAT(refusal_of({bad}), HasSubstr("timeout"));
  bad = stage(0);
  bad.timeout = Seconds(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(refusal_of({bad}), HasSubstr("timeout"));
  bad = stage(0);
  bad.grace = -1s;
  EXPECT_THAT(refusal_of({bad}), HasSubstr("grace"));
  bad = stage(0);
  bad.retries.max = -1;
  EXPECT_THAT(refusal_of({bad}), HasSubstr("retries"));
  bad = stage(0);
  bad.resources.cpus = -2;
  EXPECT_THAT(refusal_of({bad}), HasSubstr("resources"));
  bad = stage(0);
  bad.resources.memory_bytes = -1;
  EXPECT_THAT(refusal_of({bad}), HasSubstr("resources"));
}

TEST(ParallelPlan, command_without_words_is_refused) {
  auto bad = stage(0);
  bad.task = Command{};
  EXPECT_THAT(refusal_of({bad}), HasSubstr("command"));
}

TEST(ParallelPlan, task_that_was_moved_away_is_refused) {
  auto bad = stage(0);
  const Task taken = std::move(bad.task);
  EXPECT_THAT(refusal_of({bad}), HasSubstr("moved"));
}

TEST(ParallelPlan, locks_of_one_name_are_one_number) {
  auto first = stage(0);
  auto second = stage(1);
  first.resources.locks = {"port", "disk"};
  second.resources.locks = {"disk"};
  const auto plan = make_parallel_plan({first, second});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->task_needs[0].locks, ElementsAre(0, 1));
  EXPECT_THAT(plan->task_needs[1].locks, ElementsAre(1));
}

TEST(ParallelPlan, infinite_timeout_is_a_very_long_one) {
  auto patient = stage(0);
  patient.timeout = Seconds(std::numeric_limits<double>::infinity());
  const auto plan = make_parallel_plan({patient});
  ASSERT_TRUE(plan);
  EXPECT_GT(*plan->task_needs[0].timeout, std::chrono::hours(24 * 365));
}

TEST(ParallelPlan, no_timeout_is_none) {
  const auto plan = make_parallel_plan({stage(0)});
  ASSERT_TRUE(plan);
  EXPECT_FALSE(plan->task_needs[0].timeout);
}

}  // namespace
}  // namespace headway
