// Spellings of the enums of a run, there and back.
#include "model/run_event.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(RunStatus, is_spelled_in_upper_case_and_read_back) {
  EXPECT_EQ(to_string(RunStatus::interrupted), "INTERRUPTED");
  for (const RunStatus status : {RunStatus::none,
                                 RunStatus::running,
                                 RunStatus::completed,
                                 RunStatus::failed,
                                 RunStatus::cancelled,
                                 RunStatus::interrupted}) {
    EXPECT_EQ(run_status_named(to_string(status)), status) << to_string(status);
  }
  EXPECT_EQ(run_status_named("completed"), RunStatus::none);
}

TEST(FailureKind, is_spelled_as_written_and_read_back) {
  EXPECT_EQ(to_string(FailureKind::start_failed), "start_failed");
  for (const FailureKind kind : {FailureKind::none,
                                 FailureKind::exit_code,
                                 FailureKind::signal,
                                 FailureKind::timeout,
                                 FailureKind::start_failed,
                                 FailureKind::cancelled,
                                 FailureKind::oom,
                                 FailureKind::exception}) {
    EXPECT_EQ(failure_kind_named(to_string(kind)), kind) << to_string(kind);
  }
  EXPECT_EQ(failure_kind_named("bored"), FailureKind::none);
}

}  // namespace
}  // namespace headway
