// docs/reference/events.md against what is written: a field that the reference lacks fails here.
#include "base/json.hpp"
#include "model/run_event_json.hpp"
#include "support/run_script.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace headway {
namespace {

using namespace std::chrono_literals;

std::string reference() {
  return slurp(HEADWAY_SOURCE_DIR "/docs/reference/events.md");
}

// The text below "### `name`", up to the next heading.
std::string section_of(const std::string& text, const std::string& name) {
  const std::string heading = "\n### `" + name + "`\n";
  const std::size_t begin = text.find(heading);
  if (begin == std::string::npos) {
    return {};
  }
  const std::size_t end = text.find("\n### ", begin + heading.size());
  return text.substr(begin + heading.size(), end - begin - heading.size());
}

RunScript every_kind() {
  RunScript script;
  RunStarted started;
  PlannedStage kept = planned("a", 0);
  kept.definition = kept.environment = 1;
  kept.finished_before = kept.interactive = kept.once = true;
  started.stages = {kept, planned("b", 1, {0})};
  started.left_out = {{"c", "not asked for"}};
  started.sla = 60s;
  started.asked = {"", {"a"}, {"a"}, {"a"}, {"a"}, {"a"}};
  started.arguments = {"x"};
  started.resumed_from = "r";
  started.side_effects = {{"a", true}};
  script.add(started).add(StageReady{0}).start(0).add(StageOutputAt{0, 1});
  script.add(StageRetrying{0, 1, FailureKind::exit_code, 1, 0, 1s}).complete(0, 1s).skip(1, "x");
  script.add(EstimateUpdated{}).add(ResourcesSampled{}).add(JobsChanged{}).add(RunCancelling{});
  script.add(ChangeFacts{});
  script.add(GateChecked{0, "tests", "junit", "pass_rate", 50, ">= 80", false, "x"});
  script.add(StagePaused{0, "x"}).add(StageContinued{0}).add(RunResumed{"r", 1});
  script.add(CommitMoved{0, "a", "b"});
  script.add(HookChecked{0, 1, "tool git", "error", false, true, "a", "b", "c"});
  script.add(FailureExplained{
      .stage = 0, .excerpt = {{.first = 1, .last = 1, .text = "x"}}, .suggestions = {{.id = "x"}}});
  return script.finish_run(RunStatus::completed, 0);
}

// Names of all members, those of objects inside included.
void collect_names(const Json& json, std::set<std::string>& names) {
  for (const auto& [name, value] : json.members()) {
    names.insert(name);
    collect_names(value, names);
  }
  for (const Json& item : json.items()) {
    collect_names(item, names);
  }
}

TEST(EventsReference, names_every_field_of_every_event) {
  const std::string text = reference();
  ASSERT_FALSE(text.empty());
  std::set<std::string> kinds;
  every_kind().tell([&](const RunEvent& event) {
    std::string line;
    append_event_line(line, event, {"a", "b"}, SecretSet());
    const auto json = Json::parse(line);
    ASSERT_TRUE(json);
    const std::string kind = (*json)["event"].as_string();
    kinds.insert(kind);
    const std::string section = section_of(text, kind);
    EXPECT_FALSE(section.empty()) << "no section of " << kind;
    std::set<std::string> names;
    collect_names(*json, names);
    for (const std::string& name : names) {
      const bool in_head = text.find("\"" + name + "\":") != std::string::npos;
      EXPECT_TRUE(in_head || section.find("`" + name + "`") != std::string::npos)
          << kind << " has '" << name << "', the reference does not";
    }
  });
  EXPECT_EQ(kinds.size(), std::variant_size_v<RunEventBody>);
}

}  // namespace
}  // namespace headway
