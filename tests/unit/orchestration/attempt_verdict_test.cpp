// What the end of an attempt means, for each way an attempt can end.
#include "orchestration/attempt_verdict.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace headway {
namespace {

Exit exit_with(int code) {
  Exit exit;
  exit.exit_code = code;
  return exit;
}

Exit killed_by(int signal) {
  Exit exit;
  exit.signal = signal;
  exit.exit_code = 128 + signal;
  return exit;
}

Stage stage_retrying_on_75_and_timeout() {
  Stage stage;
  stage.timeout = std::chrono::seconds(90);
  stage.retries.has_reasons = true;
  stage.retries.on_exit_codes = {75};
  stage.retries.on_timeout = true;
  return stage;
}

TEST(AttemptVerdict, code_zero_is_success) {
  const auto verdict = judge_attempt({}, exit_with(0), {EndedBy::nobody, false});
  EXPECT_EQ(verdict.failure, FailureKind::none);
  EXPECT_FALSE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "");
}

TEST(AttemptVerdict, another_code_is_a_retryable_failure_without_reasons) {
  const auto verdict = judge_attempt({}, exit_with(3), {EndedBy::nobody, false});
  EXPECT_EQ(verdict.failure, FailureKind::exit_code);
  EXPECT_TRUE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "exit code 3");
}

TEST(AttemptVerdict, a_signal_is_named) {
  const auto verdict = judge_attempt({}, killed_by(SIGSEGV), {EndedBy::nobody, false});
  EXPECT_EQ(verdict.failure, FailureKind::signal);
  EXPECT_EQ(verdict.reason, "killed by SIGSEGV");
}

TEST(AttemptVerdict, code_zero_after_our_timeout_is_still_a_timeout) {
  const auto verdict =
      judge_attempt(stage_retrying_on_75_and_timeout(), exit_with(0), {EndedBy::timeout, false});
  EXPECT_EQ(verdict.failure, FailureKind::timeout);
  EXPECT_TRUE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "timed out after 1 min 30 s");
}

TEST(AttemptVerdict, ended_by_cancel_is_cancelled_and_not_retried) {
  const auto verdict = judge_attempt({}, killed_by(SIGTERM), {EndedBy::cancel, false});
  EXPECT_EQ(verdict.failure, FailureKind::cancelled);
  EXPECT_FALSE(verdict.retryable);
}

TEST(AttemptVerdict, ended_because_of_another_stage_says_so) {
  const auto verdict = judge_attempt({}, killed_by(SIGTERM), {EndedBy::failure_elsewhere, false});
  EXPECT_EQ(verdict.failure, FailureKind::cancelled);
  EXPECT_EQ(verdict.reason, "ended because another stage failed");
}

TEST(AttemptVerdict, success_although_it_was_told_to_end_is_success) {
  EXPECT_EQ(judge_attempt({}, exit_with(0), {EndedBy::cancel, false}).failure, FailureKind::none);
}

TEST(AttemptVerdict, only_listed_reasons_are_retried) {
  const Stage stage = stage_retrying_on_75_and_timeout();
  EXPECT_TRUE(judge_attempt(stage, exit_with(75), {EndedBy::nobody, false}).retryable);
  EXPECT_FALSE(judge_attempt(stage, exit_with(1), {EndedBy::nobody, false}).retryable);
  EXPECT_FALSE(judge_attempt(stage, killed_by(SIGKILL), {EndedBy::nobody, false}).retryable);
}

TEST(AttemptVerdict, a_program_that_cannot_start_says_why) {
  Exit exit = exit_with(127);
  exit.start_failed = true;
  exit.error = "find program 'ruff' in PATH";
  const auto verdict = judge_attempt({}, exit, {EndedBy::nobody, false});
  EXPECT_EQ(verdict.failure, FailureKind::start_failed);
  EXPECT_EQ(verdict.reason, "find program 'ruff' in PATH");
}

}  // namespace
}  // namespace headway
