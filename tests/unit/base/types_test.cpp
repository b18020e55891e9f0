// The spelling of stage states.
#include "headway/types.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(StageStatus, is_spelled_in_upper_case) {
  EXPECT_EQ(to_string(StageStatus::pending), "PENDING");
  EXPECT_EQ(to_string(StageStatus::running), "RUNNING");
  EXPECT_EQ(to_string(StageStatus::completed), "COMPLETED");
  EXPECT_EQ(to_string(StageStatus::failed), "FAILED");
  EXPECT_EQ(to_string(StageStatus::skipped), "SKIPPED");
  EXPECT_EQ(to_string(StageStatus::cancelled), "CANCELLED");
  EXPECT_EQ(to_string(StageStatus::interrupted), "INTERRUPTED");
}

}  // namespace
}  // namespace headway
