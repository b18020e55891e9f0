// Tests of finding_of: what exit codes, signals and limits say before any line is read.
#include "diagnostics/failure_facts.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace headway {
namespace {

FailureFacts exited(int code) {
  FailureFacts facts;
  facts.exit_code = code;
  return facts;
}

FailureFacts ended_by(int signal) {
  FailureFacts facts;
  facts.signal = signal;
  return facts;
}

TEST(FailureFacts, our_own_limits_are_sure) {
  FailureFacts facts = ended_by(SIGKILL);
  facts.timed_out = true;
  EXPECT_EQ(finding_of(facts).category, FailureCategory::timeout);
  EXPECT_GE(finding_of(facts).confidence, 0.95);
  facts.timed_out = false;
  facts.out_of_memory = true;
  EXPECT_EQ(finding_of(facts).category, FailureCategory::oom);
}

TEST(FailureFacts, full_disk_is_seen_by_what_is_left) {
  FailureFacts facts = exited(1);
  facts.disk_free_bytes = 0;
  EXPECT_EQ(finding_of(facts).category, FailureCategory::disk_full);
  facts.disk_free_bytes = std::int64_t{1} << 30;
  EXPECT_EQ(finding_of(facts).category, FailureCategory::unknown);
}

TEST(FailureFacts, signals_say_crash_limit_or_killed) {
  EXPECT_EQ(finding_of(ended_by(SIGSEGV)).category, FailureCategory::crash);
  EXPECT_EQ(finding_of(ended_by(SIGXFSZ)).category, FailureCategory::resource_limit);
  EXPECT_EQ(finding_of(ended_by(SIGKILL)).category, FailureCategory::killed);
  EXPECT_EQ(finding_of(ended_by(SIGUSR1)).category, FailureCategory::unknown);
}

TEST(FailureFacts, exit_codes_of_shells_are_read) {
  EXPECT_EQ(finding_of(exited(127)).category, FailureCategory::missing_command);
  EXPECT_EQ(finding_of(exited(126)).category, FailureCategory::permission);
  EXPECT_EQ(finding_of(exited(124)).category, FailureCategory::timeout);
  EXPECT_EQ(finding_of(exited(128 + SIGSEGV)).category, FailureCategory::crash);
  EXPECT_EQ(finding_of(exited(128 + SIGTERM)).category, FailureCategory::killed);
  EXPECT_EQ(finding_of(exited(1)).category, FailureCategory::unknown);
}

// Nothing ran: "the shell did not find the command" was told where there was no shell.
TEST(FailureFacts, what_was_not_started_says_why) {
  FailureFacts hook;
  hook.hook = "hook 'file Makefile': not there";
  EXPECT_EQ(finding_of(hook).id, "fact.hook");
  EXPECT_NE(finding_of(hook).text.find("not there"), std::string::npos);
  EXPECT_FALSE(is_green(hook));
  FailureFacts start;
  start.start = "start 'ruff': no such program";
  start.exit_code = 127;
  const FactFinding finding = finding_of(start);
  EXPECT_EQ(finding.id, "fact.not_started");
  EXPECT_EQ(finding.category, FailureCategory::missing_command);
  EXPECT_EQ(finding.text,
            "It could not be started: start 'ruff': no such program. Install it, or add its folder "
            "to PATH.");
}

TEST(FailureFacts, run_that_passed_is_green_unless_a_limit_says_otherwise) {
  EXPECT_TRUE(is_green(exited(0)));
  EXPECT_FALSE(is_green(exited(1)));
  EXPECT_FALSE(is_green({}));
  FailureFacts facts = exited(0);
  facts.timed_out = true;
  EXPECT_FALSE(is_green(facts));
}

}  // namespace
}  // namespace headway
