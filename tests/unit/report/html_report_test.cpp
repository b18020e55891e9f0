// Runs as one HTML page.
#include "report/html_report.hpp"

#include "base/json.hpp"
#include "support/run_script.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

std::string page_of(const RunScript& script, const StageDetail& detail = {}) {
  RunAttempts run;
  script.tell([&run](const RunEvent& event) { run.apply(event); });
  return html_report(run, detail);
}

// The element that the script reads.
Json data_of(const std::string& page) {
  constexpr std::string_view kBegin = "id=\"data\">";
  const std::size_t begin = page.find(kBegin) + kBegin.size();
  const auto data = Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  EXPECT_TRUE(data) << page;
  return data ? *data : Json();
}

RunScript failing_run(const std::string& key) {
  RunScript script;
  script.start_run({planned("good", 0), planned(key, 1, {0})}, 1s);
  script.at(1s).start(0).at(2s).complete(0, 1s).start(1).at(4s).add(ResourcesSampled{1.5, 9, 1});
  script.fail(1, 2s, 3).finish_run(RunStatus::failed, 1);
  return script;
}

TEST(HtmlReport, page_has_the_stages_the_attempts_and_the_critical_path) {
  const std::string page =
      page_of(failing_run("bad"), [](int stage) { return "log of " + std::to_string(stage); });
  EXPECT_TRUE(has(page, "<title>demo: failed</title>"));
  EXPECT_TRUE(has(page, "<span class=\"badge failed\">failed</span>"));
  EXPECT_TRUE(has(page, "target 1.0 s"));
  for (const char* mark : {"@TITLE@", "@STYLE@", "@HEADING@", "@FACTS@", "@DATA@", "@SCRIPT@"}) {
    EXPECT_FALSE(has(page, mark)) << mark;
  }
  const Json data = data_of(page);
  EXPECT_EQ(data["elapsed"].as_number(), 4);
  EXPECT_EQ(data["first_failure"]["stage"].as_number(), 1);
  EXPECT_EQ(data["first_failure"]["lines"].as_string(), "log of 1");
  ASSERT_EQ(data["stages"].items().size(), 2U);
  EXPECT_TRUE(data["stages"].items()[1]["critical"].as_bool());
  EXPECT_EQ(data["stages"].items()[1]["status"].as_string(), "FAILED");
  ASSERT_EQ(data["attempts"].items().size(), 2U);
  EXPECT_EQ(data["attempts"].items()[1]["start"].as_number(), 2);
  EXPECT_EQ(data["attempts"].items()[1]["end"].as_number(), 4);
  EXPECT_EQ(data["samples"].items().size(), 1U);
}

TEST(HtmlReport, what_a_stage_is_called_or_says_stays_data) {
  const std::string evil = "</script><script>alert(1)</script><!--";
  RunScript script;
  RunStarted start;
  start.workflow = "<b>" + evil;
  start.lane = evil;
  start.stages = {planned("a", 0)};
  script.add(std::move(start)).start(0).at(1s).fail(0, 1s, 1).finish_run(RunStatus::failed, 1);
  const std::string page = page_of(script, [&evil](int) { return evil; });
  EXPECT_FALSE(has(page, "alert(1)</script>"));
  EXPECT_FALSE(has(page, "<script>alert"));
  EXPECT_EQ(data_of(page)["first_failure"]["lines"].as_string(), evil);
}

TEST(HtmlReport, page_loads_nothing) {
  const std::string page = page_of(failing_run("bad"));
  EXPECT_TRUE(has(page, "default-src 'none'"));
  EXPECT_FALSE(has(page, "src=\""));
  EXPECT_FALSE(has(page, "href="));
}

}  // namespace
}  // namespace headway
