// Trace contexts: what is read, what is made.
#include "model/trace_context.hpp"

#include <gtest/gtest.h>

#include <set>

namespace headway {
namespace {

constexpr const char* kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr const char* kRun = "019aabcd-0000-7000-8000-00000000abcd";

TEST(TraceParent, well_formed_one_is_read) {
  const auto context = parse_trace_parent(kParent);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(context->parent_id, "b7ad6b7169203331");
}

TEST(TraceParent, what_a_later_version_adds_is_passed_over) {
  EXPECT_TRUE(
      parse_trace_parent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-else"));
  EXPECT_FALSE(parse_trace_parent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x"));
}

TEST(TraceParent, malformed_ones_are_none) {
  for (const char* text : {"",
                           "00-",
                           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                           "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}) {
    EXPECT_FALSE(parse_trace_parent(text)) << text;
  }
}

TEST(TraceParent, is_found_in_an_environment) {
  EXPECT_EQ(trace_parent_in({"A=b", std::string("TRACEPARENT=") + kParent}), kParent);
  EXPECT_EQ(trace_parent_in({"TRACEPARENT=nonsense"}), "");
  EXPECT_EQ(trace_parent_in({"XTRACEPARENT=1"}), "");
}

TEST(TraceIdOf, run_without_a_trace_around_it_is_its_own) {
  EXPECT_EQ(trace_id_of(kRun, ""), "019aabcd00007000800000000000abcd");
  EXPECT_EQ(trace_id_of(kRun, "nonsense"), "019aabcd00007000800000000000abcd");
  EXPECT_EQ(trace_id_of(kRun, kParent), "0af7651916cd43dd8448eb211c80319c");
}

TEST(SpanIdOf, differs_by_run_stage_and_attempt) {
  std::set<std::string> ids;
  for (const char* run : {kRun, "019aabcd-0000-7000-8000-00000000abce"}) {
    ids.insert(span_id_of(run, {}));
    for (int stage = 0; stage < 100; ++stage) {
      for (int attempt = 0; attempt < 4; ++attempt) {
        ids.insert(span_id_of(run, {stage, attempt}));
      }
    }
  }
  EXPECT_EQ(ids.size(), 2U * (1 + 400));
  EXPECT_EQ(ids.begin()->size(), 16U);
  EXPECT_EQ(span_id_of(kRun, {3, 1}), span_id_of(kRun, {3, 1}));
}

TEST(AppendTraceParent, is_read_back) {
  std::string text;
  append_trace_parent(text, trace_id_of(kRun, ""), span_id_of(kRun, {3, 1}));
  const auto context = parse_trace_parent(text);
  ASSERT_TRUE(context) << text;
  EXPECT_EQ(context->parent_id, span_id_of(kRun, {3, 1}));
}

}  // namespace
}  // namespace headway
