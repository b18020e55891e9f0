// WfFormat as it is written: read back it is the same, and has what the schema 1.5 requires.
#include "timing/wf_writer.hpp"

#include "base/json.hpp"

#include <gtest/gtest.h>

#include <set>

namespace headway {
namespace {

WfTask task(const std::string& id, double seconds, std::vector<int> needs = {}) {
  WfTask made;
  made.id = id;
  made.name = "name of " + id;
  made.runtime = Seconds(seconds);
  made.needs = std::move(needs);
  return made;
}

WfTrace diamond() {
  WfTrace trace;
  trace.name = "demo";
  trace.makespan = Seconds(6.25);
  trace.tasks = {
      task("a", 1.0 / 3), task("b", 2.123456789, {0}), task("c", 0, {0}), task("d", 1e-9, {1, 2})};
  trace.tasks[1].memory_bytes = 123456789012;
  trace.tasks[1].cores = 2.5;
  trace.tasks[1].cpu_percent = 187.5;
  return trace;
}

TEST(WfWriter, what_was_written_is_read_back_the_same) {
  const WfTrace wrote = diamond();
  const auto read = parse_wf_trace(write_wf_trace(wrote), "t.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->name, wrote.name);
  EXPECT_EQ(read->makespan, wrote.makespan);
  ASSERT_EQ(read->tasks.size(), wrote.tasks.size());
  for (std::size_t i = 0; i < wrote.tasks.size(); ++i) {
    EXPECT_EQ(read->tasks[i].id, wrote.tasks[i].id);
    EXPECT_EQ(read->tasks[i].name, wrote.tasks[i].name);
    EXPECT_EQ(read->tasks[i].runtime, wrote.tasks[i].runtime) << i;  // to the last bit
    EXPECT_EQ(read->tasks[i].needs, wrote.tasks[i].needs);
    EXPECT_EQ(read->tasks[i].memory_bytes, wrote.tasks[i].memory_bytes);
    EXPECT_EQ(read->tasks[i].cores, wrote.tasks[i].cores);
    EXPECT_EQ(read->tasks[i].cpu_percent, wrote.tasks[i].cpu_percent);
  }
}

// (The schema's `required`, object by object; names and ids are not empty.)
TEST(WfWriter, everything_that_the_schema_requires_is_there) {
  const auto text = Json::parse(write_wf_trace(diamond(),
                                               {.description = "d",
                                                .system_version = "1.2",
                                                .host = "box",
                                                .kernel = "6.1",
                                                .host_cores = 4}));
  ASSERT_TRUE(text);
  const Json& root = *text;
  EXPECT_EQ(root["name"].as_string(), "demo");
  EXPECT_EQ(root["schemaVersion"].as_string(), "1.5");
  EXPECT_EQ(root["runtimeSystem"]["name"].as_string(), "Headway");
  EXPECT_EQ(root["runtimeSystem"]["version"].as_string(), "1.2");
  const Json& execution = root["workflow"]["execution"];
  EXPECT_DOUBLE_EQ(execution["makespanInSeconds"].as_number(), 6.25);
  EXPECT_FALSE(execution["executedAt"].as_string().empty());
  std::set<std::string> ids;
  for (const Json& each : root["workflow"]["specification"]["tasks"].items()) {
    ids.insert(each["id"].as_string());
    EXPECT_FALSE(each["name"].as_string().empty());
    EXPECT_TRUE(each["parents"].is_array());
    EXPECT_TRUE(each["children"].is_array());
  }
  ASSERT_EQ(execution["tasks"].items().size(), 4U);
  for (const Json& each : execution["tasks"].items()) {
    EXPECT_EQ(ids.count(each["id"].as_string()), 1U);
    EXPECT_TRUE(each["runtimeInSeconds"].is_number());
    EXPECT_GE(each["coreCount"].as_number(), 1);
    EXPECT_EQ(each["machines"].items().at(0).as_string(), "box");
  }
  const Json& machine = execution["machines"].items().at(0);
  EXPECT_EQ(machine["nodeName"].as_string(), "box");
  EXPECT_EQ(machine["system"].as_string(), "linux");
  EXPECT_EQ(machine["cpu"]["coreCount"].as_integer(), 4);
  EXPECT_FALSE(machine.contains("memoryInBytes"));  // not known: the schema wants one at least
}

TEST(WfWriter, children_are_the_needs_turned_round) {
  const auto root = Json::parse(write_wf_trace(diamond()));
  ASSERT_TRUE(root);
  const auto& tasks = (*root)["workflow"]["specification"]["tasks"].items();
  ASSERT_EQ(tasks.at(0)["children"].items().size(), 2U);
  EXPECT_EQ(tasks.at(0)["children"].items()[1].as_string(), "c");
  EXPECT_EQ(tasks.at(3)["children"].items().size(), 0U);
}

TEST(WfWriter, machine_that_is_not_known_is_left_out) {
  const auto root = Json::parse(write_wf_trace(diamond()));
  ASSERT_TRUE(root);
  EXPECT_FALSE((*root)["workflow"]["execution"].contains("machines"));
  EXPECT_FALSE((*root).contains("runtimeSystem"));
}

TEST(WfWriter, id_keeps_only_what_the_schema_allows) {
  EXPECT_EQ(wf_id("unit-tests_2.x"), "unit-tests_2.x");
  EXPECT_EQ(wf_id("test[os=a,py=3]"), "test_os_a_py_3_");
  EXPECT_EQ(wf_id(""), "_");
}

}  // namespace
}  // namespace headway
