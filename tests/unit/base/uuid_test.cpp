// Run ids.
#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

TEST(UuidV7, follows_the_example_of_the_rfc) {
  // RFC 9562, appendix A.6.
  const std::array<std::uint8_t, 10> random{
      0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F};
  EXPECT_EQ(uuid_v7(WallTime(1'645'557'742'000ms), random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(UuidV7, later_ids_sort_after_earlier_ones) {
  const std::array<std::uint8_t, 10> high{255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  EXPECT_LT(uuid_v7(WallTime(1'700'000'000'000ms), high),
            uuid_v7(WallTime(1'700'000'000'001ms), {}));
}

TEST(UuidV7, two_of_one_moment_differ) {
  const WallTime now(1'700'000'000'000ms);
  const std::string first = new_uuid_v7(now);
  EXPECT_TRUE(is_uuid_v7(first));
  EXPECT_NE(first, new_uuid_v7(now));
}

TEST(IsUuidV7, refuses_other_texts) {
  const std::string good = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  EXPECT_TRUE(is_uuid_v7(good));
  EXPECT_FALSE(is_uuid_v7(""));
  EXPECT_FALSE(is_uuid_v7(good + "0"));
  EXPECT_FALSE(is_uuid_v7("017F22E2-79b0-7cc3-98c4-dc0c0c07398f"));
  EXPECT_FALSE(is_uuid_v7("017f22e2-79b0-4cc3-98c4-dc0c0c07398f"));
  EXPECT_FALSE(is_uuid_v7("017f22e2-79b0-7cc3-18c4-dc0c0c07398f"));
  EXPECT_FALSE(is_uuid_v7("017f22e2079b0-7cc3-98c4-dc0c0c07398f"));
}

TEST(ShortId, is_the_tail) {
  EXPECT_EQ(short_id("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), "0c07398f");
  EXPECT_EQ(short_id("abc"), "abc");
}

}  // namespace
}  // namespace headway
