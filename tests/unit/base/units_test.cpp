// Durations, sizes and times, read and written.
#include "base/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace headway {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, reads_each_unit) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("90s"), 90s);
  EXPECT_EQ(*parse_duration("10m"), 10min);
  EXPECT_EQ(*parse_duration("2h"), 2h);
  EXPECT_EQ(*parse_duration("1d"), 24h);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(ParseDuration, adds_units_from_large_to_small) {
  EXPECT_EQ(*parse_duration("1h30m"), 90min);
  EXPECT_EQ(*parse_duration("1d2h3m4s5ms"), 26h + 3min + 4s + 5ms);
}

TEST(ParseDuration, refuses_what_is_not_clear) {
  for (const char* text : {"",
                           "90",
                           "s",
                           "-5s",
                           "+5s",
                           "1.5h",
                           "5 s",
                           "1m1h",
                           "1s1s",
                           "5x",
                           "1h30",
                           "99999999999999999999s",
                           "300000d",
                           "9223372036s1000ms"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(ParseDuration, error_names_the_text_and_an_example) {
  const auto result = parse_duration("90");
  EXPECT_EQ(result.error().code, ErrorCode::parse);
  EXPECT_EQ(result.error().message,
            "read '90' as a duration (write for example 90s, 10m, 1h30m or 250ms)");
}

TEST(FormatDuration, is_short_at_every_size) {
  EXPECT_EQ(format_duration(0s), "0 ms");
  EXPECT_EQ(format_duration(850ms), "850 ms");
  EXPECT_EQ(format_duration(4230ms), "4.2 s");
  EXPECT_EQ(format_duration(12s), "12 s");
  EXPECT_EQ(format_duration(200s), "3 min 20 s");
  EXPECT_EQ(format_duration(125min), "2 h 05 min");
  EXPECT_EQ(format_duration(76h), "3 d 04 h");
  EXPECT_EQ(format_duration(-12s), "-12 s");
}

TEST(FormatDuration, rounding_never_shows_60_of_a_unit) {
  EXPECT_EQ(format_duration(999'600us), "1.0 s");
  EXPECT_EQ(format_duration(9'960ms), "10 s");
  EXPECT_EQ(format_duration(59'700ms), "1 min 00 s");
  EXPECT_EQ(format_duration(59min + 59'700ms), "1 h 00 min");
  EXPECT_EQ(format_duration(23h + 59min + 45s), "1 d 00 h");
  EXPECT_EQ(format_duration(Nanos::min()), "-106752 d 00 h");
}

TEST(ParseSize, reads_powers_of_1000_and_1024) {
  EXPECT_EQ(*parse_size("4096B"), 4096);
  EXPECT_EQ(*parse_size("2GB"), 2'000'000'000);
  EXPECT_EQ(*parse_size("3kB"), 3000);
  EXPECT_EQ(*parse_size("512MiB"), 512 << 20);
  EXPECT_EQ(*parse_size("1.5GiB"), std::int64_t{3} << 29);
  EXPECT_EQ(*parse_size("1TiB"), std::int64_t{1} << 40);
}

TEST(ParseSize, refuses_what_is_not_clear) {
  for (const char* text : {"",
                           "512",
                           "GB",
                           "0B",
                           "-1GB",
                           "1.GB",
                           "1,5GB",
                           "5 GB",
                           "1PB",
                           "0.1B",
                           "9223372036854775807kB",
                           "1GBx",
                           "1e3B"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(FormatSize, uses_powers_of_1024) {
  EXPECT_EQ(format_size(0), "0 B");
  EXPECT_EQ(format_size(812), "812 B");
  EXPECT_EQ(format_size(1536), "1.5 KiB");
  EXPECT_EQ(format_size(std::int64_t{3} << 29), "1.5 GiB");
  EXPECT_EQ(format_size((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(format_size(std::numeric_limits<std::int64_t>::max()), "8.0 EiB");
}

TEST(Rfc3339, writes_utc_with_milliseconds) {
  EXPECT_EQ(to_rfc3339(WallTime(1'795'345'200s)), "2026-11-22T11:00:00.000Z");
  EXPECT_EQ(to_rfc3339(WallTime(0s)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(WallTime(951'782'400s + 7ms)), "2000-02-29T00:00:00.007Z");
  EXPECT_EQ(to_rfc3339(WallTime(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, reads_offsets_and_fractions) {
  const WallTime eleven(1'795'345'200s);
  EXPECT_EQ(*parse_rfc3339("2026-11-22T11:00:00Z"), eleven);
  EXPECT_EQ(*parse_rfc3339("2026-11-22t11:00:00z"), eleven);
  EXPECT_EQ(*parse_rfc3339("2026-11-22T12:30:00+01:30"), eleven);
  EXPECT_EQ(*parse_rfc3339("2026-11-21T23:00:00.25-12:00"), eleven + 250ms);
  EXPECT_EQ(*parse_rfc3339("2026-11-22T11:00:00.123456789Z"), eleven + 123456789ns);
  EXPECT_EQ(*parse_rfc3339("2016-12-31T23:59:60Z"), *parse_rfc3339("2017-01-01T00:00:00Z"));
}

TEST(Rfc3339, refuses_what_is_no_time) {
  for (const char* text : {"",
                           "2026-11-22",
                           "2026-11-22T11:00:00",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T11:60:00Z",
                           "2026-11-22T11:00:00.Z",
                           "2026-11-22T11:00:00.1234567890Z",
                           "2026-11-22T11:00:00Zjunk",
                           "2026-11-22T11:00:00+1:00",
                           "9999-01-01T00:00:00Z",
                           "0001-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, every_day_of_four_centuries_comes_back) {
  for (std::int64_t day = -100'000; day < 100'000; day += 97) {
    const WallTime time(std::chrono::seconds(day * 86'400 + 12'345));
    ASSERT_EQ(*parse_rfc3339(to_rfc3339(time)), time) << day;
  }
}

}  // namespace
}  // namespace headway
