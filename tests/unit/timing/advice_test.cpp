// Each rule of advice: that it fires with the right saving, and not below the threshold.
#include "timing/advice.hpp"

#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

// A run of 100 s: what saves less than 5 s is not told.
AdviceFacts facts() {
  AdviceFacts made;
  made.run_seconds = 100;
  made.runs = 20;
  made.usual_jobs = 2;
  made.usable_cpus = 8;
  return made;
}

StageFacts stage(const std::string& key) {
  StageFacts made;
  made.key = key;
  made.runs = 20;
  made.median = 40;
  return made;
}

AdviceFacts with(const StageFacts& stage) {
  AdviceFacts made = facts();
  made.stages = {stage};
  return made;
}

std::vector<std::string> ids(const AdviceFacts& facts) {
  std::vector<std::string> all;
  for (const Recommendation& each : advise(facts)) {
    all.push_back(each.id);
  }
  return all;
}

const std::vector<std::string> kNothing;

TEST(Advice, long_stage_on_the_critical_path_is_to_be_split) {
  StageFacts long_one = stage("unit");
  long_one.critical_share = 0.9;
  long_one.saving_if_split = 20;
  const auto all = advise(with(long_one));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "split_stage");
  EXPECT_EQ(all[0].stage, "unit");
  EXPECT_DOUBLE_EQ(all[0].saving, 20);
  EXPECT_TRUE(has(all[0].evidence, "takes 40 s of 1 min 40 s")) << all[0].evidence;
  EXPECT_TRUE(has(all[0].evidence, "90 % of 20 runs")) << all[0].evidence;
  EXPECT_GT(all[0].confidence, 0);
  EXPECT_LT(all[0].confidence, 0.5);
  long_one.critical_share = 0.4;
  EXPECT_EQ(ids(with(long_one)), kNothing);
}

TEST(Advice, nothing_below_two_seconds_or_a_twentieth_is_told) {
  StageFacts split = stage("unit");
  split.critical_share = 1;
  split.saving_if_split = 4.9;  // of 100 s
  EXPECT_EQ(ids(with(split)), kNothing);
  split.saving_if_split = 5;
  EXPECT_EQ(ids(with(split)).size(), 1U);
  AdviceFacts small = with(split);
  small.run_seconds = 10;
  small.stages[0].saving_if_split = 1.9;  // 19 %, but less than 2 s
  EXPECT_EQ(ids(small), kNothing);
  small.stages[0].saving_if_split = 2;
  EXPECT_EQ(ids(small).size(), 1U);
}

TEST(Advice, need_that_costs_time_is_named_with_how_little_is_known) {
  AdviceFacts binding = facts();
  binding.needs = {{"ship", "lint", 12, false}};
  auto all = advise(binding);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "drop_need");
  EXPECT_DOUBLE_EQ(all[0].saving, 12);
  EXPECT_TRUE(has(all[0].text, "if it does not use"));
  EXPECT_LE(all[0].confidence, 0.3);
  binding.needs[0].is_unused = true;
  all = advise(binding);
  EXPECT_FALSE(has(all[0].text, "if it does not use"));
  EXPECT_GT(all[0].confidence, 0.5);
  binding.needs[0].saving = 4;
  EXPECT_EQ(ids(binding), kNothing);
}

TEST(Advice, more_jobs_as_far_as_the_machine_has_cpus) {
  AdviceFacts wide = facts();
  wide.jobs = {{1, 190, {}}, {2, 100, {}}, {4, 60, {}}, {8, 58, {}}, {16, 20, {}}};
  const auto all = advise(wide);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "raise_jobs");
  EXPECT_EQ(all[0].text, "run with -j 4 instead of 2");  // 8 bring hardly more, 16 are not there
  EXPECT_DOUBLE_EQ(all[0].saving, 40);
  wide.usable_cpus = 2;
  EXPECT_EQ(ids(wide), kNothing);
  wide.usable_cpus = 8;
  wide.jobs[2].replayed = wide.jobs[3].replayed = 96;
  EXPECT_EQ(ids(wide), kNothing);
}

TEST(Advice, fewer_jobs_where_the_record_shows_that_they_were_faster) {
  AdviceFacts crowded = facts();
  crowded.jobs = {{1, 190, {80, 82, 81, 79, 80, 81}}, {2, 100, {100, 99, 101, 100, 98, 102}}};
  const auto all = advise(crowded);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "lower_jobs");
  EXPECT_EQ(all[0].text, "run with -j 1 instead of 2");
  EXPECT_NEAR(all[0].saving, 19.5, 1e-9);
  EXPECT_TRUE(has(all[0].evidence, "6 runs with 1 took"));
  crowded.jobs[0].recorded.resize(4);  // too few
  EXPECT_EQ(ids(crowded), kNothing);
  crowded.jobs[0].recorded = {80, 120, 81, 119, 100, 101};  // no difference that noise could not be
  EXPECT_EQ(ids(crowded), kNothing);
  crowded.jobs[0].recorded = {97, 97.5, 96.9, 97.2, 97.1};  // a difference of less than 5 s
  EXPECT_EQ(ids(crowded), kNothing);
}

TEST(Advice, memory_is_to_be_reserved_for_what_was_killed_for_want_of_it) {
  StageFacts killed = stage("link");
  killed.out_of_memory = 3;
  killed.oom_lost = 9;
  killed.peak_memory = std::int64_t{1000} << 20;
  const auto all = advise(with(killed));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "reserve_memory");
  EXPECT_TRUE(has(all[0].text, "memory: 1500MiB")) << all[0].text;
  EXPECT_DOUBLE_EQ(all[0].saving, 9);
  killed.oom_lost = 4;
  EXPECT_EQ(ids(with(killed)), kNothing);
  killed.oom_lost = 9;
  killed.peak_memory = 0;  // what to reserve is not known
  EXPECT_EQ(ids(with(killed)), kNothing);
}

TEST(Advice, flaky_stage_is_to_be_mended) {
  StageFacts flaky = stage("it");
  flaky.retried = 4;
  flaky.flaky_failures = 1;
  flaky.flaky_lost = 11;
  const auto all = advise(with(flaky));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "mend_flaky_stage");
  EXPECT_DOUBLE_EQ(all[0].saving, 11);
  EXPECT_TRUE(has(all[0].evidence, "4 succeeded only when repeated, and 1 failed"));
  StageFacts by_commit = flaky;
  by_commit.retried = 0;
  by_commit.flaky_failures = 5;
  EXPECT_LT(advise(with(by_commit))[0].confidence, all[0].confidence);
  by_commit.flaky_failures = 1;  // once is chance
  EXPECT_EQ(ids(with(by_commit)), kNothing);
  flaky.flaky_lost = 3;
  EXPECT_EQ(ids(with(flaky)), kNothing);
}

TEST(Advice, repeated_stage_is_to_be_cached_where_it_can_be) {
  StageFacts repeated = stage("docs");
  repeated.may_cache = true;
  repeated.repeated_share = 0.5;
  repeated.saving_if_skipped = 30;
  const auto all = advise(with(repeated));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "cache_by_inputs");
  EXPECT_DOUBLE_EQ(all[0].saving, 15);
  repeated.repeated_share = 0.1;
  EXPECT_EQ(ids(with(repeated)), kNothing);
  repeated.repeated_share = 0.5;
  repeated.may_cache = false;
  EXPECT_EQ(ids(with(repeated)), kNothing);
}

TEST(Advice, greatest_saving_comes_first) {
  AdviceFacts many = facts();
  many.needs = {{"a", "b", 7, false}, {"c", "d", 30, false}, {"e", "f", 10, false}};
  const auto all = advise(many);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].stage, "c");
  EXPECT_EQ(all[2].stage, "a");
}

TEST(Advice, without_a_complete_run_there_is_none) {
  AdviceFacts none = facts();
  none.runs = 0;
  none.needs = {{"a", "b", 70, false}};
  EXPECT_EQ(ids(none), kNothing);
}

}  // namespace
}  // namespace headway
