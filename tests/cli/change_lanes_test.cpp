// The lanes of the change process, as `headway init --template change` writes them: what the
// original's tests of its lane table stand for (docs/acceptance.md).
#include "support/headway_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

class ChangeLanes : public testing::Test {
 protected:
  ChangeLanes() {
    EXPECT_EQ(program_.run({"init", "--template", "change"}).exit_code, 0);
    list_ = program_.run({"--json"}).json();
  }

  Json lane(std::string_view name) const {
    for (const Json& lane : list_["lanes"].items()) {
      if (lane["lane"].as_string() == name) {
        return lane;
      }
    }
    ADD_FAILURE() << "no lane " << name;
    return {};
  }

  // The numbers of its stages.
  std::vector<int> stages(std::string_view name) const {
    const Json found = lane(name);
    std::vector<int> numbers;
    for (const Json& key : found["stages"].items()) {
      for (const Json& stage : list_["stages"].items()) {
        if (stage["key"].as_string() == key.as_string()) {
          numbers.push_back(static_cast<int>(stage["stage_id"].as_integer()));
        }
      }
    }
    return numbers;
  }

  double target(std::string_view name) const { return lane(name)["sla_seconds"].as_number(); }

  // How many stages may run at once.
  std::int64_t jobs(const std::string& name) {
    return program_.run({"plan", "--lane", name, "--json"}).json()["jobs"].as_integer();
  }

  // The same where no lane says anything about it.
  std::int64_t jobs_of_this_machine() {
    program_.write("free/headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
    return program_.run({"-C", "free", "plan", "--json"}).json()["jobs"].as_integer();
  }

  // What the lane asks of the gates: "tests.pass_rate" and its condition.
  std::vector<std::pair<std::string, std::string>> asked(const std::string& name) {
    program_.write("process/reports/junit.xml", "<testsuite><testcase name='x'/></testsuite>");
    program_.write("process/reports/coverage.info", "SF:x\nDA:1,1\nend_of_record\n");
    program_.write("process/reports/lint.json", "{\"error\": 0}");
    program_.write("process/reports/types.json", "{\"error\": 0}");
    program_.write("process/reports/security.json", "{\"high\": 0}");
    const Json judged = program_.run({"gate", "--lane", name, "--json"}).json();
    std::vector<std::pair<std::string, std::string>> conditions;
    for (const Json& gate : judged["gates"].items()) {
      if (gate["threshold"].is_string()) {
        conditions.emplace_back(gate["gate"].as_string() + "." + gate["metric"].as_string(),
                                gate["threshold"].as_string());
      }
    }
    return conditions;
  }

  Program program_;
  Json list_;
  const std::vector<int> all_{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
};

TEST_F(ChangeLanes, are_docs_standard_and_heavy) {
  std::vector<std::string> names;
  for (const Json& lane : list_["lanes"].items()) {
    names.push_back(lane["lane"].as_string());
  }
  EXPECT_THAT(names, UnorderedElementsAre("docs", "standard", "heavy"));
  EXPECT_TRUE(lane("standard")["default"].as_bool());
}

TEST_F(ChangeLanes, there_are_thirteen_stages_from_0_to_12) {
  std::vector<int> numbers;
  for (const Json& stage : list_["stages"].items()) {
    numbers.push_back(static_cast<int>(stage["stage_id"].as_integer()));
  }
  EXPECT_EQ(numbers, all_);
}

TEST_F(ChangeLanes, docs_is_short_one_at_a_time_and_without_gates) {
  EXPECT_EQ(lane("docs")["description"].as_string(), "Fast docs-only workflow (<5 min)");
  EXPECT_THAT(stages("docs"), ElementsAre(0, 1, 2, 3, 4, 5, 7, 9, 10, 12));
  EXPECT_EQ(target("docs"), 300);
  EXPECT_EQ(jobs("docs"), 1);
  EXPECT_THAT(asked("docs"), ElementsAre());
}

TEST_F(ChangeLanes, standard_has_all_stages_beside_each_other_and_basic_gates) {
  EXPECT_EQ(lane("standard")["description"].as_string(),
            "Standard workflow with basic validation (~15 min)");
  EXPECT_EQ(stages("standard"), all_);
  EXPECT_EQ(target("standard"), 900);
  EXPECT_EQ(jobs("standard"), jobs_of_this_machine());
  EXPECT_THAT(asked("standard"),
              ElementsAre(Pair("tests.pass_rate", ">= 80"),
                          Pair("coverage.line", ">= 70"),
                          Pair("lint.error", "== 0"),
                          Pair("types.error", "== 0"),
                          Pair("security.high", "== 0")));
}

TEST_F(ChangeLanes, heavy_has_all_stages_and_strict_gates) {
  EXPECT_EQ(lane("heavy")["description"].as_string(), "Strict validation workflow (~20 min)");
  EXPECT_EQ(stages("heavy"), all_);
  EXPECT_EQ(target("heavy"), 1200);
  EXPECT_EQ(jobs("heavy"), jobs_of_this_machine());
  EXPECT_THAT(asked("heavy"),
              ElementsAre(Pair("tests.pass_rate", ">= 100"),
                          Pair("coverage.line", ">= 85"),
                          Pair("lint.error", "== 0"),
                          Pair("types.error", "== 0"),
                          Pair("security.high", "== 0")));
}

TEST_F(ChangeLanes, targets_rise_and_docs_takes_at_most_half_of_standard) {
  EXPECT_LT(target("docs"), target("standard"));
  EXPECT_LT(target("standard"), target("heavy"));
  EXPECT_LE(target("docs"), target("standard") / 2);
  for (const char* name : {"docs", "standard", "heavy"}) {
    EXPECT_GE(target(name), 30) << name;
    EXPECT_LE(target(name), 1800) << name;
  }
}

TEST_F(ChangeLanes, unknown_lane_is_an_error_that_lists_them) {
  for (const char* name : {"invalid", "turbo", "ultra"}) {
    const ProgramResult result = program_.run({"run", "--lane", name});
    EXPECT_EQ(result.exit_code, 2) << name;
    EXPECT_THAT(result.err, HasSubstr("standard, heavy, docs"));
  }
}

TEST_F(ChangeLanes, fast_track_of_the_original_can_stand_in_the_place_of_docs) {
  std::string file = program_.read("headway.yaml");
  const std::string ours = "[0-5, 7, 9, 10, 12]";
  ASSERT_NE(file.find(ours), std::string::npos);
  program_.write("headway.yaml", file.replace(file.find(ours), ours.size(), "[0, 2-4, 9-12]"));
  list_ = program_.run({"--json"}).json();
  EXPECT_THAT(stages("docs"), ElementsAre(0, 2, 3, 4, 9, 10, 11, 12));
  const Json plan = program_.run({"plan", "--lane", "docs", "--json"}).json();
  EXPECT_EQ(plan["stages"].items().size(), 8U);
}

TEST_F(ChangeLanes, stage_numbers_outside_0_to_12_are_refused) {
  const std::string file = program_.read("headway.yaml");
  for (const char* number : {"-1", "13", "14", "100"}) {
    std::string wrong = file;
    const std::string ours = "[0-5, 7, 9, 10, 12]";
    wrong.replace(wrong.find(ours), ours.size(), "[0, " + std::string(number) + "]");
    program_.write("headway.yaml", wrong);
    const ProgramResult result = program_.run({"validate"});
    EXPECT_EQ(result.exit_code, 2) << number;
    EXPECT_THAT(result.err + result.out, HasSubstr(number));
  }
}

TEST_F(ChangeLanes, status_file_follows_all_thirteen_stages) {
  std::string file = program_.read("headway.yaml");
  for (std::size_t at = file.find("run: sh"); at != std::string::npos; at = file.find("run: sh")) {
    file.replace(at, file.find('\n', at) - at, "run: [echo, done]");
  }
  for (std::size_t at = file.find("    gates: ["); at != std::string::npos;
       at = file.find("    gates: [")) {
    file.erase(at, file.find('\n', at) - at + 1);
  }
  program_.write("headway.yaml", file);
  const ProgramResult ran = program_.run(
      {"run", "--lane", "standard", "--change-id", "change-123", "--force-hooks", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto status = Json::parse(
      program_.read(".headway/runs/" + ran.json()["run_id"].as_string() + "/status.json"));
  ASSERT_TRUE(status);
  EXPECT_EQ((*status)["workflow_id"].as_string(), "change-123");
  EXPECT_EQ((*status)["lane"].as_string(), "standard");
  EXPECT_EQ((*status)["status"].as_string(), "COMPLETED");
  EXPECT_EQ((*status)["timing"]["sla_target_seconds"].as_number(), 900);
  ASSERT_EQ((*status)["stages"].items().size(), 13U);
  int number = 0;
  for (const Json& stage : (*status)["stages"].items()) {
    EXPECT_EQ(stage["stage_id"].as_integer(), number++);
    EXPECT_EQ(stage["status"].as_string(), "COMPLETED");
  }
}

}  // namespace
}  // namespace headway
