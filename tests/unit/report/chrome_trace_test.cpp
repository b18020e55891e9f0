// Runs in the Trace Event Format.
#include "report/chrome_trace.hpp"

#include "base/json.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

TEST(ChromeTrace, attempts_are_slices_and_samples_are_counters) {
  RunScript script;
  script.start_run({planned("a", 0)});
  StageStarted start;
  start.slot = 3;
  script.at(1ms).add(start).at(2ms).add(ResourcesSampled{1.5, 1000, 1});
  script.at(5ms).fail(0, 4ms, 1).finish_run(RunStatus::failed, 1);
  RunAttempts run;
  script.tell([&run](const RunEvent& event) { run.apply(event); });
  const auto document = Json::parse(chrome_trace(run));
  ASSERT_TRUE(document);
  const auto& events = (*document)["traceEvents"].items();
  ASSERT_EQ(events.size(), 6U);  // two names, a slice, three counters
  const Json& slice = events[2];
  EXPECT_EQ(slice["ph"].as_string(), "X");
  EXPECT_EQ(slice["name"].as_string(), "a");
  EXPECT_EQ(slice["tid"].as_number(), 3);
  EXPECT_DOUBLE_EQ(slice["ts"].as_number(), 1000);
  EXPECT_DOUBLE_EQ(slice["dur"].as_number(), 4000);
  EXPECT_EQ(slice["args"]["status"].as_string(), "FAILED");
  EXPECT_EQ(slice["args"]["reason"].as_string(), "exit code 1");
  EXPECT_EQ(events[3]["ph"].as_string(), "C");
  EXPECT_DOUBLE_EQ(events[3]["args"]["value"].as_number(), 1.5);
}

}  // namespace
}  // namespace headway
