// Tests of LogDigest: what is kept of a log that is longer than memory allows, and what is counted.
#include "diagnostics/log_digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace headway {
namespace {

class DigestOfALog : public testing::Test {
 protected:
  void add(const std::string& text) {
    ++number_;
    digest_.add({.number = number_, .text = text}, {.offset = 0, .length = text.size()});
  }
  void add_quiet(std::size_t lines) {
    for (std::size_t line = 0; line < lines; ++line) {
      add("Compiling part " + std::to_string(line));
    }
  }
  std::vector<LineRecord> take() { return digest_.take_records(); }
  static bool has_number(const std::vector<LineRecord>& records, std::int64_t number) {
    return std::any_of(records.begin(), records.end(), [number](const LineRecord& record) {
      return record.number == number;
    });
  }

  LogDigest digest_;
  std::int64_t number_ = 0;
};

TEST_F(DigestOfALog, short_log_is_kept_whole_and_in_order) {
  add("one");
  add("");
  add("error: three");
  const auto records = take();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].number, 1U);
  EXPECT_TRUE(records[1].blank());
  EXPECT_TRUE(records[2].is(mask_of(Signal::error_head)));
  EXPECT_EQ(digest_.lines(), 3);
}

TEST_F(DigestOfALog, lines_that_differ_in_numbers_are_counted_as_one_kind) {
  add("step 1 took 12 ms");
  add("step 2 took 9 ms");
  add("step two took 9 ms");
  const auto records = take();
  EXPECT_EQ(records[0].kind, records[1].kind);
  EXPECT_NE(records[0].kind, records[2].kind);
  EXPECT_EQ(records[1].seen, 1);
  EXPECT_EQ(digest_.kinds().of(records[0].kind), 2);
}

TEST_F(DigestOfALog, of_a_long_log_head_tail_and_what_looks_bad_between_are_kept) {
  add_quiet(LogDigest::kKeptHead + 1000);
  add("error: in the middle");
  const std::int64_t bad = number_;
  add_quiet(LogDigest::kKeptTail + 1000);
  const auto records = take();
  EXPECT_EQ(records.front().number, 1U);
  EXPECT_EQ(records.back().number, number_);
  EXPECT_TRUE(has_number(records, bad));
  EXPECT_TRUE(has_number(records, bad - 4));
  EXPECT_TRUE(has_number(records, bad + 30));
  EXPECT_FALSE(has_number(records, bad - 5));
  EXPECT_FALSE(has_number(records, bad + 31));
  EXPECT_TRUE(std::is_sorted(records.begin(), records.end(), [](const auto& a, const auto& b) {
    return a.number < b.number;
  }));
}

TEST_F(DigestOfALog, log_full_of_errors_keeps_no_more_than_its_bounds) {
  constexpr std::size_t kAll = LogDigest::kKeptHead + LogDigest::kKeptMiddle + LogDigest::kKeptTail;
  for (std::size_t line = 0; line < kAll + 5000; ++line) {
    add("error: number " + std::to_string(line));
  }
  const auto records = take();
  EXPECT_LE(records.size(), kAll + 40);  // and what follows the last that was kept
  EXPECT_EQ(records.back().number, number_);
}

}  // namespace
}  // namespace headway
