// FailureExplainer: events in, an explanation of real logs out, from its thread.
#include "orchestration/failure_explainer.hpp"

#include "support/run_script.hpp"
#include "support/temp_folder.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using std::chrono::seconds;

constexpr Nanos kLong = seconds(60);

class FailureExplainerTest : public testing::Test {
 protected:
  FailureExplainerTest() {
    script_.start_run({planned("first", 0), planned("second", 1)}).start(0).start(1);
    EXPECT_TRUE(state_.create());
    EXPECT_TRUE(files_.create());
    spill(files_.stage_log("first", 1), "a.c:3:5: error: expected ';' before '}' token\n");
    spill(files_.stage_log("second", 1), "run.sh: line 3: frobnicate: command not found\n");
  }

  std::optional<FailureExplained> explained() {
    FailureExplainer explainer({state_, folder_.path()});
    script_.tell([&](const RunEvent& event) { explainer.on_event(event); });
    auto news = explainer.news(kLong);
    EXPECT_FALSE(explainer.news(Nanos{}));  // once
    return news;
  }

  TempFolder folder_;
  StateFolder state_{folder_ / ".headway"};
  RunScript script_;
  RunFolder files_{state_.run(script_.run_id())};
};

TEST_F(FailureExplainerTest, run_without_a_failure_has_nothing_to_explain) {
  script_.complete(0, seconds(1)).complete(1, seconds(1));
  EXPECT_FALSE(explained());
}

TEST_F(FailureExplainerTest, stage_that_failed_first_is_explained_from_its_log) {
  script_.fail(1, seconds(1), 127).fail(0, seconds(1), 1);
  const auto told = explained();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->stage, 1);
  EXPECT_EQ(told->category, "missing_command");
  EXPECT_EQ(told->anchor_line, 1);
  ASSERT_EQ(told->excerpt.size(), 1U);
  EXPECT_TRUE(has(told->excerpt[0].text, "frobnicate"));
  EXPECT_FALSE(told->suggestions.empty());
}

TEST_F(FailureExplainerTest, failure_that_is_allowed_is_passed_over) {
  auto first = planned("first", 0);
  first.allow_failure = true;
  script_ = RunScript();
  script_.start_run({first, planned("second", 1)}).start(0).start(1);
  script_.fail(0, seconds(1), 1);
  EXPECT_FALSE(explained());
  script_.fail(1, seconds(1), 127);
  const auto told = explained();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->stage, 1);
}

TEST_F(FailureExplainerTest, stage_without_a_log_is_explained_by_how_it_ended) {
  std::filesystem::remove(files_.stage_log("first", 1));
  StageFinished body;
  body.status = StageStatus::failed;
  body.failure = FailureKind::timeout;
  body.exit_code = 143;
  body.signal = 15;
  script_.finish(0, body);
  const auto told = explained();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->category, "timeout");
  EXPECT_TRUE(told->excerpt.empty());
}

TEST_F(FailureExplainerTest, gate_that_did_not_pass_is_the_first_thing_told) {
  StageFinished body;
  body.status = StageStatus::failed;
  body.failure = FailureKind::gate;
  body.reason = "coverage_percent is 71, not >= 80";
  script_.finish(0, body);
  const auto told = explained();
  ASSERT_TRUE(told);
  ASSERT_FALSE(told->suggestions.empty());
  EXPECT_TRUE(has(told->suggestions[0].text, "coverage_percent is 71"));
}

TEST_F(FailureExplainerTest, what_a_hook_refused_is_not_explained) {
  StageFinished body;
  body.status = StageStatus::failed;
  body.failure = FailureKind::hook;
  script_.finish(0, body).fail(1, seconds(1), 127);
  EXPECT_FALSE(explained());
}

TEST_F(FailureExplainerTest, very_long_lines_are_cut) {
  spill(files_.stage_log("first", 1), "error: " + std::string(3000, 'x') + "\nerror: short\n");
  script_.fail(0, seconds(1), 1);
  const auto told = explained();
  ASSERT_TRUE(told);
  ASSERT_FALSE(told->excerpt.empty());
  EXPECT_LE(told->excerpt[0].text.size(), 2 * FailureExplainer::kMaxLineBytes);
  EXPECT_TRUE(has(told->excerpt[0].text, "xxx...\nerror: short"));
}

TEST_F(FailureExplainerTest, large_log_does_not_hold_up_its_end) {
  std::string log;
  for (int line = 0; line < 1'000'000; ++line) {
    log += "compiled part " + std::to_string(line) + " of the whole\n";
  }
  spill(files_.stage_log("first", 1), log);
  script_.fail(0, seconds(1), 1);
  FailureExplainer explainer({state_, folder_.path()});
  script_.tell([&](const RunEvent& event) { explainer.on_event(event); });
  EXPECT_FALSE(explainer.news(Nanos{}));  // and the destructor returns
}

}  // namespace
}  // namespace headway
