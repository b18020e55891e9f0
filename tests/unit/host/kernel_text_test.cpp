// What the small texts of the kernel mean.
#include "host/kernel_text.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using std::chrono::microseconds;

TEST(KernelText, integer_is_read_and_words_are_none) {
  EXPECT_EQ(leading_integer(" 42\n"), 42);
  EXPECT_EQ(leading_integer("-1\n"), -1);
  EXPECT_EQ(leading_integer("max\n"), std::nullopt);
  EXPECT_EQ(leading_integer(""), std::nullopt);
}

TEST(KernelText, field_is_found_by_its_whole_name_at_the_start_of_a_line) {
  const std::string_view text = "total_rss 7\nrss_huge 5\nrss 3\nMemTotal:  16 kB\nlast 9";
  EXPECT_EQ(integer_field(text, "rss"), 3);
  EXPECT_EQ(integer_field(text, "MemTotal"), 16);
  EXPECT_EQ(integer_field(text, "last"), 9);
  EXPECT_EQ(integer_field(text, "huge"), std::nullopt);
  EXPECT_EQ(integer_field("rss", "rss"), std::nullopt);
  EXPECT_EQ(integer_field("rss\n4\n", "rss"), std::nullopt);
}

TEST(KernelText, list_of_cpus_with_ranges) {
  EXPECT_EQ(numbers_of_list("0-2,5,8-9\n"), (std::vector<int>{0, 1, 2, 5, 8, 9}));
  EXPECT_TRUE(numbers_of_list("").empty());
}

TEST(KernelText, list_with_nonsense_keeps_the_rest_and_stays_small) {
  EXPECT_EQ(numbers_of_list("x,3,7-5,-4"), std::vector<int>{3});
  EXPECT_LE(numbers_of_list("0-99999999999").size(), 65536U);
}

TEST(KernelText, quotas_of_both_versions) {
  EXPECT_DOUBLE_EQ(quota_of_cpu_max("150000 100000\n").value(), 1.5);
  EXPECT_DOUBLE_EQ(quota_of_cpu_max("50000\n").value(), 0.5);
  EXPECT_DOUBLE_EQ(quota_of_cfs("250000\n", "50000\n").value(), 5);
}

TEST(KernelText, no_quota_and_nonsense_are_no_quota) {
  EXPECT_EQ(quota_of_cpu_max("max 100000\n"), std::nullopt);
  EXPECT_EQ(quota_of_cpu_max(""), std::nullopt);
  EXPECT_EQ(quota_of_cfs("-1\n", "100000\n"), std::nullopt);
  EXPECT_EQ(quota_of_cfs("100000", "0"), std::nullopt);
  EXPECT_EQ(quota_of_cfs("100000", ""), std::nullopt);
}

TEST(KernelText, pressure_with_both_lines) {
  const auto pressure = parse_pressure(
      "some avg10=24.11 avg60=9.73 avg300=9.06 total=4945987574\n"
      "full avg10=0.50 avg60=0.11 avg300=0.08 total=27190969\n");
  ASSERT_TRUE(pressure.has_value());
  EXPECT_DOUBLE_EQ(pressure->some_avg10, 24.11);
  EXPECT_DOUBLE_EQ(pressure->full_avg10, 0.5);
  EXPECT_EQ(pressure->some_total, microseconds(4945987574));
  EXPECT_EQ(pressure->full_total, microseconds(27190969));
}

TEST(KernelText, pressure_of_an_old_kernel_has_no_full_line_for_cpu) {
  const auto pressure = parse_pressure("some avg10=1.00 avg60=0.00 avg300=0.00 total=5\n");
  ASSERT_TRUE(pressure.has_value());
  EXPECT_DOUBLE_EQ(pressure->full_avg10, 0);
}

TEST(KernelText, what_is_no_pressure_is_nothing) {
  EXPECT_FALSE(parse_pressure("").has_value());
  EXPECT_FALSE(parse_pressure("full avg10=1 total=3\n").has_value());
}

}  // namespace
}  // namespace headway
