// What of an earlier run still holds, and runs that go on with it, on a fake machine.
#include "orchestration/resume.hpp"

#include "model/workflow_file.hpp"
#include "orchestration/conditions.hpp"
#include "orchestration/orchestrator.hpp"
#include "support/fake_backend.hpp"
#include "support/fake_clock.hpp"
#include "support/run_script.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace headway {
namespace {

using namespace std::chrono_literals;

constexpr const char* kChain = R"(
version: 1
stages:
  a: {run: [a]}
  b: {run: [b], needs: [a]}
  c: {run: [c], needs: [b]}
  d: {run: [d]}
)";

// Runs texts one after the other on fake machines; each run's state is folded from its events.
class ResumeTest : public testing::Test {
 protected:
  // A run of `yaml`; with `earlier` one that goes on from it. The programs in `failing` fail.
  RunState run(const std::string& yaml,
               const std::vector<std::string>& failing = {},
               const RunState* earlier = nullptr) {
    loaded_ = parse_workflow(yaml, "headway.yaml", directory_.path());
    EXPECT_TRUE(loaded_.valid());
    RunRequest request = request_;
    request.jobs.count = 1;
    auto plan = make_run_plan(loaded_.workflow, request);
    EXPECT_TRUE(plan.has_value());
    const std::vector<std::string> nothing;
    apply_conditions(*plan, {nothing, {}});
    if (earlier != nullptr) {
      refusal_.reset();
      if (const auto done = go_on_from(*plan, *earlier, commit_); !done) {
        refusal_ = done.error();
        return {};
      }
    }
    FakeClock clock;
    FakeBackend backend(clock, [&](Nanos to) { clock.advance(to - clock.monotonic()); });
    for (const std::string& program : failing) {
      backend.script(program, {{.exit_code = 1}});
    }
    Folder folder;
    RunIdentity identity;
    identity.run_id = "0193a1b2-0000-7000-8000-00000000000" + std::to_string(++runs_);
    identity.run_folder = directory_.path();
    identity.repository.commit = commit_;
    OrchestratorSeams seams{clock, backend, {&folder}};
    seams.commit = [this] {
      commit_ = found_.empty() ? commit_ : found_.front();
      found_.erase(found_.begin(), found_.begin() + (found_.empty() ? 0 : 1));
      return commit_;
    };
    (void)Orchestrator(*plan, identity, seams).run();
    started_.clear();
    for (const Launch& launch : backend.launches) {
      started_ += launch.argv.front();
    }
    return std::move(folder.state);
  }

  const StageCause& cause(const RunState& state, std::size_t position) {
    static const StageCause kNone;
    return state.stages[position].cause ? *state.stages[position].cause : kNone;
  }

  struct Folder final : RunObserver {
    void on_event(const RunEvent& event) override { state.apply(event); }
    RunState state;
  };

  TempFolder directory_;
  LoadedWorkflow loaded_;
  RunRequest request_;
  std::string commit_ = "0123456789abcdef";
  std::vector<std::string> found_;  // where not empty: what stages with side effects find and leave
  std::optional<Error> refusal_;
  std::string started_;  // programs of the last run, in order
  int runs_ = 0;
};

TEST_F(ResumeTest, what_finished_stays_finished_and_the_rest_runs) {
  const RunState first = run(kChain, {"b"});
  EXPECT_EQ(started_, "ab");
  const RunState second = run(kChain, {}, &first);
  EXPECT_EQ(started_, "bcd");
  EXPECT_EQ(second.start.resumed_from, first.run_id);
  EXPECT_EQ(second.status, RunStatus::completed);
  EXPECT_TRUE(second.stages[0].was_kept());
  EXPECT_EQ(second.stages[0].reason, "finished in run 00000001");
  EXPECT_EQ(cause(second, 1).kind, CauseKind::not_finished);
  EXPECT_EQ(cause(second, 1).detail, "run 00000001 left it FAILED");
  EXPECT_EQ(cause(second, 2).detail, "run 00000001 had not started it");
}

TEST_F(ResumeTest, kept_stages_are_kept_again) {
  const RunState first = run(kChain, {"c"});
  const RunState second = run(kChain, {"c"}, &first);
  EXPECT_EQ(started_, "c") << "d does not begin after c failed";
  const RunState third = run(kChain, {}, &second);
  EXPECT_EQ(started_.find('a'), std::string::npos);
  EXPECT_EQ(third.status, RunStatus::completed);
}

TEST_F(ResumeTest, changed_definition_runs_again_with_all_that_needs_it) {
  const RunState first = run(kChain, {"c"});
  std::string changed = kChain;
  changed.replace(changed.find("[a]"), 3, "[a, -v]");
  const RunState second = run(changed, {}, &first);
  EXPECT_EQ(started_, "abcd");
  EXPECT_EQ(cause(second, 0).kind, CauseKind::definition_changed);
  EXPECT_EQ(cause(second, 1).kind, CauseKind::need_ran);
  EXPECT_EQ(cause(second, 1).detail, "a");
}

TEST_F(ResumeTest, variable_of_the_workflow_counts_for_every_stage) {
  const RunState first = run(kChain, {"b"});
  const RunState second = run("env: {X: '1'}" + std::string(kChain), {}, &first);
  EXPECT_EQ(started_, "abcd");
  EXPECT_EQ(cause(second, 0).kind, CauseKind::environment_changed);
}

TEST_F(ResumeTest, other_commit_runs_everything) {
  const RunState first = run(kChain, {"b"});
  commit_ = "fedcba98";
  const RunState second = run(kChain, {}, &first);
  EXPECT_EQ(started_, "abcd");
  EXPECT_EQ(cause_text(cause(second, 0)),
            "the commit changed: it was 01234567, now it is fedcba98");
}

TEST_F(ResumeTest, stage_that_the_earlier_run_did_not_have_runs) {
  const RunState first = run("version: 1\nstages: {a: {run: [a]}}\n");
  const RunState second = run("version: 1\nstages: {a: {run: [a]}, e: {run: [e]}}\n", {}, &first);
  EXPECT_EQ(started_, "e");
  EXPECT_EQ(cause(second, 1).detail, "run 00000001 did not have it");
}

TEST_F(ResumeTest, side_effects_are_not_repeated_whatever_changed) {
  const std::string before =
      "version: 1\nstages:\n  p: {run: [p], side_effects: once}\n"
      "  q: {run: [q], needs: [p]}\n";
  const RunState first = run(before, {"q"});
  commit_ = "other";
  std::string after = before;
  after.replace(after.find("[p]"), 3, "[p, -v]");
  run(after, {}, &first);
  EXPECT_EQ(started_, "q");
}

TEST_F(ResumeTest, side_effects_that_did_not_come_to_a_good_end_are_refused_without_force) {
  const std::string text = "version: 1\nstages:\n  p: {run: [p], side_effects: once}\n";
  const RunState first = run(text, {"p"});
  run(text, {}, &first);
  ASSERT_TRUE(refusal_);
  EXPECT_NE(refusal_->message.find("stage 'p' has side effects"), std::string::npos);
  EXPECT_NE(refusal_->next_step.find("--skip p"), std::string::npos);
  request_.force = true;
  run(text, {}, &first);
  EXPECT_FALSE(refusal_);
  EXPECT_EQ(started_, "p");
}

TEST_F(ResumeTest, what_stands_on_a_stage_with_side_effects_stands_on_what_that_needs_too) {
  const std::string text =
      "version: 1\nstages:\n  s: {run: [s]}\n  p: {run: [p], needs: [s], side_effects: once}\n"
      "  q: {run: [q], needs: [p]}\n  r: {run: [r], needs: [q]}\n";
  const RunState first = run(text, {"r"});
  std::string changed = text;
  changed.replace(changed.find("[s]"), 3, "[s, -v]");
  const RunState second = run(changed, {}, &first);
  EXPECT_EQ(started_, "sqr");
  EXPECT_EQ(cause(second, 2).detail, "s");
}

TEST_F(ResumeTest, what_stands_on_a_stage_whose_condition_does_not_hold_stands_on_its_needs) {
  const std::string text =
      "version: 1\nstages:\n  s: {run: [s]}\n  p: {run: [p], needs: [s], when: {lanes: [docs]}}\n"
      "  q: {run: [q], needs: [p]}\n  r: {run: [r], needs: [q]}\n";
  const RunState first = run(text, {"r"});
  EXPECT_EQ(started_, "sqr");
  run(text, {}, &first);
  EXPECT_EQ(started_, "r");
  std::string changed = text;
  changed.replace(changed.find("[s]"), 3, "[s, -v]");
  run(changed, {}, &first);
  EXPECT_EQ(started_, "sqr");
}

constexpr const char* kPublish = R"(
version: 1
stages:
  s: {run: [s]}
  p: {run: [p], needs: [s], side_effects: once}
  q: {run: [q], needs: [p]}
)";

TEST_F(ResumeTest, side_effects_are_told_on_by_a_run_that_leaves_them_out) {
  const RunState first = run(kPublish, {"q"});
  request_.selection.only = {"s"};
  const RunState second = run(kPublish, {}, &first);
  EXPECT_EQ(second.start.side_effects, (std::vector<EarlierSideEffects>{{"p", true}}));
  request_.selection.only = {};
  const RunState third = run(kPublish, {}, &second);
  EXPECT_EQ(started_, "q");
  EXPECT_TRUE(third.stages[1].was_kept());
}

TEST_F(ResumeTest, doubt_is_told_on_by_a_run_that_leaves_it_out) {
  const RunState first = run(kPublish, {"p"});
  request_.selection.skip = {"p"};
  const RunState second = run(kPublish, {"q"}, &first);
  EXPECT_FALSE(refusal_);
  request_.selection.skip = {};
  run(kPublish, {}, &second);
  EXPECT_TRUE(refusal_);
  request_.force = true;
  run(kPublish, {}, &second);
  EXPECT_EQ(started_, "spq");
}

TEST_F(ResumeTest, commit_of_a_stage_with_side_effects_leaves_standing_what_came_before) {
  found_ = {"0123456789abcdef", "fedcba98"};
  const RunState first = run(kPublish, {"q"});
  EXPECT_EQ(first.commit, "fedcba98");
  run(kPublish, {}, &first);
  EXPECT_EQ(started_, "q");
}

TEST_F(ResumeTest, commit_that_somebody_else_makes_meanwhile_does_not) {
  found_ = {"cccccccc", "fedcba98"};  // it moved before the stage, too
  const RunState first = run(kPublish, {"q"});
  EXPECT_EQ(first.commit, "0123456789abcdef");
  run(kPublish, {}, &first);
  EXPECT_EQ(started_, "sq");
}

TEST_F(ResumeTest, always_stages_run_again_only_where_something_ran) {
  const std::string text = "version: 1\nstages:\n  a: {run: [a]}\n  z: {run: [z], always: true}\n";
  const RunState first = run(text, {"a"});
  EXPECT_EQ(started_, "az");
  run(text, {}, &first);
  EXPECT_EQ(started_, "az");
  const RunState green = run(text);
  run(text, {}, &green);
  EXPECT_EQ(started_, "");
}

TEST_F(ResumeTest, nothing_is_left_of_a_run_that_holds) {
  const RunState first = run(kChain);
  auto plan = make_run_plan(loaded_.workflow, {});
  ASSERT_TRUE(go_on_from(*plan, first, commit_));
  look_at_inputs(*plan);
  EXPECT_FALSE(is_anything_left(*plan));
  EXPECT_EQ(plan->inputs[0].why, "finished in run 00000001");
  ASSERT_TRUE(go_on_from(*plan, first, "else"));
  look_at_inputs(*plan);
  EXPECT_TRUE(is_anything_left(*plan));
}

TEST_F(ResumeTest, run_of_another_workflow_is_refused) {
  const RunState first = run(kChain);
  run("name: other" + std::string(kChain), {}, &first);
  ASSERT_TRUE(refusal_);
  EXPECT_NE(refusal_->message.find("it is of workflow 'default', the file is of 'other'"),
            std::string::npos);
}

TEST_F(ResumeTest, selection_is_that_of_the_earlier_run) {
  request_.selection.skip = {"d"};
  const RunState first = run(kChain);
  const SelectionRequest again = selection_of(first);
  EXPECT_EQ(again.skip, (std::vector<std::string>{"d"}));
  EXPECT_EQ(again.lane, "standard");
}

// The events of a run that goes on, killed before it could tell what it keeps.
class FinishedStages : public testing::Test {
 protected:
  RunScript begun(bool b_is_kept) {
    std::vector<PlannedStage> stages{planned("a", 0), planned("b", 1, {0}), planned("c", 2, {1})};
    stages[0].finished_before = true;
    stages[1].finished_before = b_is_kept;
    RunScript script;
    script.start_run(stages);
    return script;
  }
  static std::vector<bool> of(const RunScript& script) {
    RunState state;
    script.tell([&state](const RunEvent& event) { state.apply(event); });
    return finished_stages(state);
  }
};

TEST_F(FinishedStages, what_was_kept_is_finished_before_it_is_told) {
  EXPECT_EQ(of(begun(true)), (std::vector<bool>{true, true, false}));
  EXPECT_EQ(of(begun(false)), (std::vector<bool>{true, false, false}));
}

TEST_F(FinishedStages, what_was_kept_is_not_finished_where_a_need_began_to_run_again) {
  EXPECT_EQ(of(begun(true).start(0)), (std::vector<bool>{false, false, false}));
  EXPECT_EQ(of(begun(true).start(0).complete(0, 1s)), (std::vector<bool>{true, false, false}));
}

TEST_F(FinishedStages, side_effects_stay_done_where_a_need_began_to_run_again) {
  std::vector<PlannedStage> stages{planned("a", 0), planned("b", 1, {0})};
  stages[1].finished_before = stages[1].once = true;
  RunScript script;
  script.start_run(stages).start(0);
  EXPECT_EQ(of(script), (std::vector<bool>{false, true}));
  stages.push_back(planned("c", 2, {1}));
  stages[2].finished_before = true;
  RunScript longer;
  longer.start_run(stages).start(0);
  EXPECT_EQ(of(longer), (std::vector<bool>{false, true, false})) << "a began again below b";
}

TEST_F(FinishedStages, up_to_date_is_finished) {
  RunScript script = begun(false);
  script.add(StageSkipped{1, StageStatus::skipped, "up to date", true});
  EXPECT_EQ(of(script), (std::vector<bool>{true, true, false}));
}

}  // namespace
}  // namespace headway
