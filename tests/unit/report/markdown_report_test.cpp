// Runs as Markdown.
#include "report/markdown_report.hpp"

#include "support/run_script.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunState folded(const RunScript& script) {
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  return state;
}

TEST(MarkdownReport, run_that_succeeded_is_a_heading_and_a_table) {
  RunScript script;
  script.start_run({planned("a", 0)}, 1s).start(0).at(2s).complete(0, 2s);
  script.finish_run(RunStatus::completed, 0);
  const std::string text = markdown_report(folded(script));
  EXPECT_TRUE(has(text, "## demo: completed in 2.0 s\n")) << text;
  EXPECT_TRUE(has(text, "target 1.0 s (missed)")) << text;
  EXPECT_TRUE(has(text, "| a | completed | 2.0 s |  |\n")) << text;
  EXPECT_FALSE(has(text, "First failure")) << text;
}

TEST(MarkdownReport, failure_that_is_allowed_says_so_and_is_not_the_first) {
  PlannedStage lint = planned("a", 0);
  lint.allow_failure = true;
  RunScript script;
  script.start_run({lint}).start(0).at(1s).fail(0, 1s, 3).finish_run(RunStatus::completed, 0);
  const std::string text = markdown_report(folded(script));
  EXPECT_TRUE(has(text, "| a | failed | 1.0 s | exit code 3, allowed |\n")) << text;
  EXPECT_FALSE(has(text, "First failure")) << text;
}

TEST(MarkdownReport, what_a_stage_says_cannot_break_out) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1)}).start(0).at(1s).fail(0, 1s, 3);
  script.skip(1, "a | b\n<script>").finish_run(RunStatus::failed, 1);
  const std::string text =
      markdown_report(folded(script), [](int) { return std::string("```\n# not a heading"); });
  EXPECT_TRUE(has(text, "````\n```\n# not a heading\n````\n")) << text;
  EXPECT_TRUE(has(text, "| b | skipped |  | a \\| b &lt;script&gt; |\n")) << text;
  EXPECT_TRUE(has(text, "### First failure: a\n\nexit code 3 after 1.0 s.\n")) << text;
}

}  // namespace
}  // namespace headway
