// WfFormat files: good ones of each schema, and what is wrong with bad ones.
#include "timing/wf_trace.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

// Schema 1.5 with those two lists of tasks.
std::string split(const std::string& specified, const std::string& executed) {
  return R"({"name": "run", "schemaVersion": "1.5", "workflow": {"specification": {"tasks": [)" +
         specified + R"(]}, "execution": {"makespanInSeconds": 9.5, "tasks": [)" + executed +
         "]}}}";
}

constexpr const char* kTwo =
    R"({"id": "a_1", "name": "a", "parents": [], "children": ["b_2"]},
       {"id": "b_2", "name": "b", "parents": ["a_1"], "children": []})";
constexpr const char* kTwoRan =
    R"({"id": "b_2", "runtimeInSeconds": 2.5, "memoryInBytes": 1000, "coreCount": 4},
       {"id": "a_1", "runtimeInSeconds": 1})";

std::string error_of(const std::string& text) {
  const auto trace = parse_wf_trace(text, "t.json");
  return trace ? "no error" : trace.error().message;
}

TEST(WfTrace, split_schema_is_read) {
  const auto trace = parse_wf_trace(split(kTwo, kTwoRan), "t.json");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->name, "run");
  EXPECT_DOUBLE_EQ(trace->makespan.count(), 9.5);
  ASSERT_EQ(trace->tasks.size(), 2U);
  EXPECT_TRUE(trace->tasks[0].needs.empty());
  EXPECT_DOUBLE_EQ(trace->tasks[0].runtime.count(), 1);
  EXPECT_EQ(trace->tasks[1].id, "b_2");
  EXPECT_EQ(trace->tasks[1].name, "b");
  EXPECT_EQ(trace->tasks[1].needs, std::vector<int>{0});
  EXPECT_EQ(trace->tasks[1].memory_bytes, 1000);
  EXPECT_DOUBLE_EQ(trace->tasks[1].cores, 4);
}

TEST(WfTrace, older_schema_has_all_in_one_task_and_parents_by_name) {
  const auto trace = parse_wf_trace(
      R"({"name": "old", "workflow": {"makespanInSeconds": 3, "tasks": [
        {"name": "x", "id": "1", "runtimeInSeconds": 1, "memory": 2},
        {"name": "y", "id": "2", "runtime": 2, "parents": ["x"]}]}})",
      "t.json");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tasks[1].needs, std::vector<int>{0});
  EXPECT_DOUBLE_EQ(trace->tasks[1].runtime.count(), 2);
  EXPECT_EQ(trace->tasks[0].memory_bytes, 2000);
}

TEST(WfTrace, need_told_by_one_side_alone_counts) {
  const auto trace = parse_wf_trace(
      split(R"({"id": "a", "children": ["b"]}, {"id": "b"}, {"id": "c", "parents": ["b", "b"]})",
            R"({"id": "a", "runtimeInSeconds": 0}, {"id": "b", "runtimeInSeconds": 0},
               {"id": "c", "runtimeInSeconds": 0})"),
      "t.json");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tasks[1].needs, std::vector<int>{0});
  EXPECT_EQ(trace->tasks[2].needs, std::vector<int>{1});
  EXPECT_EQ(trace->tasks[2].name, "c");
}

TEST(WfTrace, file_that_is_none_is_named_with_the_reason) {
  EXPECT_EQ(error_of("{").substr(0, 8), "t.json: ");
  EXPECT_EQ(error_of("[]"), "t.json: no workflow tasks in it");
  EXPECT_EQ(error_of(R"({"workflow": {"tasks": 3}})"), "t.json: no workflow tasks in it");
  EXPECT_EQ(error_of(split("", "")), "t.json: no workflow tasks in it");
}

TEST(WfTrace, schema_with_jobs_is_refused_by_name) {
  const auto trace = parse_wf_trace(R"({"workflow": {"jobs": []}})", "t.json");
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().code, ErrorCode::unsupported);
  EXPECT_FALSE(trace.error().next_step.empty());
}

TEST(WfTrace, task_without_id_or_there_twice_is_an_error) {
  EXPECT_EQ(error_of(split(R"({"id": "a"}, {})", "")), "t.json: task 2 has no id");
  EXPECT_EQ(error_of(split(R"({"id": "a"}, {"id": "a"})", "")), "t.json: task 'a' is there twice");
  EXPECT_EQ(error_of(split("5", "")), "t.json: task 1 has no id");
}

TEST(WfTrace, unknown_or_ambiguous_relative_is_an_error) {
  EXPECT_EQ(error_of(split(R"({"id": "a", "parents": ["zz"]})", "")),
            "t.json: task 'a' names 'zz', which is no task");
  EXPECT_EQ(error_of(split(R"({"id": "1", "name": "n"}, {"id": "2", "name": "n"},
                              {"id": "3", "parents": ["n"]})",
                           "")),
            "t.json: task '3' names 'n', which is no task");
}

TEST(WfTrace, cycle_is_an_error_that_shows_it) {
  EXPECT_EQ(
      error_of(split(R"({"id": "a", "parents": ["b"]}, {"id": "b", "parents": ["a"]})",
                     R"({"id": "a", "runtimeInSeconds": 0}, {"id": "b", "runtimeInSeconds": 0})")),
      "t.json: a cycle: 'a' needs 'b' needs 'a'");
  EXPECT_NE(
      error_of(split(R"({"id": "a", "parents": ["a"]})", R"({"id": "a", "runtimeInSeconds": 0})"))
          .find("cycle"),
      std::string::npos);
}

TEST(WfTrace, runtime_that_cannot_be_is_an_error) {
  for (const char* runtime : {"-1", "1e300", "\"3\"", "null", "1e10"}) {
    EXPECT_EQ(error_of(split(R"({"id": "a"})",
                             R"({"id": "a", "runtimeInSeconds": )" + std::string(runtime) + "}")),
              "t.json: task 'a' has no usable runtimeInSeconds")
        << runtime;
  }
}

TEST(WfTrace, tasks_specified_and_executed_must_be_the_same) {
  EXPECT_EQ(error_of(split(kTwo, R"({"id": "a_1", "runtimeInSeconds": 1})")),
            "t.json: task 'b_2' was not executed");
  EXPECT_EQ(error_of(split(kTwo, R"({"id": "q", "runtimeInSeconds": 1})")),
            "t.json: executed task 'q' is not in the specification");
}

TEST(WfTrace, nonsense_in_what_is_optional_is_left_out) {
  const auto trace = parse_wf_trace(
      split(R"({"id": "a", "parents": 7})",
            R"({"id": "a", "runtimeInSeconds": 1, "memoryInBytes": -5, "coreCount": -2})"),
      "t.json");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tasks[0].memory_bytes, 0);
  EXPECT_DOUBLE_EQ(trace->tasks[0].cores, 1);
}

TEST(WfTrace, stage_is_the_name_without_what_counts_the_tasks) {
  EXPECT_EQ(wf_stage_name("blastall_ID000002"), "blastall");
  EXPECT_EQ(wf_stage_name("cpuhog_forkjoin_00000001"), "cpuhog_forkjoin");
  EXPECT_EQ(wf_stage_name("NFCORE.TRIM"), "NFCORE.TRIM");
  EXPECT_EQ(wf_stage_name("split_fasta"), "split_fasta");
  EXPECT_EQ(wf_stage_name("_12"), "_12");
  EXPECT_EQ(wf_stage_name(""), "");
}

TEST(WfTrace, stage_of_a_workflow_with_its_data_in_the_names) {
  EXPECT_EQ(wf_stage_name("map_map_HEP2_MSP1_s_1_ID0000002", true), "map_map_HEP");
  EXPECT_EQ(wf_stage_name("2mass_ID1", true), "2mass");
}

TEST(WfTaskKind, numbers_tell_data_apart_not_work) {
  EXPECT_EQ(wf_task_kind("map_s_1_part_22_ID0000007"), "map_s_#_part_#");
  EXPECT_EQ(wf_task_kind("map_s_2_part_3_ID0000011"), "map_s_#_part_#");
  EXPECT_EQ(wf_task_kind("blastall_12"), "blastall");
  EXPECT_EQ(wf_task_kind("merge"), "merge");
  EXPECT_EQ(wf_task_kind("2fast"), "#fast");
  EXPECT_EQ(wf_task_kind(""), "");
}

TEST(WfTrace, sizes_of_input_files_are_summed_up) {
  const auto split = parse_wf_trace(R"({"workflow": {
    "specification": {"files": [{"id": "a", "sizeInBytes": 5}, {"id": "b", "sizeInBytes": 7}],
      "tasks": [{"id": "t", "inputFiles": ["a", "b", "nowhere"], "outputFiles": ["b"]}, {"id": "u"}]},
    "execution": {"tasks": [{"id": "t", "runtimeInSeconds": 1}, {"id": "u", "runtimeInSeconds": 1}]}}})",
                                    "f");
  ASSERT_TRUE(split);
  EXPECT_EQ(split->tasks[0].input_bytes, 12);
  EXPECT_EQ(split->tasks[1].input_bytes, 0);
  const auto joined = parse_wf_trace(R"({"workflow": {"tasks": [{"name": "t", "runtime": 1,
    "files": [{"link": "input", "size": 3}, {"link": "output", "size": 9}, {"link": "input", "size": -1}]}]}})",
                                     "f");
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->tasks[0].input_bytes, 3);
}

}  // namespace
}  // namespace headway
