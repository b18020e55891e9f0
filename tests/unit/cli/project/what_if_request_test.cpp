// What `headway simulate` is asked, from words.
#include "cli/project/what_if_request.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

std::vector<int> counts(const std::string& jobs) {
  WhatIfFlags flags;
  flags.jobs = jobs;
  const auto request = make_what_if_request(flags);
  std::vector<int> all;
  for (const JobsRequest& each : request ? request->jobs : std::vector<JobsRequest>()) {
    all.push_back(each.count);
  }
  return all;
}

std::string mistake(const WhatIfFlags& flags) {
  const auto request = make_what_if_request(flags);
  return request ? "" : request.error().message;
}

Workload workload() {
  Workload made;
  made.keys = {"setup", "a:b", "unit[os=x]", "unit[os=y]", "ship"};
  made.needs = {{}, {0}, {1}, {1}, {2, 3}};
  made.tasks.resize(5);
  made.exact = {1, 2, 3, 4, 5};
  return made;
}

const std::vector<std::string> kKinds{"setup", "a:b", "unit", "unit", "ship"};

TEST(WhatIfRequest, lists_ranges_and_shares_are_numbers_of_jobs) {
  EXPECT_EQ(counts("1,2,4"), (std::vector<int>{1, 2, 4}));
  EXPECT_EQ(counts("2-4, 3,8..9"), (std::vector<int>{2, 3, 4, 8, 9}));
  EXPECT_EQ(counts("50%,auto"), (std::vector<int>{0, 0}));
  EXPECT_EQ(counts(""), std::vector<int>{});
}

TEST(WhatIfRequest, nonsense_is_refused_by_the_name_of_its_flag) {
  for (const char* jobs : {"0", "-1", "1,", ",", "4-2", "2-", "x", "1-auto", "auto-2", "1e3"}) {
    WhatIfFlags flags;
    flags.jobs = jobs;
    EXPECT_EQ(mistake(flags).find("'" + std::string(jobs) + "' is no value of '--jobs'"), 0U)
        << jobs;
  }
  for (const char* faster : {"unit",
                             "=2x",
                             "unit=",
                             "unit=0x",
                             "unit=-2x",
                             "unit=nan",
                             "unit=inf",
                             "unit=1e99x",
                             "unit=2xx"}) {
    WhatIfFlags flags;
    flags.faster = {faster};
    EXPECT_NE(mistake(flags).find("'--faster'"), std::string::npos) << faster;
  }
  WhatIfFlags need;
  need.without_need = {"ship"};
  EXPECT_NE(mistake(need).find("'--without-need'"), std::string::npos);
  WhatIfFlags memory;
  memory.memory = "4GiB,lots";
  EXPECT_NE(mistake(memory).find("'--memory'"), std::string::npos);
}

TEST(WhatIfRequest, scenarios_are_bounded) {
  WhatIfFlags flags;
  flags.jobs = "1-300";
  EXPECT_NE(mistake(flags), "");
  flags.jobs = "1-200";
  EXPECT_EQ(mistake(flags), "");
  flags.memory = "1GiB,2GiB";
  EXPECT_NE(mistake(flags), "");
}

TEST(WhatIfRequest, trace_takes_no_stages_and_no_lane) {
  WhatIfFlags flags;
  flags.trace = "t.json";
  EXPECT_EQ(mistake(flags), "");
  flags.lane = "quick";
  EXPECT_NE(mistake(flags), "");
  flags.lane = "";
  flags.stages = {"unit"};
  EXPECT_NE(mistake(flags), "");
}

TEST(WhatIfRequest, faster_stage_is_one_key_or_all_of_a_kind) {
  Workload one = workload();
  ASSERT_TRUE(apply_changes({.faster = {{"unit[os=x]", 3}}}, kKinds, one));
  EXPECT_EQ(one.exact, (std::vector<double>{1, 2, 1, 4, 5}));
  Workload all = workload();
  ASSERT_TRUE(apply_changes({.faster = {{"unit", 2}}}, kKinds, all));
  EXPECT_EQ(all.exact, (std::vector<double>{1, 2, 1.5, 2, 5}));
}

TEST(WhatIfRequest, need_is_dropped_also_where_keys_have_colons) {
  Workload changed = workload();
  ASSERT_TRUE(apply_changes({.without_need = {"a:b:setup", "ship:unit[os=x]"}}, kKinds, changed));
  EXPECT_TRUE(changed.needs[1].empty());
  EXPECT_EQ(changed.needs[4], std::vector<int>{3});
}

TEST(WhatIfRequest, unknown_names_come_with_the_nearest) {
  Workload kept = workload();
  const auto faster = apply_changes({.faster = {{"shop", 2}}}, kKinds, kept);
  ASSERT_FALSE(faster);
  EXPECT_EQ(faster.error().message, "find stage 'shop' (did you mean 'ship'?)");
  const auto need = apply_changes({.without_need = {"ship:zzz"}}, kKinds, kept);
  ASSERT_FALSE(need);
  EXPECT_EQ(need.error().message, "find stage 'zzz'");
  const auto indirect = apply_changes({.without_need = {"ship:setup"}}, kKinds, kept);
  ASSERT_FALSE(indirect);
  EXPECT_EQ(indirect.error().message, "drop a need: stage 'ship' does not need 'setup' directly");
  EXPECT_EQ(indirect.error().next_step, "it needs: unit[os=x], unit[os=y]");
}

}  // namespace
}  // namespace headway::cli
