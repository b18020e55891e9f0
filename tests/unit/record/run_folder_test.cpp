// The names of a run's files.
#include "record/run_folder.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(StateFolder, without_override_it_lies_beside_the_workflow_file) {
  EXPECT_EQ(state_folder("/repo", "").path, "/repo/.headway");
}

TEST(StateFolder, relative_override_counts_from_the_workflow_file) {
  EXPECT_EQ(state_folder("/repo", "state").path, "/repo/state");
}

TEST(StateFolder, absolute_override_is_taken_as_it_is) {
  EXPECT_EQ(state_folder("/repo", "/var/state").path, "/var/state");
}

TEST(StateFolder, lock_name_with_a_slash_stays_inside_the_folder) {
  EXPECT_EQ(StateFolder{"/s"}.lock_file("../db"), "/s/locks/%2E.%2Fdb");
}

TEST(RunFolder, files_lie_where_the_reference_says) {
  const RunFolder folder{"/s/runs/0193"};
  EXPECT_EQ(folder.id(), "0193");
  EXPECT_EQ(folder.events(), "/s/runs/0193/events.jsonl");
  EXPECT_EQ(folder.status(), "/s/runs/0193/status.json");
  EXPECT_EQ(folder.log(), "/s/runs/0193/log.jsonl");
  EXPECT_EQ(folder.lock(), "/s/runs/0193/lock");
  EXPECT_EQ(folder.stage_log("build", 2), "/s/runs/0193/stages/build.2.log");
}

TEST(RunFolder, stage_log_of_a_key_with_a_slash_is_one_file) {
  EXPECT_EQ(RunFolder::stage_log_name("lint/c++", 1), "stages/lint%2Fc%2B%2B.1.log");
}

}  // namespace
}  // namespace headway
