// Tests of LineFeatures: what the lines of a log look like to the trees.
#include "diagnostics/line_features.hpp"

#include "diagnostics/log_digest.hpp"
#include "diagnostics/log_scanner.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace headway {
namespace {

struct Digested {
  LogDigest digest;
  std::vector<LineRecord> records;
};

void read(Digested& into, std::string_view log) {
  LogScanner scanner;
  const auto take = [&](const LogLine& line, const RawRange& raw) { into.digest.add(line, raw); };
  scanner.feed(log, take);
  scanner.finish(take);
  into.records = into.digest.take_records();
}

TEST(LineFeatures, distances_are_exact_near_and_by_magnitude_far) {
  EXPECT_EQ(scaled(0), 0);
  EXPECT_EQ(scaled(7), 7);
  EXPECT_EQ(scaled(8), 8);
  EXPECT_EQ(scaled(15), 11);
  EXPECT_EQ(scaled(16), 12);
  EXPECT_EQ(scaled(1U << 30U), 60);
  for (std::uint64_t value = 0; value < 5000; ++value) {
    EXPECT_LE(scaled(value), scaled(value + 1));
  }
}

TEST(LineFeatures, mark_of_a_failed_test_has_a_prior_and_what_follows_a_smaller_one) {
  Digested log;
  read(log, "ok 1 - a\nnot ok 2 - b\n  message: no\nok 3 - c # skip: not ok 4\n");
  const LineFeatures features(log.records, log.digest.kinds(), log.digest.lines());
  EXPECT_EQ(features.prior(0), 0);
  EXPECT_GT(features.prior(1), features.prior(2));
  EXPECT_GT(features.prior(2), 0);
}

TEST(LineFeatures, noise_far_from_failure_and_end_is_no_candidate) {
  std::string text = "Error: it broke\n";
  for (int line = 0; line < 2000; ++line) {
    text += "made a thing\n";
  }
  Digested log;
  read(log, text);
  const LineFeatures features(log.records, log.digest.kinds(), log.digest.lines());
  EXPECT_TRUE(features.is_candidate(0));
  EXPECT_FALSE(features.is_candidate(1000));
  EXPECT_TRUE(features.is_candidate(2000));
}

TEST(LineFeatures, rows_of_blank_and_lone_lines_are_well_formed) {
  for (const char* text : {"\n", "x", "\n\n\nerror: x\n\n"}) {
    Digested log;
    read(log, text);
    const LineFeatures features(log.records, log.digest.kinds(), log.digest.lines());
    for (std::size_t line = 0; line < log.records.size(); ++line) {
      EXPECT_EQ(features.of(line).size(), static_cast<std::size_t>(kLineFeatures));
    }
  }
}

}  // namespace
}  // namespace headway
