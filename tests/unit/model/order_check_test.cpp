// Stages that read what others write, without an order.
#include "model/order_check.hpp"

#include "model/workflow_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> told(const std::string& stages) {
  const LoadedWorkflow loaded =
      parse_workflow("version: 1\nstages:\n" + stages, "headway.yaml", "/repo");
  EXPECT_TRUE(loaded.valid()) << to_string(loaded.problems.at(0));
  std::vector<std::string> lines;
  for (const Problem& problem : unordered_reads(loaded.workflow)) {
    lines.push_back(to_string(problem));
  }
  return lines;
}

TEST(UnorderedReads, reader_that_does_not_need_the_writer_is_told_with_its_place) {
  EXPECT_THAT(told("  build: {run: x, inputs: [], outputs: [out/app]}\n"
                   "  test: {run: x, inputs: ['out/**']}\n"),
              ElementsAre("headway.yaml:4:3: stage 'test' reads 'out/app', which 'build' writes, "
                          "and neither needs the other"));
}

TEST(UnorderedReads, any_order_will_do_however_far) {
  EXPECT_THAT(told("  build: {run: x, inputs: [], outputs: [app]}\n"
                   "  pack: {run: x, needs: [build]}\n"
                   "  test: {run: x, inputs: [app], needs: [pack]}\n"),
              IsEmpty());
  EXPECT_THAT(told("  sum: {run: x, inputs: [app]}\n"
                   "  strip: {run: x, needs: [sum], inputs: [], outputs: [app]}\n"),
              IsEmpty());
}

TEST(UnorderedReads, globs_count_where_they_stand_in_both) {
  EXPECT_THAT(told("  gen: {run: x, inputs: [], outputs: ['gen/*.h']}\n"
                   "  cc: {run: x, inputs: ['gen/*.h']}\n"
                   "  other: {run: x, inputs: ['gen/*.c', 'gen/a.h']}\n"),
              ElementsAre(testing::HasSubstr("stage 'cc' reads 'gen/*.h'")));
}

TEST(UnorderedReads, what_is_left_out_or_of_its_own_is_not_read) {
  EXPECT_THAT(told("  a: {run: x, inputs: [], outputs: [log]}\n"
                   "  b: {run: x, inputs: ['**', '!log']}\n"
                   "  c: {run: x, inputs: ['**'], outputs: [log]}\n"),
              IsEmpty());
}

TEST(UnorderedReads, always_comes_after_all_and_a_matrix_declares_the_same) {
  EXPECT_THAT(told("  a: {run: x, inputs: [], outputs: [log]}\n"
                   "  z: {run: x, inputs: [log], always: true}\n"),
              IsEmpty());
  EXPECT_THAT(
      told("  m: {run: x, inputs: [a, 'x/*', out], outputs: [out, 'x/*'], matrix: {v: [1, 2]}}\n"),
      IsEmpty());
}

}  // namespace
}  // namespace headway
