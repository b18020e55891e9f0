// The run as lines of events, for programs.
#include "cli/views/events_view.hpp"

#include "base/json.hpp"
#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using std::chrono::seconds;

class EventsViewTest : public testing::Test {
 protected:
  // What the view writes of the script, write by write.
  std::vector<std::string> written(SecretSet secrets = {}) {
    std::vector<std::string> all;
    ViewOptions options;
    options.write = [&all](std::string_view text) { all.emplace_back(text); };
    options.secrets = std::move(secrets);
    EventsView view(std::move(options));
    script.tell([&view](const RunEvent& event) { view.on_event(event); });
    view.on_output(0, "not an event\n");
    return all;
  }
  RunScript script;
};

TEST_F(EventsViewTest, each_event_is_one_write_of_one_line) {
  script.start_run({planned("a", 0), planned("b", 1)}).start(1).complete(1, seconds(1));
  const auto lines = written();
  ASSERT_EQ(lines.size(), 3U);
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_TRUE(Json::parse(line)) << line;
  }
}

TEST_F(EventsViewTest, stages_are_named_by_their_keys) {
  script.start_run({planned("a", 0), planned("b", 1)}).start(1);
  const auto event = Json::parse(written().at(1));
  ASSERT_TRUE(event);
  EXPECT_EQ((*event)["stage"].as_string(), "b");
}

TEST_F(EventsViewTest, secrets_are_masked) {
  script.start_run({planned("a", 0)}).start(0);
  StageFinished end;
  end.status = StageStatus::failed;
  end.reason = "login with hunter2-hunter2 failed";
  script.finish(0, end);
  const auto lines = written(SecretSet({std::string("hunter2-hunter2")}));
  EXPECT_EQ(lines.at(2).find("hunter2"), std::string::npos) << lines.at(2);
}

}  // namespace
}  // namespace headway::cli
