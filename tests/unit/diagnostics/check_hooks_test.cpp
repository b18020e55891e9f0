// Hooks of the workflow as checks of doctor.
#include "support/doctor_machine.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

HookFacts git_hook(HookSeverity severity, bool counts) {
  HookFacts facts;
  facts.stage = "setup";
  facts.number = 2;
  facts.counts = counts;
  facts.question.hook.kind = HookKind::tool;
  facts.question.hook.name = "git";
  facts.question.hook.severity = severity;
  facts.finding = HookFinding{false, "not found in PATH", "a program in PATH", "install git"};
  return facts;
}

CheckResult checked(const HookFacts& hook) {
  DoctorFacts facts = good_machine();
  facts.hooks = {hook};
  const auto results = run_check("hook.setup.2", facts);
  EXPECT_EQ(results.size(), 1U);
  return results.empty() ? CheckResult() : results.front();
}

TEST(CheckHooks, an_error_before_a_stage_of_the_lane_fails) {
  const CheckResult result = checked(git_hook(HookSeverity::error, true));
  EXPECT_EQ(result.status, CheckStatus::fail);
  EXPECT_EQ(result.value, "not found in PATH");
  EXPECT_EQ(result.fix, "install git");
  EXPECT_EQ(result.why, "tool git is asked for before stage 'setup'");
}

TEST(CheckHooks, a_warning_or_another_lane_is_no_failure) {
  EXPECT_EQ(checked(git_hook(HookSeverity::warning, true)).status, CheckStatus::warn);
  EXPECT_EQ(checked(git_hook(HookSeverity::error, false)).status, CheckStatus::warn);
}

TEST(CheckHooks, what_is_met_is_well) {
  HookFacts hook = git_hook(HookSeverity::error, true);
  hook.finding->passed = true;
  hook.finding->found = "/usr/bin/git";
  EXPECT_EQ(checked(hook).status, CheckStatus::ok);
  EXPECT_EQ(checked(hook).fix, "");
}

TEST(CheckHooks, what_was_not_looked_at_in_time_is_unknown) {
  HookFacts hook = git_hook(HookSeverity::error, true);
  hook.finding.reset();
  EXPECT_EQ(checked(hook).status, CheckStatus::unknown);
}

// A tool that takes longer than doctor has is no reason to say that the machine lacks it.
TEST(CheckHooks, what_did_not_answer_is_unknown_however_severe) {
  HookFacts hook = git_hook(HookSeverity::error, true);
  hook.finding = late_finding(hook.question.hook);
  EXPECT_EQ(checked(hook).status, CheckStatus::unknown);
  hook.finding->is_answered = true;
  EXPECT_EQ(checked(hook).status, CheckStatus::fail);
}

TEST(CheckHooks, a_command_is_not_run_by_doctor) {
  HookFacts hook = git_hook(HookSeverity::error, true);
  hook.question.hook.kind = HookKind::run;
  hook.finding.reset();
  EXPECT_EQ(checked(hook).status, CheckStatus::info);
  EXPECT_EQ(checked(hook).fix, "run it: headway hooks setup");
}

}  // namespace
}  // namespace headway
