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

AttemptRules retrying_on_75_and_timeout() {
  static const RetryRule rule = [] {
    RetryRule made;
    made.has_reasons = true;
    made.on_exit_codes = {75};
    made.on_timeout = true;
    return made;
  }();
  return {std::chrono::seconds(90), &rule};
}

TEST(AttemptVerdict, code_zero_is_success) {
  const auto verdict = judge_attempt({}, exit_with(0), EndedBy::nobody);
  EXPECT_EQ(verdict.failure, FailureKind::none);
  EXPECT_FALSE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "");
}

TEST(AttemptVerdict, another_code_is_a_retryable_failure_without_reasons) {
  const auto verdict = judge_attempt({}, exit_with(3), EndedBy::nobody);
  EXPECT_EQ(verdict.failure, FailureKind::exit_code);
  EXPECT_TRUE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "exit code 3");
}

TEST(AttemptVerdict, a_signal_is_named) {
  const auto verdict = judge_attempt({}, killed_by(SIGSEGV), EndedBy::nobody);
  EXPECT_EQ(verdict.failure, FailureKind::signal);
  EXPECT_EQ(verdict.reason, "killed by SIGSEGV");
}

TEST(AttemptVerdict, code_zero_after_our_timeout_is_still_a_timeout) {
  const auto verdict = judge_attempt(retrying_on_75_and_timeout(), exit_with(0), EndedBy::timeout);
  EXPECT_EQ(verdict.failure, FailureKind::timeout);
  EXPECT_TRUE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "timed out after 1 min 30 s");
}

TEST(AttemptVerdict, ended_by_cancel_is_cancelled_and_not_retried) {
  const auto verdict = judge_attempt({}, killed_by(SIGTERM), EndedBy::cancel);
  EXPECT_EQ(verdict.failure, FailureKind::cancelled);
  EXPECT_FALSE(verdict.retryable);
}

TEST(AttemptVerdict, ended_because_of_another_stage_says_so) {
  const auto verdict = judge_attempt({}, killed_by(SIGTERM), EndedBy::failure_elsewhere);
  EXPECT_EQ(verdict.failure, FailureKind::cancelled);
  EXPECT_EQ(verdict.reason, "ended because another stage failed");
}

TEST(AttemptVerdict, success_although_it_was_told_to_end_is_success) {
  EXPECT_EQ(judge_attempt({}, exit_with(0), EndedBy::cancel).failure, FailureKind::none);
}

TEST(AttemptVerdict, only_listed_reasons_are_retried) {
  const AttemptRules rules = retrying_on_75_and_timeout();
  EXPECT_TRUE(judge_attempt(rules, exit_with(75), EndedBy::nobody).retryable);
  EXPECT_FALSE(judge_attempt(rules, exit_with(1), EndedBy::nobody).retryable);
  EXPECT_FALSE(judge_attempt(rules, killed_by(SIGKILL), EndedBy::nobody).retryable);
}

TEST(AttemptVerdict, what_was_thrown_is_told_in_full) {
  Exit exit = exit_with(1);
  exit.error = "std::runtime_error: no such table";
  const auto verdict = judge_attempt({}, exit, EndedBy::nobody, {.threw = true});
  EXPECT_EQ(verdict.failure, FailureKind::exception);
  EXPECT_TRUE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "threw std::runtime_error: no such table");
}

TEST(AttemptVerdict, throwing_because_it_was_told_to_end_is_being_told_to_end) {
  EXPECT_EQ(judge_attempt({}, exit_with(1), EndedBy::cancel, {.threw = true}).failure,
            FailureKind::cancelled);
  EXPECT_EQ(judge_attempt({}, exit_with(1), EndedBy::timeout, {.threw = true}).failure,
            FailureKind::timeout);
}

TEST(AttemptVerdict, what_never_came_to_an_end_is_no_success) {
  EXPECT_EQ(judge_attempt({}, exit_with(0), EndedBy::cancel, {.unfinished = true}).failure,
            FailureKind::cancelled);
}

TEST(AttemptVerdict, death_for_want_of_memory_is_told_with_what_it_had) {
  Exit exit = killed_by(SIGKILL);
  exit.peak_memory_bytes = 3 << 20;
  const auto verdict = judge_attempt({}, exit, EndedBy::nobody, {.out_of_memory = true});
  EXPECT_EQ(verdict.failure, FailureKind::oom);
  EXPECT_EQ(verdict.reason, "killed by the kernel for want of memory, having taken 3.0 MiB");
}

TEST(AttemptVerdict, better_words_of_the_backend_are_kept) {
  Exit exit = exit_with(255);
  exit.error = "its exit status was taken by another wait in this process";
  EXPECT_EQ(judge_attempt({}, exit, EndedBy::nobody).reason, exit.error);
}

TEST(AttemptVerdict, a_program_that_cannot_start_says_why) {
  Exit exit = exit_with(127);
  exit.start_failed = true;
  exit.error = "find program 'ruff' in PATH";
  const auto verdict = judge_attempt({}, exit, EndedBy::nobody);
  EXPECT_EQ(verdict.failure, FailureKind::start_failed);
  EXPECT_EQ(verdict.reason, "find program 'ruff' in PATH");
}

TEST(AttemptVerdict, gate_that_did_not_pass_fails_a_success_and_is_never_retried) {
  const auto verdict = judge_attempt(
      {}, exit_with(0), EndedBy::nobody, {.gates = "tests.pass_rate is 50, not >= 80"});
  EXPECT_EQ(verdict.failure, FailureKind::gate);
  EXPECT_FALSE(verdict.retryable);
  EXPECT_EQ(verdict.reason, "gate tests.pass_rate is 50, not >= 80");
}

TEST(AttemptVerdict, gates_count_for_nothing_where_the_attempt_itself_failed) {
  EXPECT_EQ(judge_attempt({}, exit_with(1), EndedBy::nobody, {.gates = "x"}).failure,
            FailureKind::exit_code);
  EXPECT_EQ(
      judge_attempt(retrying_on_75_and_timeout(), exit_with(0), EndedBy::timeout, {.gates = "x"})
          .failure,
      FailureKind::timeout);
}

}  // namespace
}  // namespace headway
