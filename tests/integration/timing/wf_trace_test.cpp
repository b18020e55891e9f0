// The recorded runs outside of this repository, all of them.
#include "timing/wf_trace.hpp"

#include "support/temp_folder.hpp"
#include "support/test_data.hpp"

#include <gtest/gtest.h>

#include <map>

namespace headway {
namespace {

TEST(WfTrace, every_recorded_run_is_read) {
  const auto folder = test_data("traces");
  if (folder.empty()) {
    GTEST_SKIP() << "no recorded runs: set HEADWAY_TEST_DATA";
  }
  std::map<std::string, int> tasks;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") {
      continue;
    }
    const auto trace = read_wf_trace(entry.path().string());
    ASSERT_TRUE(trace) << trace.error().message;
    double seconds = 0;
    for (const WfTask& task : trace->tasks) {
      seconds += task.runtime.count();
    }
    EXPECT_GT(seconds, 0) << entry.path();
    EXPECT_GT(trace->makespan.count(), 0) << entry.path();
    tasks[entry.path().filename().string()] = static_cast<int>(trace->tasks.size());
  }
  EXPECT_GE(tasks.size(), 55U);
  const auto blast = tasks.find("blast-chameleon-large-001.json");
  if (blast != tasks.end()) {
    EXPECT_EQ(blast->second, 103);
  }
}

TEST(WfTrace, file_that_is_missing_or_cut_off_is_named) {
  const TempFolder folder;
  const auto missing = read_wf_trace(folder / "none.json");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("none.json"), std::string::npos);
  spill(folder / "cut.json", R"({"workflow": {"specification": {"tasks": [{"id")");
  const auto cut = read_wf_trace(folder / "cut.json");
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("cut.json: "), std::string::npos);
}

}  // namespace
}  // namespace headway
