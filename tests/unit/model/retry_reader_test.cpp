// `retries` in its two forms. (Mistakes: workflow_mistakes_test.cpp.)
#include "model/retry_reader.hpp"

#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

RetryRule retries(const std::string& value) {
  const auto loaded =
      parse_workflow("version: 1\nstages: {a: {run: x, retries: " + value + "}}\n", "w.yaml", "/");
  EXPECT_TRUE(loaded.valid());
  return loaded.workflow.stages.at(0).retries;
}

TEST(ReadRetries, number_repeats_after_every_failure) {
  const RetryRule rule = retries("3");
  EXPECT_EQ(rule.max, 3);
  EXPECT_FALSE(rule.has_reasons);
  EXPECT_EQ(rule.delay, std::chrono::seconds(1));
}

TEST(ReadRetries, mapping_has_every_part) {
  const RetryRule rule =
      retries("{max: 2, delay: 10ms, backoff: 1.5, jitter: 0.1, on: [timeout, oom, 75, 0x4C, 75]}");
  EXPECT_EQ(rule.max, 2);
  EXPECT_EQ(rule.delay, std::chrono::milliseconds(10));
  EXPECT_EQ(rule.backoff, 1.5);
  EXPECT_EQ(rule.jitter, 0.1);
  EXPECT_EQ(rule.on_exit_codes, (std::vector<int>{75, 76}));
  EXPECT_TRUE(rule.on_timeout);
  EXPECT_TRUE(rule.on_oom);
  EXPECT_FALSE(rule.on_signal);
  EXPECT_TRUE(rule.has_reasons);
}

TEST(ReadRetries, zero_delay_is_allowed) {
  EXPECT_EQ(retries("{max: 1, delay: 0s}").delay, Nanos::zero());
}

}  // namespace
}  // namespace headway
