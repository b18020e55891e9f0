// The registry of lanes: rows U1 to U19 and I1 to I47 of the original's tests stand on these facts.
#include "headway/lanes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

using List = std::vector<std::string>;
using Numbers = std::vector<int>;

LaneConfig lane(std::string_view name) {
  auto found = LaneRegistry().get(name);
  EXPECT_TRUE(found) << name;
  return found ? *found : LaneConfig();
}

const Numbers kAll{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

TEST(LaneRegistry, has_the_three_lanes_of_the_change_process) {
  EXPECT_EQ(LaneRegistry().names(), (List{"docs", "standard", "heavy"}));
}

TEST(LaneRegistry, docs_is_short_without_gates_and_warns_on_code) {
  const LaneConfig docs = lane("docs");
  EXPECT_EQ(docs.description, "Fast docs-only workflow (<5 min)");
  EXPECT_EQ(docs.stages, (Numbers{0, 1, 2, 3, 4, 5, 7, 9, 10, 12}));
  EXPECT_EQ(docs.max_duration, Seconds(300));
  EXPECT_FALSE(docs.quality_gates_enabled);
  EXPECT_FALSE(docs.parallel);
  EXPECT_TRUE(docs.warns_on_code);
  EXPECT_EQ(docs.thresholds, LaneThresholds());
}

TEST(LaneRegistry, standard_has_all_stages_and_basic_thresholds) {
  const LaneConfig standard = lane("standard");
  EXPECT_EQ(standard.description, "Standard workflow with basic validation (~15 min)");
  EXPECT_EQ(standard.stages, kAll);
  EXPECT_EQ(standard.max_duration, Seconds(900));
  EXPECT_TRUE(standard.quality_gates_enabled && standard.parallel);
  EXPECT_FALSE(standard.warns_on_code || standard.strict_thresholds);
  EXPECT_EQ(standard.thresholds, (LaneThresholds{80, 70, 0, 0, 0}));
}

TEST(LaneRegistry, heavy_is_strict) {
  const LaneConfig heavy = lane("heavy");
  EXPECT_EQ(heavy.description, "Strict validation workflow (~20 min)");
  EXPECT_EQ(heavy.stages, kAll);
  EXPECT_EQ(heavy.max_duration, Seconds(1200));
  EXPECT_TRUE(heavy.strict_thresholds);
  EXPECT_EQ(heavy.thresholds, (LaneThresholds{100, 85, 0, 0, 0}));
}

TEST(LaneRegistry, targets_rise_and_docs_takes_at_most_half_of_standard) {
  EXPECT_LT(lane("docs").max_duration, lane("standard").max_duration);
  EXPECT_LT(lane("standard").max_duration, lane("heavy").max_duration);
  EXPECT_LE(lane("docs").max_duration, lane("standard").max_duration / 2);
}

TEST(LaneRegistry, each_lane_is_complete_and_within_bounds) {
  for (const std::string& name : LaneRegistry().names()) {
    const LaneConfig found = lane(name);
    EXPECT_EQ(found.name, name);
    EXPECT_FALSE(found.description.empty());
    EXPECT_FALSE(found.stages.empty());
    for (const int stage : found.stages) {
      EXPECT_TRUE(stage >= 0 && stage <= 12) << stage;
    }
    EXPECT_TRUE(found.max_duration >= Seconds(30) && found.max_duration <= Seconds(1800));
    EXPECT_EQ(found.quality_gates_enabled, found.thresholds != LaneThresholds());
  }
}

TEST(LaneRegistry, an_unknown_lane_is_an_error_that_lists_the_lanes) {
  for (const char* name : {"invalid", "turbo", "ultra", ""}) {
    const auto found = LaneRegistry().get(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error().code, ErrorCode::not_found);
    EXPECT_EQ(found.error().next_step, "there is: docs, standard, heavy");
  }
  const auto near = LaneRegistry().get("standart");
  ASSERT_FALSE(near);
  EXPECT_NE(near.error().message.find("did you mean 'standard'?"), std::string::npos);
}

TEST(LaneRegistry, a_fallback_that_was_asked_for_is_taken) {
  const LaneRegistry registry;
  EXPECT_EQ(registry.get("turbo", "standard").value_or({}).stages, kAll);
  EXPECT_EQ(registry.get("docs", "standard").value_or({}).name, "docs");
  EXPECT_FALSE(registry.get("turbo", "ultra"));
}

TEST(LaneRegistry, a_copy_is_independent) {
  const LaneRegistry registry;
  LaneConfig first = registry.get("docs").value_or({});
  first.stages.clear();
  first.max_duration = Seconds(1);
  EXPECT_EQ(registry.get("docs").value_or({}).stages.size(), 10U);
  EXPECT_EQ(registry.get("docs").value_or({}).max_duration, Seconds(300));
}

TEST(LaneRegistry, stages_outside_the_process_are_refused) {
  for (const int stage : {-1, 13, 14, 100}) {
    LaneRegistry registry;
    LaneConfig own;
    own.name = "own";
    own.stages = {stage};
    EXPECT_FALSE(registry.add(own)) << stage;
  }
}

TEST(LaneRegistry, the_fast_track_of_the_originals_tests_can_be_put_in_the_place_of_docs) {
  LaneRegistry registry;
  const auto imported = registry.import_json(R"json({
      "docs": {"description": "Documentation (Fast Track)", "stages": [0, 2, 3, 4, 9, 10, 11, 12],
               "parallel": false, "timeout": 300, "quality_gates": false,
               "metadata": {"owner": "ana", "level": 2}}})json");
  ASSERT_TRUE(imported) << imported.error().message;
  const LaneConfig docs = registry.get("docs").value_or({});
  EXPECT_EQ(docs.description, "Documentation (Fast Track)");
  EXPECT_EQ(docs.stages, (Numbers{0, 2, 3, 4, 9, 10, 11, 12}));
  EXPECT_EQ(docs.max_duration, Seconds(300));
  EXPECT_FALSE(docs.quality_gates_enabled || docs.parallel);
  ASSERT_EQ(docs.metadata.size(), 2U);
  EXPECT_EQ(docs.metadata[1].second, "2");
  EXPECT_EQ(registry.names(), (List{"docs", "standard", "heavy"}));
}

// Bug: only that there were some was kept of them.
TEST(LaneRegistry, thresholds_of_an_import_are_kept) {
  LaneRegistry registry;
  const auto imported = registry.import_json(
      R"({"own": {"stages": [1], "quality_gates": {"coverage_min": 72.5, "test_pass_rate_min": 99,
          "lint_errors_max": 3, "type_errors_max": 0, "high_findings_max": 1}}})");
  ASSERT_TRUE(imported) << imported.error().message;
  const LaneConfig own = registry.get("own").value_or({});
  EXPECT_TRUE(own.quality_gates_enabled);
  EXPECT_EQ(own.thresholds, (LaneThresholds{99, 72.5, 3, 0, 1}));
}

TEST(LaneRegistry, an_import_names_what_it_does_not_take) {
  LaneRegistry registry;
  const auto wrong_type = registry.import_json(R"({"a": {"stages": [1], "parallel": "no"}})");
  ASSERT_FALSE(wrong_type);
  EXPECT_EQ(wrong_type.error().message, "take lane 'a': 'parallel' must be true or false");
  const auto no_key = registry.import_json(R"({"a": {"stages": [1], "timout": 60}})");
  ASSERT_FALSE(no_key);
  EXPECT_EQ(no_key.error().message, "take lane 'a': it has no key 'timout'");
}

TEST(LaneRegistry, a_bad_import_changes_nothing) {
  for (const char* text : {"[]",
                           "{",
                           R"({"a": {"stages": [1]}, "b": {"stages": []}})",
                           R"({"a": {"stages": ["x"]}})",
                           R"({"a": {"stages": [13]}})",
                           R"({"a": {"stages": [1], "timeout": "long"}})",
                           R"({"a": {"stages": [1], "timeout": -1}})",
                           R"({"a": {"stages": [1], "timout": 60}})",
                           R"({"a": {"stages": 1}})",
                           R"({"a": {"stages": [1], "description": 7}})",
                           R"({"a": {"stages": [1], "parallel": "no"}})",
                           R"({"a": {"stages": [1], "metadata": []}})",
                           R"({"a": {"stages": [1], "quality_gates": "strict"}})",
                           R"({"a": {"stages": [1], "quality_gates": {"coverage": 80}}})",
                           R"({"a": {"stages": [1], "quality_gates": {"coverage_min": "80"}}})",
                           R"({"a": {"stages": [1], "quality_gates": {"coverage_min": 101}}})",
                           R"({"a": {"stages": [1], "quality_gates": {"lint_errors_max": -1}}})",
                           R"({"a": 1})",
                           R"({"auto": {"stages": [1]}})"}) {
    LaneRegistry registry;
    EXPECT_FALSE(registry.import_json(text)) << text;
    EXPECT_EQ(registry.names().size(), 3U) << text;
  }
  const auto refused = LaneRegistry().import_json(R"({"x": {"stages": [-1]}})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "take lane 'x': stage -1 is not in 0 to 12");
}

}  // namespace
}  // namespace headway
