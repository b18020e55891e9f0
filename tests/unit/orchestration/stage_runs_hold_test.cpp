// Stages that wait before they begin, because their hooks are looked at.
#include "orchestration/stage_runs.hpp"
#include "support/stage_runs_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class HeldStages : public StageRunsFixture {
 protected:
  // `hooked` is held, `after` needs it.
  void begin_held(Seconds timeout = Seconds(0)) {
    holds_ = {0};
    ParallelStage hooked{0, "hooked", nothing};
    hooked.timeout = timeout;
    begin({hooked, {1, "after", nothing, {0}}});
  }
  void not_begun(std::string refusal) {
    runs_->not_begun(0, std::move(refusal), now_);
    obey();
    advance();
  }
};

TEST_F(HeldStages, nothing_is_told_until_it_begins) {
  begin_held();
  EXPECT_THAT(events(), IsEmpty());
  now_ += 2s;
  runs_->began(held_.at(0), now_, {});
  EXPECT_THAT(events(), ElementsAre("start 0"));
  end(0, good());
  EXPECT_EQ(result(0).queue_wait, 2s);
  EXPECT_THAT(starts(), ElementsAre(1));
}

TEST_F(HeldStages, one_that_a_hook_refuses_has_failed_without_an_attempt_and_is_not_tried_again) {
  begin_held();
  not_begun("hook 'tool git': not found");
  EXPECT_THAT(events(), ElementsAre("FAILED 0", "skip 1 SKIPPED"));
  EXPECT_EQ(recorder_.finished.at(0).failure, FailureKind::hook);
  EXPECT_EQ(recorder_.finished.at(0).attempt, 0);
  EXPECT_EQ(recorder_.finished.at(0).reason, "hook 'tool git': not found");
  EXPECT_TRUE(runs_->any_hook_refused());
  EXPECT_FALSE(runs_->any_failed());
  EXPECT_TRUE(runs_->done());
}

TEST_F(HeldStages, its_timeout_begins_when_it_does) {
  begin_held(Seconds(10));
  pass(60s);
  EXPECT_THAT(stops(), IsEmpty());
  runs_->began(held_.at(0), now_, {});
  pass(9s);
  EXPECT_THAT(stops(), IsEmpty());
  pass(1s);
  EXPECT_THAT(stops(), ElementsAre(0));
}

TEST_F(HeldStages, one_that_need_not_run_is_done_and_what_needs_it_begins) {
  begin_held();
  holds_.clear();
  pass(2s);
  runs_->done_already(held_.at(0), {.reason = "up to date", .up_to_date = true}, now_);
  advance();
  EXPECT_THAT(events(), ElementsAre("skip 0 SKIPPED", "start 1"));
  EXPECT_FALSE(runs_->record(0).is_held);
  EXPECT_THAT(starts(), ElementsAre(1));
}

TEST_F(HeldStages, one_that_is_cancelled_is_ordered_to_stop_and_counts_as_cancelled) {
  begin_held();
  cancel();
  EXPECT_THAT(stops(), ElementsAre(0));
  not_begun("");
  EXPECT_EQ(runs_->record(0).status, StageStatus::cancelled);
  events();
  ASSERT_EQ(recorder_.finished.size(), 1U);
  EXPECT_EQ(recorder_.finished[0].failure, FailureKind::cancelled);
  EXPECT_FALSE(runs_->any_hook_refused());
  EXPECT_TRUE(runs_->done());
}

}  // namespace
}  // namespace headway
